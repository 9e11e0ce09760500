import {
  asyncScheduler,
  type MonoTypeOperatorFunction,
  type ObservableInput,
  type SchedulerLike,
} from 'rxjs';
import { check, checkCount, checkInteger, checkMilliseconds } from '../src/check.js';
import { Buffering } from './stage/buffering.js';
import { Notifier, checkInput } from './stage/notifier.js';
import { operate } from './stage/operate.js';
import {
  checkScheduler,
  checkStageOptions,
  type StageOptions,
  type TimedOptions,
} from './stage/options.js';
import type { Outlet } from './stage/outlet.js';

/** The options of {@link bufferedChannel}. */
export interface BufferedChannelOptions<T> extends StageOptions<T>, TimedOptions {
  /**
   * Each emission releases one value, whatever it carries; none is banked. Subscribed only while a
   * value waits. For consumers that cannot show demand. Once it completes, demand alone rules.
   * (Above a channel of capacity 0 that has a pace, give none: that one has no room when this one releases.)
   */
  readonly pace?: ObservableInput<unknown> | undefined;
  /**
   * Lets each emission of `pace` release values until so many milliseconds are spent, at least one:
   * `pace: animationFrames(), yieldEvery: 8` leaves half of each frame to the browser. Timed by `scheduler`.
   */
  readonly yieldEvery?: number | undefined;
  /**
   * Each number (an integer ≥ 0, or `Infinity`) allows that many values more; what is not used is
   * kept. Subscribed at once. Once it completes, demand alone rules.
   */
  readonly credit?: ObservableInput<number> | undefined;
}

/**
 * Holds up to `capacity` values between a source and a slower consumer: Go's `make(chan T, capacity)`.
 *
 * A source that can wait (`pullFrom`, another stage, anything that reads `demandOf`) is pulled only as
 * far as there are places; what comes all the same meets `overflow`. A consumer that is ready gets each
 * value straight from hand to hand. Capacity 0 is a rendezvous: it has room when the consumer has.
 *
 * It works between a source and a consumer that shows demand: another stage, or `toAsyncIterable`. With
 * no demand below it passes everything on at once; then use `pace` or `credit`.
 *
 * ```
 * source  abc|
 * takes   ----x--x--x
 *         bufferedChannel(3)
 * held    123-2--1--0
 * output  ----a--b--(c|)
 * ```
 *
 * ```ts
 * import { bufferedChannel, pullFrom, toAsyncIterable } from 'rxjs-sluice/operators';
 *
 * const numbers = pullFrom([1, 2, 3, 4, 5]).pipe(bufferedChannel(2)); // reads 2 ahead, no more
 * for await (const n of toAsyncIterable(numbers)) console.log(n); // 1 2 3 4 5
 * ```
 *
 * - **emits** the oldest held value when the demand below has room (and `pace` or `credit` allows it);
 *   at once where nothing is held.
 * - **backpressures** when `capacity` values are held.
 * - **drops** by `overflow`; what is held when it is unsubscribed or fails.
 * - **completes** when the source has completed and nothing is held.
 * - **errors** when the source does, after what is held (`errors: 'drain'`) or at once; at once by
 *   `overflow`, or when `pace`, `credit` or a callback fails.
 * - **holds at most** `capacity` values of a source that waits; `maxParked` more of one that does not.
 *
 * @param capacity - how many values it may hold: an integer ≥ 0.
 * @throws {RangeError} at the call, for a capacity that is not an integer ≥ 0.
 * @throws {TypeError} at the call, for options that are not as stated, or both `pace` and `credit`.
 */
export function bufferedChannel<T>(
  capacity: number,
  options: BufferedChannelOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  checkInteger('capacity', capacity, 0);
  checkStageOptions(options);
  const { pace, credit, yieldEvery } = options;
  checkInput('pace', pace);
  checkInput('credit', credit);
  check(pace === undefined || credit === undefined, 'credit', 'absent beside `pace`', credit);
  if (yieldEvery !== undefined) {
    checkMilliseconds('yieldEvery', yieldEvery);
    check(pace !== undefined, 'yieldEvery', 'given together with `pace`', yieldEvery);
  }
  checkScheduler(options.scheduler);
  return operate(`bufferedChannel(${capacity})`, options, (out) =>
    pace === undefined && credit === undefined
      ? new Buffering<T>(capacity, options, out)
      : new Releasing<T>(capacity, options, out),
  );
}

/**
 * Adds to the plain rule an `allowance`: how many values `pace` or `credit` lets pass. Once it completes,
 * any number.
 */
class Releasing<T> extends Buffering<T> {
  private allowance = 0;
  private pace: ObservableInput<unknown> | undefined;
  private readonly credit: ObservableInput<number> | undefined;
  private readonly yieldEvery: number | undefined;
  private readonly scheduler: SchedulerLike;
  private notifier: Notifier<never> | undefined;
  /** Until when one emission of `pace` may release values. */
  private until = -Infinity;

  constructor(capacity: number, options: BufferedChannelOptions<T>, out: Outlet<T>) {
    super(capacity, options, out);
    const { pace, credit, yieldEvery, scheduler = asyncScheduler } = options;
    this.pace = pace;
    this.credit = credit;
    this.yieldEvery = yieldEvery;
    this.scheduler = scheduler;
  }

  override start(): void {
    if (this.credit === undefined) return;
    this.listen(this.credit, (count) => {
      checkCount('credit', count, 0);
      this.allowance += count;
      this.pump();
    });
  }

  protected override get outgoing(): number {
    return Math.min(this.allowance, this.out.room);
  }

  protected override send(value: T): void {
    this.allowance--;
    super.send(value);
    if (this.yieldEvery === undefined) return;
    const now = this.scheduler.now();
    // A clock that was set back must not make it last longer than was asked.
    this.until = Math.min(this.until, now + this.yieldEvery);
    if (now < this.until) this.allowance = Math.max(this.allowance, 1);
  }

  /** Listens to `pace` for just as long as a value waits, here or before a rendezvous. */
  protected override settle(): void {
    super.settle();
    // While those above are being woken, what one of them sends ends nobody else's turn.
    if (this.pace === undefined || this.busy || this.waiters.waking) return;
    this.allowance = 0;
    if (this.state === 'over' || !this.blocked) {
      this.halt();
    } else if (this.notifier === undefined) {
      this.listen(this.pace, () => {
        this.allowance = 1;
        if (this.yieldEvery !== undefined) this.until = this.scheduler.now() + this.yieldEvery;
        this.pump();
      });
    }
  }

  protected override halt(): void {
    const { notifier } = this;
    this.notifier = undefined; // first: what its teardown sends in may need one
    notifier?.unsubscribe();
  }

  private listen<V>(notifier: ObservableInput<V>, heard: (value: V) => void): void {
    const listener = new Notifier<V>(this, heard, () => {
      this.pace = undefined;
      this.allowance = Infinity;
      this.pump();
    });
    this.notifier = listener;
    listener.follow(notifier);
  }
}
