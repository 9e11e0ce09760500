import type { Demand } from '../line/demand.js';

/** How to end a wait early. */
export interface WaitOptions {
  /** Ends the wait: the promise rejects with `signal.reason`, and nothing was sent or taken. */
  readonly signal?: AbortSignal | undefined;
}

/** What both ends of a channel can see. */
export interface ChannelEnd {
  /** How many values it may hold. 0 is a rendezvous: a value passes from hand to hand. */
  readonly capacity: number;
  /** How many values it holds. */
  readonly length: number;
  /** Whether it takes no more values. What it holds can still be received. */
  readonly closed: boolean;
}

/** The end that sends: Go's `chan<- T`. It is a {@link Demand}: `available` tells the room. */
export interface SendChannel<in T> extends ChannelEnd, Demand {
  readonly capacity: number;
  /**
   * Sends `value` if that needs no waiting. True: the channel has dealt with it (under a drop policy
   * that may mean dropped, and `onDrop` heard of it).
   *
   * @throws {ChannelClosedError} if the channel is closed.
   * @throws {ChannelOverflowError} under `overflow: 'error'`, if it is full.
   * @throws what `onDrop`, or a callback of `receiveWith` that it is given to, throws: it has been dealt with all
   *   the same.
   */
  trySend(value: T): boolean;
  /** Sends `value`, waiting for room. Rejects as `trySend` throws, or with the signal's reason. */
  send(value: T, options?: WaitOptions): Promise<void>;
  /**
   * Ends it: no more sends. What is held, waiting sends included, can still be received; then
   * receivers see `done`, or `error` if one is given. Idempotent: the first call counts.
   */
  close(error?: unknown): void;
}

/** The end that receives: Go's `<-chan T`. `for await` over it ends when it is closed and drained. */
export interface ReceiveChannel<out T> extends ChannelEnd, AsyncIterable<T> {
  /**
   * Takes the oldest value if that needs no waiting. `undefined`: nothing now. `done`: closed and
   * drained.
   *
   * @throws what the channel was closed with, once it is drained.
   */
  tryReceive(): IteratorResult<T, undefined> | undefined;
  /** Takes the oldest value, waiting for one. Rejects as `tryReceive` throws, or with the signal's reason. */
  receive(options?: WaitOptions): Promise<IteratorResult<T, undefined>>;
  /**
   * `receive` without a promise: calls back exactly once, at once where that needs no waiting.
   * Returns a function that gives up the wait; then neither is called.
   */
  receiveWith(
    received: (result: IteratorResult<T, undefined>) => void,
    failed: (error: unknown) => void,
  ): () => void;
  /** Closes it and hands what it holds to `onDrop`; waiting sends reject with their value. Throws what `onDrop` throws. */
  cancel(reason?: unknown): void;
}
