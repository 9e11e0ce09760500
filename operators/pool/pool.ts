import { asyncScheduler, type ObservableInput } from 'rxjs';
import { Alarm, type Clock } from '../../src/clock.js';
import { ChannelOverflowError } from '../../src/errors.js';
import type { DropReason } from '../../src/line/line.js';
import { NotedLine } from '../../src/line/noted-line.js';
import { Ring, insertAt, valueAt } from '../../src/line/ring.js';
import type { Outlet } from '../stage/outlet.js';
import { schedulerClock } from '../stage/scheduler-clock.js';
import { Stage } from '../stage/stage.js';
import { reportUnhandled } from '../stage/unhandled.js';
import type { WorkerPoolOptions } from '../worker-pool.js';
import { currentContext } from './async-context.js';
import { TaskTimeoutError } from './errors.js';
import type { TaskContext } from './task-context.js';
import { Worker } from './worker.js';

/** What stands beside a value in line where there are keys. */
interface Keyed {
  readonly key: unknown;
  readonly place: number;
}

/**
 * The rule of `workerPool`: whenever a worker is free, the first value in line whose key is not busy
 * becomes a task; a worker is free again when its task has ended and all its results are taken.
 *
 * Invariants:
 * - `running` tasks have a worker each; `inWork` of their values are not yet delivered or dropped;
 * - unordered: `turns` has a task once for each result of it that waits, in order of arrival;
 *   ordered: `turns` has the running tasks in order of their values, and only the first may emit, while
 *   no value before it is still in line;
 * - `timed` tasks have a deadline; the alarm is set while there are any, for the one that is due first.
 */
export class Pool<T, R> extends Stage<T, R, NotedLine<T, Keyed>> {
  capacity = 0;
  protected inWork = 0;
  protected concurrency = 0;
  private queue = 0;
  private running = 0;
  private started = 0;
  private placed = 0;
  private emitting = false;
  private timed = 0;
  private readonly workers: Worker<T, R>[] = [];
  private readonly idle: Worker<T, R>[] = [];
  /** Those that had a task when the pool was over, until they have been given up. */
  private busyLast: readonly Worker<T, R>[] = [];
  private readonly turns = new Ring<Worker<T, R>>();
  private readonly busyKeys: Set<unknown> | undefined;
  private readonly ordered: boolean;
  /** Whether the loop runs in a promise's callback, to which the host has carried the async context. */
  private carried = false;
  private readonly inContext = currentContext();
  protected readonly clock: Clock;
  private readonly alarm: Alarm;

  constructor(
    concurrency: number,
    private readonly project: (value: T, context: TaskContext) => ObservableInput<R>,
    protected readonly options: WorkerPoolOptions<T, ObservableInput<R>>,
    out: Outlet<R>,
  ) {
    super(options, out, NotedLine);
    const { scheduler = asyncScheduler } = options;
    this.limitTo(concurrency, concurrency);
    this.ordered = options.ordered === true;
    this.busyKeys = options.keyBy && new Set();
    this.line.notes = options.keyBy && new Ring();
    this.clock = schedulerClock(scheduler);
    this.alarm = new Alarm(this.clock, () => this.timeUp());
  }

  get below(): object {
    return this.out.target;
  }

  /** Up to `concurrency` tasks from now on; by default as many values in line as that can `ever` be. */
  protected limitTo(concurrency: number, ever: number): void {
    const { queue = ever === Infinity ? 0 : ever } = this.options;
    this.concurrency = concurrency;
    this.queue = queue;
    this.capacity = concurrency + queue;
  }

  /** Idle workers lend their places to the line; where more run than may, it keeps those of its own. */
  protected get places(): number {
    return Math.max(this.queue, this.capacity - this.running);
  }

  protected get room(): number {
    return Math.max(0, this.capacity - this.running - this.line.length);
  }

  protected get blocked(): boolean {
    const { turns } = this;
    return turns.length > 0 && valueAt(turns, 0).waiting > 0 && this.isFirst(valueAt(turns, 0));
  }

  protected override get drained(): boolean {
    return this.running === 0 && this.line.length === 0;
  }

  protected accept(value: T): void {
    const { keyBy } = this.options;
    if (keyBy === undefined) this.assign(value);
    else this.ask(value, keyBy, (key) => this.assign(value, key));
  }

