import { asyncScheduler, type MonoTypeOperatorFunction, type ObservableInput } from 'rxjs';
import {
  check,
  checkFunction,
  checkInteger,
  checkMilliseconds,
  checkNumber,
} from '../src/check.js';
import { DueAlarm, type Clock } from '../src/clock.js';
import type { Demand } from '../src/line/demand.js';
import { Buffering } from './stage/buffering.js';
import { Notifier, checkInput } from './stage/notifier.js';
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
import { aimdLaw, linearLaw, type DelayLaw } from './throttle/delay-law.js';

/** The options of {@link adaptiveThrottle}. */
export interface AdaptiveThrottleOptions<T> extends StageOptions<T>, QueueOptions, TimedOptions {
  /** The shortest delay between two values, in milliseconds ≥ 0. */
  readonly minDelay: number;
  /** The longest, in milliseconds, finite, ≥ `minDelay`. */
  readonly maxDelay: number;
  /** How many values may wait below before the delay grows: an integer ≥ 1. */
  readonly target: number;
  /**
   * How the delay follows from how many wait. `'linear'` (default): `minDelay` up to `target`, then in a
   * straight line up to `maxDelay` at twice `target`. `'aimd'`: the rate rises by steps while no more
   * than `target` wait, and is halved while more wait and do not become fewer. Or a function, called at
   * each reading.
   */
  readonly law?: 'linear' | 'aimd' | DelayLaw | undefined;
  /**
   * How many wait, told from elsewhere: numbers ≥ 0, each of which sets the delay. Subscribed at once.
   * Default: what waits below is read after each value. Once it completes, that is read again.
   */
  readonly feedback?: ObservableInput<number> | undefined;
  /** Hears the delay in force, in milliseconds, at the start and when it changes. */
  readonly onDelay?: ((delayMs: number) => void) | undefined;
}

/**
 * Spaces values by a delay that grows as they pile up below: it finds the pace of the consumer by
 * itself, and keeps the line below short but not empty.
 *
 * After each value it reads how many wait in the stage below, and lets the next one go when the delay
 * that follows is over. In steady state between `target` and twice `target` wait there. So that stage
 * needs room for twice `target`; with less, `maxDelay` is never reached (`explain` says so), and it is
 * the full stage that holds the source up. With no stage below and no `feedback` the delay is `minDelay`.
 *
 * ```
 * pulled  abc--d----ef--|
 * takes   ------(xxx)
 *         adaptiveThrottle({ minDelay: 1, maxDelay: 5, target: 2 }), bufferedChannel(9)
 * output  ------(abc)       the delay is 1, 1, 3, 5, and 1 again
 * ```
 *
 * ```ts
 * import { adaptiveThrottle, pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * pullFrom(['a', 'b', 'c'])
 *   .pipe(
 *     adaptiveThrottle({ minDelay: 1, maxDelay: 100, target: 8, onDelay: (ms) => console.log(ms) }), // 1
 *     workerPool(4, async (name) => name.toUpperCase(), { queue: 16 }),
 *   )
 *   .subscribe((name) => console.log(name)); // A B C
 * ```
 *
 * - **emits** a value when the delay since the one before is over and the demand below has room.
 * - **backpressures** when `queue` values are held.
 * - **drops** by `overflow`; what is held when it is unsubscribed or fails.
 * - **completes** when the source has completed and nothing is held.
 * - **errors** when the source does, after what is held (`errors: 'drain'`) or at once; at once by
 *   `overflow`, or when `feedback` or a callback fails.
 * - **holds at most** `queue` values of a source that waits; `maxParked` more of one that does not.
 *
 * @param options - `queue`: values that may be held. Default 1: the next one stands ready.
 * @throws {RangeError} at the call, for a delay, target or queue out of range.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function adaptiveThrottle<T>(
  options: AdaptiveThrottleOptions<T>,
): MonoTypeOperatorFunction<T> {
  const { minDelay, maxDelay, target, law, feedback, onDelay, scheduler } = options;
  checkMilliseconds('minDelay', minDelay);
  checkNumber(
    'maxDelay',
    maxDelay,
    'a finite number of milliseconds ≥ `minDelay`',
    (ms) => ms >= minDelay && ms < Infinity,
  );
  checkInteger('target', target, 1);
  check(
    law === undefined || law === 'linear' || law === 'aimd' || typeof law === 'function',
    'law',
    '"linear", "aimd" or a function',
    law,
  );
  checkFunction('onDelay', onDelay, true);
  checkInput('feedback', feedback);
  checkStageOptions(options);
  checkScheduler(scheduler);
  return operate(
    `adaptiveThrottle(${minDelay}–${maxDelay} ms)`,
    options,
    (out) => new Throttling(options, out),
    (below) => (feedback === undefined ? tooSmall(below, target) : undefined),
  );
}

const tooSmall = ({ capacity }: Demand, target: number): string | undefined =>
  capacity < 2 * target
    ? `its capacity is ${capacity}, under twice the target of ${target}: \`maxDelay\` is never reached`
    : undefined;

/**
 * Adds to the plain rule that a value goes at `due`, or later.
 *
 * Invariants:
 * - the alarm is set for `due`, and only while something waits for that, and there is room below;
 * - `due` counts from the value before, or, where a value only waited for its time, from when that one
 *   was due: an alarm that rings late shifts nothing.
 */
