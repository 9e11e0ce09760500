import { goProgram } from '../contenders/go.js';
import * as bare from '../contenders/promises-bare.js';
import * as sluice from '../contenders/semaphore.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const go = 'Go, a channel of 4 places';
const name = 'Semaphore';
const asyncSema = 'async-sema';
const effect = 'Effect';
const sema = () => import('../contenders/semaphore-async-sema.js');
const effects = () => import('../contenders/semaphore-effect.js');

const crowd = { scale: '1e3 wait', count: 1_000 } as const;
const crowds = [crowd, { scale: '1e5 wait', count: 100_000 }] as const;
const among = (who: string, { scale }: (typeof crowds)[number]): string => `${who}, ${scale}`;

const shared = { unit: 'ns per value', expected: sumTo } as const;

const tried: readonly Contender[] = [
  goProgram(go, ['-what=semaphore']),
  limit('bare count', 'calls', () => bare.count),
  ours(name, 'calls', () => sluice.tryAndRelease),
  peer(asyncSema, 'calls', async () => (await sema()).tryAndRelease),
];

const awaited: readonly Contender[] = [
  limit('bare await of a promise each', 'promises', () => bare.awaitAndCount),
  ours(name, 'promises', () => sluice.awaitAndRelease),
  peer(asyncSema, 'promises', async () => (await sema()).awaitAndRelease),
  peer(effect, 'effects', async () => (await effects()).takeAndRelease),
];

// What a promise costs grows with how many are alive: that is the collector's, and the limit here.
const crowded: readonly Contender[] = [
  ...crowds.flatMap((each) => [
    limit(among('bare promises', each), 'promises', () => bare.allAtOnce, each),
    ours(among(name, each), 'promises', () => sluice.allAtOnce, each),
    peer(among(asyncSema, each), 'promises', async () => (await sema()).allAtOnce, each),
  ]),
  // It copies its queue at each release: 100,000 would take minutes.
  peer(among(effect, crowd), 'effects', async () => (await effects()).allAtOnce, crowd),
];

export const semaphores: readonly Section[] = [
  {
    ...shared,
    id: 'semaphore-try',
    title: 'A semaphore that is free: tryAcquire and release',
    count: 1_000_000,
    contenders: tried,
    goals: goalsOf(tried, [{ contender: name, against: go, limit: 1 }]),
  },
  {
    ...shared,
    id: 'semaphore-await',
    title: 'A semaphore that is free: await acquire, and release',
    count: 200_000,
    contenders: awaited,
    goals: goalsOf(awaited, [
      { contender: name, against: asyncSema, limit: 0.7 },
      { contender: name, against: effect },
    ]),
  },
  {
    ...shared,
    id: 'semaphore-waiters',
    title: 'A semaphore for which 1,000, then 100,000 wait at once',
    count: 100_000,
    contenders: crowded,
    goals: goalsOf(crowded, [{ contender: among(name, crowd), against: among(effect, crowd) }]),
  },
];
