/**
 * A select takes no side: of two channels that always have a value, it receives from the one about as
 * often as from the other. And those that wait on one channel are served in turn. Go's
 * runtime/chan_test.go, TestSelectFairness.
 */
import { Channel, recv, select } from 'rxjs-sluice';
import { seeded } from './seeded.js';

const TRIALS = 10_000;
const RECEIVERS = 4;

async function selectBetweenTwo() {
  const [a, b] = [new Channel<number>(TRIALS), new Channel<number>(TRIALS)];
  const [never, nobody] = [new Channel<number>(), new Channel<number>()];
  for (let n = 0; n < TRIALS; n++) {
    a.trySend(n);
    b.trySend(n);
  }
  const random = seeded(3);
  const cases = { never: recv(never), a: recv(a), nobody: recv(nobody), b: recv(b) };
  const chosen = { a: 0, b: 0, never: 0, nobody: 0 };
  for (let n = 0; n < TRIALS; n++) chosen[(await select(cases, { random })).case]++;
  return chosen;
}

async function receiveInTurn() {
  const channel = new Channel<number>();

  async function receiver() {
    const received = [];
    for await (const n of channel) received.push(n);
    return received;
  }

  const receivers = Array.from({ length: RECEIVERS }, receiver);
  for (let n = 0; n < TRIALS; n++) await channel.send(n);
  channel.close();
  return (await Promise.all(receivers)).map(({ length }) => length);
}

export async function main() {
  return { chosen: await selectBetweenTwo(), received: await receiveInTurn() };
}
