import { Effect, Stream } from 'effect';
import type { Run } from '../harness/timed.js';

/** A token bucket that is never empty, asked for each value: a chunk of one. */
export const withEffect: Run = (count) =>
  Effect.runPromise(
    Stream.range(0, count - 1).pipe(
      Stream.rechunk(1),
      Stream.throttle({
        cost: (chunk) => chunk.length,
        units: 1e9,
        duration: '1 millis',
        strategy: 'shape',
      }),
      Stream.runFold(
        () => 0,
        (sum, value) => sum + value,
      ),
    ),
  );
