import type { ReceiveChannel } from '../../src/channel/types.js';
import { check } from '../../src/check.js';
import { isThenable } from '../../src/sync/settle.js';
import { reportUnhandled } from '../stage/unhandled.js';

/** What can be pulled. */
export type PullInput<T> = Iterable<T> | AsyncIterable<T> | ReadableStream<T>;

type Result<T> = IteratorResult<T, unknown>;

/** One way to read values one by one. */
export interface Reader<T> {
  /** Reads one value: returns it, or returns nothing and calls back once; or throws. */
  read(
    arrived: (result: Result<T>) => void,
    failed: (error: unknown) => void,
  ): Result<T> | undefined;
  /** Called once, unless reading came to an end or failed. May return a promise. */
  release(): unknown;
}

interface Shape {
  readonly [Symbol.iterator]?: () => Iterator<never>;
  readonly [Symbol.asyncIterator]?: () => AsyncIterator<never>;
  readonly getReader?: () => ReadableStreamDefaultReader<never>;
  readonly receiveWith?: unknown;
  readonly read?: unknown;
  readonly destroy?: () => void;
  readonly on?: (event: 'error', hear: Hear) => void;
  readonly off?: (event: 'error', hear: Hear) => void;
  readonly once?: (event: 'close', hear: () => void) => void;
  readonly closed?: boolean;
}

type Hear = (error: unknown) => void;

/** How to open `input` for reading; `undefined` if it cannot be read. */
export function readerOf<T>(input: PullInput<T>): (() => Reader<T>) | undefined {
  if (input === null || input === undefined) return undefined;
  const shape = input as Shape;
  if (typeof shape.receiveWith === 'function') {
    return () => new ChannelReader(input as unknown as ReceiveChannel<T>);
  }
  if (typeof shape.getReader === 'function') {
    return () => new StreamReader((input as ReadableStream<T>).getReader());
  }
  if (typeof shape[Symbol.asyncIterator] === 'function') {
    const iterable = input as AsyncIterable<T>;
    return () => {
      const iterator = iterable[Symbol.asyncIterator]();
      const isNodeStream = typeof shape.read === 'function' && typeof shape.destroy === 'function';
      return new AsyncReader(
        iterator,
        isNodeStream ? destroying(shape) : () => iterator.return?.(),
      );
    };
  }
  if (typeof shape[Symbol.iterator] === 'function') {
    return () => new SyncReader((input as Iterable<T>)[Symbol.iterator]());
  }
  return undefined;
}

/**
 * A Node stream is destroyed itself: its iterator's `return` waits for a read that may hang. The iterator does
 * not hear of errors before it is read from, nor when it is left; a host that nobody keeps from it would end.
 * After it is closed there are none.
 */
function destroying(stream: Shape): () => void {
  let left = false;
  const hear: Hear = (error) => {
    if (left) reportUnhandled(error); // else the next read tells
  };
  if (stream.closed !== true) {
    stream.on?.('error', hear);
    stream.once?.('close', () => stream.off?.('error', hear));
  }
  return () => {
    left = true;
    stream.destroy?.();
  };
}

/** What an iterator has given: anything but an object is as wrong here as in a `for` loop. */
export function checkResult<R>(result: R): R {
  if (Object(result) !== result) check(false, 'next()', 'an object', result);
  return result;
}

/**
 * A promise that is not the host's own may call back twice, or throw when it has called; what it calls back with may be
 * another.
 */
function hearOnce<R>(
  thenable: PromiseLike<R>,
  arrived: (result: R) => void,
  failed: (error: unknown) => void,
): void {
  let settled = false;
  const once =
    <A>(tell: (what: A) => void) =>
    (what: A): void => {
      if (settled) return;
      settled = true;
      tell(what);
    };
  try {
    thenable.then(
      once((result) => {
        let another: boolean;
        try {
          another = isThenable<R>(result);
        } catch (error) {
          failed(error);
          return;
        }
        if (another) hearOnce(result as PromiseLike<R>, arrived, failed);
        else arrived(result);
      }),
      once(failed),
    );
  } catch (error) {
    once(failed)(error);
  }
}

class SyncReader<T> implements Reader<T> {
  constructor(private readonly iterator: Iterator<T, unknown>) {}

  read(): Result<T> {
    return checkResult(this.iterator.next());
  }

  release(): void {
    this.iterator.return?.();
  }
}

class AsyncReader<T> implements Reader<T> {
  constructor(
    private readonly iterator: AsyncIterator<T, unknown>,
    readonly release: () => unknown,
  ) {}

  read(
    arrived: (result: Result<T>) => void,
    failed: (error: unknown) => void,
  ): Result<T> | undefined {
    const given: unknown = this.iterator.next();
    if (given instanceof Promise && given.constructor === Promise) given.then(arrived, failed);
    else if (isThenable<Result<T>>(given)) hearOnce(given, arrived, failed);
    else return checkResult(given as Result<T>); // as a `for await` loop takes it
    return undefined;
  }
}

/** A stream that is not read any more is unlocked. */
class StreamReader<T> implements Reader<T> {
  constructor(private readonly reader: ReadableStreamDefaultReader<T>) {}

  read(arrived: (result: Result<T>) => void, failed: (error: unknown) => void): undefined {
    const { reader } = this;
    reader.read().then(
      (result) => {
        if (result.done) reader.releaseLock();
        arrived(result);
      },
      (error: unknown) => {
        reader.releaseLock();
        failed(error);
      },
    );
  }

  release(): Promise<void> {
    const { reader } = this;
    const cancelled = reader.cancel();
    reader.releaseLock();
    return cancelled;
  }
}

/** A channel is left open, and a receive that waits is taken back, so that no value goes to nobody. */
class ChannelReader<T> implements Reader<T> {
  private giveUp: (() => void) | undefined;

  constructor(private readonly channel: ReceiveChannel<T>) {}

  read(
    arrived: (result: Result<T>) => void,
    failed: (error: unknown) => void,
  ): Result<T> | undefined {
    const result = this.channel.tryReceive();
    if (result === undefined) this.giveUp = this.channel.receiveWith(arrived, failed);
    return result;
  }

  release(): void {
    this.giveUp?.();
  }
}
