import type { ObservableInput } from 'rxjs';
import { check, checkFunction, checkCount, checkOneOf } from '../../src/check.js';
import type { DropReason } from '../../src/line/line.js';
import type { AdaptiveLimit, Outcome } from '../limits/adaptive-limit.js';
import type { Failure } from '../stage/inlet.js';
import { Notifier, checkInput } from '../stage/notifier.js';
import type { Outlet } from '../stage/outlet.js';
import type { WorkerPoolOptions } from '../worker-pool.js';
import { TaskTimeoutError } from './errors.js';
import { Pool } from './pool.js';
import type { TaskContext } from './task-context.js';
import type { Worker } from './worker.js';

type MovingLimit = ObservableInput<number> | AdaptiveLimit;

const adaptiveOf = (limit: unknown): AdaptiveLimit | undefined =>
  'limit$' in Object(limit) ? (limit as AdaptiveLimit) : undefined;

/** Throws unless `concurrency` is a number, an ObservableInput or a limit, and `outcome` can be heard by it. */
export function checkConcurrency(concurrency: number | MovingLimit, outcome: unknown): void {
  const adaptive: { readonly [Key in keyof AdaptiveLimit]: unknown } | undefined =
    adaptiveOf(concurrency);
  if (adaptive !== undefined) {
    checkInput('concurrency.limit$', adaptive.limit$ as ObservableInput<number>);
    checkCount('concurrency.max', adaptive.max, 1);
    checkFunction('concurrency.sample', adaptive.sample);
  } else if (Object(concurrency) === concurrency) {
    checkInput('concurrency', concurrency as ObservableInput<number>);
  } else {
    checkCount('concurrency', concurrency, 1);
  }
  checkFunction('outcome', outcome, true);
  const heard = adaptive !== undefined || outcome === undefined;
  check(heard, 'outcome', 'given with an adaptive limit', outcome);
}

/**
 * A pool whose concurrency moves, and which tells an adaptive limit of its tasks.
 *
 * Invariants:
 * - no task starts while `concurrency` or more are at work; none is cancelled for it;
 * - room is shown up to `capacity`, as it is now, but the waiting line keeps its `queue` places when the
 *   limit is lowered: what was taken in is not in excess for that;
 * - `inProgress` tasks have a `span` and have not ended; the limit hears of each that ends, once.
 */
export class MovingPool<T, R> extends Pool<T, R> {
  private inProgress = 0;
  private notifier: Notifier<number> | undefined;
  private readonly adaptive: AdaptiveLimit | undefined;

  constructor(
    private readonly moving: MovingLimit,
    project: (value: T, context: TaskContext) => ObservableInput<R>,
    options: WorkerPoolOptions<T, ObservableInput<R>>,
    out: Outlet<R>,
  ) {
    super(0, project, options, out);
    this.adaptive = adaptiveOf(moving);
    if (this.adaptive === undefined) return;
    const { run } = this;
    this.run = (worker) => {
      worker.span = { startedAt: this.clock.now(), inFlight: ++this.inProgress };
      run(worker);
    };
  }

  override start(): void {
    const { moving, adaptive } = this;
    let told = false;
    const listener = new Notifier<number>(
      this,
      (limit) => {
        told = true;
        this.move(adaptive === undefined ? limit : adaptive.limit);
      },
      () =>
        this.call(() => check(told, 'concurrency', 'told before its Observable ends', undefined)),
    );
    this.notifier = listener;
    listener.follow(adaptive === undefined ? (moving as ObservableInput<number>) : adaptive.limit$);
  }

  private move(limit: number): void {
    checkCount('concurrency', limit, 0);
    this.limitTo(limit, this.adaptive?.max ?? limit);
    this.pump();
  }

  protected override halt(reason: DropReason): void {
    super.halt(reason);
    this.notifier?.unsubscribe();
  }

  // ---- what the limit hears ----------------------------------------------------------------------

  override fulfilled(worker: Worker<T, R>, result: R): void {
    if (this.heard(worker)) super.fulfilled(worker, result);
  }

  override taskEnded(worker: Worker<T, R>): void {
    if (this.heard(worker)) super.taskEnded(worker);
  }

  override taskFailed(worker: Worker<T, R>, error: unknown): void {
    if (this.heard(worker, { error })) super.taskFailed(worker, error);
  }

  /**
   * Tells the limit that a task has ended, if it is to know and has not heard of it yet; the limit may
   * move before anything follows from the end. False if that was the end of the pipe.
   */
  private heard(worker: Worker<T, R>, failure?: Failure): boolean {
    const { adaptive, busy } = this;
    const { span } = worker;
    if (adaptive === undefined || span === undefined) return true;
    worker.span = undefined;
    this.inProgress--;
    const latencyMs = this.clock.now() - span.startedAt;
    this.busy = true;
    this.call(() => {
      const outcome = this.outcomeOf(worker.value, failure);
      // Nothing can be told of a task during which the clock was set back.
      if (outcome === 'ignore' || latencyMs < 0) return;
      adaptive.sample({ ...span, latencyMs, dropped: outcome === 'dropped' });
    });
    this.busy = busy;
    return this.state !== 'over';
  }

  private outcomeOf(value: T, failure: Failure | undefined): Outcome {
    const said = this.options.outcome?.(failure?.error, value);
    checkOneOf('outcome(error, value)', said, 'success', 'ignore', 'dropped');
    if (said !== undefined) return said;
    if (failure === undefined) return 'success';
    return failure.error instanceof TaskTimeoutError ? 'dropped' : 'ignore';
  }
}
