import {
  loadMapLimit,
  loadPMap,
  withMergeMap,
  withWorkerPool,
} from '../contenders/promise-tasks.js';
import { sumBelow } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

const pool = 'pullFrom | workerPool(8, async)';

/** `mergeMap` takes the whole source into its buffer and shifts each value off it. */
export const poolOfPromises: Section = {
  id: 'pool-of-promises',
  title: 'Promise tasks, 8 at once',
  unit: 'ns per task',
  count: 100_000,
  expected: (count) => sumBelow(count),
  contenders: [
    timed('range | mergeMap(async, 8)', () => withMergeMap),
    timed('async.mapLimit(array, 8)', loadMapLimit),
    timed('p-map, concurrency 8', loadPMap),
    timed(pool, () => withWorkerPool),
  ],
  goals: [
    { contender: pool, against: 'range | mergeMap(async, 8)', limit: 1 / 12 },
    { contender: pool, against: 'async.mapLimit(array, 8)', limit: 1, strictly: true },
    { contender: pool, against: 'p-map, concurrency 8', limit: 1, strictly: true },
  ],
};

/** What a task costs must not depend on how many there are. */
export const poolAtScale: Section = {
  id: 'pool-at-scale',
  title: 'Promise tasks from pullFrom through workerPool(8), by number of tasks',
  unit: 'ns per task',
  count: 10_000,
  expected: (count) => sumBelow(count),
  contenders: [
    timed('10,000 tasks', () => withWorkerPool, { count: 10_000 }),
    timed('100,000 tasks', () => withWorkerPool, { count: 100_000 }),
    timed('1,000,000 tasks', () => withWorkerPool, { count: 1_000_000 }),
  ],
  goals: [
    { contender: '100,000 tasks', against: '10,000 tasks', limit: 1.3 },
    { contender: '1,000,000 tasks', against: '10,000 tasks', limit: 1.3 },
  ],
};