  private assign(value: T, key?: unknown): void {
    const place = this.placed++;
    if (
      this.busy ||
      this.running >= this.concurrency ||
      this.line.length > 0 ||
      this.busyKeys?.has(key)
    ) {
      const { dropped } = this.line;
      this.store(value, this.busyKeys && { key, place });
      // One that was dropped may have been what another's turn was waiting for.
      if (this.running < this.concurrency || this.line.dropped > dropped) this.pump();
    } else {
      this.busy = true;
      this.begin(value, key, place);
      this.busy = false;
      this.pump();
    }
  }

  protected work(): void {
    const { line, turns } = this;
    if (turns.length > 0) this.emitHeld();
    while (line.length > 0 && (this.running < this.concurrency || this.isHeldUp)) {
      const { notes } = line;
      if (notes === undefined) {
        this.begin(line.shift(), undefined, this.placed++);
      } else {
        const index = this.nextInLine(notes);
        if (index < 0) break;
        const { key, place } = valueAt(notes, index);
        this.begin(line.takeAt(index), key, place);
      }
    }
  }

  protected override cease(): void {
    this.busyLast = this.workers.filter(({ state }) => state !== 'idle');
    for (const worker of this.busyLast) worker.state = 'idle';
  }

  protected halt(reason: DropReason): void {
    const { busyLast: busy } = this;
    this.busyLast = [];
    this.alarm.stop();
    for (const worker of busy) worker.abandon();
    for (const worker of busy) {
      if (this.count(worker)) this.line.drop(worker.value, reason);
      worker.forget();
    }
  }

  // ---- what a task tells -----------------------------------------------------------------------

  /** A result has come: it goes out at once if it is its turn and there is room; else it is held. */
  resulted(worker: Worker<T, R>, result: R): void {
    const { turns, busy } = this;
    const first = this.ordered ? worker.waiting === 0 && this.isFirst(worker) : turns.length === 0;
    if (first && !this.emitting && this.out.room > 0) {
      this.busy = true;
      this.emit(worker, result);
      this.busy = busy;
    } else {
      this.hold(worker, result);
    }
    this.pump();
  }

  private hold(worker: Worker<T, R>, result: R): void {
    const { waiting } = worker;
    worker.results.push(result);
    if (!this.ordered) this.turns.push(worker);
    if (waiting > this.line.maxParked) this.fail(new ChannelOverflowError(waiting, 1, result));
  }

  /** As `resulted`, of a promise. */
  fulfilled(worker: Worker<T, R>, result: R): void {
    this.untime(worker);
    this.carried = true; // until `settle`, which follows
    this.resulted(worker, result);
  }

  protected override settle(): void {
    this.carried = false;
    super.settle();
  }

  /** A task has no more results to come. */
  taskEnded(worker: Worker<T, R>): void {
    worker.state = 'ended';
    this.untime(worker);
    this.retire(worker);
    this.pump();
  }

  taskFailed(worker: Worker<T, R>, error: unknown): void {
    const { onTaskError = 'fail' } = this.options;
    this.untime(worker);
    if (onTaskError === 'fail' || worker.replaced) {
      this.fail(error);
    } else if (onTaskError === 'skip') {
      if (worker.waiting === 0 && this.count(worker)) this.line.drop(worker.value, 'task-error');
      this.taskEnded(worker);
    } else {
      worker.replaced = true;
      this.inContext(
        () => this.call(() => worker.follow(onTaskError(error, worker.value))),
        worker,
      );
      this.pump();
    }
  }

  // ---- tasks -------------------------------------------------------------------------------------

  /** The first in line whose key is not busy, of those that have a place, and the head; −1 if there is none. */
  private nextInLine(keys: Ring<Keyed>): number {
    const end = Math.min(keys.length, Math.max(1, this.places));
    for (let i = 0; i < end; i++) if (!this.busyKeys?.has(valueAt(keys, i).key)) return i;
    return -1;
  }

