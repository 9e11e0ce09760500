import type { ObservableInput, SchedulerLike } from 'rxjs';
import { Alarm, type Clock } from '../../src/clock.js';
import { ChannelOverflowError } from '../../src/errors.js';
import { MAX_PARKED, type DropReason } from '../../src/line/line.js';
import { Ring } from '../../src/line/ring.js';
import type { StageOptions } from '../stage/options.js';
import type { Outlet } from '../stage/outlet.js';
import { schedulerClock } from '../stage/scheduler-clock.js';
import { Stage } from '../stage/stage.js';
import { currentContext } from './async-context.js';
import { TaskTimeoutError } from './errors.js';
import { LazyContext, type TaskContext } from './task-context.js';
import { Worker } from './worker.js';

export interface PoolRules<T, R> {
  readonly concurrency: number;
  readonly queue: number;
  readonly project: (value: T, context: TaskContext) => ObservableInput<R>;
  readonly onTaskError: 'fail' | 'skip' | ((error: unknown, value: T) => ObservableInput<R>);
  readonly scheduler: SchedulerLike;
  readonly taskTimeout: number;
  readonly ordered: boolean;
  readonly keyBy: ((value: T) => unknown) | undefined;
}

/**
 * The rule of `workerPool`: whenever a worker is free, the first value in line whose key is not busy
 * becomes a task; a worker is free again when its task has ended and all its results are taken.
 *
 * Invariants:
 * - `running` tasks have a worker each; `inWork` of their values are not yet delivered or dropped;
 * - unordered: `turns` has a task once for each result of it that waits, in order of arrival;
 *   ordered: `turns` has the running tasks in order of start, and only the first may emit.
 */
export class Pool<T, R> extends Stage<T, R, unknown> {
  readonly capacity: number;
  protected inWork = 0;
  private running = 0;
  private started = 0;
  private emitting = false;
  private readonly workers: Worker<T, R>[] = [];
  private readonly idle: Worker<T, R>[] = [];
  private readonly turns = new Ring<Worker<T, R>>();
  private readonly busyKeys = new Set<unknown>();
  private readonly inContext = currentContext();
  private readonly maxParked: number;
  private readonly deadlines: Deadlines<T, R> | undefined;

  constructor(
    private readonly rules: PoolRules<T, R>,
    options: StageOptions<T>,
    out: Outlet<R>,
  ) {
    super(options, out, rules.keyBy !== undefined);
    this.capacity = rules.concurrency + rules.queue;
    this.maxParked = options.maxParked ?? MAX_PARKED;
    if (rules.taskTimeout !== Infinity) {
      this.deadlines = new Deadlines(
        schedulerClock(rules.scheduler),
        rules.taskTimeout,
        this.workers,
      );
    }
  }

  get below(): object {
    return this.out.target;
  }

  protected get places(): number {
    return this.capacity - this.running;
  }

  protected get room(): number {
    return Math.max(0, this.places - this.line.length);
  }

  protected get blocked(): boolean {
    const { turns } = this;
    return turns.length > 0 && turns.at(0).waiting > 0;
  }

  protected override get drained(): boolean {
    return this.running === 0 && this.line.length === 0;
  }

  protected accept(value: T): void {
    const { keyBy, concurrency } = this.rules;
    let key: unknown;
    if (keyBy !== undefined) {
      try {
        key = keyBy(value);
      } catch (error) {
        this.reject(value, error);
        return;
      }
    }
    if (
      this.busy ||
      this.line.length > 0 ||
      this.running >= concurrency ||
      (keyBy !== undefined && this.busyKeys.has(key))
    ) {
      this.store(value, key);
      if (this.running < concurrency) this.pump();
    } else {
      this.busy = true;
      this.missed = false;
      this.begin(value, key);
      this.rested();
    }
  }

  protected work(): void {
    this.emitHeld();
    for (let index; this.running < this.rules.concurrency && (index = this.nextInLine()) >= 0;) {
      const key = this.line.notes?.at(index);
      this.begin(this.line.takeAt(index), key);
    }
  }

  protected halt(reason: DropReason): void {
    this.deadlines?.stop();
    for (const worker of this.workers) {
      if (worker.state === 'idle') continue;
      worker.state = 'idle';
      worker.abandon();
      if (this.count(worker)) this.line.drop(worker.value, reason);
    }
  }

  // ---- what a task tells -----------------------------------------------------------------------

  /** A result has come: it goes out at once if it is its turn and there is room; else it is held. */
  resulted(worker: Worker<T, R>, result: R): void {
    const { ordered } = this.rules;
    const first = ordered
      ? this.turns.at(0) === worker && worker.waiting === 0
      : this.turns.length === 0;
    if (this.emitting || !first || this.out.room <= 0) {
      worker.hold(result);
      if (!ordered) this.turns.push(worker);
      if (worker.waiting - 1 > this.maxParked) {
        this.fail(new ChannelOverflowError(worker.waiting, 1, result));
      }
      this.pump();
    } else if (this.busy) {
      this.emit(worker, result);
    } else {
      this.busy = true;
      this.missed = false;
      this.emit(worker, result);
      this.rested();
    }
  }

