import { Sema } from 'async-sema';
import type { Run } from '../harness/timed.js';

export const awaitAndRelease: Run = async (count) => {
  const semaphore = new Sema(4);
  let sum = 0;
  for (let value = 0; value < count; value += 1) {
    await semaphore.acquire();
    sum += value;
    semaphore.release();
  }
  return sum;
};

export const allAtOnce: Run = async (count) => {
  const semaphore = new Sema(1);
  let sum = 0;
  const one = async (value: number): Promise<void> => {
    await semaphore.acquire();
    sum += value;
    semaphore.release();
  };
  const all = [];
  for (let value = 0; value < count; value += 1) all.push(one(value));
  await Promise.all(all);
  return sum;
};
