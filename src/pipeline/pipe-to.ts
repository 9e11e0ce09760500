import { channelOf } from '../channel/channel.js';
import type { ReceiveChannel, SendChannel } from '../channel/types.js';
import { check, checkBoolean } from '../check.js';
import { ChannelClosedError } from '../errors.js';
import { Funnel } from './funnel.js';
import { checkPipelineOptions, type PipelineOptions } from './options.js';

/** The options of {@link pipeTo}. */
export interface PipeToOptions extends PipelineOptions {
  /**
   * Whether the target is closed when the source is, with its error if it has one, and when the signal
   * aborts. Default true. Use false where others send on it too.
   */
  readonly close?: boolean | undefined;
}

/**
 * Sends on `target` all that is received from `source`: Go's `for v := range source { target <- v }`.
 *
 * A value is received only when the target has room for it, and passed on in the same turn, without a
 * promise. Where room goes while the pipe waits for a value (others send on the target too, or its
 * receiver gives up), that one value stands in the target's line, as a `send` would.
 *
 * | it ends because                   | the promise                       | target                 | source             |
 * | --------------------------------- | --------------------------------- | ---------------------- | ------------------ |
 * | source closed, drained, delivered | resolves                          | closed                 | (at its end)       |
 * | source closed with an error       | rejects with it                   | closed with the error  | (at its end)       |
 * | target closed by others           | rejects with `ChannelClosedError` | (closed)               | left, or cancelled |
 * | signal aborted                    | rejects with its reason           | closed with the reason | left, or cancelled |
 *
 * With `close: false` the target is left as it is; with `cancel: true` the source is cancelled rather
 * than left. A value that has been received is never lost: it stays in the target's line, and its
 * `onDrop` hears of it if the target is cancelled.
 *
 * ```ts
 * import { Channel, pipeTo } from 'rxjs-sluice';
 *
 * const parsed = new Channel<string>(8);
 * const stored = new Channel<string>(2);
 * const piped = pipeTo(parsed, stored);
 * for (const line of ['a', 'b', 'c']) parsed.trySend(line);
 * parsed.close();
 * for await (const line of stored) console.log(line); // a b c
 * await piped;
 * ```
 *
 * @throws {TypeError} at the call, for what are not two channels, or options that are not as stated.
 */
export function pipeTo<T>(
  source: ReceiveChannel<T>,
  target: SendChannel<T>,
  options: PipeToOptions = {},
): Promise<void> {
  const from = channelOf<T>(source, 'source');
  const to = channelOf<T>(target, 'target');
  check(from !== to, 'target', 'another channel than `source`', target);
  checkPipelineOptions(options);
  const { close = true } = options;
  checkBoolean('close', close);
  return new Promise((resolve, reject) => {
    new Funnel([from], to, options, (ending, error) => {
      if (ending === 'drained') resolve();
      else reject(ending === 'refused' ? new ChannelClosedError() : error);
    });
  });
}
