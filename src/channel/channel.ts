import { check, checkInteger } from '../check.js';
import { ChannelClosedError } from '../errors.js';
import { Line, checkLineOptions, type LineOptions } from '../line/line.js';
import { NOTHING, report } from '../callbacks.js';
import { RoomWaiters, WaitList, Waiter, each, leaveOnAbort } from '../line/waiters.js';
import { DONE, type Result } from './result.js';
import type { ReceiveChannel, SendChannel, WaitOptions } from './types.js';

const SENT = Promise.resolve();

/** Of those in the line of senders, producers that asked to be told of room hear that there will be none. */
const wakeProducers = <T>(senders: RoomWaiters<T>): void => {
  each(
    senders,
    (producer) => producer.wake(),
    ({ admit }) => !admit,
  );
};

/** A receive that waits. Its value is who receives. */
export type Receiver<T> = Waiter<unknown, Result<T>>;

/**
 * Go's channel: a first-in, first-out queue of bounded length between any number of senders and
 * receivers. With capacity 0 a value passes from hand to hand.
 *
 * Invariants, between any two calls:
 * - a receiver waits only while nothing is held and no send waits;
 * - a send waits only while there is no free place and no receiver waits;
 * - values are received in the order in which they were sent, waiting sends behind what is held;
 * - values that came = received + dropped + held.
 *
 * ```
 *          close            drained
 *   open ─────────▶ closed ─────────▶ done, or the error it was closed with
 *     └── cancel ──────────────────────▲
 * ```
 *
 * ```ts
 * import { Channel } from 'rxjs-sluice';
 *
 * const jobs = new Channel<number>(3); // make(chan int, 3)
 * void (async () => {
 *   for (let job = 1; job <= 5; job++) await jobs.send(job); // jobs <- job; waits while full
 *   jobs.close(); // close(jobs)
 * })();
 * // for job := range jobs
 * for await (const job of jobs) console.log(job); // 1 2 3 4 5
 * ```
 *
 * @typeParam T - what it carries; `undefined` and `null` are values.
 */
export class Channel<T> implements SendChannel<T>, ReceiveChannel<T> {
  /** @internal */
  readonly line: Line<T>;
  private readonly waits: boolean;
  /** @internal Sends that wait, and producers that asked to be told of room. */
  readonly senders = new RoomWaiters<T>(() => this.room);
  /** @internal */
  readonly receivers = new WaitList<unknown, Result<T>>();
  /** @internal How many sends wait. */
  sends = 0;
  private isClosed = false;
  /** @internal They hear when it closes, and whenever it may be drained since. */
  watchers?: Set<() => void> | undefined;
  /** @internal What it was closed with. */
  failure: unknown;

  /**
   * @param capacity - how many values it may hold: an integer ≥ 0.
   * @throws {RangeError} for any other capacity.
   * @throws {TypeError} for an unknown policy, or an `onDrop` that is no function.
   */
  constructor(
    readonly capacity = 0,
    options: LineOptions<T> = {},
  ) {
    checkInteger('capacity', capacity, 0);
    checkLineOptions(options);
    const { overflow = 'block', onDrop } = options;
    this.line = new Line<T>(overflow, Infinity, onDrop); // under 'block' it finds room, always
    this.waits = overflow === 'block';
  }

