import { Subscriber, from, type ObservableInput } from 'rxjs';
import { DEMAND, type Demand } from '../../src/line/demand.js';
import { Ring } from '../../src/line/ring.js';
import { RoomWaiters } from '../../src/line/waiters.js';
import type { Pool } from './pool.js';
import type { LazyContext } from './task-context.js';

/**
 * Runs one task after the other; the same object for all of them, so that a task costs no memory.
 *
 * ```
 *   idle ─── begin ───▶ running ─── its input ended ───▶ ended ─── its results are taken ───▶ idle
 *                          └───────────────────── given up ─────────────────────────────▶ idle
 * ```
 *
 * Its demand, for an input that can wait, has room for one result: while one waits to be taken, none.
 */
export class Worker<T, R> implements Demand {
  readonly capacity = 1;
  arrived = 0;
  state: 'idle' | 'running' | 'ended' = 'idle';
  /** The place of its task in the order of start. */
  index = 0;
  key: unknown;
  context: LazyContext | undefined;
  /** Whether the value is still to be counted as delivered or dropped. */
  uncounted = false;
  /** When `taskTimeout` counts from; `Infinity` where it does not. */
  startedAt = Infinity;
  /** Results that wait to be taken. */
  private results: Ring<R> | undefined;
  private waiters: RoomWaiters | undefined;
  private input: Subscriber<R> | undefined;
  /** What a promise calls; made anew when one is given up, so that it is not heard any more. */
  private resolved!: (result: R) => void;
  private rejected!: (error: unknown) => void;

  constructor(
    private readonly pool: Pool<T, R>,
    readonly number: number,
    public value: T,
  ) {
    this.listen();
  }

  begin(value: T, key: unknown, index: number): void {
    this.value = value;
    this.key = key;
    this.index = index;
    this.uncounted = true;
    this.state = 'running';
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

  get linkName(): string {
    return `worker ${this.number} of ${this.pool.linkName}`;
  }

  /** Where a search for what lies below the pool goes on. */
  get linkBelow(): object {
    return this.pool.below;
  }

  follow(input: ObservableInput<R>): void {
    if (input instanceof Promise) {
      input.then(this.resolved, this.rejected);
    } else if (typeof (input as Partial<PromiseLike<R>>).then === 'function') {
      Promise.resolve(input as PromiseLike<R>).then(this.resolved, this.rejected);
    } else if (this.state === 'running') {
      const inlet = (this.input = new TaskInlet<R>(this as Worker<unknown, R>));
      from(input).subscribe(inlet);
    }
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

  /** Gives the input up, and aborts its signal with `reason`. */
  abandon(reason?: unknown): void {
    const { input, context } = this;
    this.input = undefined;
    this.listen();
    this.waiters?.clear();
    input?.unsubscribe();
    context?.abort(reason);
  }

  private listen(): void {
    const resolved = (result: R): void => {
      if (this.resolved !== resolved || this.state !== 'running') return;
      this.state = 'ended';
      this.pool.resulted(this, result);
    };
    this.resolved = resolved;
    this.rejected = (error) => {
      if (this.resolved === resolved) this.failed(error);
    };
  }
}

/** Where the results of an input come in. */
class TaskInlet<R> extends Subscriber<R> {
  declare readonly [DEMAND]: Demand;

  constructor(private readonly worker: Worker<unknown, R>) {
    super();
    this[DEMAND] = worker;
  }

  override next(result: R): void {
    if (!this.closed) this.worker.next(result);
  }

  override error(error: unknown): void {
    if (this.closed) return;
    this.unsubscribe();
    this.worker.failed(error);
  }

  override complete(): void {
    if (this.closed) return;
    this.unsubscribe();
    this.worker.ended();
  }
}
