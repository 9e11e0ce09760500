import { Sum } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { placesFor } from './channel-bare.js';
import { promiseTask } from './pool-tasks.js';

// The single steps that everything here is made of, each once per value.

export const ring: Run = (count) => {
  const places = placesFor(64);
  let sum = 0;
  for (let value = 1; value <= count; value += 1) {
    places.push(value);
    sum += places.shift();
  }
  return sum;
};

const handTo = (callback: (value: number) => void, count: number): void => {
  for (let value = 1; value <= count; value += 1) callback(value);
};

export const field: Run = (count) => {
  const sum = new Sum();
  handTo(sum.add, count);
  return sum.total;
};

export const closure: Run = (count) => {
  let sum = 0;
  handTo((value) => void (sum += value), count);
  return sum;
};

const awaiting =
  (promiseOf: (value: number) => Promise<unknown>): Run =>
  async (count) => {
    let sum = 0;
    for (let value = 1; value <= count; value += 1) {
      await promiseOf(value);
      sum += value;
    }
    return sum;
  };

const fulfilled = Promise.resolve();
export const awaitFulfilled = awaiting(() => fulfilled);
export const awaitAsync = awaiting(promiseTask);
export const awaitOwn = awaiting((value) => new Promise<number>((resolve) => resolve(value)));

/** A value counts where the step has done what it should. */
const stepping =
  (step: () => boolean): Run =>
  (count) => {
    let sum = 0;
    for (let value = 1; value <= count; value += 1) if (step()) sum += value;
    return sum;
  };

export const dateNow = stepping(() => Date.now() > 0);
export const performanceNow = stepping(() => performance.now() > 0);

/** So late that it never comes. */
const hour = 3_600_000;

export const moveTimer: Run = (count) => {
  const timer = setTimeout(() => {}, hour);
  const sum = stepping(() => timer.refresh().hasRef())(count);
  clearTimeout(timer);
  return sum;
};

/** One that is not cleared would keep the process alive, and the benchmark waiting. */
export const armTimer = stepping(() => {
  const timer = setTimeout(() => {}, hour);
  clearTimeout(timer);
  return true;
});

export const listen: Run = (count) => {
  const controller = new AbortController();
  const { signal } = controller;
  let heard = 0;
  const hear = (): void => void (heard += 1);
  const sum = stepping(() => {
    signal.addEventListener('abort', hear);
    signal.removeEventListener('abort', hear);
    return true;
  })(count);
  controller.abort();
  return heard === 0 ? sum : -1;
};

export const makeSignal = stepping(() => !new AbortController().signal.aborted);
