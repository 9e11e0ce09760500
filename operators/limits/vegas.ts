import { checkNumber } from '../../src/check.js';
import type { AdaptiveLimit } from './adaptive-limit.js';
import { WindowedLimit, type ProbingOptions, type WindowedLimitOptions } from './windowed-limit.js';

/** The options of {@link vegas}. */
export interface VegasOptions extends WindowedLimitOptions, ProbingOptions {
  /**
   * While fewer tasks than this wait at the server, the limit grows: a number > 0. Default 3, or a tenth
   * of the limit if that is more, but at most `beta`.
   */
  readonly alpha?: number | undefined;
  /**
   * While more tasks than this wait at the server, the limit is lowered: a finite number, ≥ 1 and
   * ≥ `alpha`. Default 6, or a fifth of the limit or `alpha` if that is more.
   */
  readonly beta?: number | undefined;
}

/**
 * A limit for `workerPool` that keeps a short queue at the server: TCP Vegas, as in Netflix's
 * concurrency-limits.
 *
 * After each window in which it was in use, it reckons how many tasks waited at the server:
 * `queue = limit × (1 − least latency ÷ that of the window)`. In steps of the limit's decimal logarithm, at
 * least 1: while `queue` is under `alpha` the limit grows by a step, or by `beta` where there is hardly a
 * queue; over `beta`, or when a task was dropped, it is lowered by a step. So up to `beta` tasks wait at the
 * server: that is its allowance. It follows a change of the server's capacity within about 30 windows.
 *
 * The least latency is that without a queue: what `probe` sees. (The original takes a probe under full
 * load, and so adds queue upon queue; and between probes it takes the least of all windows, which is too
 * little for a server of uneven latency.) With `probe: Infinity` it is the least of all windows.
 *
 * ```ts
 * import { pullFrom, vegas, workerPool } from 'rxjs-sluice/operators';
 *
 * const limit = vegas({ initial: 8, max: 64 });
 * pullFrom(['a', 'b'])
 *   .pipe(workerPool(limit, async (name) => name.toUpperCase()))
 *   .subscribe((name) => console.log(name, limit.limit)); // A 8 B 8
 * ```
 *
 * @see https://github.com/Netflix/concurrency-limits `VegasLimit`. Its comment has these defaults of
 *   `alpha` and `beta`; its code has 3 and 6 steps.
 * @throws {RangeError} at the call, for options that are not as stated.
 */
export function vegas(options: VegasOptions = {}): AdaptiveLimit {
  const { alpha, beta } = options;
  if (alpha !== undefined) checkNumber('alpha', alpha, 'a number > 0', (n) => n > 0);
  if (beta !== undefined) {
    const above = (n: number): boolean => n >= Math.max(1, alpha ?? 1) && n < Infinity;
    checkNumber('beta', beta, 'a finite number ≥ 1 and ≥ `alpha`', above);
  }
  let leastMs = Infinity;
  let probed = false;
  return new WindowedLimit(options, {
    next(limit, { meanMs, dropped }) {
      const step = Math.max(1, Math.floor(Math.log10(limit)));
      if (dropped) return limit - step;
      if (!probed) leastMs = Math.min(leastMs, meanMs);
      const queue = meanMs > leastMs ? limit * (1 - leastMs / meanMs) : 0;
      const most = beta ?? Math.max(6, limit / 5, alpha ?? 0);
      const least = alpha ?? Math.min(most, Math.max(3, limit / 10));
      if (queue < least) return limit + (queue <= step ? most : step);
      return queue > most ? limit - step : limit;
    },
    rebase(idleMs) {
      leastMs = idleMs;
      probed = true;
    },
  });
}
