import {
  NEVER,
  Observable,
  Subject,
  Subscriber,
  concat,
  config,
  defer,
  finalize,
  merge,
  of,
  range,
  takeUntil,
  throwError,
  type Subscription,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  ChannelOverflowError,
  StageMeter,
  batchWithTimeout,
  bufferedChannel,
  demandOf,
  pullFrom,
  type Demand,
} from 'rxjs-sluice/operators';
import { takeOn } from 'rxjs-sluice/marbles';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
import { HandClock } from '../support/hand-clock.js';
import { LateClock } from '../support/late-clock.js';
import { handSource } from '../support/hand-source.js';

/** A producer of one's own that sends one value each time it is told of room. */
const oneForEachResume = (count: number) =>
  new Observable<number>((subscriber) => {
    const demand = demandOf(subscriber);
    let next = 0;
    const go = (): void => {
      subscriber.next(next++);
      if (next < count) demand?.onAvailable(go);
      else subscriber.complete();
    };
    demand?.onAvailable(go);
  });

describe('a producer that sends one value for each time it is told of room', () => {
  it('is told as often as there is room', () => {
    const meter = new StageMeter();
    const values: number[] = [];
    const ticks = new Subject<void>();
    oneForEachResume(100)
      .pipe(bufferedChannel(10, { meter }), takeOn(ticks))
      .subscribe((value) => values.push(value));
    expect(meter.held).toBe(10);
    for (let n = 0; n < 5; n++) ticks.next();
    expect([values, meter.held]).toEqual([[0, 1, 2, 3, 4], 10]);
  });

  it('fills a batch that waits for nothing else', () => {
    const batches: number[][] = [];
    oneForEachResume(10)
      .pipe(batchWithTimeout(5, Infinity))
      .subscribe((batch) => batches.push(batch));
    expect(batches).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
  });
});

describe('a pace', () => {
  const run = (pace: Observable<unknown> | Iterable<unknown>) => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source.pipe(bufferedChannel(1, { pace })).subscribe({
      next: (value) => seen.push(value),
      error: (error) => seen.push(['error', error]),
    });
    source.next(1);
    return seen;
  };

  it('is not heard any more once it was let go, though it goes on in the same turn', () => {
    const late = concat(
      of('x'),
      throwError(() => 'late'),
    );
    expect(run(late)).toEqual([1]);
  });

  it('may be endless and synchronous', () => {
    function* endless() {
      for (;;) yield 'x';
    }
    expect(run(endless())).toEqual([1]);
  });

  it('is heard again for what is sent in as it is let go', () => {
    const ticks = new Subject<void>();
    const source = new Subject<string>();
    const toCome = ['b'];
    const pace = ticks.pipe(
      finalize(() => toCome.splice(0).forEach((value) => source.next(value))),
    );
    const seen: string[] = [];
    source.pipe(bufferedChannel(2, { pace })).subscribe((value) => seen.push(value));
    source.next('a');
    ticks.next();
    expect([seen, ticks.observed]).toEqual([['a'], true]);
    ticks.next();
    expect([seen, ticks.observed]).toEqual([['a', 'b'], false]);
  });

  it('that is no input is refused at the call', () => {
    expect(() => bufferedChannel(1, { pace: 5 as never })).toThrow(
      'Expected `pace` to be an ObservableInput, got 5',
    );
    expect(() => bufferedChannel(1, { credit: {} as never })).toThrow(
      'Expected `credit` to be an ObservableInput, got Object',
    );
  });
});

it('whoever asks for room after the end does not keep it from completing', () => {
  const credit = new Subject<number>();
  const seen: unknown[] = [];
  new Observable<number>((subscriber) => {
    const demand = demandOf(subscriber);
    subscriber.next(1);
    subscriber.complete();
    demand?.onAvailable(() => seen.push('resumed'));
  })
    .pipe(bufferedChannel(1, { credit }))
    .subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
  credit.next(5);
  expect(seen).toEqual([1, 'complete']);
});

