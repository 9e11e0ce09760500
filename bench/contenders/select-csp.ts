import { channel, select, type Channel } from '@thi.ng/csp';
import type { Run } from '../harness/timed.js';

/** As in `select.ts`; a write resolves when its value is read. */
export const withCsp: Run = async (count) => {
  const even = channel<number>();
  const odd = channel<number>();
  const done = channel<number>();
  void Promise.all([produce(even, 2, count), produce(odd, 1, count)]).then(() => done.close());
  let sum = 0;
  for (;;) {
    const [value, from] = await select(even, odd, done);
    if (from === done) return sum;
    sum += value!;
  }
};

async function produce(values: Channel<number>, first: number, count: number): Promise<void> {
  for (let value = first; value <= count; value += 2) await values.write(value);
}
