import { Subject, merge, of, tap } from 'rxjs';
import { RateLimiter, type Reservation } from 'rxjs-sluice';
import { leakyBucket, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { HandClock } from '../support/hand-clock.js';
import { LateClock } from '../support/late-clock.js';

/** Pipes `values` through `limiter` alone, by `clock`, and notes when each goes out. */
function pipe(
  limiter: RateLimiter,
  clock: HandClock,
  values: readonly string[],
  log: [value: string, at: number][] = [],
  heard?: (value: string) => unknown,
) {
  of(...values)
    .pipe(leakyBucket(1, 0, { scheduler: clock, limiter, queue: 9 }))
    .subscribe((value) => {
      log.push([value, clock.now()]);
      heard?.(value);
    });
  return log;
}

describe('a limiter that pipes use', () => {
  it('goes by the clock that it was given, and each pipe by its own', () => {
    const [own, clock] = [new HandClock(), new HandClock()];
    const limiter = new RateLimiter({ rate: 100, clock: schedulerClock(own) });
    pipe(limiter, new HandClock(), []);
    expect(limiter.allow()).toBe(true);
    own.advance(10);
    expect([limiter.tokens, limiter.allow()]).toEqual([1, true]);
    clock.advance(10);
    const log = pipe(limiter, clock, ['a', 'b']);
    clock.advance(100);
    expect(log).toEqual([
      ['a', 20],
      ['b', 30],
    ]);
  });

  it('holds none up for a reservation that was made while nobody waited', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, clock: schedulerClock(clock) });
    expect(limiter.reserve().delay).toBe(0);
    const log = pipe(limiter, clock, ['a', 'b']);
    clock.advance(100);
    expect(log).toEqual([
      ['a', 10],
      ['b', 20],
    ]);
  });

  it('serves all that are due by one late timer, though a value leads to a reservation', () => {
    const clock = new LateClock();
    clock.late = 75;
    const limiter = new RateLimiter({ rate: 100, clock: schedulerClock(clock) });
    let reservation: Reservation | undefined;
    const log = pipe(limiter, clock, ['a1', 'a2', 'a3'], [], (value) => {
      if (value === 'a2') reservation = limiter.reserve();
    });
    pipe(limiter, clock, ['b1', 'b2', 'b3'], log);
    clock.advance(85);
    expect(log).toEqual([
      ['a1', 0],
      ['a2', 85],
      ['b1', 85],
      ['a3', 85],
      ['b2', 85],
      ['b3', 85],
    ]);
    expect(reservation?.delay).toBe(0);
  });

  it.each([0, 30])('keeps what was reserved in a turn, had %d waited before', (waits) => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 10, burst: 3, clock: schedulerClock(clock) });
    const options = { scheduler: clock, limiter, cost: (n: number) => n };
    const log: [number, at: number][] = [];
    const other = new Subject<number>();
    other.pipe(leakyBucket(3, 0, options)).subscribe((n) => log.push([n, clock.now()]));
    expect(limiter.allow(3)).toBe(true);
    for (let n = 0; n < waits; n++) void limiter.wait();
    const begin = waits * 100;
    pullFrom([1, 2])
      .pipe(
        tap((n) => {
          if (n !== 1) return;
          other.next(3);
          expect(limiter.reserve(3).delay).toBe(600);
        }),
        leakyBucket(2, 1, { ...options, queue: 0 }), // it stands for 2, and takes 1
      )
      .subscribe((n) => log.push([n, clock.now()]));
    clock.advance(begin + 1000);
    expect(log).toEqual([
      [1, begin + 200],
      [3, begin + 400],
      [2, begin + 1000],
    ]);
  });

  it('has who asks for more in the turn of another come behind what is reserved', () => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 10, burst: 3, clock: schedulerClock(clock) });
    const options = { scheduler: clock, limiter, cost: (n: number) => n };
    const log: [number, at: number][] = [];
    const latest = new Subject<number>();
    latest
      .pipe(leakyBucket(3, 0, { ...options, queue: 1, overflow: 'drop-oldest' }))
      .subscribe((n) => log.push([n, clock.now()]));
    expect(limiter.allow(3)).toBe(true);
    pullFrom([1])
      .pipe(
        tap(() => latest.next(2)), // in place of the 1 that waits
        leakyBucket(3, 0, { ...options, queue: 0 }),
      )
      .subscribe((n) => log.push([n, clock.now()]));
    latest.next(1);
    expect(limiter.reserve(3).delay).toBe(700);
    clock.advance(1000);
    expect(log).toEqual([
      [1, 300],
      [2, 900],
    ]);
  });

  it.each([0, 1])('loses nothing by timers that are late: pipes with a queue of %d', (queue) => {
    const clock = new LateClock();
    clock.late = 45;
    const limiter = new RateLimiter({ rate: 100, clock: schedulerClock(clock) });
    let count = 0;
    for (let n = 0; n < 2; n++) {
      pullFrom(Array<0>(200).fill(0))
        .pipe(leakyBucket(1, 0, { scheduler: clock, limiter, queue }))
        .subscribe(() => count++);
    }
    clock.advance(2000);
    expect(count).toBe(196); // 5 are due, and wait for their timer
  });

  it.each<[string, (limiter: RateLimiter) => void]>([
    ['setRate', (limiter) => limiter.setRate(100)],
    ['setBurst', (limiter) => limiter.setBurst(1)],
    ['a reservation that is cancelled', (limiter) => limiter.reserve().cancel()],
  ])('is not made to lose what others are due, a timer being late, by %s in a turn', (_, act) => {
    const clock = new LateClock();
    clock.late = 75;
    const limiter = new RateLimiter({ rate: 100, clock: schedulerClock(clock) });
    const values = (name: string) => [1, 2, 3, 4, 5].map((n) => `${name}${n}`);
    const log: [value: string, at: number][] = [];
    pipe(limiter, clock, values('a'), log, (value) => value === 'a2' && act(limiter));
    pipe(limiter, clock, values('b'), log);
    clock.late = 0;
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ...['a2', 'b1', 'a3', 'b2', 'a4', 'b3', 'a5', 'b4'].map((value) => [value, 85]),
      ['b5', 90],
    ]);
  });

  it.each([10, 1000, 0])('nor by a rate of %d that is taken back in the same turn', (rate) => {
    const clock = new LateClock();
    const limiter = new RateLimiter({ rate: 100, clock: schedulerClock(clock) });
    const log = pipe(limiter, clock, ['a1']);
    clock.late = 90;
    pipe(limiter, clock, ['a2'], log, () => {
      limiter.setRate(rate);
      limiter.setRate(100);
    });
    clock.late = 0;
    clock.advance(50);
    pipe(limiter, clock, ['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7'], log); // since 50: a2 is due at 10
    clock.advance(100);
    expect(log).toEqual([
      ['a1', 0],
      ...['a2', 'b1', 'b2', 'b3', 'b4', 'b5', 'b6'].map((value) => [value, 100]),
      ['b7', 110],
    ]);
  });

  it.each<[string, (given: Given) => unknown]>([
    ['waits for it', ({ limiter, count }) => limiter.wait().then(count)],
    ['pushes into another pipe', ({ other }) => other.next(0)],
    ['sets its rate', ({ limiter }) => limiter.setRate(1000)],
  ])('passes as much as else where a consumer %s, a timer being late', async (_, consume) => {
    expect(await passedWith(consume)).toBe(await passedWith(() => {}));
  });

  it('passes as much as else where one pipe leads to another, a timer being late', async () => {
    expect(await passedWith(() => {}, true)).toBe(await passedWith(() => {}));
  });
});

