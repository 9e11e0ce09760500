import {
  Observable,
  Subscriber,
  from,
  type MonoTypeOperatorFunction,
  type ObservableInput,
} from 'rxjs';
import { checkInput } from '../operators/stage/notifier.js';
import { check } from '../src/check.js';
import { DEMAND, type Demand } from '../src/line/demand.js';
import { RoomWaiters } from '../src/line/waiters.js';

/**
 * A consumer drawn in marbles: it takes one value each time `ticks` emits, and shows that as demand, so
 * that whatever can wait above it waits in between. A tick that finds no value is kept.
 *
 * ```
 * ticks   --x--x-----x-|
 *         pullFrom('abcd') | takeOn(ticks)
 * output  --a--b-----c-
 * ```
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { takeOn } from 'rxjs-sluice/marbles';
 * import { pullFrom } from 'rxjs-sluice/operators';
 *
 * pullFrom([1, 2, 3]).pipe(takeOn(of('x', 'x'))).subscribe((n) => console.log(n)); // 1 2
 * ```
 *
 * - **emits** each value as it comes; a source that waits sends one for each tick.
 * - **backpressures** when every tick so far has got its value.
 * - **drops** nothing.
 * - **completes** when the source does.
 * - **errors** when the source or `ticks` does.
 * - **holds at most** nothing.
 *
 * @param ticks - when it takes; what an emission carries does not matter.
 * @throws {TypeError} at the call, unless that is an ObservableInput.
 */
export function takeOn<T>(ticks: ObservableInput<unknown>): MonoTypeOperatorFunction<T> {
  check(ticks !== undefined, 'ticks', 'an ObservableInput', ticks);
  checkInput('ticks', ticks);
  return (source) =>
    new Observable((subscriber) => {
      const taker = new Taker<T>(subscriber);
      const listening = from(ticks).subscribe({
        next: () => taker.tick(),
        error: (error) => subscriber.error(error),
      });
      subscriber.add(listening);
      if (!subscriber.closed) source.subscribe(taker);
    });
}

class Taker<T> extends Subscriber<T> implements Demand {
  declare readonly [DEMAND]: Demand;
  readonly waiting = 0;
  arrived = 0;
  private asked = 0;
  private readonly waiters = new RoomWaiters(() => this.available);

  constructor(destination: Subscriber<T>) {
    super(destination);
    this[DEMAND] = this;
  }

  get capacity(): number {
    return this.asked;
  }
  get available(): number {
    return this.closed ? 0 : Math.max(0, this.asked - this.arrived);
  }

  onAvailable(resume: () => void): () => void {
    return this.waiters.ask(resume);
  }

  tick(): void {
    this.asked++;
    this.waiters.wake();
  }

  override next(value: T): void {
    this.arrived++;
    super.next(value);
  }
}
