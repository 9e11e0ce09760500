import { Observable, type ObservedValueOf, type Subscriber } from 'rxjs';
import { check, checkFunction } from '../../src/check.js';
import type { Given, OnDrop } from '../../src/line/line.js';
import { isThenable } from '../../src/sync/settle.js';
import { findDemand } from '../stage/operate.js';
import { checkLinkOptions, type LinkOptions } from '../stage/options.js';
import { Outlet } from '../stage/outlet.js';
import { quietly, reportUnhandled } from '../stage/unhandled.js';
import { checkResult, readerOf, type PullInput, type Reader } from './readers.js';

/** The options of {@link pullFrom}. */
export interface PullOptions<T> extends LinkOptions {
  /**
   * Hears of a value that had been pulled when the pipe was unsubscribed, and could not be delivered:
   * one at most, of an asynchronous source.
   */
  readonly onDrop?: OnDrop<Given<T>> | undefined;
}

/**
 * A source that waits: `input` is pulled one value at a time, and only while the demand below has room.
 * With no demand below it is as eager as RxJS's `from`.
 *
 * The room is read before each pull. A value that was awaited meanwhile, and finds the room gone, is
 * kept in hand until there is room again. After 1,024 values of which none reached the demand below, the
 * event loop gets a turn.
 *
 * ```
 * takes   --x--x--x--x
 *         pullFrom('abc')
 * pulled  --a--b--c--|
 * output  --a--b--c--|
 * ```
 *
 * ```ts
 * import { pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * function* ids() {
 *   for (let id = 1; ; id++) yield id; // endless, and only as many are made as are wanted
 * }
 * const pages = pullFrom(ids()).pipe(workerPool(4, async (id) => `page ${id}`));
 * ```
 *
 * - **emits** the next value of `input` when the demand below has room.
 * - **backpressures** by not pulling.
 * - **drops** nothing, but for the value in hand when it is unsubscribed.
 * - **completes** when `input` is at its end.
 * - **errors** when `input` throws or rejects, as it is opened or read.
 * - **holds at most** one value, of an asynchronous input; none of a synchronous one.
 *
 * @param input - an iterable (promises in it are values, as in RxJS), an async iterable, a Node
 *   `Readable`, a web `ReadableStream`, or a channel. When the pipe is unsubscribed early, `return()`,
 *   `destroy()` or `cancel()` is called, once; a channel stays open. What that fails with goes to RxJS's
 *   `config.onUnhandledError`; a read that was under way may fail unheard. A web stream that is not read any
 *   more is unlocked.
 * @throws {TypeError} at the call, if `input` is none of these.
 */
export function pullFrom<T>(
  input: Iterable<T> | AsyncIterable<T>,
  options?: PullOptions<T>,
): Observable<T>;
/** A web stream; as above. */
// eslint-disable-next-line @typescript-eslint/unified-signatures -- Node's web streams are both
export function pullFrom<T>(input: ReadableStream<T>, options?: PullOptions<T>): Observable<T>;
/** One of several of these; as above. */
export function pullFrom<I extends PullInput<unknown>>(
  input: I,
  options?: PullOptions<ObservedValueOf<I>>,
): Observable<ObservedValueOf<I>>;
export function pullFrom<T>(input: PullInput<T>, options: PullOptions<T> = {}): Observable<T> {
  const open = readerOf(input);
  check(open !== undefined, 'input', 'an iterable, async iterable, stream or channel', input);
  checkFunction('onDrop', options.onDrop, true);
  checkLinkOptions(options);
  return new Observable((subscriber) => pullInto(subscriber, open, 'pullFrom', options));
}

/** Subscribes what `open` reads: it is pulled as the demand below has room. */
export function pullInto<T>(
  subscriber: Subscriber<T>,
  open: () => Reader<T>,
  name: string,
  options: PullOptions<T> = {},
): void {
  const demand = findDemand(subscriber, name, options);
  const pulling = new Pulling(open(), new Outlet(subscriber, demand), subscriber, options.onDrop);
  subscriber.add(pulling.stop);
  pulling.pump();
}

/** How many values may be pulled in vain before the event loop gets a turn. */
const FRUITLESS = 1024;

/** Runs `task` in the next turn of the event loop; returns what takes that back. */
function nextTurn(task: () => void): () => void {
  const { setImmediate, clearImmediate } = globalThis as {
    readonly setImmediate?: (task: () => void) => unknown;
    readonly clearImmediate?: (immediate: unknown) => void;
  };
  if (setImmediate !== undefined) {
    const immediate = setImmediate(task);
    return () => clearImmediate?.(immediate);
  }
  const timer = setTimeout(task);
  return () => clearTimeout(timer);
}

