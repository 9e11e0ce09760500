import fc from 'fast-check';
import {
  NEVER,
  Observable,
  Subject,
  concatMap,
  delay,
  from,
  map,
  merge,
  of,
  range,
  timer,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { RateLimiter } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  StageMeter,
  demandOf,
  leakyBucket,
  pullFrom,
  workerPool,
  type LeakyBucketOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { Accounts } from '../../operators/bucket/accounts.js';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { Bucket, every } from '../../src/rate/bucket.js';
import { unhandledBy } from '../laws/bed.js';
import { HandClock } from '../support/hand-clock.js';
import { handSource } from '../support/hand-source.js';
import { LateClock } from '../support/late-clock.js';

function* naturals(onPull?: (n: number) => void) {
  for (let n = 0; ; n++) {
    onPull?.(n);
    yield n;
  }
}

/** What comes out of a stage, and when. */
function watch(clock: HandClock) {
  const log: [value: unknown, at: number][] = [];
  const now = () => (clock instanceof LateClock ? clock.passed : clock.now());
  return {
    log,
    times: () => log.map(([, at]) => at),
    note: {
      next: (value: unknown) => log.push([value, now()]),
      error: (error: unknown) => log.push([error, now()]),
      complete: () => log.push(['|', now()]),
    },
  };
}

/** Sends each value at its time. */
const timed = <T>(clock: HandClock, values: readonly (readonly [T, number])[]): Observable<T> =>
  new Observable((subscriber) => {
    for (const [value, at] of values) clock.schedule(() => subscriber.next(value), at);
  });

/** For each key, which is the first letter, one in 10 ms. */
const byKey = (clock: HandClock, options: LeakyBucketOptions<string>) =>
  leakyBucket<string>(1, 10, { scheduler: clock, keyBy: ([key]) => key, ...options });

describe('the pace', () => {
  it('keeps whole milliseconds whole, for every interval from 1 to 1,000', () => {
    for (let interval = 1; interval <= 1000; interval++) {
      const clock = new HandClock();
      const { times, note } = watch(clock);
      range(0, 12)
        .pipe(leakyBucket(2, interval, { scheduler: clock }))
        .subscribe(note);
      clock.advance(20 * interval);
      const paced = Array.from({ length: 10 }, (_, n) => (n + 1) * interval);
      expect(times()).toEqual([0, 0, ...paced, 10 * interval]);
    }
  });

  it.each([
    [1, 1e5, 0],
    [1000 / 3, 1e5, 0],
    [1, 1e4, 0.9],
    [1000 / 3, 1e4, 0.9],
    [0.7, 1e4, 0.3],
  ])('of %f ms does not drift over %d values, each timer %f ms late', (interval, total, late) => {
    const clock = new LateClock();
    clock.late = late;
    let count = 0;
    let wrong = 0;
    range(0, total)
      .pipe(leakyBucket(1, interval, { scheduler: clock, maxParked: Infinity }))
      .subscribe(() => {
        const off = clock.now() - count++ * interval;
        if (off < -1e-6 || off > late + 1e-6) wrong++;
      });
    clock.advance(total * interval + 1);
    expect([count, wrong, clock.armed]).toEqual([total, 0, 0]);
  });

  it('has one timer at most, and only while something waits', () => {
    const clock = new LateClock();
    const source = new Subject<number>();
    source.pipe(leakyBucket(2, 10, { scheduler: clock })).subscribe();
    const armed: number[] = [];
    for (const n of [0, 1, 2, 3]) {
      source.next(n);
      armed.push(clock.armed);
    }
    clock.advance(10);
    armed.push(clock.armed);
    clock.advance(10);
    armed.push(clock.armed);
    expect([armed, clock.most, clock.made]).toEqual([[0, 0, 1, 1, 1, 0], 1, 2]);
  });

  it('saves nothing up beyond its capacity while nothing comes', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(leakyBucket(2, 10, { scheduler: clock })).subscribe(note);
    for (const letter of 'ab') source.next(letter);
    clock.advance(1000);
    for (const letter of 'cdef') source.next(letter);
    clock.advance(100);
    expect(log).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1000],
      ['d', 1000],
      ['e', 1010],
      ['f', 1020],
    ]);
  });

  it('at interval 0 is no limit, at Infinity no token comes', () => {
    const clock = new HandClock();
    const none = watch(clock);
    range(0, 50)
      .pipe(leakyBucket(1, 0, { scheduler: clock }))
      .subscribe(none.note);
    expect(none.log).toHaveLength(51);
    const never = watch(clock);
    range(0, 5)
      .pipe(leakyBucket(2, Infinity, { scheduler: clock }))
      .subscribe(never.note);
    clock.advance(1e12);
    expect([never.log.length, clock.made]).toEqual([2, 0]);
  });

  it.each<[string, LeakyBucketOptions<number>]>([
    ['a queue', { queue: 9 }],
    ['no queue', { queue: 0 }],
    ['keys', { queue: 9, keyBy: () => 'key' }],
    ['keys, and no queue', { queue: 0, keyBy: () => 'key' }],
    ['a limiter', { queue: 9, limiter: new RateLimiter({ rate: 100, burst: 2 }) }],
  ])('is neither stopped nor hurried by a clock that steps back, with %s', (_, options) => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    clock.advance(1000);
    pullFrom([0, 1, 2, 3, 4, 5])
      .pipe(leakyBucket(2, options.limiter ? 0 : 10, { scheduler: clock, ...options }))
      .subscribe({ next: note.next });
    clock.advance(15);
    clock.back = 900;
    clock.advance(100);
    expect(log).toEqual([1000, 1000, 1010, 1020, 1030, 1040].map((at, n) => [n, at]));
  });

  it('within any window lets at most `capacity` and what came meanwhile through, in order', () => {
    const arrivals = fc.array(fc.record({ after: fc.nat(30), cost: fc.nat(4) }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 6 }), fc.integer({ min: 1, max: 9 }), arrivals, run),
      { numRuns: 300 },
    );

    function run(capacity: number, interval: number, values: { after: number; cost: number }[]) {
      const clock = new HandClock();
      const { log, note } = watch(clock);
      let at = 0;
      timed(
        clock,
        values.map((value) => [value, (at += value.after)] as const),
      )
        .pipe(leakyBucket(capacity, interval, { scheduler: clock, cost: ({ cost }) => cost }))
        .subscribe(note);
      clock.advance(at + 300 * interval);
      expect(log.map(([value]) => value)).toEqual(values);
      log.forEach(([, since], first) => {
        let sum = 0;
        for (const [value, until] of log.slice(first)) {
          sum += (value as (typeof values)[0]).cost;
          expect(sum).toBeLessThanOrEqual(capacity + (until - since) / interval);
        }
      });
    }
  });
});

