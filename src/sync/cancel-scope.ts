import type { WaitOptions } from '../channel/types.js';
import { check, checkMilliseconds, checkSignal } from '../check.js';
import { Alarm, systemClock, type Clock } from '../clock.js';
import { DISPOSE } from './dispose.js';

/** When a {@link CancelScope} ends by itself. */
export interface CancelScopeOptions extends WaitOptions {
  /** The signal of what surrounds the scope: when it aborts, the scope ends with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The scope ends so many milliseconds after it began. Default `Infinity`. */
  readonly timeout?: number | undefined;
  /** The scope ends at this instant of the clock; of the host's: milliseconds since 1970. Default `Infinity`. */
  readonly deadline?: number | undefined;
  /** Where time comes from. Default: the host. */
  readonly clock?: Clock | undefined;
}

/**
 * Part of a program that can be called off: Go's `context.WithCancel`, `WithTimeout` and `WithDeadline`.
 * It has a signal, and so can itself be the options of every wait: `channel.receive(scope)`.
 *
 * It ends once: by `cancel`, at the end of a `using` block, when its time is up, or with what surrounds
 * it. Then its signal aborts, and neither a timer nor a listener is left behind. One that nobody ends keeps
 * its timer, and its place with what surrounds it: use `using`.
 *
 * Its signal's reason is what `cancel` was given, or else an `AbortError`; a `TimeoutError` when time was
 * up; the reason of the surrounding signal when that was aborted.
 *
 * `AbortSignal.any([signal, AbortSignal.timeout(ms)])` does nearly the same. But it cannot be ended early;
 * memory of it stays with a long-lived `signal`, and under Node 20 it may be collected before its time is
 * up, so that who waits for it waits for ever.
 *
 * Invariant: while the signal is not aborted, and only then, the alarm is set (if there is a deadline) and
 * the surrounding signal is listened to (if there is one).
 *
 * ```ts
 * import { CancelScope, Channel } from 'rxjs-sluice';
 *
 * const answers = new Channel<string>();
 * async function ask(signal?: AbortSignal) {
 *   using scope = new CancelScope({ signal, timeout: 50 }); // ctx, cancel := context.WithTimeout(ctx, …)
 *   return await answers.receive(scope); //                    defer cancel()
 * }
 * await ask().catch((error: Error) => console.log(error.name)); // TimeoutError
 * ```
 */
export class CancelScope implements WaitOptions, Disposable {
  /** Aborts when the scope ends. */
  readonly signal: AbortSignal;
  declare readonly [Symbol.dispose]: () => void;
  private readonly controller = new AbortController();
  private around: AbortSignal | undefined;
  private readonly alarm: Alarm;

  /**
   * @throws {RangeError} for a timeout that is not a number of milliseconds ≥ 0, or a deadline that is not
   *   a number.
   * @throws {TypeError} if `signal` is not an AbortSignal.
   */
  constructor({
    signal,
    timeout = Infinity,
    deadline = Infinity,
    clock = systemClock,
  }: CancelScopeOptions = {}) {
    checkSignal('signal', signal);
    checkMilliseconds('timeout', timeout);
    const isTime = typeof deadline === 'number' && !Number.isNaN(deadline);
    check(isTime, 'deadline', 'an instant in milliseconds', deadline, RangeError);
    this[DISPOSE] = () => this.cancel(); // not as a field: bundlers cannot drop a class with a computed one
    this.signal = this.controller.signal;
    this.alarm = new Alarm(clock, this.timeIsUp);
    if (signal?.aborted) {
      this.controller.abort(signal.reason);
      return;
    }
    const left = Math.min(timeout, deadline === Infinity ? Infinity : deadline - clock.now());
    if (left <= 0) {
      this.timeIsUp();
      return;
    }
    this.alarm.set(left); // first: where the clock fails, nothing is left behind
    if (this.signal.aborted) return; // a clock that rings at once
    this.around = signal;
    signal?.addEventListener('abort', this.aroundAborted);
    if (signal?.aborted) this.aroundAborted(); // by the clock
  }

  /** Ends the scope, if it has not ended: its signal aborts with `reason`, or else with an `AbortError`. */
  readonly cancel = (reason?: unknown): void => {
    this.alarm.stop();
    this.around?.removeEventListener('abort', this.aroundAborted);
    this.around = undefined;
    this.controller.abort(reason);
  };

  private readonly aroundAborted = (): void => this.cancel(this.around?.reason);

  private readonly timeIsUp = (): void =>
    this.cancel(new DOMException('The time of the scope is up', 'TimeoutError'));
}
