import { check, checkInteger } from '../check.js';
import { ChannelClosedError } from '../errors.js';
import { Line, MAX_PARKED, checkLineOptions, type LineOptions } from '../line/line.js';
import { NOTHING, RoomWaiters, WaitList, Waiter, leaveOnAbort, report } from '../line/waiters.js';
import type { ReceiveChannel, SendChannel, WaitOptions } from './types.js';

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined };
const SENT = Promise.resolve();

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
  private readonly senders = new RoomWaiters<T>(() => this.room);
  private readonly receivers = new WaitList<never, IteratorResult<T, undefined>>();
  private waitingSends = 0;
  private isClosed = false;
  /** @internal They hear when it closes, and when a cancel has emptied it. */
  watchers?: Set<() => void> | undefined;
  /** @internal What it was closed with. */
  failure: unknown;

  /**
   * @param capacity - how many values it may hold: an integer ≥ 0.
   * @throws {RangeError} for any other capacity; {@link TypeError} for an unknown policy.
   */
  constructor(
    readonly capacity = 0,
    options: LineOptions<T> = {},
  ) {
    checkInteger('capacity', capacity, 0);
    checkLineOptions(options);
    const { overflow = 'block', onDrop } = options;
    this.line = new Line<T>(overflow, MAX_PARKED, onDrop);
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
    return this.line.length + this.waitingSends;
  }

  get arrived(): number {
    return this.line.arrived;
  }

  /** As {@link Demand.onAvailable}; `resume` is also called when the channel closes. */
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
    return new Promise((resolve, reject) => {
      leaveOnAbort(this.waitToSend(value, resolve, reject), signal, this.sendLeft);
    });
  }

  tryReceive(): IteratorResult<T, undefined> | undefined {
    const { line, senders } = this;
    const { head } = senders;
    if (line.length > 0) {
      const value = line.take();
      if (head?.admit !== undefined) line.push(this.takeFrom(head));
      else if (head !== undefined) senders.wake();
      return { done: false, value };
    }
    if (head?.admit !== undefined) return { done: false, value: this.takeFrom(head) };
    if (head !== undefined) return this.meet();
    if (!this.isClosed) return undefined;
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- what it was closed with
    if (this.failure !== undefined) throw this.failure;
    return DONE;
  }

  receive(options?: WaitOptions): Promise<IteratorResult<T, undefined>> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      const result = this.tryReceive();
      if (result !== undefined) return Promise.resolve(result);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) =>
      leaveOnAbort(this.waitToReceive(resolve, reject), signal),
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
    if (result !== undefined) {
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
    const { senders, receivers } = this;
    const producers = senders.all();
    // Each leaves just before it is told: one that is made to give up its wait meanwhile is not.
    for (const receiver of receivers.all()) {
      if (!receivers.remove(receiver)) continue;
      try {
        if (error === undefined) receiver.resolve(DONE);
        else receiver.reject(error);
      } catch (thrown) {
        report(thrown);
      }
    }
    for (const producer of producers) {
      if (producer.admit === undefined && senders.remove(producer)) producer.wake();
    }
    this.watchers?.forEach((ended) => ended());
  }

  cancel(reason?: unknown): void {
    this.close(reason);
    const { senders } = this;
    for (const sender of senders.all()) {
      if (sender.admit === undefined || !senders.remove(sender)) continue;
      this.sendLeft();
      sender.reject(new ChannelClosedError(sender.value));
    }
    try {
      this.line.clear('cancelled');
    } finally {
      this.watchers?.forEach((ended) => ended());
    }
  }

  /** A `for await` that ends early leaves the channel open: others may be receiving. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    let left = false;
    return {
      next: () => (left ? Promise.resolve(DONE) : this.receive()),
      return: () => {
        left = true;
        return Promise.resolve(DONE);
      },
    };
  }

  /** @internal Puts a receiver in line, and asks the producers that wait for room. */
  waitToReceive(
    resolve: (result: IteratorResult<T, undefined>) => void,
    reject?: (error: unknown) => void,
  ): Waiter<never, IteratorResult<T, undefined>> {
    const receiver = new Waiter<never, IteratorResult<T, undefined>>(resolve, reject);
    this.receivers.push(receiver);
    if (this.senders.size > 0) this.senders.wake();
    return receiver;
  }

  /** @internal Puts a send in line. */
  waitToSend(value: T, resolve: () => void, reject: (error: unknown) => void): Waiter<T, void> {
    const sender = new Waiter<T, void>(resolve, reject, this.admit, value);
    this.senders.push(sender);
    this.waitingSends++;
    return sender;
  }

  /** @internal A send left the line without having been taken. */
  readonly sendLeft = (): void => {
    this.waitingSends--;
  };

  /** Free places, and receivers that wait. */
  private get room(): number {
    return this.capacity - this.line.length + this.receivers.size;
  }

  /** A value comes in: to whoever waits for it, else in line. */
  private accept(value: T): void {
    this.line.arrived++;
    const receiver = this.receivers.shift();
    if (receiver !== undefined) {
      receiver.resolve({ done: false, value });
      return;
    }
    const error = this.line.put(value, this.capacity);
    if (error !== undefined) throw error;
  }

  private readonly admit = (value: T): void => {
    this.sendLeft();
    this.accept(value);
  };

  /** Takes the value of a send that waits, and lets it go on. */
  private takeFrom(sender: Waiter<T, void>): T {
    this.senders.remove(sender);
    this.sendLeft();
    this.line.arrived++;
    sender.resolve();
    return sender.value as T;
  }

  /**
   * At a rendezvous, a receiver that will not wait meets producers that wait to be told of room: it
   * stands in line for just as long as they are asked. One of them may close the channel.
   */
  private meet(): IteratorResult<T, undefined> | undefined {
    let result: IteratorResult<T, undefined> | undefined;
    this.receivers.remove(this.waitToReceive((value) => (result = value)));
    return this.isClosed && result?.done !== false ? this.tryReceive() : result;
  }
}

/** The channel that `end` is an end of. The argument is called `name`. */
export function channelOf<T>(end: object, name: string): Channel<T> {
  check('waitToReceive' in Object(end), name, 'a Channel', end);
  return end as Channel<T>;
}