it('shows no room from the end of its source on, nor when it is left', () => {
  let demand: Demand | undefined;
  const levels: unknown[] = [];
  const note = () => levels.push(demand?.available);
  const subscription = new Observable<number>((subscriber) => {
    demand = demandOf(subscriber);
    subscriber.next(1);
    note();
    subscriber.complete();
    note();
  })
    .pipe(bufferedChannel(3), takeOn(NEVER))
    .subscribe();
  subscription.unsubscribe();
  note();
  expect(levels).toEqual([2, 0, 0]);
});

it('whoever asks for room while a value is passed on is told after that', () => {
  const log: string[] = [];
  let demand: Demand | undefined;
  new Observable<number>((subscriber) => {
    demand = demandOf(subscriber);
    subscriber.next(1);
  })
    .pipe(bufferedChannel(1))
    .subscribe(() => {
      demand?.onAvailable(() => log.push('room'));
      log.push('taken');
    });
  expect(log).toEqual(['taken', 'room']);
});

describe('above a rendezvous that listens to its pace while somebody waits, a channel that is left', () => {
  const bed = (source: Observable<number>) => {
    const pace = new Subject<void>();
    const stop = new Subject<void>();
    merge(source.pipe(bufferedChannel(2), takeUntil(stop)), NEVER)
      .pipe(bufferedChannel(0, { pace }))
      .subscribe();
    return { pace, stop };
  };

  it('waits no longer, however often it has come to wait', () => {
    const source = new Subject<number>();
    const { pace, stop } = bed(source);
    source.next(1);
    source.next(2);
    expect(pace.observed).toBe(true);
    stop.next();
    expect(pace.observed).toBe(false);
  });

  it('waits no longer, where it was told at once as it asked, and asked again', () => {
    const paces = [concat(of(undefined), NEVER)];
    let heard = 0;
    const pace = defer(() => {
      heard++;
      return (paces.shift() ?? NEVER).pipe(finalize(() => heard--));
    });
    const source = new Subject<number>();
    const stop = new Subject<void>();
    merge(source.pipe(bufferedChannel(2), takeUntil(stop)), NEVER)
      .pipe(bufferedChannel(0, { pace }))
      .subscribe((value) => {
        if (value === 1) for (const more of [2, 3]) source.next(more);
      });
    source.next(1);
    expect(heard).toBe(1);
    stop.next();
    expect(heard).toBe(0);
  });

  it('waits for nobody who asks it for room only then', () => {
    let demand: Demand | undefined;
    const { pace, stop } = bed(
      new Observable<number>((subscriber) => {
        demand = demandOf(subscriber);
      }),
    );
    stop.next();
    demand?.onAvailable(() => expect.fail('there is no room'));
    expect(pace.observed).toBe(false);
  });
});

it('a rendezvous listens to its pace no longer when whoever waits above it gives up', () => {
  const pace = new Subject<void>();
  let giveUp: (() => void) | undefined;
  new Observable<number>((subscriber) => {
    giveUp = demandOf(subscriber)?.onAvailable(() => expect.fail('it has given up'));
  })
    .pipe(bufferedChannel(0, { pace }))
    .subscribe();
  expect(pace.observed).toBe(true);
  giveUp?.();
  expect(pace.observed).toBe(false);
});

