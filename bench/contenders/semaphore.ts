import { Semaphore } from '../../src/index.js';
import type { Run } from '../harness/timed.js';
import { checkNobodyIn, checkPlaces } from './exclusion.js';

/** Nobody else wants it. */
export const tryAndRelease: Run = (count) => {
  const semaphore = new Semaphore(4);
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    const release = semaphore.tryAcquire();
    if (release !== undefined) sum += value;
    release?.();
  }
  checkPlaces(4, () => semaphore.tryAcquire());
  return sum;
};

export const awaitAndRelease: Run = async (count) => {
  const semaphore = new Semaphore(4);
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    const release = await semaphore.acquire();
    sum += value;
    release();
  }
  checkPlaces(4, () => semaphore.tryAcquire());
  return sum;
};

/** All wait at once, and each hands over to the next. */
export const allAtOnce: Run = async (count) => {
  const semaphore = new Semaphore(1);
  const giveWay = await semaphore.acquire();
  let sum = 0;
  const one = async (value: number): Promise<void> => {
    const release = await semaphore.acquire();
    sum += value;
    release();
  };
  const all = [];
  for (let value = 1; value <= count; value += 1) all.push(one(value));
  await checkNobodyIn(() => sum);
  giveWay();
  await Promise.all(all);
  return sum;
};