  /** A task has no more results to come. */
  ended(worker: Worker<T, R>): void {
    this.retire(worker);
    if (this.busy) this.missed = true;
    else if (this.line.length > 0 || this.waiters.size > 0 || this.state === 'ending') this.pump();
  }

  taskFailed(worker: Worker<T, R>, error: unknown): void {
    const { onTaskError } = this.rules;
    worker.startedAt = Infinity;
    if (onTaskError === 'fail') {
      this.fail(error);
    } else if (onTaskError === 'skip') {
      worker.state = 'ended';
      if (worker.waiting === 0 && this.count(worker)) this.line.drop(worker.value, 'task-error');
      this.ended(worker);
    } else {
      this.call(() => worker.follow(onTaskError(error, worker.value)));
    }
  }

  // ---- tasks -------------------------------------------------------------------------------------

  /** The first in line whose key is not busy, of those that have a place; −1 if there is none. */
  private nextInLine(): number {
    const { length, notes } = this.line;
    if (notes === undefined) return length > 0 ? 0 : -1;
    const end = Math.min(length, this.places);
    for (let i = 0; i < end; i++) if (!this.busyKeys.has(notes.at(i))) return i;
    return -1;
  }

  private begin(value: T, key: unknown): void {
    const { workers, rules } = this;
    let worker = this.idle.pop();
    if (worker === undefined) {
      worker = new Worker(this, workers.length, value);
      workers.push(worker);
    }
    worker.begin(value, key, this.started++);
    this.running++;
    this.inWork++;
    this.noteHeld();
    if (rules.keyBy !== undefined) this.busyKeys.add(key);
    if (rules.ordered) this.turns.push(worker);
    this.deadlines?.begin(worker);
    const context = (worker.context = new LazyContext(worker.index, worker.number));
    try {
      worker.follow(
        this.inContext<T, TaskContext, ObservableInput<R>>(rules.project, value, context),
      );
    } catch (error) {
      worker.failed(error);
    }
  }

  /** Frees the worker of a task that has ended, once its results are taken and it is its turn. */
  private retire(worker: Worker<T, R>): void {
    const { ordered } = this.rules;
    if (worker.state !== 'ended' || worker.waiting > 0) return;
    if (ordered) {
      if (this.turns.at(0) !== worker) return;
      this.turns.shift();
      this.missed = true; // the next in order may have results that wait
    }
    worker.state = 'idle';
    this.idle.push(worker);
    this.running--;
    if (this.rules.keyBy !== undefined) this.busyKeys.delete(worker.key);
    if (this.running === 0) this.deadlines?.stop();
    if (this.count(worker)) this.delivered++;
  }

  /** Whether the value of `task` is still to be counted; counts it as no longer in work. */
  private count(worker: Worker<T, R>): boolean {
    if (!worker.uncounted) return false;
    worker.uncounted = false;
    this.inWork--;
    return true;
  }

  // ---- results -----------------------------------------------------------------------------------

  private emitHeld(): void {
    const { turns, rules } = this;
    while (turns.length > 0) {
      const worker = turns.at(0);
      if (worker.waiting === 0) {
        if (worker.state !== 'ended') return; // ordered: the first has nothing to give yet
        this.retire(worker);
      } else {
        if (this.out.room <= 0) return;
        if (!rules.ordered) turns.shift();
        this.emit(worker, worker.take());
        worker.wakeInput();
      }
    }
  }

  private emit(worker: Worker<T, R>, result: R): void {
    if (this.count(worker)) this.delivered++;
    this.retire(worker);
    this.emitting = true;
    this.out.target.next(result);
    this.emitting = false;
  }

  /** After a step that was taken outside the loop: the loop, if there is reason to run it. */
  private rested(): void {
    this.busy = false;
    if (this.missed || this.line.length > 0 || this.waiters.size > 0 || this.state === 'ending') {
      this.pump();
    }
  }
}

/** Times tasks out: one alarm for all that run, set for the one that is due first. */
class Deadlines<T, R> {
  private readonly alarm: Alarm;

  constructor(
    private readonly clock: Clock,
    private readonly timeoutMs: number,
    private readonly workers: readonly Worker<T, R>[],
  ) {
    this.alarm = new Alarm(clock, () => this.ring());
  }

  begin(worker: Worker<T, R>): void {
    worker.startedAt = this.clock.now();
    if (!this.alarm.armed) this.alarm.set(this.timeoutMs);
  }

  stop(): void {
    this.alarm.stop();
  }

  private ring(): void {
    const now = this.clock.now();
    let left = Infinity;
    const due: Worker<T, R>[] = [];
    for (const worker of this.workers) {
      if (worker.state !== 'running' || worker.startedAt === Infinity) continue;
      const remaining = worker.startedAt + this.timeoutMs - now;
      if (remaining <= 0) due.push(worker);
      else left = Math.min(left, remaining, this.timeoutMs);
    }
    this.alarm.set(left);
    for (const worker of due.sort((a, b) => a.index - b.index)) {
      if (worker.state !== 'running') continue;
      const error = new TaskTimeoutError(worker.value, this.timeoutMs);
      worker.abandon(error);
      worker.failed(error);
    }
  }
}
