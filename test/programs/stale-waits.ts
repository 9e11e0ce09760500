/**
 * A select that has been decided leaves no trace: neither it nor anybody behind it misses what comes
 * later. Go's test/chan/select2.go (which counts memory) and select6.go (which waits on).
 */
import { setMaxListeners } from 'node:events';
import { Channel, recv, select } from 'rxjs-sluice';

const SELECTS = 1_000;

export async function main() {
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const quit = new AbortController();
  const waiting = () => [a.available, b.available]; // how many could be sent without waiting

  setMaxListeners(SELECTS, quit.signal); // Node takes more than ten for a leak
  const impatient = { signal: quit.signal };
  const selects = Array.from({ length: SELECTS }, (_, n) =>
    select({ a: recv(a), b: recv(b) }, n % 4 === 0 ? impatient : {}),
  );
  const counts = [waiting()];
  quit.abort();
  counts.push(waiting());
  // Those that are left are served in order, by whichever channel.
  for (let n = 0; n < SELECTS / 2; n++) (n % 3 === 0 ? a : b).trySend(n);
  counts.push(waiting());
  a.close();
  counts.push(waiting());

  const values: number[] = [];
  let [done, left] = [0, 0];
  for (const result of await Promise.allSettled(selects)) {
    if (result.status === 'rejected') left++;
    else if (result.value.done) done++;
    else values.push(result.value.value);
  }
  return { counts, left, done, received: values.length, inOrder: values.every((v, n) => v === n) };
}