describe('a timer that comes late', () => {
  it('releases all whose time has come, in one wake, and no more', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    clock.late = 35;
    const source = new Subject<string>();
    source.pipe(leakyBucket(1, 10, { scheduler: clock, queue: 9 })).subscribe(note);
    for (const letter of 'abcdefg') source.next(letter);
    clock.late = 0;
    clock.advance(100);
    expect(log).toEqual([
      ['a', 0],
      ...Array.from('bcde', (letter) => [letter, 45]), // due at 10, 20, 30 and 40
      ['f', 50],
      ['g', 60],
    ]);
  });

  it('earns nothing for what comes afterwards', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(leakyBucket(1, 10, { scheduler: clock, queue: 9 })).subscribe(note);
    clock.late = 90;
    for (const letter of 'ab') source.next(letter);
    clock.late = 0;
    clock.advance(100); // b was due at 10; at 100 there is one token again, not nine
    for (const letter of 'cde') source.next(letter);
    clock.advance(100);
    expect(log).toEqual([
      ['a', 0],
      ['b', 100],
      ['c', 100],
      ['d', 110],
      ['e', 120],
    ]);
  });

  it('nor for what its consumer sends back', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    clock.late = 90;
    source.pipe(leakyBucket(1, 10, { scheduler: clock, queue: 9 })).subscribe((letter) => {
      note.next(letter);
      if (letter === 'b') for (const more of 'cde') source.next(more);
    });
    for (const letter of 'ab') source.next(letter);
    clock.late = 0;
    clock.advance(200);
    expect(log).toEqual([
      ['a', 0],
      ['b', 100],
      ['c', 100],
      ['d', 110],
      ['e', 120],
    ]);
  });

  it.each([0, 1, 5])(
    'costs nothing of what a source was held back with, at a queue of %d',
    (queue) => {
      const clock = new LateClock();
      const { times, note } = watch(clock);
      clock.late = 25;
      const subscription = pullFrom(naturals())
        .pipe(leakyBucket(1, 10, { scheduler: clock, queue }))
        .subscribe(note);
      clock.advance(1000);
      times().forEach((at, n) => {
        expect(at).toBeGreaterThanOrEqual(n * 10);
        expect(at).toBeLessThanOrEqual(n * 10 + 25 + 10);
      });
      expect(times().length).toBeGreaterThanOrEqual(97);
      subscription.unsubscribe();
      expect(clock.armed).toBe(0);
    },
  );

  it('costs nothing of what goes by key, or by a limiter, either', () => {
    for (const [perKey, options] of [
      [10, { keyBy: (n: number) => n % 2, queue: 2 }],
      [1, { limiter: new RateLimiter({ rate: 200 }) }],
    ] as const) {
      const clock = new LateClock();
      const { times, note } = watch(clock);
      clock.late = 25;
      pullFrom(naturals())
        .pipe(leakyBucket(1, perKey, { scheduler: clock, ...options }))
        .subscribe(note);
      clock.advance(1000);
      expect(times().length).toBeGreaterThanOrEqual(190);
      expect(times().length).toBeLessThanOrEqual(202);
    }
  });
});

it('a timer that comes early is set again', () => {
  const clock = new LateClock();
  const { log, note } = watch(clock);
  clock.late = -3;
  of(1, 2)
    .pipe(leakyBucket(1, 10, { scheduler: clock }))
    .subscribe(note);
  clock.late = 0;
  clock.advance(20);
  expect(log).toEqual([
    [1, 0],
    [2, 10],
    ['|', 10],
  ]);
});

describe('a timer that comes late for several keys', () => {
  it('costs nothing of what a source was held back with, where one before it has to wait', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    clock.late = 25;
    pullFrom(['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'a4', 'b4', 'a5', 'c1', 'c2'])
      .pipe(byKey(clock, { queue: 2 }))
      .subscribe({ next: note.next });
    clock.late = 0;
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ['b1', 0],
      ...['a2', 'b2', 'a3', 'b3', 'a4', 'b4', 'c1'].map((value) => [value, 35]), // c1 as of 30, like b4
      ['a5', 40],
      ['c2', 40],
    ]);
  });

  it('counts as of the latest time that has been worked off', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    const more = new Subject<readonly string[]>();
    merge(source, more.pipe(concatMap((values) => pullFrom(values))))
      .pipe(byKey(clock, { queue: 2 }))
      .subscribe({ next: note.next });
    source.next('b1');
    clock.advance(5);
    clock.late = 25;
    for (const value of ['a1', 'a2', 'b2']) source.next(value); // a2 is due at 15, b2 at 10
    more.next(['c1', 'c2', 'c3', 'c4']);
    clock.late = 0;
    clock.advance(100);
    expect(log.filter(([value]) => (value as string).startsWith('c'))).toEqual([
      ['c1', 35], // as of 15
      ['c2', 35],
      ['c3', 35],
      ['c4', 45],
    ]);
  });

  it('puts off nobody who waits above a queue without places', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    const more = new Subject<string>();
    merge(source, more.pipe(concatMap((value) => pullFrom([value]))))
      .pipe(byKey(clock, { queue: 0, maxParked: 1 }))
      .subscribe({ next: note.next });
    clock.late = 5;
    for (const value of ['a1', 'a2']) source.next(value); // a2 is due at 10
    clock.late = 0;
    clock.advance(9);
    source.next('b1');
    more.next('c1');
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ['b1', 9],
      ['a2', 15],
      ['c1', 20], // it might be an a: as of 10, a2 took the token
    ]);
  });
});

describe('a producer of its own', () => {
  /** Sends one value whenever it is told of room, and asks for room when it is told to. */
  const asking = (asks: Observable<unknown>) =>
    new Observable<string>((subscriber) => {
      const demand = demandOf(subscriber);
      let count = 0;
      asks.subscribe(() => demand?.onAvailable(() => subscriber.next(String(count++))));
    });

  it('that was long idle gets what a full bucket holds, and no more', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const asks = new Subject<void>();
    asking(asks)
      .pipe(leakyBucket(1, 10, { scheduler: clock, queue: 0 }))
      .subscribe(note);
    for (let n = 0; n < 2; n++) asks.next();
    clock.advance(1000);
    for (let n = 0; n < 3; n++) asks.next();
    clock.advance(1000);
    expect(log.map(([, at]) => at)).toEqual([0, 10, 1000, 1010, 1020]);
  });

  it.each([{}, { keyBy: () => 'key' }])(
    'waits no longer than for a full bucket when the clock was set back meanwhile: %o',
    (options) => {
      const clock = new LateClock();
      const { log, note } = watch(clock);
      const asks = new Subject<void>();
      asking(asks)
        .pipe(leakyBucket(1, 10, { scheduler: clock, queue: 0, ...options }))
        .subscribe(note);
      clock.advance(1000);
      asks.next();
      clock.back = 900;
      asks.next();
      clock.advance(500);
      expect(log.map(([, at]) => at)).toEqual([1000, 1010]);
    },
  );
});

