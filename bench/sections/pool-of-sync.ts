import { mergeMap, of, range, type Observable } from 'rxjs';
import { pullFrom, workerPool } from '../../operators/index.js';
import { Sum, numbersBelow, sumBelow } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

const stock = 'range | mergeMap(of, 8)';
const pushed = 'range | workerPool(8, of)';
const pulled = 'pullFrom | workerPool(8, of)';

/** Tasks that are over as soon as they start: the price of a pool where it does nothing useful. */
export const poolOfSync: Section = {
  id: 'pool-of-sync',
  title: 'Synchronous tasks, 8 at once',
  unit: 'ns per value',
  count: 1_000_000,
  expected: (count) => sumBelow(count),
  contenders: [
    timed(stock, () => (count) => sumOf(range(0, count).pipe(mergeMap((value) => of(value), 8)))),
    timed(
      pushed,
      () => (count) => sumOf(range(0, count).pipe(workerPool(8, (value) => of(value)))),
    ),
    timed(
      pulled,
      () => (count) =>
        sumOf(pullFrom(numbersBelow(count)).pipe(workerPool(8, (value) => of(value)))),
    ),
  ],
  goals: [
    { contender: pushed, against: stock, limit: 1, strictly: true },
    { contender: pulled, against: stock, limit: 1, strictly: true },
  ],
};

function sumOf(values: Observable<number>): number {
  const sum = new Sum();
  values.subscribe(sum.add);
  return sum.total;
}
