import { describe, expect, it } from 'vitest';
import { Bucket, every, perSecond, type Flow } from '../../src/rate/bucket.js';

const intervals = Array.from({ length: 1000 }, (_, n) => n + 1);

/** When each of `count` tokens is there, for one who waits from time `start` on at an empty bucket. */
function times(flow: Flow, count: number, start = 0, cost = 1): number[] {
  const bucket = new Bucket(cost, flow);
  bucket.tryTake(start, cost);
  return Array.from({ length: count }, () => {
    const time = bucket.timeOf(cost);
    bucket.spend(cost, time);
    return time;
  });
}

describe('whole milliseconds stay whole', () => {
  it('for every interval from 1 to 1,000', () => {
    for (const interval of intervals) {
      const exact = Array.from({ length: 50 }, (_, n) => (n + 1) * interval);
      expect(times(every(interval), 50)).toEqual(exact);
    }
  });

  it('for every such interval that is given as a rate per second', () => {
    for (const interval of intervals) {
      const [first = NaN] = times(perSecond(1000 / interval), 1);
      expect(first).toBe(interval);
    }
  });

  it('over 1e5 tokens, at a time of today', () => {
    const start = 1_700_000_000_000;
    for (const interval of [1, 3, 7, 49, 1000]) {
      expect(times(every(interval), 1e5, start).at(-1)).toBe(start + 1e5 * interval);
    }
  });

  it('where a whole number of tokens comes in a second, at each second', () => {
    for (const rate of [3, 7, 60, 999, 1001]) {
      const seconds = times(perSecond(rate), 3 * rate, 5000).filter((_, n) => (n + 1) % rate === 0);
      expect(seconds).toEqual([6000, 7000, 8000]);
      expect(times(every(1000 / rate), 3 * rate, 5000).at(-1)).toBe(8000);
    }
  });

  it('as far as they are exact', () => {
    const longest = Number.MAX_SAFE_INTEGER;
    for (const flow of [every(longest), perSecond(1000 / longest)]) {
      expect(flow).toEqual({ gain: 1, period: longest });
    }
  });

  it('and so do whole costs', () => {
    expect(times(every(7), 3, 100, 5)).toEqual([135, 170, 205]);
  });
});

it('quarters of a millisecond are exact, for every interval up to 250', () => {
  for (const interval of intervals.map((n) => n / 4)) {
    const exact = Array.from({ length: 50 }, (_, n) => (n + 1) * interval);
    expect(times(every(interval), 50)).toEqual(exact);
  }
});

it('times that are not whole do not drift', () => {
  for (const interval of [0.1, 16.6, 333.3, Math.PI]) {
    const last = times(every(interval), 1e5, 1e6).at(-1) ?? NaN;
    expect(Math.abs(last - (1e6 + 1e5 * interval))).toBeLessThan(0.001);
  }
  for (const rate of [0.3, 2.7, Math.PI, 60.5]) {
    const last = times(perSecond(rate), 1e4, 1e6).at(-1) ?? NaN;
    expect(Math.abs(last - (1e6 + 1e7 / rate))).toBeLessThan(0.001);
  }
});

it.each<[string, Flow]>([
  ['1e305 ms', every(1e305)],
  ['Number.MAX_VALUE ms', every(Number.MAX_VALUE)],
  ['1000 / 1e-305 ms', perSecond(1e-305)],
])('an interval of %s is counted without running over', (_, flow) => {
  const bucket = new Bucket(2000, flow);
  expect([bucket.tryTake(0, 2000), bucket.tryTake(1e15, 1)]).toEqual([true, false]);
  expect(bucket.tokensAt(1e15)).toBeCloseTo(0);
  expect(bucket.timeOf(1)).toBeGreaterThan(1e304);
});

describe('a bucket', () => {
  it('is full whenever it is first used, be it before time 0', () => {
    for (const now of [-500, 0, 1e12]) {
      for (const flow of [every(10), every(Infinity), every(0)]) {
        const bucket = new Bucket(3, flow);
        expect([bucket.isFullAt(now), bucket.tokensAt(now)]).toEqual([true, 3]);
        bucket.rest(now);
        expect([bucket.timeOf(3), bucket.tokensAt(now)]).toEqual([now, 3]);
      }
    }
  });

  it('is full again when all that was taken has come, not before', () => {
    const bucket = new Bucket(3, every(10));
    bucket.tryTake(0, 2);
    expect([19, 20].map((now) => bucket.isFullAt(now))).toEqual([false, true]);
  });

  it('may owe tokens, and has what is given back', () => {
    const bucket = new Bucket(2, every(10));
    bucket.rest(0);
    bucket.spend(5, 0);
    expect([bucket.tokensAt(0), bucket.timeOf(1)]).toEqual([-3, 40]);
    bucket.giveBack(1);
    expect([bucket.tokensAt(15), bucket.timeOf(2)]).toEqual([-0.5, 40]);
  });

  it('saves nothing up beyond its burst while it rests', () => {
    const bucket = new Bucket(2, every(10));
    bucket.tryTake(0, 2);
    bucket.rest(25);
    bucket.spend(2, 25);
    expect([bucket.tokensAt(25), bucket.timeOf(1)]).toEqual([0, 35]);
  });

  it('gives nothing as of a time before the latest that it was told of', () => {
    const bucket = new Bucket(2, every(10));
    bucket.rest(25);
    bucket.rest(5);
    expect(bucket.timeOf(1)).toBe(25);
    bucket.spend(1, 30);
    expect(bucket.timeOf(1)).toBe(30);
  });

  it.each([
    ['slower', 1000, [1, 51], 101],
    ['faster', 1, [1, 51], 101],
    ['not at all', Infinity, [1, 51], 101],
    ['at once', 0, [1, 1], 1],
  ])(
    'lets those who are due go by the flow of before, where tokens come %s then',
    (_, interval, due, beyond) => {
      const bucket = new Bucket(10, every(10));
      bucket.rest(1);
      bucket.spend(10, 1);
      bucket.setFlow(every(interval), 101);
      expect([bucket.timeOf(0), bucket.timeOf(5), bucket.timeOf(10)]).toEqual([...due, beyond]);
    },
  );

  it.each([1000, 1, Infinity])(
    'loses nothing to those who are due, where a token comes in %d ms for no time at all',
    (interval) => {
      const bucket = new Bucket(10, every(10));
      bucket.rest(1);
      bucket.spend(10, 1);
      bucket.setFlow(every(interval), 101);
      bucket.setFlow(every(10), 101);
      bucket.rest(51);
      expect([0, 5, 10, 11].map((cost) => bucket.timeOf(cost))).toEqual([51, 51, 101, 111]);
    },
  );

  it('saves nothing up beyond its burst at a time before its flow changed', () => {
    const bucket = new Bucket(2, every(10));
    bucket.rest(0);
    bucket.spend(2, 0);
    bucket.setFlow(every(1000), 100);
    bucket.rest(50); // three of five are lost
    expect([bucket.tokensAt(50), bucket.timeOf(2), bucket.timeOf(7), bucket.timeOf(8)]).toEqual([
      2, 50, 100, 1100,
    ]);
  });
});