describe('a token', () => {
  it('is taken only for what goes out: nothing is taken while there is no room below', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const ticks = new Subject<void>();
    pullFrom(naturals())
      .pipe(leakyBucket(2, 10, { scheduler: clock }), takeOn(ticks))
      .subscribe(note);
    clock.advance(500);
    expect([log, clock.made]).toEqual([[], 0]);
    for (let n = 0; n < 4; n++) ticks.next(); // the bucket is full, and only full
    clock.advance(500);
    expect(log).toEqual([
      [0, 500],
      [1, 500],
      [2, 510],
      [3, 520],
    ]);
  });

  it('that is there for a value when room comes late is not saved up with those that follow', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const ticks = new Subject<void>();
    range(0, 6)
      .pipe(leakyBucket(1, 10, { scheduler: clock, queue: 6 }), takeOn(ticks))
      .subscribe(note);
    ticks.next();
    clock.advance(300);
    for (let n = 0; n < 3; n++) ticks.next();
    clock.advance(300);
    expect(log).toEqual([
      [0, 0],
      [1, 300],
      [2, 310],
      [3, 320],
    ]);
  });

  it('of a limiter is not saved up meanwhile either', () => {
    const clock = new HandClock();
    const { times, note } = watch(clock);
    const ticks = new Subject<void>();
    const limiter = new RateLimiter({ rate: 100 });
    range(0, 6)
      .pipe(leakyBucket(1, 0, { scheduler: clock, queue: 6, limiter }), takeOn(ticks))
      .subscribe(note);
    ticks.next();
    clock.advance(300);
    for (let n = 0; n < 3; n++) ticks.next();
    clock.advance(300);
    expect(times()).toEqual([0, 300, 310, 320]);
  });

  it('of a limiter is not saved up while own tokens are waited for', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    const { times, note } = watch(clock);
    for (let n = 0; n < 3; n++) {
      from([n, n])
        .pipe(leakyBucket(1, 300, { scheduler: clock, queue: 6, limiter }))
        .subscribe({ next: note.next });
    }
    clock.advance(1000);
    expect(times()).toEqual([0, 10, 20, 300, 310, 320]);
  });

  describe('of the own bucket is not saved up while those of a limiter are waited for,', () => {
    const times = (
      limiter: RateLimiter,
      options: LeakyBucketOptions<number>,
      happen: (clock: HandClock) => void,
    ) => {
      const clock = new HandClock();
      const { times, note } = watch(clock);
      limiter.allow(limiter.burst);
      from([1, 2, 3])
        .pipe(leakyBucket(1, 100, { scheduler: clock, limiter, queue: 9, ...options }))
        .subscribe({ next: note.next });
      clock.advance(1000);
      happen(clock);
      clock.advance(1000);
      return times();
    };
    const keyed: LeakyBucketOptions<number> = { keyBy: (n) => n % 2 };

    it.each<[string, LeakyBucketOptions<number>, number[]]>([
      ['', {}, [1001, 1101, 1201]],
      [' nor by key', keyed, [1001, 1002, 1101]],
      [' nor without a queue', { queue: 0 }, [1001, 1101, 1201]],
    ])('when it gets a rate%s', (_, options, expected) => {
      const limiter = new RateLimiter({ rate: 0 });
      expect(times(limiter, options, () => limiter.setRate(1000))).toEqual(expected);
    });

    it.each([
      ['', {}, [1000, 1100, 1200]],
      [' nor by key', keyed, [1000, 1000, 1100]],
    ])('when many are given back%s', (_, options, expected) => {
      const limiter = new RateLimiter({ rate: 0.01, burst: 100 });
      const reserved = limiter.reserve(100);
      expect(times(limiter, options, () => reserved.cancel())).toEqual(expected);
    });

    it('when one before it leaves the line', () => {
      const limiter = new RateLimiter({ rate: 10, burst: 100 });
      const clock = new HandClock();
      const { times, note } = watch(clock);
      const options = { scheduler: clock, limiter, queue: 9 };
      const before = of(100, 100).pipe(leakyBucket(100, 0, { ...options, cost: (n) => n }));
      const left = before.subscribe();
      range(0, 3)
        .pipe(leakyBucket(1, 100, options))
        .subscribe({ next: note.next });
      clock.advance(1000);
      left.unsubscribe();
      clock.advance(1000);
      expect(times()).toEqual([1000, 1100, 1200]);
    });

    it('when one before it comes to ask for less', () => {
      const limiter = new RateLimiter({ rate: 10, burst: 10 });
      const clock = new HandClock();
      const { times, note } = watch(clock);
      const options = { scheduler: clock, limiter };
      const before = new Subject<number>();
      limiter.allow(10);
      before
        .pipe(leakyBucket(10, 0, { ...options, queue: 2, overflow: 'drop-oldest', cost: (n) => n }))
        .subscribe();
      for (const cost of [10, 1]) before.next(cost);
      range(0, 3)
        .pipe(leakyBucket(1, 100, { ...options, queue: 9 }))
        .subscribe({ next: note.next });
      clock.advance(900);
      before.next(1); // what costs 10 is dropped
      clock.advance(1000);
      expect(times()).toEqual([900, 1000, 1100]);
    });

    it('when one before it has its turn, and no room', () => {
      const limiter = new RateLimiter({ rate: 10, burst: 10 });
      const clock = new HandClock();
      const { times, note } = watch(clock);
      const options = { scheduler: clock, limiter, queue: 9 };
      const ticks = new Subject<void>();
      limiter.allow(10);
      merge(
        of(10).pipe(leakyBucket(10, 0, { ...options, cost: (n) => n })),
        of(1).pipe(leakyBucket(1, 0, { scheduler: clock })),
      )
        .pipe(takeOn(ticks))
        .subscribe();
      ticks.next(); // the first stands in line for its tokens, and the second takes the room
      range(0, 3)
        .pipe(leakyBucket(1, 100, options))
        .subscribe({ next: note.next });
      clock.advance(2000);
      expect(times()).toEqual([1000, 1100, 1200]);
    });
  });

  it('that came while the timer was late is not lost to the other pipes of a limiter', () => {
    const clock = new LateClock();
    clock.late = 95;
    const limiter = new RateLimiter({ rate: 1000, burst: 100 });
    const { log, note } = watch(clock);
    for (const name of 'ab') {
      range(0, 11)
        .pipe(leakyBucket(1, 10, { scheduler: clock, limiter, queue: 99 }))
        .subscribe({ next: () => note.next(name) });
    }
    clock.advance(105);
    const count = (name: string) => log.filter(([by]) => by === name).length;
    expect([count('a'), count('b')]).toEqual([11, 11]);
  });

  it('goes with the consumer that is ready: values pass straight on, and none is held', () => {
    const meter = new StageMeter();
    const clock = new HandClock();
    range(0, 100)
      .pipe(leakyBucket(100, 10, { scheduler: clock, meter }))
      .subscribe();
    expect([meter.delivered, meter.maxHeld, clock.made]).toEqual([100, 0, 0]);
  });
});

describe('a source that waits', () => {
  it.each([0, 1, 3])('is pulled no further than a queue of %d', (queue) => {
    const clock = new HandClock();
    const meter = new StageMeter();
    let pulled = 0;
    pullFrom(naturals(() => pulled++))
      .pipe(leakyBucket(2, 10, { scheduler: clock, queue, meter, overflow: 'drop-newest' }))
      .subscribe();
    const pulls = [pulled];
    for (let n = 0; n < 3; n++) {
      clock.advance(10);
      pulls.push(pulled);
    }
    expect(pulls).toEqual([0, 1, 2, 3].map((n) => 2 + queue + n));
    expect([meter.maxHeld, meter.dropped]).toEqual([queue, 0]);
  });

  it.each<[string, LeakyBucketOptions<number>]>([
    ['plain', {}],
    ['keys', { keyBy: (n) => n % 2 }],
    ['costs', { cost: (n) => n % 4 }],
    ['keys and costs', { keyBy: (n) => n % 2, cost: (n) => n % 4 }],
    ['a limiter', { limiter: new RateLimiter({ rate: 50, burst: 4 }), cost: (n) => n % 4 }],
    ['a slow limiter', { limiter: new RateLimiter({ rate: 10 }), keyBy: (n) => n % 2 }],
    ['a fast limiter', { limiter: new RateLimiter({ rate: 1000 }) }],
  ])('is never dropped for want of a token: %s', (_, options) => {
    const clock = new HandClock();
    const meter = new StageMeter();
    const { log, note } = watch(clock);
    pullFrom([1, 2, 3, 4, 5, 6, 7, 8])
      .pipe(
        leakyBucket(3, 10, {
          scheduler: clock,
          queue: 0,
          overflow: 'drop-newest',
          meter,
          ...options,
        }),
      )
      .subscribe(note);
    clock.advance(5000);
    expect(log.map(([value]) => value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, '|']);
    expect([meter.dropped, meter.maxHeld, clock.armed]).toEqual([0, 0, 0]);
  });
});

