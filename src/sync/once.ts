import type { WaitOptions } from '../channel/types.js';
import { WaitList, Waiter, leaveOnAbort, takeFirst } from '../line/waiters.js';

/**
 * Runs a function once, however often it is asked for: Go's `sync.Once` and `sync.OnceValue`.
 *
 * ```ts
 * import { Once } from 'rxjs-sluice';
 *
 * const config = new Once<{ port: number }>();
 * const load = async () => ({ port: 8080 });
 * const [first, second] = await Promise.all([config.do(load), config.do(load)]);
 * console.log(first === second, first.port); // true 8080
 * ```
 */
export class Once<T> {
  private result: Promise<T> | undefined;
  /** Callers with a signal; there while the result is listened to for them, which is once for all. */
  private waiters: WaitList<never, T> | undefined;

  /** Whether the function was run. */
  get called(): boolean {
    return this.result !== undefined;
  }

  /**
   * The first caller's `run` runs; every caller gets its result, or its error. Who asks from inside `run` gets
   * the promise of it: a `run` that waits for that waits for ever.
   *
   * Rejects with the signal's reason: then this wait is over, and not the run, whose end is there for the others and
   * for whoever asks next. Where the signal had aborted before, nothing is run.
   */
  do(run: () => T | PromiseLike<T>, { signal }: WaitOptions = {}): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const result = this.result ?? this.begin(run);
    return signal === undefined ? result : this.wait(result, signal);
  }

  private begin(run: () => T | PromiseLike<T>): Promise<T> {
    let begin!: () => void;
    const result = (this.result = new Promise((resolve, reject) => {
      begin = () => {
        try {
          resolve(run());
        } catch (error) {
          reject(error);
        }
      };
    }));
    begin(); // only now: `run` may ask again
    return result;
  }

  /** A promise keeps whoever listens to it, and a `run` that hangs would keep all who gave up. */
  private wait(result: Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const waiter = new Waiter<never, T>(resolve, reject);
      this.waiters ??= this.listen(result);
      this.waiters.push(waiter);
      leaveOnAbort(waiter, signal);
    });
  }

  private listen(result: Promise<T>): WaitList<never, T> {
    const waiters = new WaitList<never, T>();
    const end = (tell: (waiter: Waiter<never, T>) => void): void => {
      this.waiters = undefined;
      for (let waiter; (waiter = takeFirst(waiters));) tell(waiter);
    };
    result.then(
      (value) => end((waiter) => waiter.resolve(value)),
      (error: unknown) => end((waiter) => waiter.reject(error)),
    );
    return waiters;
  }
}
