import { goProgram } from '../contenders/go.js';
import * as bare from '../contenders/promises-bare.js';
import * as sluice from '../contenders/semaphore.js';
import { sumBelow } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Goal, Section } from '../harness/types.js';

const go = 'Go, a channel of 4 places';
const name = 'Semaphore';
const asyncSema = 'async-sema';
const effect = 'Effect';
const sema = () => import('../contenders/semaphore-async-sema.js');

const crowds = [
  { scale: '1e3 wait', count: 1_000 },
  { scale: '1e5 wait', count: 100_000 },
] as const;
const among = (who: string, { scale }: (typeof crowds)[number]): string => `${who}, ${scale}`;

const shared = { unit: 'ns per value', expected: sumBelow } as const;

export const semaphores: readonly Section[] = [
  {
    ...shared,
    id: 'semaphore-try',
    title: 'A semaphore that is free: tryAcquire and release',
    count: 1_000_000,
    contenders: [
      goProgram(go, ['-what=semaphore']),
      limit('bare count', 'calls', () => bare.count),
      ours(name, 'calls', () => sluice.tryAndRelease),
    ],
    goals: [
      { contender: name, against: go, limit: 1 },
      { contender: name, against: 'bare count' },
    ],
  },
  {
    ...shared,
    id: 'semaphore-await',
    title: 'A semaphore that is free: await acquire, and release',
    count: 200_000,
    contenders: [
      limit('bare await, and a count', 'promises', () => bare.awaitAndCount),
      ours(name, 'promises', () => sluice.awaitAndRelease),
      peer(asyncSema, 'promises', async () => (await sema()).awaitAndRelease),
      peer(
        effect,
        'effects',
        async () => (await import('../contenders/semaphore-effect.js')).takeAndRelease,
      ),
    ],
    goals: [
      { contender: name, against: asyncSema, limit: 0.7 },
      { contender: name, against: 'bare await, and a count' },
      { contender: name, against: effect },
    ],
  },
  {
    ...shared,
    id: 'semaphore-waiters',
    title: 'A semaphore for which 1,000, then 100,000 wait at once',
    count: 100_000,
    contenders: crowds.flatMap((crowd) => [
      limit(among('bare promises', crowd), 'promises', () => bare.allAtOnce, crowd),
      ours(among(name, crowd), 'promises', () => sluice.allAtOnce, crowd),
      peer(among(asyncSema, crowd), 'promises', async () => (await sema()).allAtOnce, crowd),
    ]),
    // What a promise costs grows with how many are alive: that is the collector's, and the limit here.
    goals: crowds.flatMap((crowd): Goal[] => [
      {
        contender: among(name, crowd),
        against: among(asyncSema, crowd),
        limit: 1,
        strictly: true,
      },
      { contender: among(name, crowd), against: among('bare promises', crowd) },
    ]),
  },
];
