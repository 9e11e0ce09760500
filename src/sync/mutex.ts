import type { WaitOptions } from '../channel/types.js';
import type { Permit } from './permit.js';
import { Semaphore, UNLIMITED } from './semaphore.js';

/**
 * Mutual exclusion between asynchronous functions: Go's `sync.Mutex`. Served in order, with direct
 * hand-over.
 *
 * ```ts
 * import { Mutex } from 'rxjs-sluice';
 *
 * const mutex = new Mutex();
 * let total = 0;
 * async function add(n: number) {
 *   const unlock = await mutex.lock(); // or: using lock = await mutex.lock()
 *   const before = total;
 *   await Promise.resolve();
 *   total = before + n;
 *   unlock();
 * }
 * await Promise.all([add(1), add(2), add(3)]);
 * console.log(total); // 6
 * ```
 */
export class Mutex {
  /** @internal */
  readonly semaphore = new Semaphore(1);

  get locked(): boolean {
    return this.semaphore.available === 0;
  }

  /** Locks it, waiting for that. Rejects with the signal's reason. */
  lock(options?: WaitOptions): Promise<Permit> {
    return this.semaphore.acquire(options);
  }

  /** Locks it if that needs no waiting; else `undefined`. */
  tryLock(): Permit | undefined {
    return this.semaphore.tryAcquire();
  }
}

/**
 * Any number of readers, or one writer: Go's `sync.RWMutex`. Served in order: a writer that waits is not
 * starved by readers that come after it.
 *
 * ```ts
 * import { RWMutex } from 'rxjs-sluice';
 *
 * const mutex = new RWMutex();
 * const readers = [await mutex.readLock(), await mutex.readLock()];
 * const writing = mutex.lock();
 * console.log(mutex.tryReadLock()); // undefined
 * for (const unlock of readers) unlock();
 * (await writing)();
 * ```
 */
export class RWMutex {
  /** A reader holds 1 of it, a writer the whole. */
  private readonly semaphore = new Semaphore(UNLIMITED);

  /** Locks it for writing, waiting until nobody reads or writes. Rejects with the signal's reason. */
  lock({ signal }: WaitOptions = {}): Promise<Permit> {
    return this.semaphore.acquire({ weight: UNLIMITED, signal });
  }

  /** Locks it for writing if that needs no waiting; else `undefined`. */
  tryLock(): Permit | undefined {
    return this.semaphore.tryAcquire(UNLIMITED);
  }

  /** Locks it for reading, waiting while somebody writes or waits to. Rejects with the signal's reason. */
  readLock({ signal }: WaitOptions = {}): Promise<Permit> {
    return this.semaphore.acquire({ signal });
  }

  /** Locks it for reading if that needs no waiting; else `undefined`. */
  tryReadLock(): Permit | undefined {
    return this.semaphore.tryAcquire();
  }
}