/**
 * The loop that pulls.
 *
 * Invariants:
 * - one read is under way at a time, begun only while there was room;
 * - a value is passed on only while there is room; one that finds none is in hand, and nothing is read.
 */
class Pulling<T> {
  private pulling = false;
  private reading = false;
  private ended = false;
  private inRead = false;
  /** Takes back the turn that the event loop is given. */
  private yielding: (() => void) | undefined = undefined;
  private inHand: { readonly value: T } | undefined = undefined;
  private arrivedBelow: number | undefined;
  private fruitless = 0;

  constructor(
    private readonly reader: Reader<T>,
    private readonly out: Outlet<T>,
    private readonly subscriber: Subscriber<T>,
    private readonly onDrop: OnDrop<T> | undefined,
  ) {
    this.arrivedBelow = out.demand?.arrived;
  }

  /** Pulls as the demand below has room, from one place at a time. */
  pump(): void {
    if (this.pulling) return;
    this.pulling = true;
    const hasRoom = this.pullOn();
    this.pulling = false;
    if (!hasRoom) this.out.whenRoom(this);
  }

  /** Pulls until there is no room (false), or nothing to be pulled. */
  private pullOn(): boolean {
    const { out, subscriber } = this;
    const { demand } = out;
    while (!subscriber.closed && !this.reading && !this.yielding) {
      if (demand !== undefined && demand.available <= 0) return false;
      if (this.inHand === undefined) {
        this.pull();
      } else {
        const { value } = this.inHand;
        this.inHand = undefined;
        this.deliver(value);
      }
    }
    return true;
  }

  private pull(): void {
    const { subscriber, reader } = this;
    this.reading = this.inRead = true;
    let result;
    let done: unknown;
    let value;
    try {
      result = reader.read(this.arrived, this.failed);
      if (result !== undefined) ({ done, value } = result);
    } catch (error) {
      this.failed(error);
      return;
    } finally {
      this.inRead = false;
    }
    if (subscriber.closed && !done) this.release();
    if (result === undefined) return;
    this.reading = false;
    if (done) this.end();
    else if (subscriber.closed) this.drop(value as T);
    else this.deliver(value as T);
  }

  /** Unsubscribed, or at the end. */
  readonly stop = (): void => {
    this.out.giveUp();
    this.yielding?.();
    if (this.inHand !== undefined) this.drop(this.inHand.value);
    this.inHand = undefined;
    this.release();
  };

  /** Lets the input go, once; not while it runs, for a generator cannot be ended from inside. */
  private release(): void {
    if (this.ended || this.inRead) return;
    this.ended = true;
    quietly(() => {
      const released = this.reader.release();
      // A promise is made of nothing but a promise: a source in virtual time knows none.
      if (isThenable(released)) Promise.resolve(released).catch(reportUnhandled);
    });
  }

  private readonly arrived = (result: IteratorResult<T, unknown>): void => {
    this.reading = this.inRead = false; // a thenable may call back at once: the input has come back all the same
    let done: unknown;
    let value;
    try {
      ({ done, value } = checkResult(result));
    } catch (error) {
      this.failed(error);
      return;
    }
    if (done) this.end();
    else if (this.subscriber.closed) this.drop(value as T);
    else if (this.out.room > 0) this.deliver(value as T);
    else this.inHand = { value: value as T };
    this.pump();
  };

  private end(): void {
    this.ended = true;
    this.subscriber.complete();
  }

  private readonly failed = (error: unknown): void => {
    this.ended = true;
    this.subscriber.error(error);
  };

  private deliver(value: T): void {
    this.subscriber.next(value);
    const { demand } = this.out;
    if (demand !== undefined) this.watchFruit(demand);
  }

  private watchFruit(demand: { readonly arrived: number }): void {
    if (demand.arrived !== this.arrivedBelow) {
      this.arrivedBelow = demand.arrived;
      this.fruitless = 0;
    } else if (++this.fruitless >= FRUITLESS && !this.subscriber.closed) {
      this.fruitless = 0;
      this.yielding = nextTurn(() => {
        this.yielding = undefined;
        this.pump();
      });
    }
  }

  private drop(value: T): void {
    quietly(() => this.onDrop?.(value, 'unsubscribed'));
  }
}
