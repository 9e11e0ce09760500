import * as bare from '../contenders/pool-bare.js';
import { macrotask, promiseTask, type Task } from '../contenders/pool-tasks.js';
import * as rx from '../contenders/pool-rxjs.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const pool = 'pullFrom | workerPool(8)';
const mergeMap = 'range | mergeMap(8)';

export const poolOfPromises = sectionOf(promiseTask, {
  id: 'pool-of-promises',
  title: 'Promise tasks, 8 at once',
  count: 100_000,
});

export const poolOfMacrotasks = sectionOf(macrotask, {
  id: 'pool-of-macrotasks',
  title: 'Tasks that take a macrotask, 8 at once',
  count: 20_000,
});

function sectionOf(
  task: Task<Promise<number>>,
  own: Pick<Section, 'id' | 'title' | 'count'>,
): Section {
  const contenders: readonly Contender[] = [
    limit('bare await in 8 loops', 'promises', () => bare.awaits(task)),
    ours(pool, 'promises', () => rx.withWorkerPool(task)),
    ours(`${pool}, for await`, 'for await', () => rx.withWorkerPoolIterated(task)),
    peer(mergeMap, 'promises', () => rx.withMergeMap(task)),
    peer('async.mapLimit', 'promises', async () => (await promises()).withMapLimit(task)),
    peer('p-map', 'promises', async () => (await promises()).withPMap(task)),
    peer('p-limit', 'promises', async () => (await promises()).withPLimit(task)),
    peer('p-queue', 'promises', async () => (await promises()).withPQueue(task)),
    peer('fastq.promise', 'promises', async () => (await promises()).withFastqPromise(task)),
    peer('pMapIterable, for await', 'for await', async () =>
      (await iterables()).withPMapIterable(task),
    ),
    peer('Node Readable.map, for await', 'for await', async () =>
      (await iterables()).withReadable(task),
    ),
    // It buffers as `mergeMap` does, and shifts.
    peer('ix flatMap, for await', 'for await', async () => (await iterables()).withIx(task), {
      count: 10_000,
    }),
    peer('Effect.forEach', 'effects', async () => (await effect()).withPromises(task)),
  ];
  return {
    ...own,
    unit: 'ns per task',
    expected: sumTo,
    contenders,
    goals: goalsOf(
      contenders,
      task === promiseTask ? [{ contender: pool, against: mergeMap, limit: 1 / 12 }] : [],
    ),
  };
}

const promises = () => import('../contenders/pool-promises.js');
const iterables = () => import('../contenders/pool-iterables.js');
const effect = () => import('../contenders/pool-effect.js');