describe('a queue of 0', () => {
  const hand = (clock: HandClock, options: LeakyBucketOptions<string> = {}) => {
    const { source, next, demand } = handSource<string>();
    const bucket = leakyBucket<string>(2, 10, { scheduler: clock, queue: 0, ...options });
    return { output: source.pipe(bucket), next, demand };
  };

  it('shows no room from inside next, nor before a consumer that has none', () => {
    const rooms: number[] = [];
    const busy = hand(new HandClock());
    busy.output.subscribe(() => rooms.push(busy.demand().available));
    busy.next('a');
    rooms.push(busy.demand().available);
    const slow = hand(new HandClock());
    slow.output.pipe(takeOn(NEVER)).subscribe();
    rooms.push(slow.demand().available);
    expect(rooms).toEqual([0, 1, 0]);
  });

  it('shows none before a value that is parked, though its token is there by now', () => {
    const clock = new HandClock();
    const { output, next, demand } = hand(clock);
    const rooms: number[] = [];
    clock.schedule(() => rooms.push(demand().available), 10); // set first: before the timer of the bucket
    output.subscribe();
    for (const letter of 'abc') next(letter);
    clock.advance(10);
    expect(rooms).toEqual([0]);
  });

  it('waits for no token, and stands in no line, before a consumer that has no room', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    limiter.allow();
    for (const options of [{}, { limiter }, { keyBy: () => 'key' }]) {
      const { output, next, demand } = hand(clock, options);
      const ticks = new Subject<void>();
      output.pipe(takeOn(ticks)).subscribe();
      if (!('limiter' in options)) {
        for (const letter of 'ab') {
          ticks.next();
          next(letter);
        }
      }
      demand().onAvailable(() => expect.fail('there is no room'));
      expect([clock.armed, limiter.waiting]).toEqual([0, 0]);
      clock.advance(50);
    }
  });

  it('whoever asks for room when all is over waits for no token', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    limiter.allow();
    for (const options of [{}, { limiter }]) {
      const { output, next, demand } = hand(clock, options);
      const subscription = output.subscribe();
      if (!('limiter' in options)) for (const letter of 'ab') next(letter);
      const last = demand();
      subscription.unsubscribe();
      last.onAvailable(() => expect.fail('all is over'));
      expect([clock.armed, limiter.waiting]).toEqual([0, 0]);
    }
  });

  describe('asks for as much as a value may cost by its own bucket and by the limiter', () => {
    const timesOf = (
      [capacity, interval]: readonly [number, number],
      limiter: RateLimiter,
      costs: readonly number[],
    ) => {
      const clock = new HandClock();
      const { note, times } = watch(clock);
      const options = { scheduler: clock, limiter, queue: 0, cost: (n: number) => n };
      pullFrom(costs)
        .pipe(leakyBucket(capacity, interval, options))
        .subscribe(note);
      clock.advance(100_000);
      return times(); // the last is that of the end, for which it asks as for a value
    };

    it.each([0, 1])('of a limiter that holds more, and gets %i a second', (rate) => {
      const limiter = new RateLimiter({ rate, burst: 100 });
      expect(timesOf([1, 10], limiter, [1, 1, 1])).toEqual([0, 10, 20, 30]);
    });

    it('of a bucket that holds more than the limiter', () => {
      const limiter = new RateLimiter({ rate: 1000, burst: 2 });
      expect(timesOf([6, 100], limiter, [2, 2, 2])).toEqual([0, 2, 4, 200]);
    });

    it('and holds nobody else up', () => {
      const clock = new HandClock();
      const limiter = new RateLimiter({ rate: 1, burst: 100 });
      const options = { scheduler: clock, limiter, queue: 0, cost: (n: number) => n };
      pullFrom([1, 1, 1])
        .pipe(leakyBucket(1, 10, options))
        .subscribe();
      clock.advance(5);
      expect([limiter.allow(), limiter.waiting]).toEqual([true, 0]);
    });
  });

  it('asks a limiter that holds less than the bucket for what it holds at most', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 2 });
    const { log, note } = watch(clock);
    pullFrom([2, 1, 2])
      .pipe(leakyBucket(6, 0, { scheduler: clock, queue: 0, limiter, cost: (n) => n }))
      .subscribe(note);
    clock.advance(1000);
    expect(log).toEqual([
      [2, 0],
      [1, 20],
      [2, 30], // it comes when there is enough for any
      ['|', 50],
    ]);
  });
});

describe('a queue of 0 that drops', () => {
  it('polices: what finds no token is dropped, what finds one passes at once', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const dropped: string[] = [];
    timed(
      clock,
      Array.from('abcdefghij', (letter, n) => [letter, n * 4] as const),
    )
      .pipe(
        leakyBucket(2, 10, {
          scheduler: clock,
          queue: 0,
          overflow: 'drop-newest',
          onDrop: (value) => dropped.push(value),
        }),
      )
      .subscribe(note);
    clock.advance(100);
    expect(log).toEqual([
      ['a', 0],
      ['b', 4],
      ['d', 12],
      ['f', 20],
      ['i', 32],
    ]);
    expect(dropped.join('')).toBe('ceghj');
    expect(clock.armed).toBe(0);
  });

  it('polices each key by itself, and never arms a timer', () => {
    const clock = new LateClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(byKey(clock, { queue: 0, overflow: 'drop-newest' })).subscribe(note);
    for (const value of ['a1', 'b1', 'a2', 'b2', 'c1']) source.next(value);
    expect([log.map(([value]) => value), clock.most]).toEqual([['a1', 'b1', 'c1'], 0]);
  });
});

describe('cost', () => {
  it('of the first in line is waited for, though the next would cost less', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    from([3, 2, 1, 0, 3])
      .pipe(leakyBucket(3, 10, { scheduler: clock, cost: (n) => n, queue: 9 }))
      .subscribe(note);
    clock.advance(200);
    expect(log).toEqual([
      [3, 0],
      [2, 20],
      [1, 30],
      [0, 30],
      [3, 60],
      ['|', 60],
    ]);
  });

  it.each([
    [4, 'a number from 0 to 3, got 4'],
    [-1, 'a number from 0 to 3, got -1'],
    [NaN, 'a number from 0 to 3, got NaN'],
    ['1', 'a number from 0 to 3, got "1"'],
  ])('of %s errors the pipe, and drops the value', (cost, message) => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const dropped: unknown[] = [];
    of('a')
      .pipe(
        leakyBucket(3, 10, {
          scheduler: clock,
          cost: () => cost as number,
          onDrop: (value, reason) => dropped.push(value, reason),
        }),
      )
      .subscribe(note);
    expect(log).toEqual([[new RangeError(`Expected \`cost\` to be ${message}`), 0]]);
    expect(dropped).toEqual(['a', 'error']);
  });

  it('may be anything where there is no limit', () => {
    const values: number[] = [];
    of(1, 1e9)
      .pipe(leakyBucket(1, 0, { cost: (n) => n }))
      .subscribe((n) => values.push(n));
    expect(values).toEqual([1, 1e9]);
  });

  it('of the new head counts when the oldest is dropped', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const source = new Subject<number>();
    source
      .pipe(
        leakyBucket(3, 10, { scheduler: clock, cost: (n) => n, queue: 2, overflow: 'drop-oldest' }),
      )
      .subscribe(note);
    for (const n of [3, 2, 1, 1]) source.next(n);
    clock.advance(20);
    expect(log).toEqual([
      [3, 0],
      [1, 10],
      [1, 20],
    ]);
  });
});

