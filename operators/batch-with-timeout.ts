import { asyncScheduler, type OperatorFunction } from 'rxjs';
import {
  check,
  checkFunction,
  checkInteger,
  checkMilliseconds,
  checkNumber,
  checkOneOf,
} from '../src/check.js';
import { Alarm } from '../src/clock.js';
import type { Given } from '../src/line/line.js';
import { NotedLine } from '../src/line/noted-line.js';
import { Ring, valueAt } from '../src/line/ring.js';
import { operate } from './stage/operate.js';
import {
  checkScheduler,
  checkStageOptions,
  type QueueOptions,
  type StageOptions,
  type TimedOptions,
} from './stage/options.js';
import type { Outlet } from './stage/outlet.js';
import { schedulerClock } from './stage/scheduler-clock.js';
import { Stage } from './stage/stage.js';

/** The options of {@link batchWithTimeout}. */
export interface BatchOptions<T> extends StageOptions<T>, QueueOptions, TimedOptions {
  /** A batch falls due `timeout` ms after its `'first'` value (default) or, `'idle'`, its last. */
  readonly timer?: 'first' | 'idle' | undefined;
  /** The most that a batch may weigh, as `weigh` counts; one heavier value is a batch of its own. */
  readonly maxWeight?: number | undefined;
  /** What a value weighs: a number ≥ 0. Called once for each value, when it comes. */
  readonly weigh?: ((value: Given<T>) => number) | undefined;
}

/**
 * Gathers values into arrays: a batch goes when it has `size` values, or `timeout` milliseconds after
 * its first. There is never an empty batch, and a timer only while a batch is open.
 *
 * A batch that is due waits for demand and goes on filling up to `size`; then the source waits.
 * Values that wait behind a full batch have their time from when that one goes.
 *
 * `timeout` 0 gives one batch for each synchronous burst, `Infinity` needs no clock. What arrives before
 * the timer's callback runs is in the batch.
 *
 * ```
 * source  -a--b---------c--|
 *         batchWithTimeout(9, 4)
 * held    01--20-0------1--0
 * output  -----X-----------(C|)   X = [a, b], C = [c]
 * ```
 *
 * ```ts
 * import { batchWithTimeout, pullFrom } from 'rxjs-sluice/operators';
 *
 * pullFrom([1, 2, 3, 4, 5])
 *   .pipe(batchWithTimeout(2, 1000))
 *   .subscribe((batch) => console.log(batch)); // [ 1, 2 ] [ 3, 4 ] [ 5 ]
 * ```
 *
 * - **emits** an array of 1 to `size` values when the batch is full, or due, and the demand below has
 *   room.
 * - **backpressures** when `size + queue` values are held.
 * - **drops** by `overflow`; what is held when it is unsubscribed or fails.
 * - **completes** when the source has completed and the last batch is out.
 * - **errors** when the source does, after the open batch (`errors: 'drain'`) or at once; at once by
 *   `overflow` or when a callback fails.
 * - **holds at most** `size + queue` values of a source that waits; `maxParked` more of one that does
 *   not.
 *
 * @param size - how many values a batch may have: an integer ≥ 1.
 * @param timeout - milliseconds ≥ 0, or `Infinity`.
 * @param options - `queue`: values that may wait behind a full batch. Default 0.
 * @throws {RangeError} at the call, for a size, timeout, weight or queue out of range.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function batchWithTimeout<T>(
  size: number,
  timeout: number,
  options: BatchOptions<T> = {},
): OperatorFunction<T, T[]> {
  checkInteger('size', size, 1);
  checkMilliseconds('timeout', timeout);
  checkStageOptions(options);
  checkOneOf('timer', options.timer, 'first', 'idle');
  checkFunction('weigh', options.weigh, true);
  checkScheduler(options.scheduler);
  const { weigh, maxWeight } = options;
  if (maxWeight !== undefined) checkNumber('maxWeight', maxWeight, 'a number > 0', (n) => n > 0);
  check(
    (maxWeight === undefined) === (weigh === undefined),
    'weigh',
    'given together with `maxWeight`',
    weigh,
  );
  return operate(
    `batchWithTimeout(${size}, ${timeout})`,
    options,
    (out) => new Batching<T>(size, timeout, options, out),
  );
}

/**
 * The rule: the open batch is the first `count` values in line; it goes when it is full or due.
 *
 * Invariants:
 * - `count` and `weight` are those of the open batch, which is `full` when no further value fits;
 * - the alarm is set only while the open batch has values and is neither full nor due.
 */
