import { Channel, channelOf } from '../channel/channel.js';
import type { ReceiveChannel } from '../channel/types.js';
import type { Given, OnDrop } from '../line/line.js';
import { Funnel } from './funnel.js';
import { checkPipelineOptions, type PipelineOptions } from './options.js';

/** What a channel carries. */
export type Carried<C> = C extends ReceiveChannel<infer T> ? T : never;

/** The options of {@link merge}. */
export interface MergeOptions<T> extends PipelineOptions {
  /** How many values the merged channel may hold: an integer ≥ 0. Default 0. */
  readonly capacity?: number | undefined;
  /** Hears of what the merged channel holds, or was to get next, when it is cancelled. */
  readonly onDrop?: OnDrop<Given<T>> | undefined;
}

/**
 * One channel of several: Go's fan-in. Inputs that have values take turns, one value each, and none is
 * starved; the order of each input is kept.
 *
 * An input is received from only when the merged channel has room, or a receiver waits there. Where that
 * room goes while the inputs are waited on (one of them takes it, or the receiver gives up), the next value
 * of each stands in the merged channel's line, as a `send` would: one from each input at most. (In Go, the
 * goroutine of each input has one in hand whether anybody asks or not.)
 *
 * It is closed when every input is closed and drained, at once if there are none; with the first error that
 * an input was closed with, behind what it holds; with the signal's reason. The inputs that are not at
 * their end then, or when it is cancelled, are left as they are, or cancelled with `cancel: true`.
 *
 * ```ts
 * import { Channel, merge } from 'rxjs-sluice';
 *
 * const [odd, even] = [new Channel<number>(2), new Channel<number>(2)];
 * for (const n of [1, 3]) odd.trySend(n);
 * for (const n of [2, 4]) even.trySend(n);
 * odd.close();
 * even.close();
 * for await (const n of merge(odd, even)) console.log(n); // 1 2 3 4
 * ```
 *
 * To give options, pass the channels as an array: `merge([odd, even], { capacity: 16 })`.
 *
 * @throws {TypeError} at the call, for what is not a channel, or options that are not as stated.
 * @throws {RangeError} at the call, for a capacity that is not an integer ≥ 0.
 */
export function merge<C extends readonly ReceiveChannel<unknown>[]>(
  ...channels: C
): ReceiveChannel<Carried<C[number]>>;
/** As above, of a list of channels, and with options. */
export function merge<C extends ReceiveChannel<unknown>>(
  channels: readonly C[],
  options?: MergeOptions<Carried<C>>,
): ReceiveChannel<Carried<C>>;
export function merge<T>(...given: readonly unknown[]): unknown {
  const [first, second = {}] = given;
  const asArray = Array.isArray(first);
  const channels = (asArray ? first : given) as readonly ReceiveChannel<T>[];
  const options = asArray ? (second as MergeOptions<T>) : {};
  const sources = channels.map((channel, index) => channelOf<T>(channel, `channels[${index}]`));
  checkPipelineOptions(options);
  const { capacity, onDrop } = options;
  const merged = new Channel<T>(capacity, { onDrop });
  new Funnel(sources, merged, options);
  return merged;
}
