import { bufferCount, bufferTime } from 'rxjs';
import { batchWithTimeout } from '../../operators/index.js';
import { bareArrays, withDataLoader, withIx, withOperator } from '../contenders/batches.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const batches = 'batchWithTimeout(100, 10)';
const timed = 'bufferTime(10, null, 100)';

const contenders: readonly Contender[] = [
  limit('bare arrays of 100', 'calls', () => bareArrays),
  ours(batches, 'calls', () => withOperator(() => batchWithTimeout(100, 10))),
  peer(timed, 'calls', () => withOperator(() => bufferTime(10, null, 100))),
  peer('bufferCount(100), no clock', 'calls', () => withOperator(() => bufferCount(100))),
  peer(
    'Effect groupedWithin(100, 10 ms)',
    'effects',
    async () => (await import('../contenders/batches-effect.js')).withGroupedWithin,
  ),
  peer('ix bufferCountOrTime(100, 10)', 'for await', withIx, { count: 10_000 }),
  // It answers each value by a promise, which is another thing to do.
  peer('dataloader, batches of 100', 'a promise each', withDataLoader),
];

/** Batches by count, with a clock that is armed for each batch and never gets to run. */
export const batch: Section = {
  id: 'batch',
  title: 'range | batches of 100 within 10 ms, synchronous',
  unit: 'ns per value',
  count: 100_000,
  expected: sumTo,
  contenders,
  goals: goalsOf(contenders, [{ contender: batches, against: timed, limit: 0.35 }]),
};
