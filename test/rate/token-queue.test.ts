import { of } from 'rxjs';
import { RateLimiter, type Reservation } from 'rxjs-sluice';
import { leakyBucket } from 'rxjs-sluice/operators';
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
  heard?: (value: string) => void,
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
});
