import { Effect, Stream } from 'effect';
import type { Run } from '../harness/timed.js';
import { batchSize, sumOfBatch } from './batches.js';

export const withGroupedWithin: Run = (count) =>
  Effect.runPromise(
    Stream.range(0, count - 1).pipe(
      Stream.groupedWithin(batchSize, '10 millis'),
      Stream.runFold(
        () => 0,
        (sum, values) => sum + sumOfBatch(values),
      ),
    ),
  );
