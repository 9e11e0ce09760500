import type { WaitOptions } from '../channel/types.js';
import { check } from '../check.js';
import { WaitList, Waiter, leaveOnAbort, resolveAll } from '../line/waiters.js';

/**
 * Waits until a number of things are done: Go's `sync.WaitGroup`. It may be used again afterwards.
 *
 * ```ts
 * import { WaitGroup } from 'rxjs-sluice';
 *
 * const group = new WaitGroup();
 * for (const n of [1, 2, 3]) group.go(async () => console.log(n)); // 1 2 3
 * await group.wait();
 * ```
 */
export class WaitGroup {
  private counter = 0;
  private readonly waiters = new WaitList<never, void>();

  /** How many are not done. */
  get count(): number {
    return this.counter;
  }

  /**
   * Adds `delta`, which may be negative, to the counter.
   *
   * @throws {RangeError} if `delta` is not an integer or the counter would become negative; it stays.
   */
  add(delta = 1): void {
    check(Number.isInteger(delta), 'delta', 'an integer', delta, RangeError);
    check(this.counter + delta >= 0, 'delta', `at least ${-this.counter}`, delta, RangeError);
    this.counter += delta;
    if (this.counter === 0) resolveAll(this.waiters);
  }

  /** One is done. */
  done(): void {
    this.add(-1);
  }

  /** Runs `task` as one of the group. What it throws or rejects with comes back in the promise. */
  async go<T>(task: () => T | PromiseLike<T>): Promise<T> {
    this.add();
    try {
      return await task();
    } finally {
      this.done();
    }
  }

  /** Waits until the counter is 0. Rejects with the signal's reason. */
  wait({ signal }: WaitOptions = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason;
      if (this.counter === 0) {
        resolve();
        return;
      }
      const waiter = new Waiter<never, void>(resolve, reject);
      this.waiters.push(waiter);
      leaveOnAbort(waiter, signal);
    });
  }
}