describe('a rendezvous listens to its pace on', () => {
  const bed = (next: (value: number) => void = () => {}) => {
    const ticks = new Subject<void>();
    let subscriptions = 0;
    const pace = defer(() => {
      subscriptions++;
      return ticks;
    });
    const hand = handSource<number>();
    hand.source.pipe(bufferedChannel(0, { pace })).subscribe((value) => next(value));
    return { ticks, demand: hand.demand(), send: hand.next, subscriptions: () => subscriptions };
  };
  const neverTold = () => expect.fail('it has given up');

  it('when one of those who wait above it gives up', () => {
    const { ticks, demand } = bed();
    let told = 0;
    demand.onAvailable(() => told++);
    demand.onAvailable(neverTold)();
    ticks.next();
    expect(told).toBe(1);
  });

  it('when, while it passes on a value, the last gives up and another begins to wait', () => {
    const { ticks, demand, send, subscriptions } = bed(() => {
      giveUp();
      demand.onAvailable(() => {});
    });
    demand.onAvailable(() => send(1));
    const giveUp = demand.onAvailable(neverTold);
    ticks.next();
    expect([subscriptions(), ticks.observed]).toEqual([1, true]);
  });
});

it('left while it is linked, it subscribes neither its credit nor its source', () => {
  const subscribed: string[] = [];
  const noting = (name: string) => defer(() => (subscribed.push(name), NEVER));
  const subscriber = new Subscriber<number>();
  noting('source')
    .pipe(
      bufferedChannel<number>(1, {
        credit: noting('credit'),
        onLink: () => subscriber.unsubscribe(),
      }),
    )
    .subscribe(subscriber);
  expect(subscribed).toEqual([]);
});

it('a rendezvous listens to its credit on when whoever waits above it gives up', () => {
  const credit = new Subject<number>();
  new Observable<number>((subscriber) => {
    demandOf(subscriber)?.onAvailable(() => expect.fail('it has given up'))();
  })
    .pipe(bufferedChannel(0, { credit }))
    .subscribe();
  expect(credit.observed).toBe(true);
});

it('whoever asks for room when all is over makes it listen to nothing', () => {
  const pace = new Subject<void>();
  let demand: Demand | undefined;
  new Observable<number>((subscriber) => {
    demand = demandOf(subscriber);
  })
    .pipe(bufferedChannel(1, { pace }))
    .subscribe()
    .unsubscribe();
  demand?.onAvailable(() => expect.fail('all is over'));
  expect([demand?.available, pace.observed]).toEqual([0, false]);
});

describe('a pace that throws', () => {
  it('out of its `subscribe` errors the pipe, not the source', () => {
    const pace = new Observable<void>();
    pace.subscribe = () => {
      throw 'subscribe';
    };
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source
      .pipe(bufferedChannel(1, { pace }))
      .subscribe({ error: (error: unknown) => seen.push(error) });
    expect(() => source.next(1)).not.toThrow();
    expect([seen, source.observed]).toEqual([['subscribe'], false]);
  });

  it('in its teardown, after it was let go as it was subscribed, does not error the pipe', async () => {
    const pace = new Observable<void>((subscriber) => {
      subscriber.next();
      return () => {
        throw 'teardown';
      };
    });
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source.pipe(bufferedChannel(2, { pace })).subscribe({
      next: (value) => seen.push(value),
      error: (error: unknown) => seen.push(['error', error]),
    });
    expect(await unhandledBy(() => source.next(1))).toHaveLength(1);
    source.complete();
    expect(seen).toEqual([1]);
  });

  it('in its teardown does not keep what is held from being dropped; the hook hears', async () => {
    const pace = new Observable<void>(() => () => {
      throw 'teardown';
    });
    const source = new Subject<number>();
    const dropped: number[] = [];
    const heard = await new Promise((resolve) => {
      config.onUnhandledError = resolve;
      const onDrop = (value: number) => void dropped.push(value);
      const subscription = source.pipe(bufferedChannel<number>(2, { pace, onDrop })).subscribe();
      source.next(1);
      source.next(2);
      subscription.unsubscribe();
    });
    config.onUnhandledError = null;
    expect(dropped).toEqual([1, 2]);
    expect((heard as { errors: unknown[] }).errors).toEqual(['teardown']);
  });
});

