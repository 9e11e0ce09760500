import { map, throwError, timer, type Observable } from 'rxjs';
import { adaptiveThrottle, bufferedChannel, fanOut, workerPool } from 'rxjs-sluice/operators';
import type { Specimen } from '../laws/subjects.js';

/** An ObservableInput that a user gives beside the source, and an operator that subscribes it. */
export interface Input {
  /** The way to it in the public types. */
  readonly seat: string;
  /** The operator, with `given` in that place. */
  readonly make: (
    given: Observable<number>,
    ...of: Parameters<Specimen['make']>
  ) => ReturnType<Specimen['make']>;
  /** What it emits comes out, in the place of the values. */
  readonly replaces?: true;
}

export const inputs: readonly Input[] = [
  {
    seat: 'bufferedChannel.options.pace',
    make: (pace, options) => bufferedChannel<number>(3, { ...options, pace }),
  },
  {
    seat: 'bufferedChannel.options.credit',
    make: (credit, options) => bufferedChannel<number>(3, { ...options, credit }),
  },
  {
    seat: 'adaptiveThrottle.options.feedback',
    make: (feedback, options, { clock }) =>
      adaptiveThrottle<number>({
        ...options,
        minDelay: 1,
        maxDelay: 3,
        target: 1,
        feedback,
        scheduler: clock,
      }),
  },
  {
    seat: 'workerPool.concurrency',
    make: (concurrency, options, { clock }) =>
      workerPool(concurrency, (n: number) => timer(2, clock).pipe(map(() => n)), {
        ...options,
        scheduler: clock,
      }),
  },
  {
    seat: 'workerPool.concurrency.limit$',
    make: (limit$, options, { clock }) =>
      workerPool(
        { limit: 2, limit$, max: 3, sample: () => {} },
        (n: number) => timer(2, clock).pipe(map(() => n)),
        { ...options, scheduler: clock },
      ),
  },
  {
    seat: 'workerPool.project()',
    make: (results, options, { clock }) =>
      workerPool(2, (_: number) => results, { ...options, scheduler: clock }),
    replaces: true,
  },
  {
    seat: 'workerPool.project()',
    make: (results, options, { clock }) =>
      workerPool(2, (_: number) => results, { ...options, ordered: true, scheduler: clock }),
    replaces: true,
  },
  {
    seat: 'workerPool.options.onTaskError()',
    make: (results, options, { clock }) =>
      workerPool(2, (_: number): Observable<number> => throwError(() => 'task'), {
        ...options,
        onTaskError: () => results,
        scheduler: clock,
      }),
    replaces: true,
  },
  {
    seat: 'fanOut.lane()',
    make: (results, options) => fanOut(2, (_: Observable<number>) => results, options),
    replaces: true,
  },
];
