import { Subscriber, type Observable } from 'rxjs';
import { DONE, type Result } from '../../src/channel/result.js';
import { checkInteger } from '../../src/check.js';
import { Ring } from '../../src/line/ring.js';
import { Buffering } from '../stage/buffering.js';
import { run } from '../stage/operate.js';
import { checkSource, checkStageOptions, type SinkOptions } from '../stage/options.js';
import { Outlet, type Target } from '../stage/outlet.js';

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
 * - **drops** by `overflow`; what is held when the loop is left or fails.
 * - **completes** (`done`) when the source has completed and nothing is held.
 * - **errors** (one `next()` rejects, then `done`) when the source does, after what is held or at once,
 *   as `errors` says; at once by `overflow`, or when a callback fails.
 * - **holds at most** `capacity` values of a source that waits; `maxParked` more of one that does not.
 *
 * @throws {RangeError} at the call, for a capacity that is not an integer ≥ 0.
 * @throws {TypeError} at the call, for a source or options that are not as stated.
 */
export function toAsyncIterable<T>(
  source: Observable<T>,
  options: ToAsyncIterableOptions<T> = {},
): AsyncIterable<T> {
  const { capacity = 0 } = options;
  checkSource(source);
  checkInteger('capacity', capacity, 0);
  checkStageOptions(options);
  const name = `toAsyncIterable(${capacity})`;
  return {
    [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
      const asks = new Asks<T>();
      const subscriber = new Subscriber<never>();
      let reading: Reading<T> | undefined;
      return {
        next() {
          const ask = asks.add(); // before the source is subscribed, so that it sees the demand
          if (reading !== undefined) {
            reading.pump();
          } else {
            reading = new Reading(asks, capacity, options);
            run(source, subscriber, name, reading);
          }
          return ask.answer;
        },
        return() {
          return new Promise((resolve) => {
            asks.complete();
            subscriber.unsubscribe(); // what a teardown throws, the promise rejects with
            resolve(DONE);
          });
        },
      };
    },
  };
}

/** One `next()`. Its promise has functions of its own only if the answer has to be waited for. */
class Ask<T> {
  private promise: Promise<Result<T>> | undefined;
  private resolve: ((result: Result<T>) => void) | undefined;
  private reject: ((error: unknown) => void) | undefined;

  get answer(): Promise<Result<T>> {
    return (this.promise ??= new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    }));
  }

  give(result: Result<T>): void {
    if (this.resolve === undefined) this.promise = Promise.resolve(result);
    else this.resolve(result);
  }

  fail(error: unknown): void {
    if (this.reject === undefined) this.promise = Promise.reject(error);
    else this.reject(error);
  }
}

/** Every `next()` that waits, in order. An error is for the first of them, or for the next that comes. */
class Asks<T> extends Ring<Ask<T>> implements Target<T> {
  over = false;
  private failure: { readonly error: unknown } | undefined;

  add(): Ask<T> {
    const ask = new Ask<T>();
    if (!this.over) {
      this.push(ask);
    } else if (this.failure === undefined) {
      ask.give(DONE);
    } else {
      ask.fail(this.failure.error);
      this.failure = undefined;
    }
    return ask;
  }

  next(value: T): void {
    this.shift().give({ done: false, value });
  }

  error(error: unknown): void {
    if (this.length > 0) this.shift().fail(error);
    else this.failure = { error };
    this.complete();
  }

  complete(): void {
    this.over = true;
    while (this.length > 0) this.shift().give(DONE);
  }
}

/** The plain rule, but each `next()` that waits is a place for one value. */
class Reading<T> extends Buffering<T> {
  constructor(
    private readonly asks: Asks<T>,
    capacity: number,
    options: SinkOptions<T>,
  ) {
    super(capacity, options, new Outlet(asks, undefined));
  }

  override get linked(): boolean {
    return true;
  }

  protected override get outgoing(): number {
    return this.asks.length;
  }
}
