import { mergeMap, of, range, type Observable } from 'rxjs';
import { pullFrom, workerPool } from '../../operators/index.js';
import { calls } from '../contenders/pool-bare.js';
import { withWorkerPoolIterated } from '../contenders/pool-rxjs.js';
import { syncTask } from '../contenders/pool-tasks.js';
import { goalsOf } from '../harness/goals.js';
import { Sum, numbersTo, sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const stock = 'range | mergeMap(of, 8)';
const pushed = 'range | workerPool(8, of)';
const pulled = 'pullFrom | workerPool(8, of)';

const contenders: readonly Contender[] = [
  limit('bare calls', 'callbacks', () => calls(syncTask)),
  limit('bare of(value).subscribe', 'Observables', () => subscriptions),
  peer(
    stock,
    'Observables',
    () => (count) => sumOf(range(1, count).pipe(mergeMap((value) => of(syncTask(value)), 8))),
  ),
  ours(
    pushed,
    'Observables',
    () => (count) => sumOf(range(1, count).pipe(workerPool(8, (value) => of(syncTask(value))))),
  ),
  ours(
    pulled,
    'Observables',
    () => (count) =>
      sumOf(pullFrom(numbersTo(count)).pipe(workerPool(8, (value) => of(syncTask(value))))),
  ),
  ours('pullFrom | workerPool(8, of), for await', 'for await', () =>
    withWorkerPoolIterated((value) => of(syncTask(value))),
  ),
  peer('fastq', 'callbacks', async () => (await callbacks()).withFastq(syncTask)),
  peer('async.mapLimit', 'callbacks', async () => (await callbacks()).withMapLimit(syncTask)),
  peer('p-map', 'promises', async () => (await promises()).withPMap(syncTask)),
  peer('p-limit', 'promises', async () => (await promises()).withPLimit(syncTask)),
  peer('p-queue', 'promises', async () => (await promises()).withPQueue(syncTask)),
  peer('pMapIterable, for await', 'for await', async () =>
    (await iterables()).withPMapIterable(syncTask),
  ),
  peer('Node Readable.map, for await', 'for await', async () =>
    (await iterables()).withReadable(syncTask),
  ),
  peer('ix flatMap, for await', 'for await', async () => (await iterables()).withIx(syncTask), {
    count: 10_000,
  }),
  peer('Effect.forEach', 'effects', async () =>
    (await import('../contenders/pool-effect.js')).withSync(syncTask),
  ),
];

/** Tasks that are over as soon as they start: the price of a pool where it does nothing useful. */
export const poolOfSync: Section = {
  id: 'pool-of-sync',
  title: 'Synchronous tasks, 8 at once',
  unit: 'ns per value',
  count: 100_000,
  expected: sumTo,
  contenders,
  goals: goalsOf(contenders),
};

function subscriptions(count: number): number {
  const sum = new Sum();
  for (const value of numbersTo(count)) of(syncTask(value)).subscribe(sum.add);
  return sum.total;
}

function sumOf(values: Observable<number>): number {
  const sum = new Sum();
  values.subscribe(sum.add);
  return sum.total;
}

const callbacks = () => import('../contenders/pool-callbacks.js');
const promises = () => import('../contenders/pool-promises.js');
const iterables = () => import('../contenders/pool-iterables.js');
