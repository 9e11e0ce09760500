import { goProgram } from '../contenders/go.js';
import { allAtOnce as barePromises } from '../contenders/promises-bare.js';
import * as sluice from '../contenders/semaphore.js';
import { sumBelow } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

const go = 'Go, a channel of 4 places';
const ours = 'Semaphore';
const asyncSema = 'async-sema';
const effect = 'Effect';
const sema = () => import('../contenders/semaphore-async-sema.js');

const shared = { unit: 'ns per value', expected: sumBelow } as const;

export const semaphores: readonly Section[] = [
  {
    ...shared,
    id: 'semaphore-try',
    title: 'A semaphore that is free: tryAcquire and release',
    count: 1_000_000,
    contenders: [goProgram(go, ['-what=semaphore']), timed(ours, () => sluice.tryAndRelease)],
    goals: [{ contender: ours, against: go, limit: 1 }],
  },
  {
    ...shared,
    id: 'semaphore-await',
    title: 'A semaphore that is free: await acquire, and release',
    count: 200_000,
    contenders: [
      timed(ours, () => sluice.awaitAndRelease),
      timed(asyncSema, async () => (await sema()).awaitAndRelease),
      timed(effect, async () => (await import('../contenders/semaphore-effect.js')).takeAndRelease),
    ],
    goals: [
      { contender: ours, against: asyncSema, limit: 0.7 },
      { contender: ours, against: effect },
    ],
  },
  {
    ...shared,
    id: 'semaphore-waiters',
    title: 'A semaphore for which 1,000, then 100,000 wait at once',
    count: 100_000,
    contenders: [
      timed(`${ours}, 1e3 wait`, () => sluice.allAtOnce, { count: 1_000 }),
      timed(`${ours}, 1e5 wait`, () => sluice.allAtOnce),
      timed(`${asyncSema}, 1e3 wait`, async () => (await sema()).allAtOnce, { count: 1_000 }),
      timed(`${asyncSema}, 1e5 wait`, async () => (await sema()).allAtOnce),
      timed('bare promises, 1e3 wait', () => barePromises, { count: 1_000 }),
      timed('bare promises, 1e5 wait', () => barePromises),
    ],
    // What a promise costs grows with how many are alive: that is the collector's, and the limit here.
    goals: [
      {
        contender: `${ours}, 1e3 wait`,
        against: `${asyncSema}, 1e3 wait`,
        limit: 1,
        strictly: true,
      },
      {
        contender: `${ours}, 1e5 wait`,
        against: `${asyncSema}, 1e5 wait`,
        limit: 1,
        strictly: true,
      },
      { contender: `${ours}, 1e3 wait`, against: 'bare promises, 1e3 wait' },
      { contender: `${ours}, 1e5 wait`, against: 'bare promises, 1e5 wait' },
    ],
  },
];