describe('keyBy', () => {
  type Value = readonly [key: string, cost: number, at: number];

  /** When each value of one key goes: as soon as there are tokens, behind the one before. */
  function reference(capacity: number, interval: number, values: readonly Value[]) {
    let tokens = capacity;
    let since = 0;
    const fill = (until: number) => {
      tokens = Math.min(capacity, tokens + (until - since) / interval);
      since = until;
    };
    return values.map((value) => {
      const [, cost, at] = value;
      fill(Math.max(since, at));
      if (tokens < cost) fill(since + (cost - tokens) * interval);
      tokens -= cost;
      return [value, since] as const;
    });
  }

  it('gives each key what it would have alone', () => {
    const arrival = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd'),
      cost: fc.nat(3),
      after: fc.oneof(fc.constant(0), fc.nat(40)),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 5 }),
        fc.constantFrom(1, 2, 4, 8),
        fc.array(arrival, { maxLength: 50 }),
        (capacity, interval, arrivals) => {
          const clock = new LateClock();
          const { log, note } = watch(clock);
          let at = 0;
          const values = arrivals.map(({ key, cost, after }): Value => [key, cost, (at += after)]);
          timed(
            clock,
            values.map((value) => [value, value[2]] as const),
          )
            .pipe(
              leakyBucket(capacity, interval, {
                scheduler: clock,
                queue: 100,
                keyBy: ([key]) => key,
                cost: ([, cost]) => cost,
              }),
            )
            .subscribe(note);
          const arranged = clock.armed;
          clock.advance(at + 2000);
          for (const key of 'abcd') {
            const own = values.filter((value) => value[0] === key);
            expect(log.filter(([value]) => (value as Value)[0] === key)).toEqual(
              reference(capacity, interval, own),
            );
          }
          expect(clock.most).toBeLessThanOrEqual(arranged + 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each<{
    readonly says: string;
    readonly queue: number;
    readonly values: readonly string[];
    readonly ms: number;
    readonly goes: readonly (readonly [value: string, at: number])[];
  }>([
    {
      says: 'does not let a key that waits hold up the others in the queue, nor those that come',
      queue: 3,
      values: ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'],
      ms: 20,
      goes: [
        ['a1', 0],
        ['b1', 0],
        ['c1', 0],
        ['a2', 10],
        ['b2', 10],
        ['a3', 20],
      ],
    },
    {
      says: 'gives what was parked behind several places no tokens of the time before it had one',
      queue: 2,
      values: ['a1', 'b1', 'a2', 'a3', 'a4', 'b2', 'b3'],
      ms: 100,
      goes: [
        ['a1', 0],
        ['b1', 0],
        ['a2', 10],
        ['a3', 20],
        ['b2', 20],
        ['a4', 30],
        ['b3', 30],
      ],
    },
    {
      says: 'looks at the places of the queue; what is parked beyond them waits for one',
      queue: 1,
      values: ['a1', 'b1', 'a2', 'a3', 'b2'],
      ms: 30,
      goes: [
        ['a1', 0],
        ['b1', 0],
        ['a2', 10],
        ['a3', 20],
        ['b2', 20],
      ],
    },
  ])('$says', ({ queue, values, ms, goes }) => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(byKey(clock, { queue })).subscribe(note);
    for (const value of values) source.next(value);
    clock.advance(ms);
    expect(log).toEqual(goes);
  });

  it('lets no value of a key go past one that costs more', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const source = new Subject<readonly [name: string, cost: number]>();
    source
      .pipe(
        leakyBucket(3, 10, {
          scheduler: clock,
          queue: 9,
          keyBy: ([[key]]) => key,
          cost: ([, cost]) => cost,
        }),
        map(([name]) => name),
      )
      .subscribe(note);
    for (const value of [
      ['a1', 2],
      ['a2', 3],
      ['a3', 1],
      ['b1', 3],
      ['b2', 1],
    ] as const) {
      source.next(value);
    }
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ['b1', 0],
      ['b2', 10],
      ['a2', 20],
      ['a3', 30],
    ]);
  });

  it('gives what was parked no tokens of the time before it had a place', () => {
    const clock = new HandClock();
    const ticks = new Subject<void>();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(byKey(clock, { queue: 1 }), takeOn(ticks)).subscribe(note);
    for (const value of ['a1', 'a2', 'b1', 'b2']) source.next(value);
    clock.advance(10);
    for (let n = 0; n < 9; n++) ticks.next();
    clock.advance(30);
    expect(log).toEqual([
      ['a1', 10],
      ['a2', 20],
      ['b1', 20],
      ['b2', 30],
    ]);
  });

  it('gives what waits for room no tokens of that time, though another key took the last room', () => {
    const clock = new HandClock();
    const ticks = new Subject<void>();
    const { log, note } = watch(clock);
    const source = new Subject<readonly [name: string, cost: number]>();
    source
      .pipe(
        leakyBucket(2, 5, {
          scheduler: clock,
          keyBy: ([[key]]) => key,
          cost: ([, cost]) => cost,
        }),
        map(([name]) => name),
        takeOn(ticks),
      )
      .subscribe(note);
    for (let n = 0; n < 3; n++) ticks.next();
    source.next(['a1', 2]);
    source.next(['b1', 2]);
    source.next(['a2', 2]);
    source.next(['b2', 1]);
    clock.advance(6);
    source.next(['a3', 2]);
    clock.advance(94);
    for (let n = 0; n < 9; n++) ticks.next();
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ['b1', 0],
      ['b2', 5],
      ['a2', 100],
      ['a3', 110],
    ]);
  });

  it('goes on with the right one where the oldest is dropped from inside', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(byKey(clock, { queue: 4, overflow: 'drop-oldest' })).subscribe((value) => {
      note.next(value);
      if (value === 'b2') for (const more of ['e1', 'f1']) source.next(more); // a2 is dropped
    });
    for (const value of ['b1', 'c1', 'd1']) source.next(value);
    clock.advance(5);
    for (const value of ['a1', 'a2', 'b2', 'c2', 'd2']) source.next(value);
    clock.advance(100);
    expect(log).toEqual([
      ['b1', 0],
      ['c1', 0],
      ['d1', 0],
      ['a1', 5],
      ...['b2', 'c2', 'd2', 'e1', 'f1'].map((value) => [value, 10]),
    ]);
  });

  it('forgets a bucket when it is full again and the next value comes', () => {
    const accounts = new Accounts(() => new Bucket(2, every(10)));
    const pass = (key: unknown, now: number) => accounts.of(key, now).bucket.tryTake(now, 1);
    for (let key = 0; key < 1000; key++) pass(key, key);
    expect(accounts.size).toBe(10);
    pass('a', 2000);
    expect(accounts.size).toBe(1);
    pass('b', 2005);
    pass('a', 2009); // now it is full at 2020, and b at 2015
    expect(pass('a', 2009)).toBe(false);
    pass('c', 2016);
    expect(accounts.size).toBe(2);
  });

  it('forgets those that have taken nothing behind one of which values wait', () => {
    const accounts = new Accounts(() => new Bucket(2, every(10)));
    accounts.of('stuck', 0).waiting++;
    for (let key = 0; key < 10_000; key++) accounts.of(key, 0);
    expect(accounts.size).toBe(2);
    accounts.of('takes', 0).bucket.tryTake(0, 1);
    accounts.of('more', 0);
    expect(accounts.size).toBe(3);
  });

  it('does not forget one of which values wait', () => {
    const clock = new HandClock();
    const ticks = new Subject<void>();
    const { log, note } = watch(clock);
    const source = new Subject<string>();
    source.pipe(byKey(clock, { queue: 9 }), takeOn(ticks)).subscribe(note);
    source.next('a1');
    clock.advance(100);
    source.next('b1');
    source.next('a2');
    for (let n = 0; n < 5; n++) ticks.next();
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 100],
      ['b1', 100],
      ['a2', 110],
    ]);
  });
});

