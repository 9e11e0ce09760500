import { NEVER, Observable, Subject, merge, takeUntil } from 'rxjs';
import {
  adaptiveThrottle,
  broadcast,
  bufferedChannel,
  demandOf,
  fanOut,
  leakyBucket,
  pullFrom,
  type Demand,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';

/*
 * Whoever waits for a rendezvous has that wait below, and no longer than it waits itself: what is below (here, a
 * rendezvous with a pace) keeps nothing going for nobody.
 */

type Passed = Observable<number>;

const kinds: Readonly<Record<string, () => (source: Passed) => Passed>> = {
  bufferedChannel: () => bufferedChannel(0),
  'two of them': () => (source) => source.pipe(bufferedChannel(0), bufferedChannel(0)),
  leakyBucket: () => leakyBucket(1, 0, { queue: 0 }),
  adaptiveThrottle: () => adaptiveThrottle({ minDelay: 0, maxDelay: 0, target: 1, queue: 0 }),
  broadcast: () => broadcast(),
  'broadcast to two': () => (source) => {
    const shared = source.pipe(broadcast({ minSubscribers: 2 }));
    return merge(shared.pipe(bufferedChannel(0)), shared);
  },
  'fanOut to one': () => fanOut(1, (lane) => lane, { queue: 0 }),
  'fanOut by turns': () => fanOut(2, (lane) => lane, { queue: 0 }),
  'fanOut by load': () => fanOut(2, (lane) => lane, { queue: 0, by: 'least-loaded' }),
};

const neverTold = (): never => expect.fail('it has given up');

describe.each(Object.entries(kinds))('%s without places, above a pace', (_, make) => {
  /** `next` is the consumer, which is given a value once, however many copies come; `demand` and `send` are the source's. */
  const bed = (next: (value: number) => void = () => {}) => {
    const pace = new Subject<void>();
    let demand!: Demand;
    let send!: (value: number) => void;
    let last: number | undefined;
    new Observable<number>((subscriber) => {
      demand = demandOf(subscriber)!;
      send = (value) => subscriber.next(value);
    })
      .pipe(make(), bufferedChannel(0, { pace }))
      .subscribe((value) => {
        if (value !== last) next((last = value));
      });
    return { pace, demand, send };
  };

  it('waits while somebody waits for it', () => {
    const { pace, demand } = bed();
    expect(pace.observed).toBe(false);
    const giveUp = demand.onAvailable(neverTold);
    expect(pace.observed).toBe(true);
    giveUp();
    expect(pace.observed).toBe(false);
    giveUp();
    expect(pace.observed).toBe(false);
  });

  it('waits on when one of two gives up, and tells the other', () => {
    const { pace, demand } = bed();
    let told = 0;
    demand.onAvailable(() => told++);
    demand.onAvailable(neverTold)();
    expect(pace.observed).toBe(true);
    pace.next();
    expect([told, pace.observed]).toEqual([1, false]);
  });

  it('waits anew for who comes after the last has given up', () => {
    const { pace, demand } = bed();
    let told = 0;
    demand.onAvailable(neverTold)();
    demand.onAvailable(() => told++);
    expect(pace.observed).toBe(true);
    pace.next();
    expect(told).toBe(1);
  });

  it('waits on for a value that it holds', () => {
    const passed: number[] = [];
    const { pace, demand, send } = bed((value) => passed.push(value));
    const giveUp = demand.onAvailable(neverTold);
    send(1);
    giveUp();
    expect(pace.observed).toBe(true);
    while (pace.observed) pace.next();
    expect(passed).toEqual([1]);
  });

  it('waits no more where the last gives up while it passes on a value', () => {
    const { pace, demand, send } = bed(() => giveUp());
    demand.onAvailable(() => send(1));
    const giveUp = demand.onAvailable(neverTold);
    for (let copies = 0; copies < 2; copies++) pace.next();
    expect(pace.observed).toBe(false);
  });

  it('waits on where another begins to meanwhile', () => {
    let told = 0;
    const { pace, demand, send } = bed(() => {
      giveUp();
      demand.onAvailable(() => told++);
    });
    demand.onAvailable(() => send(1));
    const giveUp = demand.onAvailable(neverTold);
    pace.next();
    expect(pace.observed).toBe(true);
    while (pace.observed) pace.next();
    expect(told).toBe(1);
  });

  it('waits no more when a source that waits has ended, while another goes on', () => {
    const pace = new Subject<void>();
    const stop = new Subject<void>();
    merge(pullFrom([1, 2, 3]).pipe(takeUntil(stop)), NEVER)
      .pipe(make(), bufferedChannel(0, { pace }))
      .subscribe();
    expect(pace.observed).toBe(true);
    stop.next();
    expect(pace.observed).toBe(false);
  });
});

it.each(Object.entries(kinds))('%s that is left as it begins to wait does not wait', (_, make) => {
  const stop = new Subject<void>();
  let listeners = 0;
  const pace = new Observable<void>(() => {
    listeners++;
    stop.next();
    return () => {
      listeners--;
    };
  });
  merge(pullFrom([1, 2, 3]).pipe(make(), takeUntil(stop)), NEVER)
    .pipe(bufferedChannel(0, { pace }))
    .subscribe();
  expect(listeners).toBe(0);
});