describe('pipes of two stages that share a limiter, the second without places', () => {
  it.each([
    [1, 1],
    [1, 2],
    [2, 1],
    [2, 2],
    [3, 10],
  ])('go on: %d of them, in bursts of %d', (count, burst) => {
    const clock = new HandClock();
    const limiter = new RateLimiter({ rate: 100, burst, clock: schedulerClock(clock) });
    const options = { scheduler: clock, limiter };
    const got: number[] = [];
    for (let n = 0; n < count; n++) {
      pullFrom([1, 2, 3])
        .pipe(leakyBucket<number>(1, 0, options), leakyBucket(1, 0, { ...options, queue: 0 }))
        .subscribe((value) => got.push(value));
    }
    clock.advance(1000);
    expect(got.sort()).toEqual([1, 2, 3].flatMap((n) => Array<number>(count).fill(n)));
  });
});

it('a pipe that goes by an interval, too, loses nothing of a limiter by late timers', () => {
  const countOf = (limiter?: RateLimiter) => {
    const clock = new LateClock();
    clock.late = 45;
    let count = 0;
    pullFrom(Array<0>(300).fill(0))
      .pipe(leakyBucket(1, 10, { scheduler: clock, queue: 3, limiter }))
      .subscribe(() => count++);
    clock.advance(2000);
    return count;
  };
  expect(countOf(new RateLimiter({ rate: 100 }))).toBe(countOf());
});

