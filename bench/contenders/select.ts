import { Channel, recv, select } from '../../src/index.js';
import type { Run } from '../harness/timed.js';

/** Two producers, and a third channel that is closed when both have sent all. */
function start(count: number) {
  const even = new Channel<number>();
  const odd = new Channel<number>();
  const done = new Channel<never>();
  void Promise.all([produce(even, 2, count), produce(odd, 1, count)]).then(() => done.close());
  return { even, odd, done };
}

async function produce(channel: Channel<number>, first: number, count: number): Promise<void> {
  for (let value = first; value <= count; value += 2)
    if (!channel.trySend(value)) await channel.send(value);
}

/** The cases stand before the loop. */
export const withCasesMadeOnce: Run = async (count) => {
  const { even, odd, done } = start(count);
  const cases = { even: recv(even), odd: recv(odd), done: recv(done) };
  let sum = 0;
  for (;;) {
    const chosen = await select(cases);
    if (chosen.case === 'done') return sum;
    if (!chosen.done) sum += chosen.value;
  }
};

/** The cases stand in the call. */
export const withCasesInTheCall: Run = async (count) => {
  const { even, odd, done } = start(count);
  let sum = 0;
  for (;;) {
    const chosen = await select({ even: recv(even), odd: recv(odd), done: recv(done) });
    if (chosen.case === 'done') return sum;
    if (!chosen.done) sum += chosen.value;
  }
};
