import { Observable, Subscriber, type MonoTypeOperatorFunction } from 'rxjs';
import { DEMAND } from '../src/line/demand.js';

/**
 * Cuts the link: what stands above sees no demand below, and runs as in plain RxJS.
 *
 * ```
 * pulled  (abc|)
 * takes   ------x-x-x
 *         unlinked(), bufferedChannel(1)
 * held    3-----2-1-0      although there is but one place
 * output  ------a-b-(c|)
 * ```
 *
 * ```ts
 * import { bufferedChannel, pullFrom, unlinked } from 'rxjs-sluice/operators';
 *
 * pullFrom([1, 2, 3]) // reads all three at once
 *   .pipe(unlinked(), bufferedChannel(1, { overflow: 'drop-oldest' }))
 *   .subscribe();
 * ```
 *
 * - **emits** each value as it comes.
 * - **backpressures** never.
 * - **drops** nothing.
 * - **completes** when the source does.
 * - **errors** when the source does.
 * - **holds at most** nothing.
 */
export function unlinked<T>(): MonoTypeOperatorFunction<T> {
  return (source) => new Observable((subscriber) => source.subscribe(new Cut(subscriber)));
}

class Cut<T> extends Subscriber<T> {
  /** Found like a demand, so that the search ends here; and it is none. */
  declare readonly [DEMAND]: undefined;

  constructor(destination: Subscriber<T>) {
    super(destination);
    this[DEMAND] = undefined;
  }
}
