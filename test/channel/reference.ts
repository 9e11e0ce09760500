import {
  ChannelClosedError,
  ChannelOverflowError,
  type DropReason,
  type LineOptions,
  type ReceiveChannel,
  type SendChannel,
  type WaitOptions,
} from 'rxjs-sluice';

/** What the model compares: both ends of a channel. `for await` is `receive` again and again. */
export type Subject = Omit<
  SendChannel<number> & ReceiveChannel<number>,
  typeof Symbol.asyncIterator
>;

/** Makes a channel for a trial. */
export type Make = (capacity: number, options: LineOptions<number>) => Subject;

export type Result = IteratorResult<number, undefined>;

/** Somebody who waits; one that waits with a `value` is a send, one that waits for room a producer. */
interface Waiting<R> {
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
  readonly value?: number;
  unlisten?: () => void;
}

const DONE: Result = { done: true, value: undefined };
const nothing = () => {};

/**
 * A channel as the design tells it: arrays, no haste, each rule in one place. What waits for room,
 * sends and producers alike, stands in one queue.
 */
export class Reference implements Subject {
  closed = false;
  arrived = 0;
  protected readonly held: number[] = [];
  protected readonly receivers: Waiting<Result>[] = [];
  protected readonly forRoom: Waiting<void>[] = [];
  private failure: { readonly error: unknown } | undefined;
  private admitting = false;
  /** Receivers that stand in line for just one call. The end of the channel is told to no one of them. */
  private readonly standing = new Set<Waiting<Result>>();

  constructor(
    readonly capacity: number,
    protected readonly options: LineOptions<number> = {},
  ) {}

  get length(): number {
    return this.held.length;
  }

  get waiting(): number {
    return this.held.length + this.forRoom.filter(({ value }) => value !== undefined).length;
  }

  get available(): number {
    return this.closed ? 0 : this.room;
  }

  trySend(value: number): boolean {
    if (this.closed) throw new ChannelClosedError(value);
    if ((this.options.overflow ?? 'block') === 'block' && this.available === 0) return false;
    this.arrive(value);
    return true;
  }

  send(value: number, { signal }: WaitOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      else if (this.trySend(value)) resolve();
      else this.wait(this.forRoom, { resolve, reject, value }, signal);
    });
  }

  onAvailable(resume: () => void): () => void {
    if (this.closed) return nothing;
    const producer = { resolve: resume, reject: nothing };
    this.wait(this.forRoom, producer);
    this.admit();
    return () => void this.leave(this.forRoom, producer);
  }

  tryReceive(): Result | undefined {
    if (this.held.length > 0) {
      const value = this.held.shift()!;
      this.admit();
      return { done: false, value };
    }
    const [next] = this.forRoom;
    if (next?.value !== undefined) {
      this.leave(this.forRoom, next);
      this.arrived++;
      next.resolve();
      return { done: false, value: next.value };
    }
    const result = this.meet();
    if (result !== undefined || !this.closed) return result;
    if (this.failure !== undefined) throw this.failure.error;
    return DONE;
  }

  receive({ signal }: WaitOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      else this.take(resolve, reject, signal);
    });
  }

  receiveWith(received: (result: Result) => void, failed: (error: unknown) => void): () => void {
    return this.take(received, failed);
  }

  close(error?: unknown): void {
    if (this.closed) return;
    this.closed = true;
    if (error !== undefined) this.failure = { error };
    const producers = this.forRoom.filter(({ value }) => value === undefined);
    for (const producer of producers) this.leave(this.forRoom, producer);
    for (const receiver of this.receivers.filter((one) => !this.standing.has(one))) {
      this.leave(this.receivers, receiver);
      if (error === undefined) receiver.resolve(DONE);
      else receiver.reject(error);
    }
    for (const { resolve } of producers) resolve();
  }

  cancel(reason?: unknown): void {
    this.close(reason);
    for (let send; (send = this.first(this.forRoom));) {
      send.reject(new ChannelClosedError(send.value));
    }
    while (this.held.length > 0) this.drop(this.held.shift()!, 'cancelled');
  }

  /** Free places, and receivers to whom a value can be handed straight on. */
  protected get room(): number {
    return this.capacity - this.held.length + this.receivers.length;
  }

  /** A value comes in, whether there is a place for it or not. */
  protected arrive(value: number): void {
    this.arrived++;
    const receiver = this.first(this.receivers);
    if (receiver !== undefined) receiver.resolve({ done: false, value });
    else if (this.held.length < this.capacity) this.held.push(value);
    else this.overflow(value);
  }

  protected overflow(value: number): void {
    const { length, capacity } = this;
    if (this.options.overflow === 'drop-oldest') {
      this.held.push(value);
      this.drop(this.held.shift()!, 'overflow');
      return;
    }
    this.drop(value, 'overflow');
    if (this.options.overflow === 'error') throw new ChannelOverflowError(length, capacity, value);
  }

  /** First come, first served, for as long as there is room; whoever comes meanwhile stands behind. */
  protected admit(): void {
    if (this.admitting) return;
    this.admitting = true;
    while (this.forRoom.length > 0 && this.room > 0) {
      const { value, resolve } = this.first(this.forRoom)!;
      if (value !== undefined) this.arrive(value);
      resolve();
    }
    this.admitting = false;
  }

  protected drop(value: number, reason: DropReason): void {
    this.options.onDrop?.(value, reason);
  }

  /** Producers that wait for room meet a receiver that stands here for just this call. */
  private meet(): Result | undefined {
    let result: Result | undefined;
    const receiver: Waiting<Result> = { resolve: (given) => (result = given), reject: nothing };
    this.receivers.push(receiver);
    this.standing.add(receiver);
    this.admit();
    this.standing.delete(receiver);
    this.leave(this.receivers, receiver);
    return result;
  }

  private take(
    resolve: (result: Result) => void,
    reject: (error: unknown) => void,
    signal?: AbortSignal,
  ): () => void {
    let result;
    try {
      result = this.tryReceive();
    } catch (error) {
      reject(error);
      return nothing;
    }
    if (result !== undefined) {
      resolve(result);
      return nothing;
    }
    const receiver = { resolve, reject };
    this.wait(this.receivers, receiver, signal);
    return () => void this.leave(this.receivers, receiver);
  }

  private wait<R>(queue: Waiting<R>[], one: Waiting<R>, signal?: AbortSignal): void {
    queue.push(one);
    if (signal === undefined) return;
    const quit = () => {
      if (this.leave(queue, one)) one.reject(signal.reason);
    };
    signal.addEventListener('abort', quit);
    one.unlisten = () => signal.removeEventListener('abort', quit);
  }

  private first<R>(queue: Waiting<R>[]): Waiting<R> | undefined {
    const [one] = queue;
    if (one !== undefined) this.leave(queue, one);
    return one;
  }

  private leave<R>(queue: Waiting<R>[], one: Waiting<R>): boolean {
    const index = queue.indexOf(one);
    if (index < 0) return false;
    queue.splice(index, 1);
    one.unlisten?.();
    return true;
  }
}
