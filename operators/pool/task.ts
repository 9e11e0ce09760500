import { Subscriber, from, type ObservableInput } from 'rxjs';
import { DEMAND, type Demand } from '../../src/line/demand.js';
import { Ring } from '../../src/line/ring.js';
import { RoomWaiters } from '../../src/line/waiters.js';
import { BELOW, NAME } from '../link/find-demand.js';
import type { Pool } from './pool.js';

/** What a project is told beside the value. */
export interface TaskContext {
  /** The place of the value in the order in which tasks were started, from 0. */
  readonly index: number;
  /** The number of the worker: 0 … concurrency − 1. No two tasks that run have the same. */
  readonly worker: number;
  /** Aborts when the task is given up: unsubscribed, timed out, or ended by another's error. */
  readonly signal: AbortSignal;
}

/**
 * One value at work.
 *
 * ```
 *   running ─── its input ended ───▶ ended ─── its results are taken ───▶ over
 *      └────────────── given up ────────────────────────────────────────▶ over
 * ```
 *
 * Its demand, for an input that can wait, has room for one result: while one waits to be taken, none.
 */
export class Task<T, R> implements TaskContext, Demand {
  readonly capacity = 1;
  arrived = 0;
  state: 'running' | 'ended' | 'over' = 'running';
  /** Whether its value has been counted as delivered or dropped. */
  counted = false;
  /** When `taskTimeout` counts from. */
  startedAt = Infinity;
  /** Results that wait to be taken. */
  private results: Ring<R> | undefined;
  private waiters: RoomWaiters | undefined;
  private controller: AbortController | undefined;
  private abandoned: { readonly reason: unknown } | undefined;
  private input: Subscriber<R> | undefined;
  /** Counts the inputs, so that what a promise that was given up brings is not heard. */
  private attempt = 0;

  constructor(
    private readonly pool: Pool<T, R>,
    readonly value: T,
    readonly key: unknown,
    readonly index: number,
    readonly worker: number,
  ) {}

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.abandoned !== undefined) this.controller.abort(this.abandoned.reason);
    }
    return this.controller.signal;
  }

  get waiting(): number {
    return this.results === undefined ? 0 : this.results.length;
  }

  get available(): number {
    return this.state === 'running' && this.waiting === 0 ? 1 : 0;
  }

  onAvailable(resume: () => void): () => void {
    return (this.waiters ??= new RoomWaiters()).add(resume);
  }

  /** Where a search for what lies below the pool goes on. */
  get below(): object {
    return this.pool.below;
  }

  follow(input: ObservableInput<R>): void {
    if (isPromise(input)) {
      const { attempt } = this;
      input.then(
        (result) => {
          if (this.state !== 'running' || attempt !== this.attempt) return;
          this.state = 'ended';
          this.pool.resulted(this, result);
        },
        (error: unknown) => attempt === this.attempt && this.failed(error),
      );
      return;
    }
    if (this.state !== 'running') return;
    const inlet = (this.input = new TaskInlet<R>(this as Task<unknown, R>));
    from(input).subscribe(inlet);
  }

  next(result: R): void {
    this.arrived++;
    this.pool.resulted(this, result);
  }

  ended(): void {
    this.state = 'ended';
    this.pool.ended(this);
  }

  failed(error: unknown): void {
    if (this.state === 'running') this.pool.taskFailed(this, error);
  }

  hold(result: R): void {
    (this.results ??= new Ring()).push(result);
  }

  take(): R {
    return (this.results as Ring<R>).shift();
  }

  /** A result has been taken: an input that waits may go on. */
  wakeInput(): void {
    this.waiters?.wake(() => this.available > 0);
  }

  /** Stops the input; its signal aborts with `reason`. */
  abandon(reason?: unknown): void {
    this.abandoned = { reason };
    const { input, controller } = this;
    this.attempt++;
    this.input = undefined;
    this.waiters?.clear();
    input?.unsubscribe();
    controller?.abort(reason);
  }
}

const isPromise = <R>(input: ObservableInput<R>): input is PromiseLike<R> =>
  typeof (input as Partial<PromiseLike<R>>).then === 'function';

/** Where the results of an input come in. */
class TaskInlet<R> extends Subscriber<R> {
  constructor(private readonly task: Task<unknown, R>) {
    super();
  }

  get [DEMAND](): Demand {
    return this.task;
  }
  get [NAME](): string {
    return 'a task of workerPool';
  }
  get [BELOW](): object {
    return this.task.below;
  }

  override next(result: R): void {
    if (!this.isStopped) this.task.next(result);
  }

  override error(error: unknown): void {
    if (this.isStopped) return;
    this.unsubscribe();
    this.task.failed(error);
  }

  override complete(): void {
    if (this.isStopped) return;
    this.unsubscribe();
    this.task.ended();
  }
}
