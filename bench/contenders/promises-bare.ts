import type { Run } from '../harness/timed.js';
import { checkNobodyIn } from './exclusion.js';

/** All wait at once, and each wakes the next: the least that a queue of promises can do. */
export const allAtOnce: Run = async (count) => {
  const resolvers: (() => void)[] = [];
  let sum = 0;
  const one = async (value: number): Promise<void> => {
    await new Promise<void>((resolve) => resolvers.push(resolve));
    sum += value;
    // The first is 1, so this is the next.
    resolvers[value]?.();
  };
  const all = [];
  for (let value = 1; value <= count; value += 1) all.push(one(value));
  await checkNobodyIn(() => sum);
  resolvers[0]?.();
  await Promise.all(all);
  return sum;
};

/** Takes one of four, where there is always one, and gives it back. */
export const count: Run = (count) => {
  let free = 4;
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    if (free === 0) continue;
    free -= 1;
    sum += value;
    free += 1;
  }
  return free === 4 ? sum : -1;
};

/** The same, with one await of a promise that is made for it, as each is given something else. */
export const awaitAndCount: Run = async (count) => {
  let free = 4;
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    free -= 1;
    sum += await Promise.resolve(value);
    free += 1;
  }
  return free === 4 ? sum : -1;
};
