import { map } from 'rxjs';
import { leakyBucket } from '../../operators/index.js';
import { atOnce, bareLimiter, inTurn, limiters, type Pass } from '../contenders/limiters.js';
import { barePace, ourPaces, paceNames, paced, type Paced } from '../contenders/paced.js';
import { added } from '../contenders/pipe.js';
import { goalsOf } from '../harness/goals.js';
import { sumBelow } from '../harness/sums.js';
import { timed, type Run } from '../harness/timed.js';
import type { Contender, Section, Side } from '../harness/types.js';

const limiter = 'RateLimiter';
const bucket = 'leakyBucket(1e9, 1)';
const effect = "Effect's throttle";

const sideOf = (name: string, own: readonly string[], bare: string): Side =>
  own.includes(name) ? 'ours' : name === bare ? 'limit' : 'peer';

function overhead(id: string, title: string, runOf: (pass: Pass) => Run): Section {
  const contenders = Object.entries(limiters).map(([name, make]) =>
    timed(name, async () => runOf(await make()), {
      side: sideOf(name, [limiter], bareLimiter),
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
    expected: sumBelow,
    contenders,
    goals: goalsOf(contenders, [{ contender: limiter, against: 'p-throttle', limit: 0.5 }]),
  };
}

const accuracy = { count: 6_000, expected: sumBelow } as const;

const paces = (figure: (paced: Paced) => number): Contender[] =>
  paceNames.map((name) => paced(name, sideOf(name, ourPaces, barePace), figure));

/** The least arithmetic of a bucket: it looks at the clock for each value. */
function bareBucket(): (value: number) => number {
  let full = 0;
  return (value) => {
    const now = Date.now();
    full = Math.max(full, now) + 1e-9;
    return full > now + 1e9 ? -1 : value;
  };
}

const identity = () => map((value: number) => value);

export const rates: readonly Section[] = [
  overhead('limiter-in-turn', 'each call awaited', inTurn),
  overhead('limiter-at-once', 'all calls at once', atOnce),
  {
    id: 'leaky-bucket',
    title: 'What leakyBucket adds to a pipe beside an identity map, the limit not reached',
    unit: 'ns per value',
    count: 200_000,
    expected: sumBelow,
    contenders: [
      added('a map that reads the clock', 'limit', 'calls', () => map(bareBucket()), identity),
      added(bucket, 'ours', 'calls', () => leakyBucket(1e9, 1), identity),
      timed(effect, async () => (await import('../contenders/throttle-effect.js')).withEffect, {
        kind: 'effects',
      }),
    ],
    goals: [
      { contender: bucket, limit: 60 },
      { contender: bucket, against: 'a map that reads the clock' },
      { contender: bucket, against: effect },
    ],
  },
  {
    ...accuracy,
    id: 'pace-rate',
    title: '1,000 a second with 6,000 waiting, for three seconds: how many pass',
    unit: 'per second',
    noWinner: true,
    contenders: paces(({ perSecond }) => perSecond),
    // The first goes at once: 3,001 in three seconds.
    goals: ourPaces.map((contender) => ({ contender, least: 995, limit: 1_000.4 })),
  },
  {
    ...accuracy,
    id: 'pace-window',
    title: '1,000 a second with 6,000 waiting, for three seconds: the most within any 100 ms',
    unit: 'values',
    noWinner: true,
    contenders: paces(({ mostIn100Ms }) => mostIn100Ms),
    goals: ourPaces.map((contender) => ({ contender, limit: 105 })),
  },
  {
    ...accuracy,
    id: 'pace-cpu',
    title: '1,000 a second with 6,000 waiting, for three seconds: what that takes of a core',
    unit: '%',
    noWinner: true,
    contenders: paces(({ percentOfCore }) => percentOfCore),
    goals: ourPaces.map((contender) => ({ contender, limit: 5 })),
  },
];