describe('a limiter that several pipes share', () => {
  const share = (
    clock: HandClock,
    limiter: RateLimiter,
    names: string,
    options: LeakyBucketOptions<string> = {},
  ) => {
    const { log, note } = watch(clock);
    const subscriptions = Array.from(names, (name) =>
      range(1, 3)
        .pipe(
          concatMap((n) => of(`${name}${n}`)),
          leakyBucket(1, 0, { scheduler: clock, limiter, queue: 9, ...options }),
        )
        .subscribe({ next: note.next, error: note.error }),
    );
    return { log, subscriptions };
  };

  it('that has not enough for any value fails the pipe as one comes, room or not', () => {
    const limiter = new RateLimiter({ rate: 100, burst: 0 });
    const errors: unknown[] = [];
    of('a')
      .pipe(leakyBucket(1, 0, { scheduler: new HandClock(), limiter }), takeOn(NEVER))
      .subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([new RangeError('Expected `cost` to be a number from 0 to 0, got 1')]);
  });

  it('serves them in turn, one value each, by one timer', () => {
    const clock = new LateClock();
    const { log } = share(clock, new RateLimiter({ rate: 100 }), 'abc');
    expect(clock.armed).toBe(1);
    clock.advance(1000);
    expect(log).toEqual(
      ['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'c2', 'b3', 'c3'].map((value, n) => [value, n * 10]),
    );
    expect([clock.most, clock.armed]).toEqual([1, 0]);
  });

  it('serves them in turn by a timer that came late, too', () => {
    const clock = new LateClock();
    clock.late = 95;
    const { log } = share(clock, new RateLimiter({ rate: 100 }), 'ab');
    clock.advance(105);
    expect(log).toEqual(
      ['a1', 'a2', 'b1', 'a3', 'b2', 'b3'].map((value, n) => [value, n === 0 ? 0 : 105]),
    );
  });

  it('serves those that are left at once when one unsubscribes', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    const { log, subscriptions } = share(clock, limiter, 'abc');
    clock.advance(5);
    subscriptions[0]?.unsubscribe();
    expect([clock.armed, limiter.waiting]).toEqual([1, 2]);
    clock.advance(40);
    expect(log).toEqual([
      ['a1', 0],
      ['b1', 10],
      ['c1', 20],
      ['b2', 30],
      ['c2', 40],
    ]);
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect([clock.armed, limiter.waiting]).toEqual([0, 0]);
  });

  it('is not held up by one whose consumer has no room, which takes no tokens', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    const ticks = new Subject<void>();
    const slow = watch(clock);
    range(0, 3)
      .pipe(leakyBucket(1, 0, { scheduler: clock, limiter, queue: 9 }), takeOn(ticks))
      .subscribe(slow.note);
    ticks.next();
    const { log } = share(clock, limiter, 'a');
    clock.advance(35);
    ticks.next();
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 10],
      ['a2', 20],
      ['a3', 30],
    ]);
    expect(slow.log).toEqual([
      [0, 0],
      [1, 40],
    ]);
  });

  it('passes on the turn of one that lost its room while it stood in line', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    const ticks = new Subject<void>();
    const { log, note } = watch(clock);
    merge(
      of('a1', 'a2').pipe(leakyBucket(1, 0, { scheduler: clock, limiter })),
      of('b1').pipe(leakyBucket(1, 25, { scheduler: clock })),
    )
      .pipe(takeOn(ticks))
      .subscribe(note);
    const other = watch(clock);
    of('c1')
      .pipe(leakyBucket(1, 0, { scheduler: clock, limiter }))
      .subscribe(other.note);
    ticks.next(); // a1 stands in line for its token, and b1 takes the room
    clock.advance(15);
    const third = watch(clock);
    of('d1', 'd2')
      .pipe(leakyBucket(1, 0, { scheduler: clock, limiter, queue: 9 }))
      .subscribe(third.note);
    for (let n = 0; n < 5; n++) ticks.next(); // a1 comes again, behind d2
    clock.advance(100);
    expect(log).toEqual([
      ['b1', 0],
      ['a1', 35],
      ['a2', 45],
      ['|', 45],
    ]);
    expect(other.log).toEqual([
      ['c1', 0],
      ['|', 0],
    ]);
    expect(third.log).toEqual([
      ['d1', 15],
      ['d2', 25],
      ['|', 25],
    ]);
  });

  it('is asked for what the new head costs when the oldest is dropped', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 3 });
    const { log, note } = watch(clock);
    from([3, 2, 1])
      .pipe(
        leakyBucket(3, 0, {
          scheduler: clock,
          limiter,
          cost: (n) => n,
          queue: 1,
          overflow: 'drop-oldest',
        }),
      )
      .subscribe(note);
    expect([limiter.tokens, limiter.waiting]).toEqual([-1, 1]);
    clock.advance(50);
    expect(log).toEqual([
      [3, 0],
      [1, 10],
      ['|', 10],
    ]);
  });

  describe('and that has reservations, where the new head costs', () => {
    /** A pipe of which the latest value waits. */
    const latest = (clock: HandClock, limiter: RateLimiter, log: unknown[]) => {
      const values = new Subject<number>();
      const options = { scheduler: clock, limiter, queue: 1, cost: (n: number) => n };
      values
        .pipe(leakyBucket(3, 0, { ...options, overflow: 'drop-oldest' }))
        .subscribe((n) => log.push([n, clock.now()]));
      return values;
    };
    const setUp = () => {
      const clock = new HandClock();
      const limiter = new RateLimiter({ rate: 100, burst: 3, clock: schedulerClock(clock) });
      const log: unknown[] = [];
      limiter.allow(3);
      return { clock, limiter, log, pipe: () => latest(clock, limiter, log) };
    };

    /** Pipes that pull values named by their key and cost through `limiter`; returns when each goes out. */
    const pullByKey = (clock: HandClock, limiter: RateLimiter, sources: readonly string[][]) => {
      const log: [value: string, at: number][] = [];
      const options = { queue: 2, keyBy: ([key]: string) => key, cost: (v: string) => +v.slice(1) };
      for (const values of sources) {
        pullFrom(values)
          .pipe(leakyBucket(limiter.burst, 100, { ...options, limiter, scheduler: clock }))
          .subscribe((value) => log.push([value, clock.now()]));
      }
      return log;
    };

    it('more: it goes behind all, and who waits before the reservation moves up', () => {
      const { clock, limiter, log, pipe } = setUp();
      const [one, other, last] = [pipe(), pipe(), pipe()];
      one.next(1);
      const first = limiter.reserve(1);
      other.next(2);
      const second = limiter.reserve(1);
      last.next(1);
      one.next(3);
      expect([first.delay, second.delay, limiter.tokens]).toEqual([20, 50, -9]);
      clock.advance(200);
      expect(log).toEqual([
        [2, 40],
        [1, 60],
        [3, 90],
      ]);
    });

    it('more, and none waits before the reservation: it goes behind that', () => {
      const { clock, limiter, log, pipe } = setUp();
      const values = pipe();
      values.next(1);
      limiter.reserve(1);
      values.next(2);
      values.next(1);
      expect([limiter.tokens, limiter.waiting, clock.armed]).toEqual([-3, 1, 1]);
      clock.advance(200);
      expect(log).toEqual([[1, 30]]);
    });

    it('more, before one is reserved: its time allows for that when one before them leaves', () => {
      const { clock, limiter, log, pipe } = setUp();
      const [first, values] = [new Subject<number>(), pipe()];
      const options = { scheduler: clock, limiter, queue: 1, cost: (n: number) => n };
      const before = first.pipe(leakyBucket(3, 0, options)).subscribe();
      first.next(3);
      values.next(1);
      values.next(3);
      expect(limiter.reserve(1).delay).toBe(70);
      before.unsubscribe();
      expect(limiter.tokens).toBe(-7);
      clock.advance(200);
      expect(log).toEqual([[3, 30]]);
    });

    it('more, behind all that is reserved: it stays in its place', () => {
      const { clock, log, limiter, pipe } = setUp();
      const [before, one, other] = [pipe(), pipe(), pipe()];
      before.next(1);
      limiter.reserve(1);
      one.next(1);
      other.next(1);
      one.next(2);
      clock.advance(200);
      expect(log).toEqual([
        [1, 10],
        [2, 40],
        [1, 50],
      ]);
    });

    it('and there is no room for it in its turn: what the reservation counts on is kept', () => {
      const { clock, limiter } = setUp();
      const [values, other] = [new Subject<number>(), new Subject<number>()];
      const options = { scheduler: clock, limiter, cost: (n: number) => n };
      const one = takeOn<number>(of('x'));
      merge(values.pipe(leakyBucket(3, 0, options)), other)
        .pipe(one)
        .subscribe();
      values.next(3);
      expect(limiter.reserve(1).delay).toBe(40);
      other.next(0); // it takes the room for which the bucket stands in line
      clock.advance(40);
      expect(limiter.tokens).toBe(2); // with the one that is reserved 3 pass at once
    });

    it.each([
      ['cost', [2, 2]],
      ['next', [2, 0]],
    ])('and what is reserved from inside %s, in its turn, comes behind all', (where, costs) => {
      const clock = new HandClock();
      const limiter = new RateLimiter({ rate: 10, burst: 2, clock: schedulerClock(clock) });
      const reserved: number[] = [];
      const reserve = () => reserved.push(clock.now() + limiter.reserve(2).delay);
      const cost = (n: number) => {
        if (where === 'cost' && clock.now() > 0) reserve();
        return n;
      };
      pullFrom(costs)
        .pipe(leakyBucket(1, 0, { queue: 0, limiter, scheduler: clock, cost }))
        .subscribe(() => where === 'next' && clock.now() > 0 && reserve());
      reserve(); // it stands behind the pipe, which waits for 2
      clock.advance(1000);
      expect(reserved).toEqual([400, 600]);
    });

    it('but where nobody else stands in line, what is reserved before it takes comes first', () => {
      const clock = new HandClock();
      const limiter = new RateLimiter({ rate: 10, burst: 2, clock: schedulerClock(clock) });
      const reserved: number[] = [];
      const log: number[] = [];
      const cost = (n: number) => {
        if (clock.now() > 0) reserved.push(clock.now() + limiter.reserve(2).delay);
        return n;
      };
      pullFrom([2, 2])
        .pipe(leakyBucket(1, 0, { queue: 0, limiter, scheduler: clock, cost }))
        .subscribe(() => log.push(clock.now()));
      clock.advance(1000);
      expect([log, reserved]).toEqual([[0, 400], [200]]);
    });

    it('and where something is, another value takes no more in its turn than it stood for', () => {
      const clock = new LateClock();
      clock.late = 300;
      const limiter = new RateLimiter({ rate: 10, burst: 10, clock: schedulerClock(clock) });
      // b3 has tokens of its own at 300, a1 those of the limiter at 100.
      const log = pullByKey(clock, limiter, [['b10', 'b3', 'a1']]);
      expect(limiter.reserve(9).delay).toBe(1000);
      clock.advance(400);
      expect(log).toEqual([['b10', 0]]);
      clock.advance(2000);
      expect(log.map(([value]) => value)).toEqual(['b10', 'b3', 'a1']);
    });

    it('and where nothing is reserved, another value may take more in its turn', () => {
      const clock = new LateClock();
      clock.late = 200;
      const limiter = new RateLimiter({ rate: 10, burst: 4, clock: schedulerClock(clock) });
      const log = pullByKey(clock, limiter, [['b4', 'b2', 'a1'], ['c1']]);
      clock.advance(2000);
      expect(log).toEqual([
        ['b4', 0],
        ['b2', 300],
        ['c1', 300],
        ['a1', 600],
      ]);
    });

    it('and what is reserved behind it keeps what another value leaves of its turn', () => {
      const clock = new HandClock();
      const limiter = new RateLimiter({ rate: 10, burst: 4, clock: schedulerClock(clock) });
      // b1 has tokens of its own at 100, before a3 has its turn at 300.
      const log = pullByKey(clock, limiter, [['b4', 'b1', 'a3']]);
      expect(limiter.reserve(4).delay).toBe(700);
      clock.advance(2000);
      expect(log).toEqual([
        ['b4', 0],
        ['b1', 300],
        ['a3', 1000],
      ]);
    });

    it('less: it stays in its place, and what it asked for is kept for the reservation', () => {
      const { clock, limiter, log, pipe } = setUp();
      const [one, other] = [pipe(), pipe()];
      one.next(3);
      other.next(1);
      expect(limiter.reserve(1).delay).toBe(50);
      one.next(0);
      clock.advance(50);
      expect(log).toEqual([
        [0, 0],
        [1, 10],
      ]);
      expect(limiter.tokens).toBe(1);
    });
  });

  it('takes its tokens beside those of the own bucket', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 5 });
    const { log, note } = watch(clock);
    from('abcdef')
      .pipe(leakyBucket(2, 15, { scheduler: clock, limiter, queue: 9 }))
      .subscribe(note);
    expect(limiter.tokens).toBe(3);
    clock.advance(1000);
    expect(log.map(([, at]) => at)).toEqual([0, 0, 15, 30, 45, 60, 60]);
  });

  it('has a bucket for each key beside it', () => {
    const clock = new LateClock();
    const limiter = new RateLimiter({ rate: 100 });
    const { log, note } = watch(clock);
    from(['a1', 'a2', 'b1', 'b2', 'c1'])
      .pipe(leakyBucket(1, 25, { scheduler: clock, limiter, queue: 9, keyBy: ([key]) => key }))
      .subscribe(note);
    clock.advance(1000);
    expect(log).toEqual([
      ['a1', 0],
      ['b1', 10],
      ['c1', 20],
      ['a2', 30],
      ['b2', 40],
      ['|', 40],
    ]);
    expect(clock.most).toBe(1);
  });

  it('counts the cost of each value', () => {
    const clock = new HandClock();
    const { log } = share(clock, new RateLimiter({ rate: 100, burst: 3 }), 'ab', {
      cost: (value) => Number(value[1]),
    });
    expect(log.map(([value]) => value)).toEqual(['a1', 'a2']);
  });

  it('is there for those who wait by themselves too, in turn', async () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    const { log } = share(clock, limiter, 'a');
    const waited = limiter.wait().then(() => log.push(['waited', clock.now()]));
    clock.advance(20);
    await waited;
    clock.advance(10);
    expect(log).toEqual([
      ['a1', 0],
      ['a2', 10],
      ['waited', 20],
      ['a3', 30],
    ]);
  });

  it('goes by the time of the pipes: what is read and set in virtual time holds there', () => {
    const limiter = new RateLimiter({ rate: 100, burst: 2 });
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    scheduler.run(({ cold, expectObservable }) => {
      const source = cold('(abcde)');
      expectObservable(source.pipe(leakyBucket(1, 0, { limiter, queue: 9 }))).toBe(
        '(ab) 6ms c 4ms d 4ms e',
      );
      expectObservable(cold('20ms x').pipe(concatMap(() => of(limiter.tokens)))).toBe('20ms t', {
        t: 0,
      });
      cold('10ms x').subscribe(() => limiter.setRate(200));
    });
  });

  it('that comes to take less than a value costs fails the pipe; the others go on', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 3 });
    limiter.allow(3);
    const { log, note } = watch(clock);
    const pipe = (...costs: number[]) =>
      from(costs)
        .pipe(leakyBucket(3, 0, { scheduler: clock, limiter, cost: (n) => n, queue: 9 }))
        .subscribe(note);
    clock.advance(1);
    pipe(3, 1);
    pipe(1, 3, 1);
    pipe(2, 2);
    limiter.setBurst(2);
    clock.advance(200);
    const failed = new RangeError('Expected `cost` to be a number from 0 to 2, got 3');
    expect(log.filter(([value]) => value instanceof RangeError).map(([value]) => value)).toEqual([
      failed,
      failed,
    ]);
    expect(log.filter(([value]) => typeof value === 'number').map(([value]) => value)).toEqual([
      1, 2, 2,
    ]);
    expect([clock.armed, limiter.waiting]).toEqual([0, 0]);
  });

  it('that comes to take less turns nobody away who stood for a value that has not come', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 10 });
    const { source, next, demand } = handSource<number>();
    const { log, note } = watch(clock);
    const options = { queue: 0, limiter, cost: () => 1, scheduler: clock };
    source.pipe(leakyBucket<number>(1, 0, options)).subscribe(note);
    let sent = 0;
    const send = () => {
      while (demand().available > 0) next(++sent);
      demand().onAvailable(send);
    };
    send();
    clock.advance(20);
    limiter.setBurst(5);
    clock.advance(60);
    expect(log).toEqual([
      [1, 0], // what comes next may cost 10
      [2, 10],
      [3, 20],
      [4, 20], // … 5, and as many are left
      [5, 30],
      [6, 40],
      [7, 50],
      [8, 60],
      [9, 70],
      [10, 80],
    ]);
  });

  it.each([
    ['from the start', 0],
    ['later', 1],
  ])(
    'that will never have enough for any value fails a pipe whose source waits for that, %s',
    (_, burst) => {
      const clock = new HandClock();
      const limiter = new RateLimiter({ rate: 100, burst });
      const { log, note } = watch(clock);
      pullFrom([1, 2])
        .pipe(leakyBucket<number>(5, 0, { queue: 0, limiter, scheduler: clock }))
        .subscribe(note);
      if (burst > 0) limiter.setBurst(0);
      const refusal = new RangeError('Expected `cost` to be a number from 0 to 0, got 1');
      expect(log).toEqual([...(burst < 1 ? [] : [[1, 0]]), [refusal, 0]]);
      expect([clock.armed, limiter.waiting]).toEqual([0, 0]);
    },
  );

  it.each([0, 50])('that comes to take less has none for a timer that is %d ms late', (late) => {
    const clock = new LateClock();
    clock.late = late;
    const limiter = new RateLimiter({ rate: 1000, burst: 5 });
    const { log, note } = watch(clock);
    of(5, 5)
      .pipe(leakyBucket<number>(5, 10, { limiter, cost: (n) => n, scheduler: clock }))
      .subscribe(note);
    limiter.setBurst(3);
    clock.advance(200);
    expect(log.map(([what]) => what)).toEqual([
      5,
      new RangeError('Expected `cost` to be a number from 0 to 3, got 5'),
    ]);
  });

  it('that comes to take less turns nobody away who has left for the failure of another', async () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 5 });
    const { log, note } = watch(clock);
    const pipe = () =>
      of(5, 5).pipe(leakyBucket(5, 0, { scheduler: clock, limiter, cost: (n) => n, queue: 9 }));
    merge(pipe(), pipe()).subscribe(note);
    expect(limiter.waiting).toBe(2);
    expect(await unhandledBy(() => limiter.setBurst(3))).toEqual([]);
    expect(log).toEqual([
      [5, 0],
      [new RangeError('Expected `cost` to be a number from 0 to 3, got 5'), 0],
    ]);
    expect([limiter.waiting, limiter.tokens, clock.armed]).toEqual([0, 0, 0]);
  });

  it('has no place any more for a pipe that failed', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst: 3 });
    const { log, note } = watch(clock);
    from([3, 1, 3])
      .pipe(leakyBucket(3, 0, { scheduler: clock, limiter, cost: (n) => n, queue: 9 }))
      .subscribe(note);
    limiter.setBurst(2);
    clock.advance(10);
    expect(log).toEqual([
      [3, 0],
      [1, 10],
      [new RangeError('Expected `cost` to be a number from 0 to 2, got 3'), 10],
    ]);
    expect([limiter.waiting, clock.armed]).toEqual([0, 0]);
  });

  it('earns nothing by being late for a pipe that comes meanwhile', () => {
    const clock = new LateClock();
    const limiter = new RateLimiter({ rate: 100 });
    const first = new Subject<string>();
    const second = new Subject<string>();
    const { log, note } = watch(clock);
    for (const source of [first, second]) {
      source.pipe(leakyBucket(1, 0, { scheduler: clock, limiter, queue: 9 })).subscribe(note);
    }
    clock.late = 90;
    for (const value of ['a1', 'a2']) first.next(value);
    clock.late = 0;
    clock.advance(95);
    for (const value of ['b1', 'b2', 'b3']) second.next(value); // a2 was due at 10
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ['a2', 100],
      ['b1', 100],
      ['b2', 105],
      ['b3', 115],
    ]);
  });

  it('earns nothing by being late for whoever asks for it from inside', async () => {
    const clock = new LateClock();
    const limiter = new RateLimiter({ rate: 100 });
    const waits: Promise<unknown>[] = [];
    const { times, note } = watch(clock);
    clock.late = 90;
    for (const letters of ['xa', 'b']) {
      from(letters)
        .pipe(leakyBucket(1, 0, { scheduler: clock, limiter }))
        .subscribe((letter) => {
          if (letter === 'a')
            for (let n = 0; n < 3; n++) waits.push(limiter.wait().then(note.next));
        });
    }
    clock.late = 0;
    for (let n = 0; n < 14; n++) {
      clock.advance(10);
      await Promise.resolve().then(() => {});
    }
    await Promise.all(waits);
    expect(times()).toEqual([100, 110, 120]);
  });

  it('keeps the stack flat for 10,000 pipes whose time has come at once', () => {
    const clock = new LateClock();
    const limiter = new RateLimiter({ rate: 1000 });
    let count = 0;
    limiter.queue.lend({ now: () => clock.now(), schedule: () => () => {} });
    limiter.allow();
    clock.late = 20_000;
    const pipes = Array.from({ length: 10_000 }, (_, n) =>
      of(n)
        .pipe(leakyBucket(1, 0, { scheduler: clock, limiter }))
        .subscribe(() => {
          count++;
          if (n % 2 === 0) pipes[n + 1]?.unsubscribe(); // the next is served when one leaves
        }),
    );
    clock.advance(30_000);
    expect(count).toBe(5_000);
  });

  it('serves a pipe that is unsubscribed by another in its turn no more', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100 });
    limiter.queue.lend({ now: () => clock.now(), schedule: () => () => {} });
    limiter.allow();
    const seen: string[] = [];
    const options = { scheduler: clock, limiter };
    of('a')
      .pipe(leakyBucket(1, 0, options))
      .subscribe((value) => {
        seen.push(value);
        second.unsubscribe();
      });
    const second = of('b')
      .pipe(leakyBucket(1, 0, options))
      .subscribe((value) => seen.push(value));
    of('c')
      .pipe(leakyBucket(1, 0, options))
      .subscribe((value) => seen.push(value));
    clock.advance(20);
    expect([seen, limiter.waiting, clock.armed]).toEqual([['a', 'c'], 0, 0]);
  });
});

