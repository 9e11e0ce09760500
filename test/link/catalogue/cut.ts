import * as rx from 'rxjs';
import { OTHER, type Token } from '../experiment.js';
import { notifier, source, type Entry, type Remarks } from './entry.js';

const other = rx.of(OTHER);
const old: Remarks = { missing: ['rxjs-8'] };
const paced = 'the same, below `bufferedChannel(n, { pace })`';
/** Nothing here replays, or is pushed into, and waits. */
const shared: Remarks = { instead: paced };
const sharedOld: Remarks = { ...shared, ...old };
/** Begins with its first output. */
const live: Remarks = { instead: `\`broadcast({ capacity })\`, or ${paced}` };
/** Begins when all its outputs are there. */
const begun: Remarks = { instead: `\`broadcast({ capacity, minSubscribers })\`, or ${paced}` };

/** Connects as soon as it is subscribed, as `refCount` would. */
const connected = <T>(shared: rx.Connectable<T>): rx.Observable<T> =>
  new rx.Observable((subscriber) => {
    subscriber.add(shared.subscribe(subscriber));
    subscriber.add(shared.connect());
  });

/** No demand is seen; the pipe is as it is in plain RxJS. */
export const cut: readonly Entry[] = [
  source('share', (probe) => probe.pipe(rx.share()), live),
  source('shareReplay', (probe) => probe.pipe(rx.shareReplay(1)), shared),
  source('connect', (probe) => probe.pipe(rx.connect((values) => values)), begun),
  source('connectable', (probe) => connected(rx.connectable(probe)), begun),
  source('publish', (probe) => probe.pipe(rx.publish((values) => values)), { ...begun, ...old }),
  source('publishBehavior', (probe) => connected(rx.publishBehavior(OTHER)(probe)), sharedOld),
  source('publishLast', (probe) => connected(rx.publishLast<Token>()(probe)), sharedOld),
  source('publishReplay', (probe) => probe.pipe(rx.publishReplay(1), rx.refCount()), sharedOld),
  source(
    'multicast',
    (probe) =>
      probe.pipe(
        rx.multicast(
          () => new rx.Subject(),
          (values) => values,
        ),
      ),
    { ...begun, ...old },
  ),
  source('refCount', (probe) => probe.pipe(rx.publish(), rx.refCount()), { ...live, ...old }),
  source(
    'Subject',
    (probe) => {
      const subject = new rx.Subject();
      return rx.merge(subject, new rx.Observable<never>(() => probe.subscribe(subject)));
    },
    shared,
  ),
  source(
    'Observable',
    (probe) =>
      new rx.Observable((subscriber) =>
        probe.subscribe({ next: (value) => subscriber.next(value) }),
      ),
    {
      use: 'by hand, with an observer of its own',
      instead: 'a stock operator, or hand the subscriber itself on',
    },
  ),
  notifier('groupBy', (probe) =>
    rx.concat(other, rx.NEVER).pipe(
      rx.groupBy(() => 1, { duration: () => probe }),
      rx.mergeAll(),
    ),
  ),
  notifier('share', (probe) => other.pipe(rx.share({ resetOnComplete: () => probe })), {
    use: 'reset',
  }),
];
