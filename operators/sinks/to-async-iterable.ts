import { Subscriber, type Observable } from 'rxjs';
import { checkInteger } from '../../src/check.js';
import type { Demand } from '../../src/line/demand.js';
import { Ring } from '../../src/line/ring.js';
import { RoomWaiters } from '../../src/line/waiters.js';
import { Buffering } from '../stage/buffering.js';
import { run } from '../stage/operate.js';
import { checkStageOptions, type SinkOptions } from '../stage/options.js';
import { Outlet } from '../stage/outlet.js';

/** The options of {@link toAsyncIterable}. */
export interface ToAsyncIterableOptions<T> extends SinkOptions<T> {
  /** How many values may be read ahead of the `next()` that asks for them. An integer ≥ 0. Default 0. */
  readonly capacity?: number | undefined;
}

/**
 * Reads an Observable with `for await`. Each `next()` is demand, so a source that can wait is pulled as
 * fast as the loop goes; what comes all the same meets `overflow`. Each iteration subscribes anew, at its
 * first `next()`; leaving the loop unsubscribes.
 *
 * ```
 * next()          x-----x-----x-----x
 *                 toAsyncIterable(pullFrom('abc'))
 * resolves with   a-----b-----c-----|
 * ```
 *
 * ```
 * calls   x-----x--x--x--x       of next()
 *         toAsyncIterable(source, { capacity: 2 })
 * pulled  (abc)-d--|
 * held    2-----2--1--0
 * gives   a-----b--c--d--|
 * ```
 *
 * ```ts
 * import { Readable } from 'node:stream';
 * import { map } from 'rxjs';
 * import { pullFrom, toAsyncIterable } from 'rxjs-sluice/operators';
 *
 * const lines = pullFrom([1, 2, 3]).pipe(map((n) => `line ${n}`));
 * const stream = Readable.from(toAsyncIterable(lines)); // a stream of it, that waits
 * for await (const line of stream) console.log(line); // line 1 line 2 line 3
 * ```
 *
 * - **emits** to each `next()` the oldest value.
 * - **backpressures** when `capacity` values are held and no `next()` waits.
 * - **drops** by `overflow`; what is held when the loop is left.
 * - **completes** (`done`) when the source has completed and nothing is held.
 * - **errors** (one `next()` rejects, then `done`) when the source does, after what is held or at once,
 *   as `errors` says.
 * - **holds at most** `capacity` values of a source that waits; `maxParked` more of one that does not.
 *
 * @throws {RangeError} at the call, for a capacity that is not an integer ≥ 0.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function toAsyncIterable<T>(
  source: Observable<T>,
  options: ToAsyncIterableOptions<T> = {},
): AsyncIterable<T> {
  const { capacity = 0 } = options;
  checkInteger('capacity', capacity, 0);
  checkStageOptions(options);
  return {
    [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
      const reading = new Reading<T>();
      let subscribed = false;
      return {
        next() {
          const result = reading.read(); // before the source is subscribed, so that it sees the demand
          if (!subscribed && !reading.closed) {
            subscribed = true;
            const stage = new Buffering(capacity, options, new Outlet(reading, reading));
            run(source, reading, `toAsyncIterable(${capacity})`, stage);
          }
          return result;
        },
        return() {
          reading.unsubscribe();
          return Promise.resolve(DONE);
        },
      };
    },
  };
}

const DONE = { done: true, value: undefined } as const;

type Result<T> = IteratorResult<T, undefined>;

/** The consumer: each `next()` that waits is a place for one value. */
class Reading<T> extends Subscriber<T> implements Demand {
  readonly capacity = 0;
  readonly waiting = 0;
  arrived = 0;
  private readonly asks = new Ring<[(result: Result<T>) => void, (error: unknown) => void]>();
  private readonly waiters = new RoomWaiters(() => this.available);
  private failure: { readonly error: unknown } | undefined;

  constructor() {
    super();
    this.add(() => {
      while (this.asks.length > 0) this.asks.shift()[0](DONE);
    });
  }

  get available(): number {
    return this.asks.length;
  }

  onAvailable(resume: () => void): () => void {
    return this.waiters.ask(resume);
  }

  read(): Promise<Result<T>> {
    if (this.failure !== undefined) {
      const { error } = this.failure;
      this.failure = undefined;
      return Promise.reject(error);
    }
    if (this.closed) return Promise.resolve(DONE);
    const result = new Promise<Result<T>>((resolve, reject) => this.asks.push([resolve, reject]));
    this.waiters.wake();
    return result;
  }

  override next(value: T): void {
    this.arrived++;
    this.asks.shift()[0]({ done: false, value });
  }

  override error(error: unknown): void {
    if (this.asks.length > 0) this.asks.shift()[1](error);
    else this.failure = { error };
    this.unsubscribe();
  }

  override complete(): void {
    this.unsubscribe();
  }
}
