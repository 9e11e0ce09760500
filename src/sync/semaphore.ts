import type { WaitOptions } from '../channel/types.js';
import { check, checkInteger } from '../check.js';
import { WaitList, Waiter, firstOf, leaveOnAbort } from '../line/waiters.js';
import { permit, type Permit } from './permit.js';

/** How much to acquire, and how to end the wait early. */
export interface AcquireOptions extends WaitOptions {
  /** An integer ≥ 1. Default 1. */
  readonly weight?: number | undefined;
}

/**
 * The size of a semaphore without a limit, 2 ** 52: more than all who acquire 1 can ever hold together. Not
 * `Infinity`: what is free is counted, and up to 2 ** 53 that is exact.
 */
export const UNLIMITED = 0x10_0000_0000_0000;

/**
 * A weighted semaphore: up to `size` may be held at a time. Go's `golang.org/x/sync/semaphore`, or a
 * buffered channel used as one.
 *
 * Whoever waits is served in order, so that a large request is not starved by small ones; what is given
 * back is handed to the first who waits, and nobody can come between.
 *
 * ```ts
 * import { Semaphore } from 'rxjs-sluice';
 *
 * const connections = new Semaphore(2);
 * const release = await connections.acquire();
 * console.log(connections.available); // 1
 * release(); // or: using connection = await connections.acquire()
 * console.log(connections.available); // 2
 * ```
 */
export class Semaphore {
  private capacity: number;
  private free: number;
  private readonly waiters = new WaitList<number, Permit>();

  /**
   * @param size - an integer ≥ 0.
   * @throws {RangeError} for any other size.
   */
  constructor(size: number) {
    checkInteger('size', size, 0);
    this.capacity = this.free = size;
  }

  /** How much may be held at a time. */
  get size(): number {
    return this.capacity;
  }

  /** How much can be acquired now; 0 while somebody waits. */
  get available(): number {
    return this.waiters.size > 0 ? 0 : Math.max(0, this.free);
  }

  /** How many wait. */
  get waiting(): number {
    return this.waiters.size;
  }

  /**
   * Acquires `weight` if that needs no waiting; else `undefined`.
   *
   * @throws {RangeError} for a weight that is not an integer from 1 to `size`.
   */
  tryAcquire(weight = 1): Permit | undefined {
    this.checkWeight(weight);
    return this.waiters.size > 0 || weight > this.free ? undefined : this.take(weight);
  }

  /**
   * Acquires `weight`, waiting for it. Rejects as `tryAcquire` throws, or with the signal's reason: then
   * nothing is held, and the place in the queue is free at once.
   */
  acquire(options?: AcquireOptions): Promise<Permit> {
    // The way that most go, short enough for an engine to inline.
    return options === undefined && this.waiters.size === 0 && this.free >= 1
      ? Promise.resolve(this.take(1))
      : this.acquireAs(options);
  }

  /**
   * Changes how much may be held at a time. What is held stays so; where it is more than `size`, nobody
   * is served until enough is given back. Who waits for more than `size` is rejected with a `RangeError`.
   */
  resize(size: number): void {
    checkInteger('size', size, 0);
    this.free += size - this.capacity;
    this.capacity = size;
    for (const waiter of this.waiters.all()) {
      try {
        this.checkWeight(waiter.value as number);
      } catch (error) {
        this.waiters.remove(waiter);
        waiter.fail(error);
      }
    }
    this.serve();
  }

  /** @internal Gives `weight` back. */
  readonly give = (weight: number): void => {
    this.free += weight;
    if (this.waiters.size > 0) this.serve();
  };

  private take(weight: number): Permit {
    this.free -= weight;
    return permit(this.give, weight);
  }

  private acquireAs({ weight = 1, signal }: AcquireOptions = {}): Promise<Permit> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      const permit = this.tryAcquire(weight);
      if (permit !== undefined) return Promise.resolve(permit);
    } catch (error) {
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const waiter = new Waiter<number, Permit>(resolve, reject, undefined, weight);
      this.waiters.push(waiter);
      leaveOnAbort(waiter, signal, this.serve);
    });
  }

  private checkWeight(weight: number): void {
    if (Number.isInteger(weight) && weight >= 1 && weight <= this.capacity) return;
    check(false, 'weight', `an integer from 1 to ${this.capacity}`, weight, RangeError);
  }

  /** Serves the first who waits, for as long as there is enough for them. */
  private readonly serve = (): void => {
    for (;;) {
      const first = firstOf(this.waiters);
      const weight = first?.value ?? 0;
      if (first === undefined || weight > this.free) return;
      this.waiters.remove(first);
      first.resolve(this.take(weight));
    }
  };
}
