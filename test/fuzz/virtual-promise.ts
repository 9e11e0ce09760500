import type { VirtualTime } from './virtual-time.js';

type Settled<T> =
  | { readonly kind: 'fulfilled'; readonly value: T }
  | { readonly kind: 'rejected'; readonly error: unknown };

type Heard<T> = ((value: T) => unknown) | null | undefined;

/**
 * A `Promise` for a run in virtual time: what the host does when its stack is empty is done when `time` is told
 * that nothing is under way. So a pipe that passes through promises runs like any other, and no frame ends
 * before what was settled in it has been heard.
 */
export function virtualPromise(
  time: VirtualTime,
  /** One was made. */
  made: () => void,
  /** One was rejected, and nobody hears of it. */
  unheard: (error: unknown) => void,
) {
  return class VirtualPromise<T> implements PromiseLike<T> {
    private settled: Settled<T> | undefined;
    private readonly listeners: (() => void)[] = [];
    private isHeard = false;

    static resolve(value?: unknown): unknown {
      return value instanceof VirtualPromise ? value : new VirtualPromise((told) => told(value));
    }

    static reject(error: unknown): unknown {
      return new VirtualPromise((_, failed) => failed(error));
    }

    constructor(begin: (told: (value: unknown) => void, failed: (error: unknown) => void) => void) {
      made();
      let done = false;
      const failed = (error: unknown): void => {
        if (!done) this.settle({ kind: 'rejected', error });
        done = true;
      };
      const told = (value: unknown): void => {
        if (done) return;
        if (typeof (value as Partial<PromiseLike<T>> | null | undefined)?.then === 'function') {
          done = true;
          time.soon(() => {
            (value as PromiseLike<T>).then(
              (late) => this.settle({ kind: 'fulfilled', value: late }),
              (error: unknown) => this.settle({ kind: 'rejected', error }),
            );
          });
        } else {
          this.settle({ kind: 'fulfilled', value: value as T });
          done = true;
        }
      };
      try {
        begin(told, failed);
      } catch (error) {
        failed(error);
      }
    }

    then<R, E>(fulfilled?: Heard<T>, rejected?: Heard<unknown>): PromiseLike<R | E> {
      this.isHeard = true;
      return new VirtualPromise((told, failed) => {
        const hear = (): void => {
          const { settled } = this;
          if (settled === undefined) return;
          try {
            if (settled.kind === 'fulfilled') {
              told(fulfilled ? fulfilled(settled.value) : settled.value);
            } else if (rejected) told(rejected(settled.error));
            else failed(settled.error);
          } catch (error) {
            failed(error);
          }
        };
        if (this.settled === undefined) this.listeners.push(hear);
        else time.soon(hear);
      });
    }

    catch(rejected: Heard<unknown>): unknown {
      return this.then(undefined, rejected);
    }

    private settle(settled: Settled<T>): void {
      this.settled = settled;
      for (const listener of this.listeners) time.soon(listener);
      if (settled.kind === 'fulfilled') return;
      time.soon(() => {
        if (!this.isHeard) unheard(settled.error);
      });
    }
  };
}
