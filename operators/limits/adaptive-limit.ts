import type { Observable } from 'rxjs';

/** What a pool tells its limit of a task that has ended. Times are in milliseconds, by the pool's scheduler. */
export interface LimitSample {
  /** When the task began. */
  readonly startedAt: number;
  /** How long it took: until what its project returned had ended, or failed. */
  readonly latencyMs: number;
  /** How many tasks of the pool were in progress when it began, itself included. */
  readonly inFlight: number;
  /** Whether it was turned away or given up, and so tells of overload. */
  readonly dropped: boolean;
}

/**
 * What a task that has ended says of the load: `'success'`: its latency counts; `'dropped'`: it was
 * turned away or given up because there was too much; `'ignore'`: nothing.
 */
export type Outcome = 'success' | 'ignore' | 'dropped';

/**
 * A limit that finds its own level from what it hears of the tasks under it: what `gradient2`, `vegas`
 * and `aimd` make, and what a limit of one's own must be to go into `workerPool`.
 *
 * It keeps what it has learned for as long as it lives, so `retry` and `repeat` go on from there. Pools
 * of one server and one scheduler may share one: each may then run `limit` tasks, and all of them tell it
 * of theirs.
 */
export interface AdaptiveLimit {
  /** How many tasks may run at a time now: an integer ≥ 0; 0 = start none. */
  readonly limit: number;
  /** The limit in force at once, and then each change. A pool reads `limit` whenever it emits. */
  readonly limit$: Observable<number>;
  /** The most that `limit` can ever be: an integer ≥ 1, or `Infinity`. */
  readonly max: number;
  /** Hears of each task that has ended and is not to be ignored. May move the limit at once. */
  sample(sample: LimitSample): void;
}