  private begin(value: T, key: unknown, place: number): void {
    const { workers, alarm, turns } = this;
    const { taskTimeout } = this.options;
    let worker = this.idle.pop();
    if (worker === undefined) workers.push((worker = new Worker(this, workers.length)));
    worker.begin(value, key, place, this.started++);
    this.running++;
    this.inWork++;
    this.noteHeld();
    this.busyKeys?.add(key);
    if (this.ordered) {
      let turn = turns.length;
      while (turn > 0 && valueAt(turns, turn - 1).place > place) turn--;
      insertAt(turns, turn, worker);
    }
    if (taskTimeout !== undefined) {
      worker.deadline = this.clock.now() + taskTimeout;
      this.timed++;
      if (!alarm.armed) alarm.set(taskTimeout);
      // Under a scheduler that runs at once its time may be up.
      if (worker.state !== 'running' || worker.replaced) return;
    }
    if (this.carried) this.run(worker);
    else this.inContext(this.run, worker);
  }

  protected run = (worker: Worker<T, R>): void => {
    try {
      worker.follow(this.project(worker.value, worker.context));
    } catch (error) {
      if (worker.state === 'running') worker.sourceEnded({ error });
      else reportUnhandled(error);
    }
  };

  /**
   * Whether fewer are at work than may be, and what the others have waits for the first in line: that has lost its
   * place to those as the limit was lowered. (Without `ordered` the first in turn waits for nobody.)
   */
  private get isHeldUp(): boolean {
    const { turns, workers, concurrency } = this;
    if (turns.length === 0 || this.isFirst(valueAt(turns, 0))) return false;
    return workers.filter(({ isAtWork }) => isAtWork).length < concurrency;
  }

  /** Whether it is the turn of `worker`; where order counts, no value before its own may be in line. */
  private isFirst(worker: Worker<T, R>): boolean {
    const { notes } = this.line;
    if (valueAt(this.turns, 0) !== worker) return false;
    return !this.ordered || !notes?.length || valueAt(notes, 0).place > worker.place;
  }

  /** Frees the worker of a task that has ended, once its results are taken and it is its turn. */
  private retire(worker: Worker<T, R>): void {
    const { turns } = this;
    if (worker.state !== 'ended' || worker.waiting > 0) return;
    if (this.ordered) {
      if (!this.isFirst(worker)) return;
      turns.shift();
    }
    worker.state = 'idle';
    this.idle.push(worker);
    this.running--;
    this.busyKeys?.delete(worker.key);
    worker.forget();
    if (this.count(worker)) this.delivered++;
  }

  /** Whether the value of a task is still to be counted; counts it as no longer in work. */
  private count(worker: Worker<T, R>): boolean {
    if (!worker.uncounted) return false;
    worker.uncounted = false;
    this.inWork--;
    return true;
  }

  /** The time of a task no longer runs. */
  private untime(worker: Worker<T, R>): void {
    if (worker.deadline === Infinity) return;
    worker.deadline = Infinity;
    if (--this.timed === 0) this.alarm.stop();
  }

  /** Fails the tasks whose time is up. */
  private timeUp(): void {
    const { taskTimeout = Infinity } = this.options;
    const now = this.clock.now();
    const timed = this.workers
      .filter(({ deadline }) => deadline < Infinity)
      .sort((a, b) => a.deadline - b.deadline || a.context.index - b.context.index);
    // A clock that was set back must not put any off for longer than was asked.
    for (const worker of timed) worker.deadline = Math.min(worker.deadline, now + taskTimeout);
    const due = timed.filter(({ deadline }) => deadline <= now);
    const next = timed[due.length];
    if (next !== undefined) this.alarm.set(next.deadline - now);
    for (const worker of due) {
      // What one leads to may end another; its worker may be busy with something else by now.
      if (worker.state !== 'running' || worker.deadline > now) continue;
      const error = new TaskTimeoutError(worker.value, taskTimeout);
      worker.abandon(error);
      worker.sourceEnded({ error });
    }
  }

  // ---- results -----------------------------------------------------------------------------------

  private emitHeld(): void {
    const { turns } = this;
    while (turns.length > 0) {
      const worker = valueAt(turns, 0);
      if (!this.isFirst(worker)) return;
      if (worker.waiting > 0) {
        if (this.out.room <= 0) return;
        if (!this.ordered) turns.shift();
        this.emit(worker, worker.results.shift());
        worker.wakeInput();
      } else if (worker.state === 'ended') {
        this.retire(worker);
      } else {
        return; // ordered: the first has nothing to give yet
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
}
