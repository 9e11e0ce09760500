import { of, type OperatorFunction } from 'rxjs';
import {
  batchWithTimeout,
  bufferedChannel,
  workerPool,
  type StageOptions,
} from 'rxjs-sluice/operators';

/** An operator under the laws: what goes in comes out, in order, as one array of numbers. */
export interface Subject {
  readonly title: string;
  /** The exported function that it is made with. */
  readonly operator: string;
  /** The most values of a source that waits that it may hold. */
  readonly holds: number;
  readonly make: (options: StageOptions<number>) => OperatorFunction<number, number | number[]>;
}

export const subjects: readonly Subject[] = [
  ...[0, 1, 3].map((capacity) => ({
    title: `bufferedChannel(${capacity})`,
    operator: 'bufferedChannel',
    holds: capacity,
    make: (options: StageOptions<number>) => bufferedChannel<number>(capacity, options),
  })),
  ...[true, false].map((ordered) => ({
    title: `workerPool(2, of, { ordered: ${ordered} })`,
    operator: 'workerPool',
    holds: 4,
    make: (options: StageOptions<number>) =>
      workerPool(2, (n: number) => of(n), { ...options, ordered }),
  })),
  {
    title: 'workerPool(2, of, { keyBy })',
    operator: 'workerPool',
    holds: 4,
    make: (options) =>
      workerPool(2, (n: number) => of(n), { ...options, keyBy: () => 'one', ordered: true }),
  },
  {
    title: 'batchWithTimeout(3, Infinity)',
    operator: 'batchWithTimeout',
    holds: 3,
    make: (options) => batchWithTimeout<number>(3, Infinity, options),
  },
];

/** Exported functions that are no stages: sources, sinks and tools, which have tests of their own. */
export const others = [
  'demandOf',
  'describeLink',
  'explain',
  'intoChannel',
  'pullFrom',
  'toAsyncIterable',
  'unlinked',
];
