import { channel, type Channel } from '@thi.ng/csp';
import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/**
 * The smallest buffer of @thi.ng/csp has one place, and a write resolves when its value is read:
 * awaiting each write over one place is its rendezvous.
 */
export function awaitEach(capacity: number): Run {
  return (count) => {
    const values = channel<number>(Math.max(1, capacity));
    void produceAwaiting(values, count);
    return consumeAwaiting(values, count);
  };
}

async function produceAwaiting(values: Channel<number>, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) await values.write(value);
}

async function consumeAwaiting(values: Channel<number>, count: number): Promise<number> {
  let sum = 0;
  for (let taken = 0; taken < count; taken += 1) sum += (await values.read())!;
  return sum;
}

/** `offer` and `poll` are its `trySend` and `tryReceive`. */
export function tryThenAwait(capacity: number): Run {
  return (count) => {
    const values = channel<number>(Math.max(1, capacity));
    void produceTrying(values, count);
    return consumeTrying(values, count);
  };
}

async function produceTrying(values: Channel<number>, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1)
    if (!values.offer(value)) await values.write(value);
}

async function consumeTrying(values: Channel<number>, count: number): Promise<number> {
  let sum = 0;
  for (let taken = 0; taken < count; taken += 1) sum += values.poll() ?? (await values.read())!;
  return sum;
}

export function iterate(capacity: number): Run {
  return (count) => {
    const values = channel<number>(Math.max(1, capacity));
    void produceAwaiting(values, count).then(() => values.close());
    return sumRead(values);
  };
}
