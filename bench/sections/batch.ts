import { bufferCount, bufferTime, range, type OperatorFunction } from 'rxjs';
import { batchWithTimeout } from '../../operators/index.js';
import { Sum, sumBelow } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

/** Batches by count, with a clock that is armed for each batch and never gets to run. */
export const batch: Section = {
  id: 'batch',
  title: 'range | batches of 100 within 10 ms, synchronous',
  unit: 'ns per value',
  count: 1_000_000,
  expected: (count) => sumBelow(count),
  contenders: [
    timed('bufferTime(10, null, 100)', () => run(bufferTime(10, null, 100))),
    timed('bufferCount(100), no clock', () => run(bufferCount(100))),
    timed('batchWithTimeout(100, 10)', () => run(batchWithTimeout(100, 10))),
  ],
  goals: [
    {
      contender: 'batchWithTimeout(100, 10)',
      against: 'bufferTime(10, null, 100)',
      limit: 0.35,
    },
    {
      contender: 'batchWithTimeout(100, 10)',
      against: 'bufferCount(100), no clock',
      limit: 1,
      strictly: true,
    },
  ],
};

/**
 * The values are consecutive, so that the ends and the length of a batch give its sum. (`bufferTime` may
 * end with an empty one.)
 */
function run(batches: OperatorFunction<number, number[]>) {
  return (count: number) => {
    const sum = new Sum();
    range(0, count)
      .pipe(batches)
      .subscribe((values) => {
        const { length } = values;
        if (length > 0) sum.add(((values[0]! + values[length - 1]!) * length) / 2);
      });
    return sum.total;
  };
}