class Batching<T> extends Stage<T, T[], NotedLine<T, number>> {
  readonly capacity: number;
  protected readonly places: number;
  protected readonly inWork = 0;
  private readonly alarm: Alarm;
  private readonly weigh: ((value: T) => number) | undefined;
  private readonly maxWeight: number;
  private readonly untilIdle: boolean;
  private count = 0;
  private weight = 0;
  private full = false;
  private due = false;

  constructor(
    private readonly size: number,
    private readonly timeout: number,
    options: BatchOptions<T>,
    out: Outlet<T[]>,
  ) {
    const { weigh, maxWeight = Infinity, queue = 0, scheduler = asyncScheduler } = options;
    super(options, out, NotedLine);
    this.line.notes = weigh && new Ring();
    this.capacity = this.places = size + queue;
    this.weigh =
      weigh &&
      ((value) => {
        const weight = weigh(value);
        checkNumber('weigh(value)', weight, 'a number ≥ 0', (n) => n >= 0);
        return weight;
      });
    this.maxWeight = maxWeight;
    this.untilIdle = options.timer === 'idle';
    this.alarm = new Alarm(schedulerClock(scheduler), () => {
      this.due = true;
      this.pump();
    });
  }

  /** While a batch is ready to go, the room below is for that batch, and counts for nothing else. */
  protected get room(): number {
    const free = Math.max(0, this.places - this.line.length);
    return this.busy || this.ready ? free : free + this.out.room * this.size;
  }

  protected get blocked(): boolean {
    return this.ready;
  }

  protected accept(value: T): void {
    const { weigh } = this;
    if (weigh === undefined) this.gather(value);
    else this.ask(value, weigh, (weight) => this.gather(value, weight));
  }

  private gather(value: T, weight?: number): void {
    const { line, busy } = this;
    const { dropped } = line;
    this.busy = true; // what `onDrop` leads to takes nothing out while the line has a new head
    this.store(value, weight);
    this.busy = busy;
    if (line.dropped !== dropped) this.reopen();
    else this.fill();
    if (this.untilIdle && this.alarm.armed) this.alarm.postpone(this.timeout);
    if (this.full || this.missed) this.pump();
    else this.watch();
  }

  protected work(): void {
    while (this.ready && this.out.room > 0) {
      const batch = this.line.takeMany(this.count);
      this.due = false;
      this.alarm.stop();
      this.reopen();
      this.delivered += batch.length;
      this.out.target.next(batch);
    }
    this.watch();
  }

  protected halt(): void {
    this.alarm.stop();
    this.count = 0;
    this.full = false;
  }

  /** Whether the open batch should go. */
  private get ready(): boolean {
    return this.full || (this.count > 0 && (this.due || this.state === 'ending'));
  }

  /** The line has a new head: the open batch begins there. */
  private reopen(): void {
    this.count = this.weight = 0;
    this.full = false;
    this.fill();
  }

  /** Takes into the open batch what stands behind it and fits. */
  private fill(): void {
    const { length, notes } = this.line;
    if (notes === undefined) {
      this.count = Math.min(length, this.size);
      this.full = length >= this.size;
    } else {
      this.fillUp(length, notes);
    }
  }

  private fillUp(length: number, weights: Ring<number>): void {
    while (!this.full && this.count < length) {
      const weight = this.weight + valueAt(weights, this.count);
      if (this.count > 0 && weight > this.maxWeight) {
        this.full = true;
        return;
      }
      this.weight = weight;
      this.count++;
      this.full = this.count === this.size || weight >= this.maxWeight;
    }
  }

  /** Keeps the alarm set just while a batch is open that nothing else will send off. */
  private watch(): void {
    const open = this.count > 0 && !this.full && !this.due && this.state === 'open';
    if (!open) this.alarm.stop();
    else if (!this.alarm.armed) this.alarm.set(this.timeout);
  }
}