class Throttling<T> extends Buffering<T> {
  private readonly clock: Clock;
  private readonly alarm: DueAlarm;
  private readonly law: DelayLaw;
  private notifier: Notifier<number> | undefined;
  /** When the last value went, or should have gone. */
  private since = -Infinity;
  private delay: number;
  /** What goes now has waited for its time, and for nothing else. */
  private ringing = false;

  constructor(
    private readonly options: AdaptiveThrottleOptions<T>,
    out: Outlet<T>,
  ) {
    const { queue = 1, scheduler = asyncScheduler, law = 'linear', minDelay } = options;
    super(queue, options, out);
    this.delay = minDelay;
    this.law = law === 'linear' ? linearLaw : law === 'aimd' ? aimdLaw() : law;
    this.clock = schedulerClock(scheduler);
    this.alarm = new DueAlarm(this.clock, () => {
      this.ringing = true;
      this.pump();
      this.ringing = false;
    });
  }

  override start(): void {
    const { feedback, onDelay, minDelay } = this.options;
    if (onDelay !== undefined) this.call(() => onDelay(minDelay));
    if (feedback === undefined || this.state === 'over') return;
    const listener = new Notifier<number>(
      this,
      (waiting) => {
        checkNumber('feedback', waiting, 'a number ≥ 0', (waiting) => waiting >= 0);
        this.read(waiting);
        this.pump();
      },
      () => (this.notifier = undefined),
    );
    this.notifier = listener;
    listener.follow(feedback);
  }

  protected override get outgoing(): number {
    return this.isDue ? Math.min(1, this.out.room) : 0;
  }

  protected override send(value: T): void {
    const now = this.clock.now();
    this.since = this.ringing ? Math.min(now, this.due) : now;
    super.send(value);
    if (this.state === 'over') return;
    const { demand } = this.out;
    if (demand !== undefined && this.notifier === undefined) {
      this.call(() => this.read(demand.waiting));
    }
  }

  protected override settle(): void {
    super.settle();
    const waits = this.state !== 'over' && this.blocked && !this.out.isShut;
    // It was not due when that was asked last; it may be by now, and nobody else would look again.
    this.alarm.setFor(waits ? this.due : Infinity);
  }

  protected override halt(): void {
    this.alarm.stop();
    this.notifier?.unsubscribe();
  }

  private get due(): number {
    return this.since + this.delay;
  }

  private get isDue(): boolean {
    const now = this.clock.now();
    // A clock that was set back must not put a value off for longer than the delay.
    if (now < this.since) this.since = now;
    return now >= this.due;
  }

  /** Sets the delay that follows from how many wait. */
  private read(waiting: number): void {
    const { law, delay, options } = this;
    const { minDelay, maxDelay, target, onDelay } = options;
    const wanted = law(waiting, { delay, minDelay, maxDelay, target });
    checkMilliseconds('law(waiting)', wanted);
    this.delay = Math.min(maxDelay, Math.max(minDelay, wanted));
    if (this.delay !== delay) onDelay?.(this.delay);
  }
}