it.each<[string, LeakyBucketOptions<number>]>([
  ['one bucket', { queue: 2 }],
  ['no place', { queue: 0 }],
  ['keys', { queue: 5, keyBy: (n) => n % 1 }],
])('keeps its pace though the clock is set back while its consumer runs: %s', (_, options) => {
  const clock = new LateClock();
  const times: number[] = [];
  pullFrom(naturals())
    .pipe(leakyBucket(1, 10, { ...options, scheduler: clock }))
    .subscribe((n) => {
      times.push(clock.passed);
      if (n === 3) clock.back = 60_000;
    });
  clock.advance(70);
  expect(times).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
});

it.each([
  [1, 5],
  [1, 0],
  [4, 5],
])('and that of its limiter, at each value: a burst of %d, a queue of %d', (burst, queue) => {
  const times = [0, 37, 500].map((back) => {
    const clock = new LateClock();
    const limiter = new RateLimiter({ rate: 50, burst });
    const passed: number[] = [];
    pullFrom(Array(99).keys())
      .pipe(leakyBucket(1, 0, { scheduler: clock, limiter, queue }))
      .subscribe(() => {
        passed.push(clock.passed);
        if (clock.passed >= 40) clock.back += back;
      });
    clock.advance(200);
    return passed;
  });
  const steps = Array.from({ length: 11 }, (_, n) => 20 * n);
  expect(times[0]).toEqual([...Array<number>(burst - 1).fill(0), ...steps]);
  expect(times.slice(1)).toEqual([times[0], times[0]]);
});

