import { Effect } from 'effect';
import { numbersTo, sumUp } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency, type Task } from './pool-tasks.js';

export const withSync = (task: Task<number>): Run => run((value) => Effect.sync(() => task(value)));

export const withPromises = (task: Task<Promise<number>>): Run =>
  run((value) => Effect.promise(() => task(value)));

const run =
  (task: (value: number) => Effect.Effect<number>): Run =>
  async (count) =>
    sumUp(await Effect.runPromise(Effect.forEach(numbersTo(count), task, { concurrency })));
