import { numbersTo } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency, type Task } from './pool-tasks.js';

/** A loop that calls. */
export const calls =
  (task: Task<number>): Run =>
  (count) => {
    let sum = 0;
    for (const value of numbersTo(count)) sum += task(value);
    return sum;
  };

/** So many loops that await, over one array. */
export const awaits =
  (task: Task): Run =>
  async (count) => {
    const values = numbersTo(count);
    let next = 0;
    let sum = 0;
    const loop = async (): Promise<void> => {
      while (next < count) {
        const result = await task(values[next++]!);
        sum += result;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
    return sum;
  };
