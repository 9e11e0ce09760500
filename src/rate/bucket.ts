import type { DueAlarm } from '../clock.js';

/** How fast tokens come: `gain` of them in each `period` milliseconds. */
export interface Flow {
  readonly gain: number;
  readonly period: number;
}

/**
 * One token in each `interval` ms. Whole milliseconds stay whole; so does a whole number of tokens per
 * second: 1000 / 3 ms are three.
 */
export function every(interval: number): Flow {
  if (interval === 0) return { gain: Infinity, period: 1 };
  if (interval > Number.MAX_SAFE_INTEGER) return perSecond(1000 / interval);
  const rate = Math.round(1000 / interval);
  return Number.isInteger(interval) || 1000 / rate !== interval
    ? { gain: 1, period: interval }
    : { gain: rate, period: 1000 };
}

/**
 * `rate` tokens per second. A rate that means a whole number of milliseconds is counted in those, as far as such
 * numbers are exact: a bucket of much longer ones would run over.
 */
export function perSecond(rate: number): Flow {
  const interval = Math.round(1000 / rate);
  const isWhole = interval > 0 && interval <= Number.MAX_SAFE_INTEGER && 1000 / interval === rate;
  return Number.isInteger(rate) || !isWhole
    ? { gain: rate, period: 1000 }
    : { gain: 1, period: interval };
}

/**
 * The arithmetic of a token bucket: it fills with time, up to `burst` tokens, and may owe some. Time is
 * an argument, in milliseconds; nothing ticks.
 *
 * It counts in parts of a token: a token is `period` parts, and a millisecond brings `gain` parts. So
 * with a whole number of milliseconds per token, or of tokens per second, and times and costs that are
 * whole, every number here is whole, and exact.
 *
 * Invariants:
 * - at any time `t` ≥ `last` it holds (t − since) · gain − owed parts; before `since`, if the flow changed then, and
 *   somebody was due since `last`, `former` counts instead of `gain`. Nothing is added up step by step, so what is
 *   rounded where numbers are not whole does not add up either: there is no drift;
 * - at `last`, the latest time that it was told of, it holds `burst` tokens at most;
 * - a clock that was set back takes `since` and `last` along: nothing is gained, nothing is lost.
 */
export class Bucket {
  private since = -Infinity;
  private last = -Infinity;
  private owed = 0;
  /** What a millisecond brought before `since`, on average, where that is later than `last`. */
  private former = 0;
  /** What it holds at most, in parts. */
  private most: number;
  private gain: number;
  private period: number;

  /** It is full, whenever it is first used. */
  constructor(
    public burst: number,
    { gain, period }: Flow,
  ) {
    this.gain = gain;
    this.period = period;
    this.most = burst * period;
  }

  /** Whether tokens come without limit: then none are counted. */
  get unlimited(): boolean {
    return this.gain === Infinity;
  }

  /** Takes `cost` tokens, if it holds them at `now`. */
  tryTake(now: number, cost: number): boolean {
    if (this.unlimited) return true;
    this.see(now);
    this.rest(now);
    const parts = cost * this.period;
    if (this.partsAt(now) < parts) return false;
    this.owed += parts;
    return true;
  }

  /** The clock shows `now`. */
  see(now: number): void {
    if (now >= this.last) return;
    this.since += now - this.last;
    this.last = now;
  }

  /** Nobody takes anything, or waits for it, until `time`. */
  rest(time: number): void {
    if (time <= this.last) return;
    this.last = time;
    this.cap(time);
  }

  /** The clock was set back, and an alarm that had been set before has rung: it goes on from there, unless it has seen that clock. */
  ranOn({ clock, due }: DueAlarm): void {
    if (this.last > clock.now()) this.rest(due);
  }

  /** When one who waits, from `last` on, can have `cost` tokens. */
  timeOf(cost: number): number {
    const { since, last, gain } = this;
    const target = this.owed + cost * this.period;
    if (this.unlimited || target <= this.broughtBy(last)) return last;
    // What is below 0 came in before `since`.
    return Math.max(last, since + target / (target <= 0 ? this.former : gain));
  }

  /** Takes `cost` tokens, whether it holds them or not, at `time`: the latest that it was told of, or later. */
  spend(cost: number, time = this.last): void {
    if (this.unlimited) return;
    this.last = time;
    this.owed += cost * this.period;
  }

  /** Has `cost` tokens again that were taken, as far as it can hold them. */
  giveBack(cost: number): void {
    this.owed -= cost * this.period;
    this.cap(this.last);
  }

  /** How many tokens it holds at `now`, if it is left alone; negative while it owes. */
  tokensAt(now: number): number {
    if (this.unlimited) return this.burst;
    const parts = this.partsAt(Math.max(now, this.last));
    return (parts < this.most ? parts : this.most) / this.period;
  }

  isFullAt(time: number): boolean {
    return !(this.partsAt(time) < this.most);
  }

  /** From `now` on, which it has seen, tokens come otherwise; what it holds then, or owes, stays. */
  setFlow({ gain, period }: Flow, now: number): void {
    const { since, last, unlimited } = this;
    const brought =
      last < since ? (this.broughtBy(now) - this.broughtBy(last)) / (now - last) : this.gain;
    const parts = unlimited ? this.most : this.partsAt(now);
    this.former = unlimited ? 0 : (brought * period) / this.period;
    this.since = now;
    this.owed = (-parts * period) / this.period;
    this.most = this.burst * period;
    this.gain = gain;
    this.period = period;
  }

  /** From the latest time on that it was told of it holds up to `burst` tokens. */
  setBurst(burst: number): void {
    this.burst = burst;
    this.most = burst * this.period;
    this.cap(this.last);
  }

  /**
   * What has come in by `time`, less what it owes, in parts; it may be more than it holds. Of one that was
   * never used that is `Infinity`, or at rate 0 `NaN`: who compares takes either for full.
   */
  private partsAt(time: number): number {
    return this.broughtBy(time) - this.owed;
  }

  private broughtBy(time: number): number {
    const { since, gain, former } = this;
    return (time - since) * (time < since ? former : gain);
  }

  /** What it would hold beyond `burst` at `time` is lost. */
  private cap(time: number): void {
    const beyond = this.partsAt(time) - this.most;
    if (beyond <= 0) return;
    if (time < this.since) {
      this.owed += beyond;
    } else {
      this.since = time;
      this.owed = -this.most;
    }
  }
}
