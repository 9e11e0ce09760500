import { RateLimiter, type Clock, type Reservation, type TokenOptions } from 'rxjs-sluice';
import { describe, expectTypeOf, it } from 'vitest';

describe('a rate limiter', () => {
  const limiter = new RateLimiter({ rate: Infinity, burst: 2, clock: {} as Clock });

  it('is made of numbers and a clock, all of which may be absent', () => {
    new RateLimiter();
    new RateLimiter({});
    // @ts-expect-error -- a rate is a number
    new RateLimiter({ rate: '10/s' });
  });

  it('answers at once, later, or in how long', () => {
    expectTypeOf(limiter.allow()).toEqualTypeOf<boolean>();
    expectTypeOf(limiter.wait()).toEqualTypeOf<Promise<void>>();
    expectTypeOf(limiter.reserve(2)).toEqualTypeOf<Reservation>();
    expectTypeOf(limiter.reserve().delay).toEqualTypeOf<number>();
    expectTypeOf(limiter.wait).parameter(0).toEqualTypeOf<TokenOptions | undefined>();
  });

  it('can be read, and set by its methods alone', () => {
    expectTypeOf(limiter.tokens).toEqualTypeOf<number>();
    // @ts-expect-error -- setRate is there for that
    limiter.rate = 5;
    // @ts-expect-error -- setBurst is there for that
    limiter.burst = 5;
  });
});
