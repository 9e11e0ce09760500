import { Sema } from 'async-sema';
import type { Run } from '../harness/timed.js';
import { checkNobodyIn, checkPlaces } from './exclusion.js';

const tryOf = (semaphore: Sema) => () =>
  semaphore.tryAcquire() === undefined ? undefined : () => semaphore.release();

export const tryAndRelease: Run = (count) => {
  const semaphore = new Sema(4);
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    if (semaphore.tryAcquire() === undefined) continue;
    sum += value;
    semaphore.release();
  }
  checkPlaces(4, tryOf(semaphore));
  return sum;
};

export const awaitAndRelease: Run = async (count) => {
  const semaphore = new Sema(4);
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    await semaphore.acquire();
    sum += value;
    semaphore.release();
  }
  checkPlaces(4, tryOf(semaphore));
  return sum;
};

export const allAtOnce: Run = async (count) => {
  const semaphore = new Sema(1);
  await semaphore.acquire();
  let sum = 0;
  const one = async (value: number): Promise<void> => {
    await semaphore.acquire();
    sum += value;
    semaphore.release();
  };
  const all = [];
  for (let value = 1; value <= count; value += 1) all.push(one(value));
  await checkNobodyIn(() => sum);
  semaphore.release();
  await Promise.all(all);
  return sum;
};
