import type { ObservableInput, ObservedValueOf, OperatorFunction } from 'rxjs';
import { check, checkBoolean, checkFunction, checkMilliseconds } from '../src/check.js';
import type { Given } from '../src/line/line.js';
import type { AdaptiveLimit, Outcome } from './limits/adaptive-limit.js';
import { MovingPool, checkConcurrency } from './pool/moving-pool.js';
import { Pool } from './pool/pool.js';
import type { TaskContext } from './pool/task-context.js';
import { operate } from './stage/operate.js';
import {
  checkScheduler,
  checkStageOptions,
  type QueueOptions,
  type StageOptions,
  type TimedOptions,
} from './stage/options.js';

/** The options of {@link workerPool}. */
export interface WorkerPoolOptions<T, E extends ObservableInput<unknown> = never>
  extends StageOptions<T>, QueueOptions, TimedOptions {
  /** True: results come in the order of the values. Default false: as they are ready. */
  readonly ordered?: boolean | undefined;
  /** Values of one key run one at a time, in order; a busy key does not hold up the others in the queue. */
  readonly keyBy?: ((value: Given<T>) => unknown) | undefined;
  /**
   * After so many milliseconds a task's `signal` aborts and the task fails with `TaskTimeoutError`. They count
   * until its input has ended, also while an Observable that can wait (`pullFrom`) waits for the consumer.
   */
  readonly taskTimeout?: number | undefined;
  /**
   * What a task that has ended tells an adaptive limit; `error` is `undefined` where it ended well. Default,
   * also for `undefined`: a `TaskTimeoutError` is `'dropped'`, any other error `'ignore'`, an end without
   * one `'success'`. A task that is given up with the pipe tells nothing.
   */
  readonly outcome?: ((error: unknown, value: Given<T>) => Outcome | undefined) | undefined;
  /**
   * What a task's error does. `'fail'` (default): errors the pipe at once, drops what ran or waited.
   * `'skip'`: drops the value (`'task-error'`); a task that has given results just ends, and nothing is
   * dropped, as its value counts as delivered. A function: what it returns takes the place of the task; if
   * that fails too, its error is the pipe's.
   */
  readonly onTaskError?: 'fail' | 'skip' | ((error: unknown, value: Given<T>) => E) | undefined;
}

/**
 * Runs `project` on up to `concurrency` values at a time: Go's worker pool. The workers are concurrent
 * tasks in one thread, not Web Workers.
 *
 * A worker is busy until its results are taken: with a slow consumer at most `concurrency` tasks run
 * ahead. Up to `queue` values more wait in line; then a source that can wait is no longer pulled. A task that waits to
 * send into the channel that the pool is pulled from waits for ever once all workers do, as in Go.
 * `project` runs in the async context (Node's `AsyncLocalStorage`) in force at subscription; what a task
 * changes with `enterWith`, those after it may find so. Before Node 20.16 it runs in that of whoever pushes
 * the value, or ends the task before it.
 *
 * The concurrency may move: an Observable sets it (0 pauses the pool), or an adaptive limit finds it from
 * how long tasks take and which fail: `gradient2()`, `vegas()`, `aimd()`. When it is lowered below what is
 * running, no task starts until it is met, and none is cancelled.
 *
 * ```
 * source  abc-------|
 *         workerPool(2, x => timer(3) → x)
 * held    12321-00
 * output  ---ab-c---|
 * ```
 *
 * ```ts
 * import { pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * pullFrom([3, 1, 2])
 *   .pipe(workerPool(2, async (n, { signal }) => ({ n, aborted: signal.aborted }), { ordered: true }))
 *   .subscribe(({ n }) => console.log(n)); // 3 1 2
 * ```
 *
 * ```
 * source       abcd-------|
 * concurrency  1---2---|
 *              workerPool(concurrency, x => timer(3) → x)
 * output       ---a--bc-d-|      a second worker takes c when the limit rises
 * ```
 *
 * - **emits** each result when the demand below has room; in order of arrival, or of the values
 *   (`ordered`).
 * - **backpressures** when all workers are busy and `queue` values wait.
 * - **drops** by `overflow`; under `'skip'`, the value of a task that fails without a result; what runs or
 *   waits when it is unsubscribed or fails.
 * - **completes** when the source has completed, every task has ended and its results are out.
 * - **errors** at once when a task fails under `'fail'`, by `overflow`, or when a callback or the
 *   Observable of the concurrency fails; when the source does, after what is held or at once, as
 *   `errors` says (beside a task that never ends, a drained error is never seen).
 * - **holds at most** `concurrency + queue` values of a source that waits (of a concurrency that moves,
 *   the highest it was); `maxParked` more of one that does not.
 *
 * @param concurrency - how many tasks may run at a time: an integer ≥ 1, or `Infinity` (no bound, and so
 *   no backpressure). Or an Observable of such numbers, or 0: subscribed at subscription; no task starts
 *   before its first; once it completes, the last one stays. Or an adaptive limit.
 * @param project - gets the value and `{ index, worker, signal }`: the place of its task in the order of
 *   start, the number of the worker (0 … concurrency − 1; of a concurrency that moves, the highest it was),
 *   and a signal that aborts when the task is given up. Take the signal off this object itself: a copy of
 *   it, such as `{ ...context }`, has none. Returns a promise, an Observable, or any other ObservableInput.
 *   An Observable that can wait (`pullFrom`, a stage) is pulled one result ahead; results of one that
 *   cannot are parked, up to `maxParked`.
 * @param options - `queue`: default `concurrency`, as it is at the time; of an adaptive limit, its `max`;
 *   or 0 where that is `Infinity`. `scheduler`: its clock also measures latency; `asyncScheduler` counts
 *   whole milliseconds.
 * @throws {RangeError} at the call, for a concurrency, queue or taskTimeout out of range.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function workerPool<
  T,
  O extends ObservableInput<unknown>,
  E extends ObservableInput<unknown> = never,
>(
  concurrency: number | ObservableInput<number> | AdaptiveLimit,
  project: (value: T, context: TaskContext) => O,
  options: WorkerPoolOptions<T, E> = {},
): OperatorFunction<T, ObservedValueOf<O> | ObservedValueOf<E>> {
  const { onTaskError = 'fail', taskTimeout, outcome, keyBy, ordered = false } = options;
  checkConcurrency(concurrency, outcome);
  checkFunction('project', project);
  checkStageOptions(options);
  if (taskTimeout !== undefined) checkMilliseconds('taskTimeout', taskTimeout);
  checkFunction('keyBy', keyBy, true);
  checkScheduler(options.scheduler);
  checkBoolean('ordered', ordered);
  check(
    onTaskError === 'fail' || onTaskError === 'skip' || typeof onTaskError === 'function',
    'onTaskError',
    '"fail", "skip" or a function',
    onTaskError,
  );
  type R = ObservedValueOf<O> | ObservedValueOf<E>;
  return operate(
    `workerPool(${typeof concurrency === 'number' ? concurrency : 'moving'})`,
    options,
    (out) =>
      typeof concurrency === 'number'
        ? new Pool<T, R>(concurrency, project as never, options as never, out)
        : new MovingPool<T, R>(concurrency, project as never, options as never, out),
  );
}