it('one emission of a pace with time to spend releases what several sources that wait send', () => {
  const pace = new Subject<void>();
  const seen: number[] = [];
  merge(pullFrom([1, 2]), pullFrom([3, 4]))
    .pipe(bufferedChannel(0, { pace, yieldEvery: 1, scheduler: new HandClock() }))
    .subscribe((n) => seen.push(n));
  pace.next();
  expect(seen.toSorted()).toEqual([1, 2, 3, 4]);
});

it('one emission of a pace goes on for no longer than twice its time where the clock is set back', () => {
  const clock = new LateClock();
  const pace = new Subject<void>();
  let released = 0;
  range(0, 1000)
    .pipe(bufferedChannel(9, { pace, yieldEvery: 8, scheduler: clock }))
    .subscribe(() => {
      clock.advance(1);
      if (++released === 3) clock.back = 1000;
    });
  pace.next();
  expect(released).toBe(11);
});

it('a meter has no name where it was given none, and shows nothing before its stage runs', () => {
  const meter = new StageMeter();
  bufferedChannel(5, { meter });
  const { name, received, held, capacity, linked } = meter;
  expect([name, received, held, capacity, linked]).toEqual(['', 0, 0, 0, false]);
});

describe('the end of the pipe', () => {
  it('is one end: who unsubscribes in onDrop changes no reason', () => {
    const source = new Subject<number>();
    const dropped: unknown[] = [];
    const subscription: Subscription = source
      .pipe(
        bufferedChannel<number>(3, {
          errors: 'immediate',
          onDrop: (value, reason) => {
            dropped.push([value, reason]);
            subscription.unsubscribe();
          },
        }),
        takeOn(NEVER),
      )
      .subscribe({ error: () => {} });
    for (const n of [1, 2, 3]) source.next(n);
    source.error('error');
    expect(dropped).toEqual([1, 2, 3].map((n) => [n, 'error']));
  });

  it('comes at once: nothing goes out any more, though the release of the source sets the pace', () => {
    const pace = new Subject<void>();
    const source = new Subject<number>();
    const seen: unknown[] = [];
    const dropped: number[] = [];
    new Observable<number>((subscriber) => {
      source.subscribe(subscriber);
      return () => pace.next();
    })
      .pipe(bufferedChannel<number>(1, { pace, overflow: 'error', onDrop: (n) => dropped.push(n) }))
      .subscribe({ next: (n) => seen.push(n), error: (error: unknown) => seen.push(error) });
    source.next(1);
    source.next(2);
    expect([seen, dropped]).toEqual([[new ChannelOverflowError(1, 1, 2)], [2, 1]]);
  });

  it('by who leaves as a value is dropped is no overflow any more', async () => {
    const source = new Subject<number>();
    const dropped: unknown[] = [];
    const onDrop = (...drop: unknown[]): void => {
      dropped.push(drop);
      subscription.unsubscribe();
    };
    const subscription = source
      .pipe(bufferedChannel<number>(1, { overflow: 'error', onDrop }), takeOn(NEVER))
      .subscribe();
    const heard = await unhandledBy(() => {
      for (const n of [1, 2]) source.next(n);
    });
    expect([heard, dropped]).toEqual([
      [],
      [
        [2, 'overflow'],
        [1, 'unsubscribed'],
      ],
    ]);
  });

  /** Throws for each value that is dropped. */
  const leaveOneThatThrows = (): void => {
    const onDrop = (value: number): void => {
      throw new Error(`drop ${value}`);
    };
    of(1, 2).pipe(bufferedChannel<number>(2, { onDrop }), takeOn(NEVER)).subscribe().unsubscribe();
  };

  it('has what onDrop throws then go to the hook', async () => {
    expect(await unhandledBy(leaveOneThatThrows)).toEqual([
      new Error('drop 1'),
      new Error('drop 2'),
    ]);
  });

  it('has it go to the host where there is no hook; in virtual time, out of that', () => {
    const scheduler = new TestScheduler(() => expect.fail('nothing is expected'));
    expect(() => scheduler.run(leaveOneThatThrows)).toThrow(new Error('drop 1'));
  });
});
