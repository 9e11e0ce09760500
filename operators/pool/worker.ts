import type { ObservableInput } from 'rxjs';
import type { Demand } from '../../src/line/demand.js';
import { Ring } from '../../src/line/ring.js';
import { RoomWaiters, dismiss } from '../../src/line/waiters.js';
import { isThenable } from '../../src/sync/settle.js';
import type { LimitSample } from '../limits/adaptive-limit.js';
import { Inlet, type Failure, type Receiver } from '../stage/inlet.js';
import { quietly } from '../stage/unhandled.js';
import type { Pool } from './pool.js';
import { LazyContext } from './task-context.js';

/**
 * Runs one task after the other; the same object for all of them, so that a task costs little memory.
 *
 * ```
 *   idle ─── begin ───▶ running ─── its input ended ───▶ ended ─── its results are taken ───▶ idle
 *                          └───────────────────── given up ─────────────────────────────▶ idle
 * ```
 *
 * Its demand, for an input that can wait, has room for one result: while one waits to be taken, none.
 */
export class Worker<T, R> implements Receiver<R>, Demand {
  readonly capacity = 1;
  arrived = 0;
  state: 'idle' | 'running' | 'ended' = 'idle';
  /** The task: its value, its key, and what its project was told. */
  value!: T;
  key: unknown = undefined;
  /** The place of its value among all, by which `ordered` goes. */
  place = 0;
  context!: LazyContext;
  /** Whether the value is still to be counted as delivered or dropped. */
  uncounted = false;
  /** Whether `onTaskError` has given it another input: the error of that one is the pipe's. */
  replaced = false;
  /** When its time is up. */
  deadline = Infinity;
  /** What is measured of its task, until that has ended; only under a limit that goes by it. */
  span: Pick<LimitSample, 'startedAt' | 'inFlight'> | undefined = undefined;
  /** Results that wait to be taken. */
  readonly results = new Ring<R>();
  private readonly waiters = new RoomWaiters(() => this.available);
  private inlet: Inlet<R> | undefined = undefined;
  /** What a promise calls; made anew when one is given up, so that it is not heard any more. */
  private resolved!: (result: R) => void;
  private rejected!: (error: unknown) => void;

  constructor(
    private readonly pool: Pool<T, R>,
    private readonly number: number,
  ) {
    this.listen();
  }

  begin(value: T, key: unknown, place: number, index: number): void {
    this.value = value;
    this.key = key;
    this.place = place;
    this.context = new LazyContext(index, this.number);
    this.uncounted = true;
    this.replaced = false;
    this.state = 'running';
  }

  get waiting(): number {
    return this.results.length;
  }

  get available(): number {
    return this.state === 'running' && this.waiting === 0 ? 1 : 0;
  }

  onAvailable(resume: () => void): () => void {
    const giveUp = this.waiters.ask(resume);
    if (this.waiters.size > 0) this.pool.pump();
    return giveUp;
  }

  /** Whether its task goes on by itself: not one whose input waits until a result is taken. */
  get isAtWork(): boolean {
    return this.state === 'running' && this.waiters.size === 0;
  }

  get linkName(): string {
    return `worker ${this.number} of ${this.pool.linkName}`;
  }

  /** Where a search for what lies below the pool goes on. */
  get linkBelow(): object {
    return this.pool.below;
  }

  follow(input: ObservableInput<R>): void {
    if (isThenable<R>(input)) {
      Promise.resolve(input).then(this.resolved, this.rejected);
    } else if (this.state === 'running') {
      this.inlet = new Inlet(this, this);
      this.inlet.follow(input);
    }
  }

  receive(result: R): void {
    if (this.state !== 'running') return;
    this.arrived++;
    this.pool.resulted(this, result);
  }

  sourceEnded(failure?: Failure): void {
    if (this.state !== 'running') return;
    dismiss(this.waiters);
    if (failure) this.pool.taskFailed(this, failure.error);
    else this.pool.taskEnded(this);
  }

  /** A result has been taken: an input that waits may go on. */
  wakeInput(): void {
    if (this.waiters.size > 0) this.waiters.wake();
  }

  /** Keeps nothing of its last task alive. */
  forget(): void {
    this.value = this.key = this.context = undefined as never;
    while (this.results.length > 0) this.results.shift();
  }

  /** Gives the input up, and aborts its signal with `reason`. */
  abandon(reason?: unknown): void {
    const { context } = this; // what follows may end the pipe, which forgets it
    this.listen();
    dismiss(this.waiters);
    // Before the signal aborts: what the input makes of that is not heard any more.
    quietly(() => this.inlet?.unsubscribe());
    context.abort(reason);
  }

  private listen(): void {
    const resolved = (result: R): void => {
      if (this.resolved === resolved && this.state === 'running') {
        this.state = 'ended';
        this.pool.fulfilled(this, result);
      }
    };
    this.resolved = resolved;
    this.rejected = (error) => {
      if (this.resolved === resolved) this.sourceEnded({ error });
    };
  }
}
