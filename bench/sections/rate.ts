import { map, range, type MonoTypeOperatorFunction } from 'rxjs';
import { leakyBucket } from '../../operators/index.js';
import { atOnce, inTurn, limiters, type Pass } from '../contenders/limiters.js';
import { paceNames, paced } from '../contenders/paced.js';
import { Sum, sumBelow } from '../harness/sums.js';
import { nanosecondsPerValue, timed, type Run } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const ours = 'RateLimiter';
const bucket = 'leakyBucket(1, 1)';
const effect = "Effect's throttle";

function overhead(id: string, title: string, runOf: (pass: Pass) => Run): Section {
  const contenders = Object.entries(limiters).map(([name, make]) =>
    // A task of Bottleneck takes milliseconds.
    timed(name, async () => runOf(await make()), name === 'Bottleneck' ? { count: 100 } : {}),
  );
  return {
    id,
    title: `A limit that is not reached, ${title}`,
    unit: 'ns per call',
    count: 20_000,
    expected: sumBelow,
    contenders,
    goals: [
      { contender: ours, against: 'p-throttle', limit: 0.5 },
      ...['limiter', 'p-queue', 'Bottleneck'].map((against) => ({ contender: ours, against })),
    ],
  };
}

/** What a stage adds to a pipe: the difference of two runs in one process. */
function added(name: string, stage: () => MonoTypeOperatorFunction<number>): Contender {
  const piped =
    (own: () => MonoTypeOperatorFunction<number>): Run =>
    (count) => {
      const sum = new Sum();
      range(0, count)
        .pipe(
          map((value) => value),
          own(),
        )
        .subscribe(sum.add);
      return sum.total;
    };
  return {
    name,
    sample: async (job) => {
      const without = await nanosecondsPerValue(
        piped(() => map((value) => value)),
        job,
      );
      return (await nanosecondsPerValue(piped(stage), job)) - without;
    },
  };
}

const accuracy = { count: 6_000, expected: sumBelow } as const;

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
      added('leakyBucket(1e9, 1)', () => leakyBucket(1e9, 1)),
      timed(effect, async () => (await import('../contenders/throttle-effect.js')).withEffect),
    ],
    goals: [
      { contender: 'leakyBucket(1e9, 1)', limit: 60 },
      { contender: 'leakyBucket(1e9, 1)', against: effect },
    ],
  },
  {
    ...accuracy,
    id: 'pace-rate',
    title: '1,000 a second with 6,000 waiting, for three seconds: how many pass',
    unit: 'per second',
    contenders: paceNames.map((name) => paced(name, ({ perSecond }) => perSecond)),
    // The first goes at once: 3,001 in three seconds.
    goals: [bucket, ours].map((contender) => ({ contender, least: 995, limit: 1_000.4 })),
  },
  {
    ...accuracy,
    id: 'pace-window',
    title: '1,000 a second with 6,000 waiting, for three seconds: the most within any 100 ms',
    unit: 'values',
    contenders: paceNames.map((name) => paced(name, ({ mostIn100Ms }) => mostIn100Ms)),
    goals: [bucket, ours].map((contender) => ({ contender, limit: 105 })),
  },
  {
    ...accuracy,
    id: 'pace-cpu',
    title: '1,000 a second with 6,000 waiting, for three seconds: what that takes of a core',
    unit: '%',
    contenders: paceNames.map((name) => paced(name, ({ percentOfCore }) => percentOfCore)),
    goals: [bucket, ours].map((contender) => ({ contender, limit: 5 })),
  },
];
