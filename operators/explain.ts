import { Observable, Subscriber, type Subscription } from 'rxjs';
import { checkFunction } from '../src/check.js';
import { describeLink } from './link/describe-link.js';
import { ON_LINK, overhearing, type OnLink } from './link/find-demand.js';
import { checkSource } from './stage/options.js';

// eslint-disable-next-line no-console -- printing is what it is for
const print: OnLink = (report) => console.info(describeLink(report));

/**
 * The same Observable, which tells at each subscription what every stage and source in it linked to,
 * and where there is no link, why; those inside `mergeMap` and the like when they are subscribed.
 *
 * Above an operator that multicasts or subscribes by hand it hears of what subscribes at once, and so of
 * whatever callbacks in the pipe subscribe meanwhile. What subscribes there later tells its own `onLink` alone.
 *
 * ```ts
 * import { explain, pullFrom, workerPool } from 'rxjs-sluice/operators';
 *
 * const pipe = pullFrom([1, 2, 3]).pipe(workerPool(2, async (n) => n * 2));
 * explain(pipe, ({ from, to }) => console.log(from, '→', to)) // workerPool(2) → undefined pullFrom → workerPool(2)
 *   .subscribe();
 * ```
 *
 * @param source - the pipe to look into.
 * @param onLink - hears of each link. Default: prints it with `console.info`.
 * @throws {TypeError} at the call, for arguments that are not as stated.
 */
export function explain<T>(source: Observable<T>, onLink: OnLink = print): Observable<T> {
  checkSource(source);
  checkFunction('onLink', onLink);
  return new Observable((subscriber) => new Explaining(subscriber, onLink).explain(source));
}

class Explaining<T> extends Subscriber<T> {
  declare readonly [ON_LINK]: OnLink;

  constructor(destination: Subscriber<T>, onLink: OnLink) {
    super(destination);
    this[ON_LINK] = onLink;
  }

  explain(source: Observable<T>): Subscription {
    overhearing.add(this);
    try {
      return source.subscribe(this);
    } finally {
      overhearing.delete(this);
    }
  }

  override next(value: T): void {
    this.passOn(() => super.next(value));
  }

  override error(error: unknown): void {
    this.passOn(() => super.error(error));
  }

  override complete(): void {
    this.passOn(() => super.complete());
  }

  /** What those below subscribe, as they are given something, is not part of the source. */
  private passOn(give: () => void): void {
    const wasOverhearing = overhearing.delete(this);
    try {
      give();
    } finally {
      if (wasOverhearing) overhearing.add(this);
    }
  }
}
