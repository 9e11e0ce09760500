import type { Observer, Subscriber } from 'rxjs';
import { DEMAND, type Demand } from '../../src/line/demand.js';

/** Under this key a subscriber hears of every link that is made above it. */
export const ON_LINK: unique symbol = Symbol.for('rxjs-sluice.on-link.v1') as never;

/** What the demand of a stage tells beside its level; that of somebody's own source or sink need not. */
interface Told {
  /** What it is called in a link report. */
  readonly linkName?: string;
  /** Where the chain goes on that ends at its subscriber, for those who listen below. */
  readonly linkBelow?: object;
}

/** What a stage or a source linked to when it was subscribed. */
export interface LinkReport {
  /** The stage or source that looked for demand: `workerPool(4)`, `pullFrom`. */
  readonly from: string;
  /** What it linked to, or `undefined` where nothing below can say wait. */
  readonly to: string | undefined;
  /**
   * How many subscribers of other operators lie between the two; where there is no link, how many there are to the
   * cut, or to the end of the chain, the consumer's own included.
   */
  readonly through: number;
  /**
   * Where there is no link, why: `'end'`: the chain reaches its consumer, which takes all it is given,
   * or an operator that multicasts or subscribes by hand; `'unlinked'`: `unlinked()` cuts it.
   */
  readonly because: 'linked' | 'end' | 'unlinked';
  /** What will not work as one might expect, below what it linked to. */
  readonly remark: string | undefined;
}

/** Hears what a stage or a source linked to. */
export type OnLink = (report: LinkReport) => void;

/** What is to be said of the demand that was found. */
export type Remark = (demand: Demand) => string | undefined;

interface Carrier {
  readonly [DEMAND]?: (Demand & Told) | undefined;
  readonly [ON_LINK]?: OnLink;
  readonly destination?: Carrier | null;
}

/** Those who now hear of every link, also of one that is made above a cut, where no chain leads to them. */
export const overhearing = new Set<{ readonly [ON_LINK]: OnLink }>();

/** The chain of subscribers has no public name; it is read here and nowhere else, and may end anywhere. */
const below = (subscriber: Carrier): Carrier | null | undefined =>
  subscriber[DEMAND]?.linkBelow ?? subscriber.destination;

/**
 * The nearest demand at or below `subscriber`, or `undefined` where nothing below can say wait: then
 * behave as in plain RxJS. For sources of one's own: read `available` before each value, and wait
 * with `onAvailable` while it is 0.
 *
 * ```ts
 * import { Observable, Subscription } from 'rxjs';
 * import { bufferedChannel, demandOf } from 'rxjs-sluice/operators';
 *
 * const naturals = new Observable<number>((subscriber) => {
 *   const demand = demandOf(subscriber);
 *   let n = 0;
 *   const produce = (): void => {
 *     while (!subscriber.closed) {
 *       if (demand?.available === 0) {
 *         const wait = new Subscription(); // it ends when the subscriber leaves, or is resumed
 *         subscriber.add(wait);
 *         wait.add(
 *           demand.onAvailable(() => {
 *             wait.unsubscribe();
 *             produce();
 *           }),
 *         );
 *         return;
 *       }
 *       subscriber.next(n++);
 *     }
 *   };
 *   produce();
 * });
 * ```
 */
export function demandOf(subscriber: Observer<never>): Demand | undefined {
  for (let at: Carrier | null | undefined = subscriber as Carrier; at; at = below(at)) {
    if (DEMAND in at) return at[DEMAND];
  }
  return undefined;
}

/** As {@link demandOf}, and tells everyone who listens what was found. */
export function link(
  subscriber: Subscriber<unknown>,
  from: string,
  onLink: OnLink | undefined,
  remark?: Remark,
): Demand | undefined {
  let found: Carrier | undefined;
  let through = 0;
  const listeners = new Set([onLink]);
  for (let at = subscriber as unknown as Carrier | null | undefined; at; at = below(at)) {
    if (!found && DEMAND in at) found = at;
    if (!found) through++;
    listeners.add(at[ON_LINK]);
  }
  const others = [...overhearing];
  for (const each of others) listeners.add(each[ON_LINK]);
  const demand = found?.[DEMAND];
  overhearing.clear(); // what a listener subscribes is no part of the pipe
  try {
    for (const listener of listeners) {
      listener?.({
        from,
        to: demand && (demand.linkName ?? 'demand'),
        through,
        because: demand ? 'linked' : found ? 'unlinked' : 'end',
        remark: demand && remark?.(demand),
      });
    }
  } finally {
    for (const each of others) overhearing.add(each);
  }
  return demand;
}
