import {
  mergeMap,
  range,
  type Observable,
  type ObservableInput,
  type OperatorFunction,
} from 'rxjs';
import { pullFrom, toAsyncIterable, workerPool } from '../../operators/index.js';
import { Sum, numbersTo, sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency } from './pool-tasks.js';

type Project = (value: number) => ObservableInput<number>;

/** `mergeMap` takes the whole source into its buffer and shifts each value off it. */
export const withMergeMap =
  (task: Project): Run =>
  (count) =>
    sumOf(range(1, count).pipe(mergeMap(task, concurrency)));

export const withOperator =
  (operator: () => OperatorFunction<number, number>): Run =>
  (count) =>
    sumOf(pullFrom(numbersTo(count)).pipe(operator()));

export const withWorkerPool = (task: Project): Run =>
  withOperator(() => workerPool(concurrency, task));

/** The results are read by a `for await` loop. */
export const withWorkerPoolIterated =
  (task: Project): Run =>
  (count) =>
    sumRead(toAsyncIterable(pullFrom(numbersTo(count)).pipe(workerPool(concurrency, task))));

function sumOf(values: Observable<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sum = new Sum();
    values.subscribe({ next: sum.add, error: reject, complete: () => resolve(sum.total) });
  });
}
