import { FixedBuffer, Repeater } from '@repeaterjs/repeater';
import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** `push` is awaited: it waits while the buffer is full, or, where there is none, for the next `next`. */
function open(capacity: number, count: number): Repeater<number, undefined> {
  return new Repeater<number, undefined>(
    async (push, stop) => {
      for (let value = 1; value <= count; value += 1) await push(value);
      stop();
      return undefined;
    },
    capacity === 0 ? undefined : new FixedBuffer(capacity),
  );
}

export function awaitEach(capacity: number): Run {
  return async (count) => {
    const values = open(capacity, count);
    let sum = 0;
    for (;;) {
      const { done, value } = await values.next();
      if (done) return sum;
      sum += value;
    }
  };
}

export function iterate(capacity: number): Run {
  return (count) => sumRead(open(capacity, count));
}
