import { mergeMap, range, type Observable } from 'rxjs';
import { pullFrom, workerPool } from '../../operators/index.js';
import { Sum, numbersBelow } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** The task of every contender: a promise that is fulfilled at once. */
const task = async (value: number) => value;
const concurrency = 8;

export const withWorkerPool: Run = (count) =>
  sumOf(pullFrom(numbersBelow(count)).pipe(workerPool(concurrency, task)));

export const withMergeMap: Run = (count) =>
  sumOf(range(0, count).pipe(mergeMap(task, concurrency)));

export async function loadMapLimit(): Promise<Run> {
  const { mapLimit } = await import('async');
  return async (count) => {
    const results = await mapLimit<number, number>(numbersBelow(count), concurrency, task);
    return sumUp(results);
  };
}

export async function loadPMap(): Promise<Run> {
  const { default: pMap } = await import('p-map');
  return async (count) => sumUp(await pMap(numbersBelow(count), task, { concurrency }));
}

function sumOf(values: Observable<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sum = new Sum();
    values.subscribe({ next: sum.add, error: reject, complete: () => resolve(sum.total) });
  });
}

function sumUp(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
