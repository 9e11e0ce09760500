import { Observable, type MonoTypeOperatorFunction } from 'rxjs';
import { checkInteger } from '../src/check.js';
import { Connection } from './broadcast/connection.js';
import { findDemand } from './stage/operate.js';
import { checkStageOptions, type StageOptions } from './stage/options.js';

/** The options of {@link broadcast}. Those of every stage hold for each subscriber by itself. */
export interface BroadcastOptions<T> extends StageOptions<T> {
  /** How many values each subscriber's channel may hold: an integer ≥ 0. Default 0: a rendezvous of all. */
  readonly capacity?: number | undefined;
  /**
   * The source is subscribed when so many have subscribed: an integer ≥ 1. Default 1. With a source that
   * emits at once, name how many are to see its first value. It is left when the last of them leaves.
   */
  readonly minSubscribers?: number | undefined;
}

/**
 * Shares one subscription to the source, as `share` does, and keeps backpressure: each subscriber has a
 * bounded channel, and links to what is below it.
 *
 * Under `overflow: 'block'` a source that can wait goes as fast as the slowest subscriber. Under the other
 * policies it goes on too when one subscriber has nothing left and could take a value: then one who is
 * `capacity` values behind loses values of its own (`'drop-…'`), or fails alone (`'error'`). A subscriber
 * with no demand below takes whatever comes.
 *
 * The first to subscribe (or the last of `minSubscribers`) connects. Who comes later gets what comes
 * from then on; who leaves no longer holds up the rest; when the last has left, the source is released.
 * Completion and error reach each behind what its channel holds. Who subscribes after any of these begins
 * anew, as with `share`.
 *
 * ```
 * pulled  a--b---c-d-|
 *         broadcast({ capacity: 1, minSubscribers: 2 })
 * fast    -a-b---c-d-|
 * slow    ---a---b-c-(d|)
 * ```
 *
 * ```ts
 * import { broadcast, pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * const lines = pullFrom(['a', 'b']).pipe(broadcast({ capacity: 16, minSubscribers: 2 }));
 * const store = async (line: string) => line;
 * lines.pipe(workerPool(1, store)).subscribe(); // each line is read once, and goes to both
 * lines.pipe(workerPool(4, async (line) => `${line}!`)).subscribe((line) => console.log(line)); // a! b!
 * ```
 *
 * - **emits** to each subscriber the oldest value of its channel, when the demand below it has room; at
 *   once where the channel is empty.
 * - **backpressures** when one subscriber holds `capacity` values; under the other policies only as long as
 *   nobody waits with an empty channel.
 * - **drops** by `overflow`, from the channel of the subscriber that has no place; what that holds when it
 *   leaves or fails. `onDrop` hears of each subscriber's copy.
 * - **completes** each subscriber when the source has completed and its channel is empty.
 * - **errors** each subscriber when the source does, after what its channel holds (`errors: 'drain'`) or at
 *   once; one alone by `overflow`, or when `onDrop` fails for it.
 * - **holds at most** `capacity` values for each subscriber, of a source that waits (where that is 0, and
 *   subscribers share one consumer, a copy for each but one); `maxParked` more for each, of one that does
 *   not. A meter counts copies, one for each subscriber.
 *
 * @throws {RangeError} at the call, for a capacity or number of subscribers out of range.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function broadcast<T>(options: BroadcastOptions<T> = {}): MonoTypeOperatorFunction<T> {
  const { capacity = 0, minSubscribers = 1 } = options;
  checkInteger('capacity', capacity, 0);
  checkInteger('minSubscribers', minSubscribers, 1);
  checkStageOptions(options);
  const name = `broadcast(${capacity})`;
  return (source) => {
    let current: Connection<T> | undefined;
    const reset = (): void => {
      current = undefined;
    };
    return new Observable((subscriber) => {
      const demand = findDemand(subscriber, name, options);
      current ??= new Connection(source, options, name, reset);
      current.join(subscriber, demand);
    });
  };
}