  get length(): number {
    return this.line.length;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  get available(): number {
    return this.isClosed ? 0 : this.room;
  }

  get waiting(): number {
    return this.line.length + this.sends;
  }

  get arrived(): number {
    return this.line.arrived;
  }

  /** As {@link Demand.onAvailable}; `resume` is also called when the channel closes, but not where it has. */
  onAvailable(resume: () => void): () => void {
    return this.isClosed ? NOTHING : this.senders.ask(resume);
  }

  trySend(value: T): boolean {
    if (this.isClosed) throw new ChannelClosedError(value);
    if (this.waits && this.room <= 0) return false;
    this.accept(value);
    return true;
  }

  send(value: T, options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      if (this.trySend(value)) return SENT;
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) =>
      leaveOnAbort(this.waitToSend(value, resolve, reject), signal, this.sendLeft),
    );
  }

  tryReceive(): IteratorResult<T, undefined> | undefined {
    const result = this.take();
    if (!result?.done) this.tell();
    return result;
  }

  /** @internal As `tryReceive`, but `tell` is to be called when the value has its place. */
  take(): Result<T> | undefined {
    const { line, senders } = this;
    const { head } = senders;
    let value;
    if (head?.admit) {
      senders.remove(head);
      this.sends--;
      line.arrived++;
      value = head.value as T;
      if (line.length > 0) {
        const oldest = line.take();
        line.push(value);
        value = oldest;
      }
      head.resolve(); // when its value has a place: whoever that leads to may count them
    } else if (line.length > 0) {
      value = line.take();
      if (head) senders.wake();
    } else if (head) {
      return this.meet();
    } else {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- what it was closed with
      if (this.failure !== undefined) throw this.failure;
      return this.isClosed ? DONE : undefined;
    }
    return { done: false, value };
  }

  receive(options?: WaitOptions): Promise<IteratorResult<T, undefined>> {
    return this.receiveAs(undefined, options?.signal);
  }

  /** `receiver` is who receives, where it may give up what it has asked for. */
  private receiveAs(receiver: unknown, signal?: AbortSignal): Promise<Result<T>> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      const result = this.tryReceive();
      if (result) return Promise.resolve(result);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) =>
      leaveOnAbort(this.waitToReceive(resolve, reject, receiver), signal),
    );
  }

  receiveWith(
    received: (result: IteratorResult<T, undefined>) => void,
    failed: (error: unknown) => void,
  ): () => void {
    let result;
    try {
      result = this.tryReceive();
    } catch (error) {
      failed(error);
      return NOTHING;
    }
    if (result) {
      received(result);
      return NOTHING;
    }
    const receiver = this.waitToReceive(received, failed);
    return () => void this.receivers.remove(receiver);
  }

  close(error?: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.failure = error;
    this.tell(); // first: a pipe that ends with it takes nothing that a receiver sends on hearing of the end
    each(this.receivers, (receiver) => {
      try {
        if (error === undefined) receiver.resolve(DONE);
        else receiver.fail(error);
      } catch (thrown) {
        report(thrown);
      }
    });
    wakeProducers(this.senders);
  }

  cancel(reason?: unknown): void {
    this.close(reason);
    each(
      this.senders,
      (sender) => {
        this.sends--;
        sender.fail(new ChannelClosedError(sender.value));
      },
      ({ admit }) => admit,
    );
    try {
      this.line.clear('cancelled');
    } finally {
      this.tell();
    }
  }

  /** A `for await` that ends early leaves the channel open: others may be receiving. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    let left = false;
    const iterator: AsyncIterator<T, undefined> = {
      next: () => (left ? Promise.resolve(DONE) : this.receiveAs(iterator)),
      return: () => {
        left = true;
        each(
          this.receivers,
          (receiver) => receiver.resolve(DONE),
          ({ value }) => value === iterator,
        );
        return iterator.next();
      },
    };
    return iterator;
  }

  /** @internal Puts a receiver in line, and asks the producers that wait for room. */
  waitToReceive(
    resolve: (result: Result<T>) => void,
    reject?: (error: unknown) => void,
    who?: unknown,
  ): Receiver<T> {
    const receiver: Receiver<T> = new Waiter(resolve, reject, undefined, who);
    this.receivers.push(receiver);
    if (this.senders.size > 0) this.senders.wake();
    return receiver;
  }

  /** @internal Puts a send in line. */
  waitToSend(value: T, resolve: () => void, reject: (error: unknown) => void): Waiter<T, void> {
    const sender = new Waiter<T, void>(resolve, reject, this.admit, value);
    this.senders.push(sender);
    this.sends++;
    return sender;
  }

  /** @internal A send has given up. */
  readonly sendLeft = (): void => {
    this.sends--;
    this.tell();
  };

  /** @internal It has been closed, or something has gone from it: where it is closed, it may be drained by that. */
  tell(): void {
    if (this.isClosed) this.watchers?.forEach((look) => look());
  }

  /** Free places, and receivers that wait. */
  private get room(): number {
    return this.capacity - this.line.length + this.receivers.size;
  }

  /** A value comes in: to whoever waits for it, else in line. */
  private accept(value: T): void {
    this.line.arrived++;
    const receiver = this.receivers.shift();
    if (receiver) {
      receiver.resolve({ done: false, value });
    } else {
      const error = this.line.put(value, this.capacity);
      if (error) throw error;
    }
  }

  private readonly admit = (value: T): void => {
    this.sends--;
    try {
      this.accept(value);
    } catch (error) {
      report(error); // a receiver's: the send has been dealt with all the same
    }
  };

  /**
   * At a rendezvous, a receiver that will not wait meets producers that wait to be told of room: it
   * stands in line for just as long as they are asked. One of them may close the channel.
   */
  private meet(): Result<T> | undefined {
    let result: Result<T> | undefined;
    // Where it is closed, they have yet to be told so, and a send may wait behind them.
    if (this.isClosed) wakeProducers(this.senders);
    else this.receivers.remove(this.waitToReceive((value) => (result = value)));
    return this.isClosed && result?.done !== false ? this.take() : result;
  }
}

/** The channel that `end` is an end of. The argument is called `name`. */
export function channelOf<T>(end: object, name: string): Channel<T> {
  check('waitToReceive' in Object(end), name, 'a Channel', end);
  return end as Channel<T>;
}