it('two sources above an interval and a limiter, both without places, go on', () => {
  const clock = new HandClock();
  const limiter = new RateLimiter({ rate: 1000, burst: 2, clock: schedulerClock(clock) });
  const options = { scheduler: clock, queue: 0 };
  const got: number[] = [];
  merge(pullFrom([1, 2]), pullFrom([3, 4]))
    .pipe(leakyBucket<number>(1, 1, options), leakyBucket(1, 0, { ...options, limiter }))
    .subscribe((n) => got.push(n));
  clock.advance(100);
  expect(got.sort()).toEqual([1, 2, 3, 4]);
});

it('a pipe without places passes what it is sent in the turn of another, where there are tokens', () => {
  const clock = new HandClock();
  const limiter = new RateLimiter({ rate: 100, burst: 10, clock: schedulerClock(clock) });
  const options = { scheduler: clock, limiter, queue: 0 };
  const other = new Subject<number>();
  const got: number[] = [];
  other.pipe(leakyBucket(1, 0, { ...options, overflow: 'error' })).subscribe((n) => got.push(n));
  pullFrom([1, 2, 3])
    .pipe(leakyBucket(10, 0, { ...options, cost: () => 1 }))
    .subscribe((n) => other.next(n));
  clock.advance(1000);
  expect(got).toEqual([1, 2, 3]);
});

interface Given {
  readonly limiter: RateLimiter;
  /** What is piped through the limiter, too. */
  readonly other: Subject<number>;
  readonly count: () => void;
}

/** How much a limiter passes in half a second, of a pipe that always has more, and of what every tenth leads to. */
async function passedWith(consume: (given: Given) => unknown, twice = false): Promise<number> {
  const clock = new LateClock();
  clock.late = 15;
  const limiter = new RateLimiter({ rate: 1000, clock: schedulerClock(clock) });
  const bucket = () => leakyBucket<number>(1, 0, { scheduler: clock, limiter, queue: 100 });
  const other = new Subject<number>();
  let passed = 0;
  const count = () => {
    passed++;
  };
  other.pipe(bucket()).subscribe(count);
  const pipe = pullFrom(Array.from({ length: 1000 }, (_, n) => n)).pipe(bucket(), tap(count));
  (twice
    ? pipe.pipe(leakyBucket(1, 0, { scheduler: clock, limiter }), tap(count))
    : pipe
  ).subscribe((n) => n % 10 === 0 && consume({ limiter, other, count }));
  clock.advance(500);
  for (let n = 0; n < 9; n++) await Promise.resolve();
  return passed;
}
