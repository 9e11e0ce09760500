import { checkInteger, checkNumber } from '../../src/check.js';
import type { AdaptiveLimit } from './adaptive-limit.js';
import { WindowedLimit, type ProbingOptions, type WindowedLimitOptions } from './windowed-limit.js';

/** The options of {@link gradient2}. */
export interface Gradient2Options extends WindowedLimitOptions, ProbingOptions {
  /**
   * How many times its usual latency a window may have before the limit is lowered: a finite number ≥ 1.
   * Default 1.5.
   */
  readonly tolerance?: number | undefined;
  /** How many tasks the limit grows by, before smoothing, while latency allows it: an integer ≥ 1. Default 4. */
  readonly queueSize?: number | undefined;
  /** How much of each change is made: a number > 0 and ≤ 1. Default 0.2. */
  readonly smoothing?: number | undefined;
  /**
   * Without probes, over how many windows the usual latency is averaged, exponentially: an integer ≥ 1.
   * Default 600.
   */
  readonly longWindow?: number | undefined;
}

/**
 * A limit for `workerPool` that goes by how latency changes: Gradient2 of Netflix's concurrency-limits.
 *
 * After each window in which it was in use, with `gradient` = `tolerance` × the usual latency ÷ that of the
 * window, kept between 0.5 and 1, the limit is moved by `smoothing` towards `gradient × limit + queueSize`.
 * A window with a drop counts as one with the gradient 0.5. The limit settles where up to `tolerance − 1`
 * times as many tasks as the server runs at a time, and `queueSize` more, wait at the server: that is its
 * allowance. (Before a server that runs fewer than eight at a time probes are coarse, and it takes up to
 * three more.) It follows a change of the server's capacity within about 30 windows.
 *
 * The usual latency is what `probe` sees. In the original it is a long average, and so it is here with
 * `probe: Infinity`: but in an average a queue that stands long enough comes to be usual, and under a
 * pool that always has work the limit drifts to `max`.
 *
 * ```ts
 * import { pullFrom, gradient2, workerPool } from 'rxjs-sluice/operators';
 *
 * const limit = gradient2({ max: 100 });
 * limit.limit$.subscribe((n) => console.log(n)); // 20
 * pullFrom([1, 2, 3])
 *   .pipe(workerPool(limit, async (n) => n * n))
 *   .subscribe((square) => console.log(square)); // 1 4 9
 * ```
 *
 * @see https://github.com/Netflix/concurrency-limits `Gradient2Limit`, whose defaults these are, but for
 *   `min` and `window`, which is `WindowedLimit`'s.
 * @throws {RangeError} at the call, for options that are not as stated.
 */
export function gradient2(options: Gradient2Options = {}): AdaptiveLimit {
  const { tolerance = 1.5, queueSize = 4, smoothing = 0.2, longWindow = 600 } = options;
  checkNumber('tolerance', tolerance, 'a finite number ≥ 1', (n) => n >= 1 && n < Infinity);
  checkInteger('queueSize', queueSize, 1);
  checkNumber('smoothing', smoothing, 'a number > 0 and ≤ 1', (n) => n > 0 && n <= 1);
  checkInteger('longWindow', longWindow, 1);
  let usualMs = NaN;
  let probed = false;
  return new WindowedLimit(options, {
    next(limit, { meanMs, dropped }) {
      let gradient = 0.5;
      if (!dropped) {
        if (!probed) usualMs += ((meanMs - usualMs) * 2) / (longWindow + 1);
        // After an overload, back to normal sooner than by the average.
        if (usualMs > 2 * meanMs) usualMs *= 0.9;
        if (Number.isNaN(usualMs)) usualMs = meanMs;
        const tolerated = tolerance * usualMs;
        gradient = meanMs > tolerated ? Math.max(0.5, tolerated / meanMs) : 1;
      }
      return limit + smoothing * (gradient * limit + queueSize - limit);
    },
    rebase(idleMs) {
      usualMs = idleMs;
      probed = true;
    },
  });
}
