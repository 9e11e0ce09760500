import { Effect, Stream } from 'effect';
import type { Run } from '../harness/timed.js';
import { BatchSum, batchSize } from './batches.js';

export const withGroupedWithin: Run = async (count) => {
  const { total } = await Effect.runPromise(
    Stream.range(1, count).pipe(
      Stream.groupedWithin(batchSize, '10 millis'),
      Stream.runFold(
        () => new BatchSum(),
        (sum, values) => {
          sum.add(values);
          return sum;
        },
      ),
    ),
  );
  return total;
};