it('gives no key more for a clock that was set back before it was first used', () => {
  const clock = new LateClock();
  clock.advance(1000);
  const source = new Subject<string>();
  const got: string[] = [];
  source
    .pipe(leakyBucket(100, 10, { scheduler: clock, keyBy: (key) => key, queue: 1000 }))
    .subscribe((key) => got.push(key));
  const send = (key: string, count: number) => {
    for (let n = 0; n < count; n++) source.next(key);
  };
  clock.schedule(() => send('b', 100), 10); // just before the last of `a`, by the same clock
  send('a', 101);
  clock.advance(3);
  clock.back = 900;
  clock.advance(20);
  send('b', 100);
  expect(got.filter((key) => key === 'b')).toHaveLength(101);
});

describe('the end', () => {
  it('waits for what is held, at its pace; so does an error', () => {
    const clock = new HandClock();
    const { log, note } = watch(clock);
    of('a', 'b', 'c')
      .pipe(leakyBucket(1, 10, { scheduler: clock }))
      .subscribe(note);
    clock.advance(100);
    expect(log).toEqual([
      ['a', 0],
      ['b', 10],
      ['c', 20],
      ['|', 20],
    ]);
  });

  it('of a source above a queue of 0 that waits for a token releases it in the same turn', () => {
    const clock = new HandClock();
    let returned = 0;
    function* many() {
      try {
        yield* naturals();
      } finally {
        returned++;
      }
    }
    const subscription = pullFrom(many())
      .pipe(leakyBucket(1, 10, { scheduler: clock, queue: 0 }))
      .subscribe();
    expect(clock.armed).toBe(1);
    subscription.unsubscribe();
    expect([returned, clock.armed]).toEqual([1, 0]);
  });
});

it('a producer of its own above a queue of 0 that gives up its wait leaves no timer', () => {
  const clock = new HandClock();
  const limiter = new RateLimiter({ rate: 10 });
  const giveUps: (() => void)[] = [];
  const options = { scheduler: clock, queue: 0 };
  for (const more of [{}, { limiter }]) {
    new Observable<number>((subscriber) => {
      const demand = demandOf(subscriber);
      subscriber.next(1);
      const giveUp = demand?.onAvailable(() => expect.fail('it has given up'));
      if (giveUp) giveUps.push(giveUp);
    })
      .pipe(leakyBucket(1, 'limiter' in more ? 0 : 10, { ...options, ...more }))
      .subscribe();
  }
  expect([clock.armed, limiter.waiting]).toEqual([2, 1]);
  for (const giveUp of giveUps) giveUp();
  expect([clock.armed, limiter.waiting]).toEqual([0, 0]);
  clock.advance(200);
});

it('shapes the calls of a pool by real time', async () => {
  const started: number[] = [];
  await new Promise<void>((resolve) => {
    pullFrom([1, 2, 3, 4])
      .pipe(
        leakyBucket(2, 5),
        workerPool(4, (n) => {
          started.push(n);
          return timer(1).pipe(delay(1));
        }),
      )
      .subscribe({ complete: resolve });
  });
  expect(started).toEqual([1, 2, 3, 4]);
});
