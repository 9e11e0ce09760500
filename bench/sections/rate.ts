import { map } from 'rxjs';
import { leakyBucket } from '../../operators/index.js';
import { bareLimiter, limiters, type Limiter } from '../contenders/limiters.js';
import { ourPaces, paces, type Paced } from '../contenders/paced.js';
import { piped, sumOfOdd } from '../contenders/pipe.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer, timed } from '../harness/timed.js';
import type { Contender, Section, Side } from '../harness/types.js';

const limiter = 'RateLimiter';

const sideOf = (name: string): Side =>
  name === limiter ? 'ours' : name === bareLimiter ? 'limit' : 'peer';

function overhead(id: string, title: string, calls: keyof Limiter): Section {
  const contenders = Object.entries(limiters).map(([name, make]) =>
    timed(name, async () => (await make())[calls], {
      side: sideOf(name),
      kind: 'promises',
      // A task of Bottleneck takes milliseconds.
      ...(name === 'Bottleneck' ? { count: 100 } : {}),
    }),
  );
  return {
    id,
    title: `A limit that is not reached, ${title}`,
    unit: 'ns per call',
    count: 20_000,
    expected: sumTo,
    contenders,
    goals: goalsOf(contenders, [{ contender: limiter, against: 'p-throttle', limit: 0.5 }]),
  };
}

/** The least arithmetic of a bucket: it looks at the clock for each value. */
function bareBucket(): (value: number) => number {
  let full = 0;
  return (value) => {
    const now = Date.now();
    full = Math.max(full, now) + 1e-9;
    return full > now + 1e9 ? -1 : value;
  };
}

const bucket = 'leakyBucket(1e9, 1)';
const identity = 'identity map';
const effect = "Effect's throttle";

const buckets: readonly Contender[] = [
  limit(identity, 'no clock', () => piped(() => map((value) => value))),
  limit('a map that reads the clock', 'calls', () => piped(() => map(bareBucket()))),
  ours(bucket, 'calls', () => piped(() => leakyBucket(1e9, 1))),
  peer(effect, 'effects', async () =>
    (await import('../contenders/throttle-effect.js')).withThrottle(),
  ),
];

// How many pass is what is measured, so there is no checksum over them.
const pace = { count: 6_000, expected: sumTo, contenders: paces } as const;

export const rates: readonly Section[] = [
  overhead('limiter-in-turn', 'each call awaited', 'inTurn'),
  overhead('limiter-at-once', 'all calls at once', 'atOnce'),
  {
    id: 'leaky-bucket',
    title: 'range | map | leakyBucket | filter, synchronous, the limit not reached',
    unit: 'ns per value',
    count: 200_000,
    expected: sumOfOdd,
    contenders: buckets,
    goals: goalsOf(buckets, [
      { contender: bucket, beyond: identity, limit: 60 },
      { contender: bucket, against: effect },
    ]),
  },
  {
    ...pace,
    id: 'pace-rate',
    title: '1,000 a second with 6,000 waiting, for three seconds: how many pass',
    unit: 'per second',
    shows: 'perSecond' satisfies keyof Paced,
    best: { figure: 1_000, within: 5 },
    // The first goes at once: 3,001 in three seconds.
    goals: ourPaces.map((contender) => ({ contender, least: 995, limit: 1_000.4 })),
  },
  {
    ...pace,
    id: 'pace-window',
    title: '1,000 a second with 6,000 waiting, for three seconds: the most within any 100 ms',
    unit: 'values',
    shows: 'mostIn100Ms' satisfies keyof Paced,
    best: { figure: 100, within: 1 },
    goals: ourPaces.map((contender) => ({ contender, limit: 105 })),
  },
  {
    ...pace,
    id: 'pace-cpu',
    title: '1,000 a second with 6,000 waiting, for three seconds: what that takes of a core',
    unit: '%',
    shows: 'percentOfCore' satisfies keyof Paced,
    goals: goalsOf(
      paces,
      ourPaces.map((contender) => ({ contender, limit: 5 })),
    ),
  },
];
