import {
  Observable,
  type ObservableInput,
  type ObservedValueOf,
  type OperatorFunction,
} from 'rxjs';
import { check, checkFunction, checkInteger } from '../src/check.js';
import type { Given } from '../src/line/line.js';
import { Fanning } from './lanes/fanning.js';
import type { LaneKey } from './lanes/hash.js';
import { run } from './stage/operate.js';
import { checkStageOptions, type QueueOptions, type StageOptions } from './stage/options.js';

/** The options of {@link fanOut}. */
export interface FanOutOptions<T> extends StageOptions<T>, QueueOptions {
  /**
   * Which lane a value goes to. `'round-robin'` (default): one after the other, and the source waits for
   * the one whose turn it is. `'least-loaded'`: the one with the fewest waiting values (those in the first
   * stage of its pipe count), of those that have room; of equals the one whose pipe has most room at once,
   * else by turns. What comes though none has room goes where fewest wait in the lane itself. A function:
   * values of one key go to one lane, in order.
   */
  readonly by?: 'round-robin' | 'least-loaded' | ((value: Given<T>) => LaneKey) | undefined;
}

/**
 * Spreads the values over several lanes, each with a bounded channel and a pipe of its own, and merges what
 * comes out of the pipes. A full lane stops the source only when the next value must go there.
 *
 * `lane` is called once for each lane, at subscription, and gives the pipe over that lane's values.
 * That pipe links by itself: the channel waits for the first stage in it, or if there is none, for what is
 * below the merge, to which the last stage in it links. Operators that hold values themselves hide
 * them here as everywhere.
 *
 * A key's lane is the same in every process: FNV-1a (32 bits) of the UTF-8 bytes of `String(key)`, the
 * upper half folded into the lower (`hash ^ hash >>> 16`), modulo `lanes`. As a value's key is not known
 * before it comes, one value more may be held: the one that finds its lane full.
 *
 * A lane has ended when its pipe completes: what waits in it is dropped (`'cancelled'`). Those which
 * count turns or loads pass it over; values of its keys are dropped as they come. When all have ended, the
 * source is released. A pipe may leave its lane and subscribe to it again (`retry`): values wait meanwhile.
 *
 * ```
 * pulled  (abcd)e-----f|
 *         fanOut(2, lane => lane.pipe(workerPool(1, task)), { by: 'least-loaded' })
 * output  ------b-----def---a(c|)   a's task takes 18 ms, b's and d's 6, the rest 1
 * ```
 *
 * ```ts
 * import { fanOut, pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * const orders = [
 *   { customer: 'ann', n: 1 },
 *   { customer: 'bob', n: 2 },
 *   { customer: 'ann', n: 3 },
 * ];
 * pullFrom(orders)
 *   .pipe(
 *     fanOut(4, (lane) => lane.pipe(workerPool(1, async (order) => order.n)), {
 *       by: (order) => order.customer, // one customer's orders go one after the other
 *     }),
 *   )
 *   .subscribe((n) => console.log(n)); // 1 2 3
 * ```
 *
 * - **emits** what the pipes of the lanes emit, as it comes; each value goes on to its pipe when that has
 *   room.
 * - **backpressures** when the lane whose turn it is (`'round-robin'`), or every lane (`'least-loaded'`),
 *   is full; by key, when a value has come whose lane is. By turns and by key, also while a lane holds more
 *   than it has places for.
 * - **drops** by `overflow`, in the lane that has no place; what is for a lane that has ended
 *   (`'cancelled'`); what is held when it is unsubscribed or fails.
 * - **completes** when every pipe has: the lanes complete when the source has and they are empty.
 * - **errors** at once when a pipe does, by `overflow`, or when a callback fails; when the source does, after
 *   what is held (the lanes complete; the error follows the last pipe) or at once, as `errors` says.
 * - **holds at most** `lanes × queue` values of a source that waits, by key one more; `maxParked` more of
 *   one that does not.
 *
 * @param lanes - how many: an integer ≥ 1.
 * @param lane - gets the lane's values and its number (0 … lanes − 1), and returns an ObservableInput. One
 *   subscriber at a time may read a lane; another gets a `LaneTakenError`.
 * @param options - `queue`: the places in each lane. Default 1; 0 makes each a rendezvous with its pipe.
 *   `requireDemand` and `onLink` are about each lane.
 * @throws {RangeError} at the call, for lanes or a queue out of range.
 * @throws {TypeError} at the call, for options that are not as stated.
 */
export function fanOut<T, O extends ObservableInput<unknown>>(
  lanes: number,
  lane: (values: Observable<T>, index: number) => O,
  options: FanOutOptions<T> = {},
): OperatorFunction<T, ObservedValueOf<O>> {
  const { by } = options;
  checkInteger('lanes', lanes, 1);
  checkFunction('lane', lane);
  checkStageOptions(options);
  check(
    by === undefined || by === 'round-robin' || by === 'least-loaded' || typeof by === 'function',
    'by',
    '"round-robin", "least-loaded" or a function',
    by,
  );
  return (source) =>
    new Observable((subscriber) => {
      const fanning = new Fanning<T, ObservedValueOf<O>>(lanes, lane as never, options, subscriber);
      run(source, subscriber, `fanOut(${lanes})`, fanning);
    });
}
