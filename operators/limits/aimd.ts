import { checkNumber } from '../../src/check.js';
import type { AdaptiveLimit } from './adaptive-limit.js';
import { WindowedLimit, type WindowedLimitOptions } from './windowed-limit.js';

/** The options of {@link aimd}. */
export interface AimdOptions extends WindowedLimitOptions {
  /** What the limit is multiplied by after a drop: a number ≥ 0.5 and < 1. Default 0.9. */
  readonly backoff?: number | undefined;
  /**
   * A task that takes longer counts as dropped, in milliseconds > 0, or `Infinity`. Default 5,000. It is not
   * ended for that: `taskTimeout` does.
   */
  readonly timeout?: number | undefined;
}

/**
 * A limit for `workerPool` that grows until tasks are dropped: additive increase and multiplicative
 * decrease, as in TCP's congestion avoidance and in Netflix's concurrency-limits.
 *
 * After each window in which it was in use, the limit is one more; after one in which a task was dropped,
 * timed out, or took longer than `timeout`, it is `backoff` times what it was, and at least one less. It
 * does not see a queue, only what comes of it: choose it for a server that turns away what is too much.
 * With `window: 100` it grows by up to ten a second.
 *
 * ```ts
 * import { aimd, pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * const limit = aimd({ initial: 10, window: 0, samples: 1 });
 * const busy = async (n: number) => {
 *   if (n === 2) throw new Error('503');
 *   return n;
 * };
 * pullFrom([1, 2, 3])
 *   .pipe(workerPool(limit, busy, { onTaskError: 'skip', outcome: (error) => (error ? 'dropped' : undefined) }))
 *   .subscribe({ complete: () => console.log(limit.limit) }); // 9
 * ```
 *
 * @see https://github.com/Netflix/concurrency-limits `AIMDLimit`, whose defaults these are, but for `min`;
 *   there each task counts by itself, here each window does, so a burst of drops is one.
 * @throws {RangeError} at the call, for options that are not as stated.
 */
export function aimd(options: AimdOptions = {}): AdaptiveLimit {
  const { backoff = 0.9, timeout = 5000 } = options;
  checkNumber('backoff', backoff, 'a number ≥ 0.5 and < 1', (n) => n >= 0.5 && n < 1);
  checkNumber('timeout', timeout, 'a number of milliseconds > 0', (ms) => ms > 0);
  return new WindowedLimit(options, {
    timeout,
    next: (limit, { dropped }) => (dropped ? Math.floor(limit * backoff) : limit + 1),
  });
}
