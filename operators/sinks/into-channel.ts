import { Observable, type OperatorFunction } from 'rxjs';
import type { SendChannel } from '../../src/channel/types.js';
import { checkBoolean, checkFunction } from '../../src/check.js';
import { ChannelClosedError } from '../../src/errors.js';
import { Buffering } from '../stage/buffering.js';
import { run } from '../stage/operate.js';
import { checkStageOptions, type SinkOptions, type StageOptions } from '../stage/options.js';
import { Outlet } from '../stage/outlet.js';

/** The options of {@link intoChannel}. */
export interface IntoChannelOptions<T> extends SinkOptions<T> {
  /** Whether the channel is closed when the source ends, with the source's error if it has one. Default true. */
  readonly close?: boolean | undefined;
}

/**
 * Sends the source into a channel. The channel's room is the demand: a source that can wait is pulled
 * as the channel is drained; what comes all the same meets the channel's own policy, and under
 * `'block'` is parked before it.
 *
 * ```
 * source    abc|
 * received  -----a--b--c   from a channel of capacity 1
 *           intoChannel(channel)
 * held      012--1--0      parked before the channel
 * output    --------|
 * ```
 *
 * ```ts
 * import { Channel } from 'rxjs-sluice';
 * import { intoChannel, pullFrom } from 'rxjs-sluice/operators';
 *
 * const squares = new Channel<number>();
 * pullFrom([1, 4, 9]).pipe(intoChannel(squares)).subscribe();
 * for await (const square of squares) console.log(square); // 1 4 9
 * ```
 *
 * - **emits** nothing.
 * - **backpressures** while the channel has no room.
 * - **drops** by the channel's policy, or by `overflow` what that does not take; what is parked when it is
 *   unsubscribed or fails.
 * - **completes** when the source has completed and the channel has taken every value; it then closes the
 *   channel, unless `close` is false.
 * - **errors** when the source does, after what is parked or at once, as `errors` says; at once by
 *   `overflow`, its own or the channel's, or when a callback fails; with `ChannelClosedError` when somebody
 *   else closes the channel: at once while values are parked or the source waits, else at the next value. It
 *   then closes the channel with the error, unless `close` is false.
 * - **holds at most** no value of a source that waits; `maxParked` of one that does not.
 *
 * @throws {TypeError} at the call, if `channel` is not a channel, or options are not as stated.
 */
export function intoChannel<T>(
  channel: SendChannel<T>,
  options: IntoChannelOptions<T> = {},
): OperatorFunction<T, never> {
  checkFunction('channel.trySend', (channel as Partial<SendChannel<T>> | undefined)?.trySend);
  checkStageOptions(options);
  const { close = true } = options;
  checkBoolean('close', close);
  return (source) =>
    new Observable((subscriber) => {
      const target = {
        next() {}, // the stage sends by itself: it must hear the answer
        error(error: unknown) {
          // Without an error it would be taken for a clean end.
          if (close) channel.close(error === undefined ? new Error('undefined') : error);
          subscriber.error(error);
        },
        complete() {
          if (close) channel.close();
          subscriber.complete();
        },
      };
      const stage = new Sending(channel, options, new Outlet(target, channel));
      run(source, subscriber, `intoChannel(${channel.capacity})`, stage);
    });
}

/** Adds to the plain rule that the channel itself deals with what comes, and may be closed by others. */
class Sending<T> extends Buffering<T> {
  constructor(
    private readonly channel: SendChannel<T>,
    options: StageOptions<T>,
    out: Outlet<T>,
  ) {
    super(0, options, out);
  }

  /** Room or not, the channel is asked: it may have a policy for what comes all the same. */
  protected override accept(value: T): void {
    if (this.busy || this.line.length > 0 || !this.trySend(value)) this.store(value);
    this.pump();
  }

  protected override send(value: T): void {
    this.trySend(value);
  }

  protected override settle(): void {
    const waits = this.line.length > 0 || this.waiters.size > 0;
    if (this.channel.closed && waits && this.state !== 'over') this.fail(new ChannelClosedError());
    else super.settle();
  }

  /** False if the channel has no place and does not drop. */
  private trySend(value: T): boolean {
    const { closed } = this.channel;
    this.delivered++;
    try {
      if (this.channel.trySend(value)) return true;
    } catch (error) {
      // A channel that was closed never took the value. One that is full and says so has told its own
      // `onDrop`; what a receiver throws, it throws with the value in hand.
      if (closed) {
        this.delivered--;
        this.reject(value, error);
      } else {
        this.fail(error);
      }
      return true;
    }
    this.delivered--;
    return false;
  }
}
