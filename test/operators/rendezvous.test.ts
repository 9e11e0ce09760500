import type { Subscriber } from 'rxjs';
import { NEVER, Observable, Subject, interval, merge, startWith, takeUntil } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  StageMeter,
  adaptiveThrottle,
  backpressure,
  broadcast,
  bufferedChannel,
  fanOut,
  leakyBucket,
  pullFrom,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { roomWhenAsked } from '../laws/bed.js';
import { handSource } from '../support/hand-source.js';
import { OneAtATime } from '../support/one-at-a-time.js';

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

describe.each(Object.entries(kinds))('%s without places, above a pace', (name, make) => {
  /**
   * `next` is the consumer, which is given a value once, however many copies come; `demand` and `send` are the
   * source's.
   */
  const bed = (next: (value: number) => void = () => {}) => {
    const pace = new Subject<void>();
    const hand = handSource<number>();
    let last: number | undefined;
    hand.source.pipe(make(), bufferedChannel(0, { pace })).subscribe((value) => {
      if (value !== last) next((last = value));
    });
    return { pace, demand: hand.demand(), send: hand.next };
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

  it('waits no more where the last gives up while a value goes through to room that was not told of', () => {
    const sink = new OneAtATime();
    const { source, next, demand } = handSource<number>();
    source.pipe(make()).subscribe(sink);
    sink.next(0);
    const giveUp = demand().onAvailable(neverTold);
    expect(sink.isAwaited).toBe(true);
    sink.came = giveUp;
    sink.free();
    next(1);
    expect(sink.free()).toBe(1);
    expect(sink.isAwaited).toBe(name === 'broadcast to two'); // the second copy waits
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

it('a source that leaves a broadcast has nobody else send: the room may be promised', () => {
  const stop = new Subject<void>();
  const pace = new Subject<void>();
  const meter = new StageMeter();
  const got: number[] = [];
  function* leading() {
    for (let i = 0; ; i++) {
      if (i === 0) stop.next();
      yield i;
    }
  }
  const shared = merge(pullFrom([11, 12]).pipe(takeUntil(stop)), pullFrom([21, 22])).pipe(
    broadcast(),
  );
  merge(pullFrom(leading()), shared)
    .pipe(bufferedChannel(0, { pace, meter }))
    .subscribe((value) => got.push(value));
  pace.next();
  expect([got, meter.maxHeld]).toEqual([[0], 0]);
});

describe('a wait that ends as it begins', () => {
  it('by room that the wait itself made, leaves the next one be, at a demand that knows waits by their function', () => {
    const sink = new OneAtATime();
    const source = new Subject<number>();
    const told: string[] = [];
    let sent = 0;
    source
      .pipe(
        backpressure({
          pause() {
            told.push('pause');
            if (sent === 1) sink.take(); // makes room
          },
          resume() {
            told.push('resume');
            if (sent < 3) source.next(++sent);
          },
        }),
      )
      .subscribe(sink);
    source.next(++sent);
    expect(told).toEqual(['pause', 'resume', 'pause']);
    expect([sink.take(), sink.take()]).toEqual([2, 3]);
    expect(told.slice(3)).toEqual(['resume', 'pause', 'resume']);
  });

  it('given up by then, does nothing when it is told of room', () => {
    const sink = new OneAtATime();
    const stop = new Subject<void>();
    sink.next(0);
    const taken: (number | undefined)[] = [];
    sink.asked = () => {
      stop.next();
      taken.push(sink.take()); // makes room
    };
    merge(pullFrom([1]).pipe(bufferedChannel(0), takeUntil(stop)), NEVER).subscribe(sink);
    expect([...taken, sink.take()]).toEqual([0, undefined]);
  });

  it('over and over leaves the stack flat: a source that is resumed pushes at once', () => {
    const { below, open } = roomWhenAsked();
    const source = new Subject<number>();
    let sent = 0;
    const resume = () => sent < 50_000 && source.next(++sent);
    source.pipe(backpressure({ pause() {}, resume }), below).subscribe();
    open();
    expect(sent).toBe(50_000);
  });

  it('is one with the next that begins before it could be left', () => {
    const listening = [0, 0];
    const { source, next, demand } = handSource<number>();
    let giveUp: (() => void) | undefined;
    let done = false;
    const begun = [
      () => (giveUp ??= demand().onAvailable(() => {})),
      (head: Subscriber<void>) => {
        if (done) return;
        done = true;
        giveUp?.();
        demand().onAvailable(() => next(3));
        head.next();
      },
    ] as const;
    const paces = begun.map(
      (act, i) =>
        new Observable<void>((head) => {
          listening[i]!++;
          act(head);
          return () => {
            listening[i]!--;
          };
        }),
    );
    source
      .pipe(
        fanOut(2, (lane, i) => lane.pipe(bufferedChannel(1 - i, { pace: paces[i]! })), {
          queue: 0,
        }),
      )
      .subscribe();
    next(1);
    expect(listening).toEqual([1, 0]); // for the value that it holds
  });

  it.each([0, 1])('by room that is gone again is looked at when it is due (queue: %i)', (queue) => {
    const timed = new TestScheduler(() => {});
    timed.run(() => {
      const pace = interval(30, timed).pipe(startWith(0));
      const got: Readonly<Record<string, number[]>> = { bucket: [], lanes: [], throttle: [] };
      const all = pullFrom([1, 2, 3, 4]);
      all
        .pipe(
          fanOut(2, (lane) => lane, { queue }),
          bufferedChannel(0, { pace }),
        )
        .subscribe((value) => got['lanes']?.push(value));
      const delay = { minDelay: 10, maxDelay: 10, target: 1, queue, scheduler: timed };
      all
        .pipe(leakyBucket(1, 10, { queue, scheduler: timed }), bufferedChannel(0, { pace }))
        .subscribe((value) => got['bucket']?.push(value));
      all
        .pipe(adaptiveThrottle(delay), bufferedChannel(0, { pace }))
        .subscribe((value) => got['throttle']?.push(value));
      timed.schedule(() => {
        for (const values of Object.values(got)) expect(values).toEqual([1, 2, 3, 4]);
      }, 200);
    });
  });
});

it('a lane that is left by its reader waits below no more, though somebody begins to wait as it is', () => {
  const stop = new Subject<void>();
  const { source, demand } = handSource<number>();
  let listeners = 0;
  let again = true;
  const pace = new Observable<void>(() => {
    listeners++;
    return () => {
      listeners--;
      if (again) demand().onAvailable(() => {});
      again = false;
    };
  });
  source
    .pipe(
      fanOut(
        1,
        (lane) => merge(lane.pipe(takeUntil(stop)), NEVER).pipe(bufferedChannel(0, { pace })),
        { queue: 0 },
      ),
    )
    .subscribe();
  demand().onAvailable(() => {});
  expect(listeners).toBe(1);
  stop.next();
  expect(listeners).toBe(0);
});

it('what one lane does to wait may make room in another, and whoever waits is told', () => {
  const ticks = [new Subject<void>(), new Subject<void>()];
  let asHeard = (): void => {};
  const first = new Observable<void>((subscriber) => {
    asHeard();
    return ticks[0]!.subscribe(subscriber);
  });
  const { source, next, demand } = handSource<number>();
  source
    .pipe(
      fanOut(2, (lane, i) => lane.pipe(bufferedChannel(i, { pace: [first, ticks[1]!][i]! })), {
        queue: 0,
      }),
    )
    .subscribe();
  next(1);
  ticks[0]!.next();
  next(2);
  next(3);
  ticks[0]!.next(); // it is the turn of the second lane, whose channel holds 2
  asHeard = () => {
    asHeard = () => {};
    ticks[1]!.next();
  };
  let told = 0;
  demand().onAvailable(() => told++);
  expect(told).toBe(1);
});

it('what one subscriber does to wait may make room at another, and whoever waits is told', () => {
  const ticks = new Subject<void>();
  let told = 0;
  const { source, next, demand } = handSource<number>();
  const first = new Observable<void>(() => ticks.next());
  const shared = source.pipe(broadcast({ overflow: 'drop-oldest', minSubscribers: 2 }));
  merge(
    shared.pipe(bufferedChannel(0, { pace: first })),
    shared.pipe(bufferedChannel(1, { pace: ticks })),
  ).subscribe();
  next(1); // the first loses it, the second has it in its channel
  demand().onAvailable(() => told++);
  expect(told).toBe(1);
});

it('where a value waits for the lane of its key, only that lane waits below', () => {
  const listening = [0, 0];
  const { source, next, demand } = handSource<number>();
  const pace = (i: number) =>
    new Observable<void>(() => {
      listening[i]!++;
      return () => {
        listening[i]!--;
      };
    });
  source
    .pipe(
      fanOut(2, (lane, i) => lane.pipe(bufferedChannel(0, { pace: pace(i) })), {
        queue: 0,
        by: (value) => value,
      }),
    )
    .subscribe();
  next(0);
  demand().onAvailable(neverTold);
  expect(listening.toSorted()).toEqual([0, 1]);
});
