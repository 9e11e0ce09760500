import type { MonoTypeOperatorFunction } from 'rxjs';
import { checkFunction } from '../src/check.js';
import { insertAt, valueAt } from '../src/line/ring.js';
import { Buffering } from './stage/buffering.js';
import { operate } from './stage/operate.js';
import { checkStageOptions, type StageOptions } from './stage/options.js';
import type { Outlet } from './stage/outlet.js';

/** The options of {@link conflate}: nothing can overflow. */
export type ConflateOptions<T> = Omit<StageOptions<T>, 'overflow' | 'maxParked'>;

/**
 * While the consumer cannot take, combines what comes into one value: nothing queues, and the source is
 * never held up. For what only the newest, the sum or the greatest of matters.
 *
 * A source that can wait does so all the same, once a value is held; what comes although one is held
 * is combined with it. To combine into something else than a value, make one of each first:
 * `map((value) => [value]), conflate((all, [value]) => [...all, value])`.
 *
 * ```
 * source  abc---de-f--|
 * takes   ----x---x----x
 *         conflate((held, value) => held + value)
 * held    123-0-1201---0
 * output  ----u---v----(w|)   u = abc, v = de, w = f
 * ```
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { conflate, toAsyncIterable } from 'rxjs-sluice/operators';
 *
 * const sums = of(1, 2, 3, 4).pipe(conflate((sum, n) => sum + n));
 * for await (const sum of toAsyncIterable(sums, { capacity: 0 })) console.log(sum); // 1 9
 * ```
 *
 * - **emits** a value at once when the demand below has room; else, when it has, what came since, as one.
 * - **backpressures** a source that can wait, while a value is held.
 * - **drops** nothing but what is held when it is unsubscribed or fails. A value that was combined counts
 *   as held, delivered and dropped with what it went into.
 * - **completes** when the source has completed and nothing is held.
 * - **errors** when the source does, after what is held (`errors: 'drain'`) or at once; at once when a
 *   callback fails.
 * - **holds at most** one value.
 *
 * @param reduce - combines what is held with the value that has come.
 * @throws {TypeError} at the call, if `reduce` is not a function, or for options that are not as stated.
 */
export function conflate<T>(
  reduce: (held: T, value: T) => T,
  options: ConflateOptions<T> = {},
): MonoTypeOperatorFunction<T> {
  checkFunction('reduce', reduce);
  checkStageOptions(options);
  return operate('conflate', options, (out) => new Conflating<T>(reduce, options, out));
}

/**
 * The plain rule with one place, in which everything that comes is combined.
 *
 * Invariants:
 * - more than one value stands in line only while `reduce` runs;
 * - `inWork` counts the values that went into the one in line, itself left out.
 */
class Conflating<T> extends Buffering<T> {
  private reducing = false;

  constructor(
    private readonly reduce: (held: T, value: T) => T,
    { errors, meter, onDrop }: ConflateOptions<T>,
    out: Outlet<T>,
  ) {
    super(1, { errors, meter, onDrop, maxParked: Infinity }, out);
  }

  protected override store(value: T): void {
    super.store(value);
    if (this.reducing) return;
    const { busy } = this;
    this.busy = this.reducing = true; // what stands in line stays there
    while (this.line.length > 1) this.call(() => this.reduceTwo());
    this.busy = busy;
    this.reducing = false;
  }

  protected override send(value: T): void {
    this.delivered += this.inWork;
    this.inWork = 0;
    super.send(value);
  }

  protected override halt(): void {
    this.line.dropped += this.inWork;
    this.inWork = 0;
  }

  private reduceTwo(): void {
    const { line, reduce } = this;
    const reduced = reduce(valueAt(line, 0), valueAt(line, 1));
    if (this.state === 'over') return;
    line.shift();
    line.shift();
    insertAt(line, 0, reduced);
    this.inWork++;
  }
}
