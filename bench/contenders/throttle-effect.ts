import { Effect, Stream } from 'effect';
import type { Run } from '../harness/timed.js';
import { alternating, asOfOdd } from './pipe.js';

/** The pipe of `pipe.ts` as a stream, and a token bucket that is never empty, asked for each value: a chunk of one. */
export const withThrottle = (): Run => {
  const parities = alternating();
  return async (count) => {
    const parity = parities();
    const total = await Effect.runPromise(
      Stream.range(0, count - 1).pipe(
        Stream.map((value) => value + 1),
        Stream.rechunk(1),
        Stream.throttle({
          cost: (chunk) => chunk.length,
          units: 1e9,
          duration: '1 millis',
          strategy: 'shape',
        }),
        Stream.filter((value) => value % 2 === parity),
        Stream.runFold(
          () => 0,
          (sum, value) => sum + value,
        ),
      ),
    );
    return asOfOdd(total, count, parity);
  };
};
