import type { WaitOptions } from '../channel/types.js';
import { check } from '../check.js';
import { WaitList, Waiter, leaveOnAbort, resolveAll, takeFirst } from '../line/waiters.js';
import { Mutex } from './mutex.js';

/**
 * Lets holders of a mutex wait for each other: Go's `sync.Cond`.
 *
 * ```ts
 * import { Cond, Mutex } from 'rxjs-sluice';
 *
 * const mutex = new Mutex();
 * const filled = new Cond(mutex);
 * const queue: string[] = [];
 * const taker = (async () => {
 *   const unlock = await mutex.lock();
 *   while (queue.length === 0) await filled.wait();
 *   console.log(queue.shift()); // letter
 *   unlock();
 * })();
 * const unlock = await mutex.lock();
 * queue.push('letter');
 * filled.signal();
 * unlock();
 * await taker;
 * ```
 */
export class Cond {
  private readonly waiters = new WaitList<never, void>();

  /** @throws {TypeError} if `mutex` is not a Mutex. */
  constructor(private readonly mutex: Mutex) {
    check(mutex instanceof Mutex, 'mutex', 'a Mutex', mutex);
  }

  /**
   * Unlocks the mutex, which the caller must hold, waits to be woken, and locks it again. When the
   * signal aborts the mutex is locked first, and then the wait rejects with its reason; so the caller
   * holds the mutex in any case. Check the condition in a loop.
   *
   * Until it settles, the mutex is not the caller's to unlock. End the wait by a signal, then, and not by a
   * `Promise.race`: who unlocks after that lets somebody in beside whoever holds it.
   *
   * @throws {Error} (rejects) if nobody holds the mutex.
   */
  async wait({ signal }: WaitOptions = {}): Promise<void> {
    const { semaphore } = this.mutex;
    if (!this.mutex.locked) throw new Error('Expected the mutex to be locked by the one who waits');
    if (signal?.aborted) throw signal.reason;
    const woken = new Promise<void>((resolve, reject) => {
      const waiter = new Waiter<never, void>(resolve, reject);
      this.waiters.push(waiter);
      leaveOnAbort(waiter, signal);
    });
    semaphore.give(1);
    try {
      await woken;
    } finally {
      // Not by a permit: the one that the caller has stays good.
      await semaphore.acquire();
    }
  }

  /** Wakes the one that has waited longest, if any. */
  signal(): void {
    takeFirst(this.waiters)?.resolve();
  }

  /** Wakes all that wait. */
  broadcast(): void {
    resolveAll(this.waiters);
  }
}
