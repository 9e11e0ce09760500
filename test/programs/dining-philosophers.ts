/**
 * Dijkstra's dining philosophers: between two of the five there is one fork, and it takes two forks
 * to eat.
 *
 * - `naive`: each takes the left fork first. Once all have done so, each waits for ever.
 * - `ordered`: each takes the fork with the lower number first. Somebody can always go on; and as a
 *   mutex serves in order, everybody does, if not equally often.
 * - `seats`: only four sit down at a time. As a semaphore serves in order too, they take turns.
 */
import { Mutex, Semaphore } from 'rxjs-sluice';
import { seeded, turns } from './seeded.js';

const PHILOSOPHERS = 5;
const MEALS = 10_000;

export async function main(arrangement: 'naive' | 'ordered' | 'seats') {
  const forks = Array.from({ length: PHILOSOPHERS }, () => new Mutex());
  const seats = new Semaphore(arrangement === 'seats' ? PHILOSOPHERS - 1 : PHILOSOPHERS);
  const random = seeded(1965);
  const meals = new Array<number>(PHILOSOPHERS).fill(0);
  let [served, eating, together, spread] = [0, 0, 0, 0];

  async function philosopher(n: number) {
    let [first, second] = [n, (n + 1) % PHILOSOPHERS];
    if (arrangement === 'ordered' && first > second) [first, second] = [second, first];
    while (served < MEALS) {
      using _seat = await seats.acquire();
      using _first = await forks[first]!.lock();
      await turns(1);
      using _second = await forks[second]!.lock();
      if (served === MEALS) return;
      served++;
      meals[n]!++;
      spread = Math.max(spread, Math.max(...meals) - Math.min(...meals));
      together = Math.max(together, ++eating);
      await turns(1 + 3 * random());
      eating--;
    }
  }

  await Promise.all(forks.map((_, n) => philosopher(n)));
  return { meals, spread, together };
}
