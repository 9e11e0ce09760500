import type { MonoTypeOperatorFunction } from 'rxjs';
import { check, checkFunction, checkInteger, checkMilliseconds } from '../src/check.js';
import type { Given } from '../src/line/line.js';
import type { RateLimiter } from '../src/rate/rate-limiter.js';
import { Leaking } from './bucket/leaking.js';
import { operate } from './stage/operate.js';
import {
  checkScheduler,
  checkStageOptions,
  type QueueOptions,
  type StageOptions,
  type TimedOptions,
} from './stage/options.js';

/** The options of {@link leakyBucket}. */
export interface LeakyBucketOptions<T> extends StageOptions<T>, QueueOptions, TimedOptions {
  /** How many tokens a value takes: a number from 0 to `capacity`. Called once, when it comes. Default 1. */
  readonly cost?: ((value: Given<T>) => number) | undefined;
  /**
   * Shared by several pipes, which it serves in turn: a value needs its tokens too, beside those of the
   * pipe's own bucket. It goes by the time of the pipes. (`leakyBucket(1, 0, { limiter })` has no limit of
   * its own.)
   */
  readonly limiter?: RateLimiter | undefined;
  /**
   * A bucket for each key. Values of one key go in order; one that waits does not hold up those of other
   * keys in the queue. A bucket that is full again is forgotten.
   */
  readonly keyBy?: ((value: Given<T>) => unknown) | undefined;
}

/**
 * Lets `capacity` values through at once, then one per `interval` milliseconds; with a capacity of 1 that is
 * a smooth pace. It begins full, and fills with time, continuously, up to `capacity`; nothing ticks.
 *
 * What finds no token waits in `queue`, and what finds no place there meets `overflow`: by default it shapes
 * the flow, `{ queue: 0, overflow: 'drop-newest' }` polices it. A token is taken only for a value that
 * goes out: while there is no room below, none is. When the timer comes late, all values go whose time
 * has come; so the pace holds on average, and does not drift. What a consumer then sends back into the pipe, or takes
 * of its limiter by `allow` or `reserve`, counts as of now: what was late beyond `capacity`, or `burst`, is lost to it.
 *
 * ```
 * source  abcde----------|
 *         leakyBucket(2, 3, { queue: 9 })
 * held    00112-11-00----0   c, d and e wait for a token
 * output  ab-c--d--e-----|
 * ```
 *
 * ```ts
 * import { leakyBucket, pullFrom } from 'rxjs-sluice/operators';
 *
 * setTimeout(console.log, 25, '25 ms');
 * pullFrom(['a', 'b', 'c'])
 *   .pipe(leakyBucket(2, 50))
 *   .subscribe((request) => console.log(request)); // a b 25 ms c
 * ```
 *
 * - **emits** the oldest held value when its token (`cost` tokens) is there and the demand below has room;
 *   at once where nothing is held before it.
 * - **backpressures** when `queue` values wait; with a queue of 0, while there is no token.
 * - **drops** by `overflow`; what is held when it is unsubscribed or fails.
 * - **completes** when the source has completed and nothing is held.
 * - **errors** when the source does, after what is held (`errors: 'drain'`) or at once; at once by
 *   `overflow`, when a callback fails, or for a cost that there will never be enough tokens for.
 * - **holds at most** `queue` values of a source that waits; `maxParked` more of one that does not.
 *
 * @param capacity - how many tokens it holds: an integer ≥ 1.
 * @param interval - milliseconds > 0 per token; 0 is no limit, at `Infinity` no token comes.
 * @param options - `queue`: default `capacity`.
 * @throws {RangeError} at the call, for a capacity, interval or queue out of range.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function leakyBucket<T>(
  capacity: number,
  interval: number,
  options: LeakyBucketOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  checkInteger('capacity', capacity, 1);
  checkMilliseconds('interval', interval);
  checkStageOptions(options);
  checkFunction('cost', options.cost, true);
  checkFunction('keyBy', options.keyBy, true);
  checkScheduler(options.scheduler);
  const { limiter } = options;
  // Not by its class, which only those who share one need to load.
  check(limiter === undefined || 'queue' in Object(limiter), 'limiter', 'a RateLimiter', limiter);
  return operate(
    `leakyBucket(${capacity}, ${interval})`,
    options,
    (out) => new Leaking<T>(capacity, interval, options, out),
  );
}
