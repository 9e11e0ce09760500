import type { WaitOptions } from '../channel/types.js';
import { checkFunction, checkInteger, checkNumber } from '../check.js';
import { DueAlarm, systemClock, type Clock } from '../clock.js';
import { NOTHING } from '../callbacks.js';
import { Waiter, leaveOnAbort } from '../line/waiters.js';
import { Bucket, perSecond } from './bucket.js';
import { TokenQueue, claimOf, type Claim } from './token-queue.js';

/** The options of a {@link RateLimiter}. */
export interface RateLimiterOptions {
  /** Tokens per second: a number ≥ 0, or `Infinity`, which is no limit. Default `Infinity`. */
  readonly rate?: number | undefined;
  /** How many tokens it holds at most: an integer ≥ 0. Default 1. */
  readonly burst?: number | undefined;
  /**
   * Where time comes from. Default: the host's, or where pipes share it, that of the pipes. Pipes go by their own
   * `scheduler` in any case: both have to count from the same instant.
   */
  readonly clock?: Clock | undefined;
}

/** How many tokens to wait for, and how to end the wait early. */
export interface TokenOptions extends WaitOptions {
  /** A number ≥ 0. Default 1. */
  readonly cost?: number | undefined;
}

/** Tokens that were taken ahead of their time. */
export interface Reservation {
  /** In how many milliseconds its time has come: 0 once it has, `Infinity` if it was made at rate 0. */
  readonly delay: number;
  /**
   * Gives the tokens back, but for as many as had yet to come for what was reserved since, and for those who wait
   * before the last of that: its time counts on them. Once its own time has passed, or the second time, it does nothing.
   */
  cancel(): void;
}

const NO_OPTIONS: TokenOptions = {};
const GRANTED = /* @__PURE__ */ Promise.resolve();

/**
 * Lets values through at up to `rate` per second, and `burst` at once: Go's `golang.org/x/time/rate`. It
 * begins full. Nothing ticks: it computes from the clock, and sets a timer only while somebody waits.
 *
 * Whoever waits is served in order, so that a large cost is not starved by small ones. In any window of
 * `w` seconds at most `burst + rate · w` pass.
 *
 * ```ts
 * import { RateLimiter } from 'rxjs-sluice';
 *
 * const limiter = new RateLimiter({ rate: 10, burst: 2 });
 * console.log(limiter.allow(), limiter.allow(), limiter.allow()); // true true false
 * await limiter.wait(); // 100 ms
 * const reservation = limiter.reserve(2);
 * console.log(reservation.delay > 0); // true
 * reservation.cancel();
 * ```
 */
export class RateLimiter {
  /** @internal */
  readonly queue: TokenQueue;
  private currentRate: number;
  private alarm: DueAlarm | undefined = undefined;

  /**
   * @throws {RangeError} for a rate that is not a number ≥ 0, or a burst that is not an integer ≥ 0.
   * @throws {TypeError} for a clock that is none.
   */
  constructor({ rate = Infinity, burst = 1, clock }: RateLimiterOptions = {}) {
    checkRate(rate);
    checkInteger('burst', burst, 0);
    if (clock !== undefined) checkClock(clock);
    this.currentRate = rate;
    const bucket = new Bucket(burst, perSecond(rate));
    this.queue = new TokenQueue(bucket, clock ?? systemClock, clock === undefined);
  }

  /** Tokens per second. */
  get rate(): number {
    return this.currentRate;
  }

  /** How many tokens it holds at most. */
  get burst(): number {
    return this.queue.bucket.burst;
  }

  /** How many tokens it holds now, less those that are waited for; negative while more is promised. */
  get tokens(): number {
    return this.queue.tokens;
  }

  /** How many wait. */
  get waiting(): number {
    return this.queue.waiting;
  }

  /**
   * Takes `cost` tokens if that needs no waiting. False: nothing was taken.
   *
   * @param cost - a number ≥ 0. What is above `burst` passes only at rate `Infinity`.
   * @throws {RangeError} for any other cost.
   */
  allow(cost = 1): boolean {
    this.queue.check(cost);
    return this.queue.tryTake(cost);
  }

  /**
   * Takes `cost` tokens, waiting for them. Rejects as `allow` throws, or with the signal's reason: then
   * nothing was taken, and those behind move up.
   */
  wait(options?: TokenOptions): Promise<void> {
    const { cost = 1, signal } = options ?? NO_OPTIONS;
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      this.queue.check(cost);
      if (!this.queue.serving && this.queue.tryTake(cost)) return GRANTED;
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const { queue } = this;
      const claim = claimOf(cost, this.ownAlarm);
      const waiter = new Waiter<Claim, void>(resolve, reject, queue.admit, claim);
      try {
        queue.join(waiter, cost, queue.clock.now());
      } catch (error) {
        queue.leave(waiter); // the clock has failed
        throw error;
      }
      leaveOnAbort(waiter, signal, signal && (() => queue.left(claim)));
    });
  }

  /**
   * Takes `cost` tokens, ahead of their time if need be: come back in `delay` milliseconds. Its time stays
   * the same, whatever is changed or cancelled afterwards.
   *
   * @throws {RangeError} as `allow` does.
   */
  reserve(cost = 1): Reservation {
    const { queue } = this;
    queue.check(cost);
    const claimant = new Waiter<Claim, void>(NOTHING, NOTHING, undefined, claimOf(cost));
    const { time, cancel } = queue.reserve(claimant);
    return {
      get delay() {
        return Math.max(0, time - queue.clock.now());
      },
      cancel,
    };
  }

  /**
   * From now on `rate` tokens come per second. Those that it holds stay; whoever waits has a new time.
   *
   * @throws {RangeError} for a rate that is not a number ≥ 0.
   */
  setRate(rate: number): void {
    checkRate(rate);
    const { queue } = this;
    queue.bucket.setFlow(perSecond(rate), queue.catchUp());
    this.currentRate = rate;
    queue.serve();
  }

  /**
   * From now on it holds `burst` tokens at most. Whoever waits for more is rejected with a `RangeError`.
   *
   * @throws {RangeError} for a burst that is not an integer ≥ 0.
   */
  setBurst(burst: number): void {
    checkInteger('burst', burst, 0);
    const { queue } = this;
    queue.catchUp();
    queue.bucket.setBurst(burst);
    queue.turnAway();
    queue.serve();
  }

  private get ownAlarm(): DueAlarm {
    const { clock, ring } = this.queue;
    if (this.alarm?.clock !== clock) this.alarm = new DueAlarm(clock, ring);
    return this.alarm;
  }
}

function checkRate(rate: unknown): void {
  checkNumber('rate', rate, 'a number ≥ 0', (rate) => rate >= 0);
}

function checkClock(clock: { readonly now: unknown; readonly schedule: unknown }): void {
  checkFunction('clock.now', clock.now);
  checkFunction('clock.schedule', clock.schedule);
}
