/**
 * The dining philosophers, with channels for the places where forks lie, and a waiter who serves by
 * `select`: whoever sits there hungry, has both forks before him, and has not had more than others.
 */
import { Channel, recv, select, send } from 'rxjs-sluice';
import { seeded, turns } from './seeded.js';

const PHILOSOPHERS = [0, 1, 2, 3, 4];
const MEALS = 10_000;
/** How many meals one may be ahead of another. */
const LEAD = 2;

export async function main() {
  const forks = PHILOSOPHERS.map(() => new Channel<'fork'>(1));
  const plates = PHILOSOPHERS.map(() => new Channel<'noodles'>());
  const back = new Channel<'plate'>();
  const meals = PHILOSOPHERS.map(() => 0);
  const random = seeded(1965);
  let [eating, together, spread] = [0, 0, 0];

  const forksOf = (n: number) => [forks[n]!, forks[(n + 1) % forks.length]!];

  async function philosopher(n: number) {
    for await (const _ of plates[n]!) {
      together = Math.max(together, ++eating);
      await turns(1 + 3 * random());
      eating--;
      for (const fork of forksOf(n)) await fork.send('fork');
      await back.send('plate');
    }
  }

  /** What the waiter has for this one now, if anything. */
  const offer = (n: number) =>
    meals[n]! < Math.min(...meals) + LEAD &&
    forksOf(n).every(({ length }) => length === 1) &&
    send(plates[n]!, 'noodles');

  async function waiter() {
    for (let [served, out] = [0, 0]; served < MEALS || out > 0;) {
      const offers = PHILOSOPHERS.map((n) => [n, served < MEALS && offer(n)] as const);
      const chosen = await select({ ...Object.fromEntries(offers), back: recv(back) }, { random });
      if (chosen.case === 'back') {
        out--;
      } else {
        const n = Number(chosen.case);
        for (const fork of forksOf(n)) fork.tryReceive(); // he hands them over
        out++;
        served++;
        meals[n]!++;
        spread = Math.max(spread, Math.max(...meals) - Math.min(...meals));
      }
    }
    for (const plate of plates) plate.close();
  }

  for (const fork of forks) fork.trySend('fork');
  await Promise.all([waiter(), ...PHILOSOPHERS.map(philosopher)]);
  return { meals, spread, together };
}
