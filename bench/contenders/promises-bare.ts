import type { Run } from '../harness/timed.js';

/** All wait at once, and each wakes the next: the least that a queue of promises can do. */
export const allAtOnce: Run = async (count) => {
  const resolvers: (() => void)[] = [];
  let sum = 0;
  const one = async (value: number): Promise<void> => {
    await new Promise<void>((resolve) => resolvers.push(resolve));
    sum += value;
    resolvers[value + 1]?.();
  };
  const all = [];
  for (let value = 0; value < count; value += 1) all.push(one(value));
  resolvers[0]?.();
  await Promise.all(all);
  return sum;
};
