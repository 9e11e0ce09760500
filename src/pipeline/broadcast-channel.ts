import { Channel, channelOf } from '../channel/channel.js';
import type { ReceiveChannel } from '../channel/types.js';
import { checkInteger } from '../check.js';
import type { LineOptions } from '../line/line.js';
import { Broadcasting } from './broadcasting.js';
import { checkPipelineOptions, type PipelineOptions } from './options.js';
import type { Outputs } from './outputs.js';

/** What the output of one subscriber can be told. */
export interface OutputOptions<T> extends LineOptions<T> {
  /** How many values it may hold: an integer ≥ 0. Default 0. */
  readonly capacity?: number | undefined;
}

/** The options of {@link broadcastChannel}. Capacity, policy and `onDrop` hold for each output by itself. */
export interface BroadcastChannelOptions<T> extends OutputOptions<T>, PipelineOptions {}

/** A channel that is broadcast to whoever subscribes. */
export interface ChannelBroadcast<T> {
  /** How many outputs are open. */
  readonly subscribers: number;
  /**
   * Makes one more output. It gets what is received from now on; after the end it is closed as the others
   * were. `cancel` it to unsubscribe.
   *
   * @param options - where they differ from those of the broadcast.
   */
  subscribe(options?: OutputOptions<T>): ReceiveChannel<T>;
}

/**
 * Each value to every output: a tee. With a number it makes that many outputs; without, whoever wants one
 * subscribes, and while nobody does, nothing is received.
 *
 * Under `overflow: 'block'`, the default, a value is received when every output has room for it, so the
 * slowest sets the pace, and `capacity` says how far others may be ahead. An output with another policy
 * holds up nobody and loses only values of its own: `onDrop` hears of them; under `'error'` it is closed with
 * the error, alone. Where every output is of that kind, the fastest sets the pace.
 *
 * Where room goes while the input is waited on (a receiver gives up), the value that comes stands in that
 * output's line, as a `send` would.
 *
 * All are closed when the input is closed and drained; with its error, or the signal's reason, behind what
 * they hold. An output that is cancelled leaves, and no longer holds up the rest. When the last of a fixed
 * number has left, the input is left as it is, or cancelled with `cancel: true`.
 *
 * ```ts
 * import { Channel, broadcastChannel } from 'rxjs-sluice';
 *
 * const lines = new Channel<string>(2);
 * const [stored, shown] = broadcastChannel(lines, 2, { capacity: 8 });
 * for (const line of ['a', 'b']) lines.trySend(line);
 * lines.close();
 * for await (const line of stored) console.log('stored', line); // stored a stored b
 * for await (const line of shown) console.log('shown', line); // shown a shown b
 * ```
 *
 * ```ts
 * import { Channel, broadcastChannel } from 'rxjs-sluice';
 *
 * const prices = new Channel<number>();
 * const broadcast = broadcastChannel(prices);
 * const booked = broadcast.subscribe({ capacity: 4 }); // every price
 * const shown = broadcast.subscribe({ capacity: 1, overflow: 'drop-oldest' }); // the latest
 * for (const price of [100, 101, 102]) prices.trySend(price);
 * console.log(booked.length, shown.tryReceive()?.value); // 3 102
 * ```
 *
 * @param n - how many outputs: an integer ≥ 1.
 * @throws {TypeError} at the call, for what is not a channel, or options that are not as stated.
 * @throws {RangeError} at the call, for a number of outputs or a capacity out of range.
 */
export function broadcastChannel<T, const N extends number>(
  channel: ReceiveChannel<T>,
  n: N,
  options?: BroadcastChannelOptions<T>,
): Outputs<T, N>;
/** As above, for outputs that come and go. */
export function broadcastChannel<T>(
  channel: ReceiveChannel<T>,
  options?: BroadcastChannelOptions<T>,
): ChannelBroadcast<T>;
export function broadcastChannel<T>(
  channel: ReceiveChannel<T>,
  first: number | BroadcastChannelOptions<T> = {},
  second: BroadcastChannelOptions<T> = {},
): unknown {
  const counted = Object(first) !== first;
  const options = counted ? second : (first as BroadcastChannelOptions<T>);
  const source = channelOf<T>(channel, 'channel');
  if (counted) checkInteger('n', first, 1);
  checkPipelineOptions(options);
  const length = counted ? (first as number) : 1; // one that throws for options that no output takes
  const outputs = Array.from({ length }, () => new Channel<T>(options.capacity, options));
  const pipe = new Broadcasting(source, counted ? outputs : [], options);
  return counted ? outputs : new Hub(pipe, options);
}

class Hub<T> implements ChannelBroadcast<T> {
  constructor(
    private readonly pipe: Broadcasting<T>,
    private readonly defaults: OutputOptions<T>,
  ) {}

  get subscribers(): number {
    return this.pipe.size;
  }

  subscribe(options: OutputOptions<T> = {}): ReceiveChannel<T> {
    const { defaults } = this;
    const { capacity = defaults.capacity, overflow = defaults.overflow } = options;
    const { onDrop = defaults.onDrop } = options;
    const output = new Channel<T>(capacity, { overflow, onDrop });
    this.pipe.join(output, overflow);
    return output;
  }
}
