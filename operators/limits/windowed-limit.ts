import { BehaviorSubject, type Observable } from 'rxjs';
import { checkCount, checkInteger, checkNumber } from '../../src/check.js';
import type { AdaptiveLimit, LimitSample } from './adaptive-limit.js';

/** The options that `gradient2`, `vegas` and `aimd` share. */
export interface WindowedLimitOptions {
  /** The limit is never below: an integer ≥ 1. Default 1. */
  readonly min?: number | undefined;
  /** The limit is never above: an integer ≥ `min`. Default 200. */
  readonly max?: number | undefined;
  /** The limit to begin with: an integer from `min` to `max`. Default 20, or whichever of those is nearer. */
  readonly initial?: number | undefined;
  /**
   * How long tasks are watched before the limit moves, in milliseconds, finite, ≥ 0. Default 1,000. A
   * window is never shorter than its tasks take on average.
   */
  readonly window?: number | undefined;
  /**
   * How many tasks must have ended in a window at least: an integer ≥ 1. Default 10. One drop will do. In a probe,
   * and in the first window after one, so many for each that was in progress at a time.
   */
  readonly samples?: number | undefined;
}

/** The options of a limit that goes by latency. */
export interface ProbingOptions {
  /**
   * After so many windows in which the limit was in use, one at a quarter of it, which shows the latency
   * without a queue of one's own making: an integer ≥ 1, or `Infinity` (never). Default 30. It lasts about
   * `samples` times as long as its tasks take, or longer, and so does the first window after it. The first probe
   * follows the first window; of what later ones see, one half counts, and of what was known before, the other.
   */
  readonly probe?: number | undefined;
}

/** What was seen in one window. */
export interface LimitWindow {
  /** The mean latency of its successes, in milliseconds; `NaN` where there was none. */
  readonly meanMs: number;
  /** Whether a task was dropped. */
  readonly dropped: boolean;
}

/** What an algorithm adds to windows and bounds. */
export interface LimitLaw {
  /** The limit that follows from one that was in use, or under which a task was dropped. It need not be whole. */
  next(limit: number, window: LimitWindow): number;
  /**
   * Hears, after each probe, the latency without a queue: half of it is what that probe saw, the other
   * half what it was before. Where this is absent, nothing is probed.
   */
  rebase?(idleMs: number): void;
  /** A task that takes longer than so many milliseconds counts as dropped. */
  readonly timeout?: number;
}

/**
 * The part that all algorithms have in common: it gathers what tasks tell in windows, keeps the limit
 * between its bounds, and lowers it for probes.
 *
 * ```
 *   watching ── `probe` windows in use ──▶ probing, at a quarter ── a window ──▶ watching
 * ```
 *
 * Invariants:
 * - min ≤ limit ≤ max; while watching, `limit` is `estimate` in whole tasks;
 * - a window counts only tasks that began at `since` or later: not those of before the last probe began
 *   or ended;
 * - the law is asked only about windows in which the limit was in use, at least half of it, or a task
 *   was dropped.
 */
export class WindowedLimit implements AdaptiveLimit {
  readonly max: number;
  readonly limit$: Observable<number>;
  private readonly min: number;
  private readonly windowMs: number;
  private readonly samples: number;
  private readonly probe: number;
  private readonly level: BehaviorSubject<number>;
  private current: number;
  private estimate: number;
  private probing = false;
  private untilProbe = 1;
  private idleMs = NaN;
  private telling = false;
  // The window that is open; it is fresh if only what began in it counts: a probe, and the first after one.
  private fresh = false;
  private since = -Infinity;
  private openedAt = -Infinity;
  private count = 0;
  private successes = 0;
  private sumMs = 0;
  private inFlight = 0;
  private dropped = false;

  constructor(
    options: WindowedLimitOptions & ProbingOptions,
    private readonly law: LimitLaw,
  ) {
    const { min = 1, max = 200, window = 1000, samples = 10, probe = 30 } = options;
    checkInteger('min', min, 1);
    checkInteger('max', max, min);
    const { initial = Math.min(max, Math.max(min, 20)) } = options;
    const whole = (n: number): boolean => Number.isInteger(n) && n >= min && n <= max;
    checkNumber('initial', initial, `an integer from ${min} to ${max}`, whole);
    const finite = (ms: number): boolean => ms >= 0 && ms < Infinity;
    checkNumber('window', window, 'a finite number of milliseconds ≥ 0', finite);
    checkInteger('samples', samples, 1);
    checkCount('probe', probe, 1);
    this.min = min;
    this.max = max;
    this.windowMs = window;
    this.samples = samples;
    this.probe = probe;
    if (probe === Infinity) this.untilProbe = probe;
    this.current = this.estimate = initial;
    this.level = new BehaviorSubject(initial);
    this.limit$ = this.level.asObservable();
  }

  get limit(): number {
    return this.current;
  }

  sample({ startedAt, latencyMs, inFlight, dropped }: LimitSample): void {
    const now = startedAt + latencyMs;
    // A clock that was set back must not keep a window open for longer than was asked.
    if (now < this.openedAt) this.openedAt = this.since = startedAt;
    if (startedAt < this.since) return;
    // After a probe, and at first, a window opens with its first task; else where the last one closed.
    if (this.count++ === 0 && this.openedAt <= this.since) this.openedAt = startedAt;
    this.inFlight = Math.max(this.inFlight, inFlight);
    if (dropped || latencyMs > (this.law.timeout ?? Infinity)) {
      this.dropped = true;
    } else {
      this.successes++;
      this.sumMs += latencyMs;
    }
    const meanMs = this.sumMs / this.successes;
    const open = now - this.openedAt;
    // In a fresh window what takes little time ends first: were it short, it would see nothing else.
    const enough = this.fresh ? this.samples * this.inFlight : this.samples;
    const full = this.dropped || this.count >= enough;
    if (full && open >= this.windowMs && !(open < meanMs)) this.close(now, meanMs);
  }

  private close(now: number, meanMs: number): void {
    const { dropped, probing, law } = this;
    const inUse = 2 * this.inFlight >= this.current;
    this.count = this.successes = this.sumMs = this.inFlight = 0;
    this.dropped = this.probing = false;
    this.openedAt = now;
    if (probing) {
      if (meanMs >= 0) {
        this.idleMs = Number.isNaN(this.idleMs) ? meanMs : (this.idleMs + meanMs) / 2;
        law.rebase?.(this.idleMs);
      }
    } else if (inUse && law.rebase !== undefined && --this.untilProbe <= 0) {
      this.untilProbe = this.probe;
      this.probing = true;
    }
    this.fresh = this.probing !== probing;
    if (this.fresh) this.since = now;
    if (dropped || (inUse && !probing)) {
      const next = law.next(this.estimate, { meanMs, dropped });
      this.estimate = Math.min(this.max, Math.max(this.min, next));
    }
    const limit = Math.floor(this.estimate);
    this.current = this.probing ? Math.max(this.min, Math.floor(limit / 4)) : limit;
    this.tell();
  }

  /** Whoever hears of a change may bring about the next one: nobody hears of two in the wrong order. */
  private tell(): void {
    if (this.telling) return;
    this.telling = true;
    while (this.level.value !== this.current) this.level.next(this.current);
    this.telling = false;
  }
}
