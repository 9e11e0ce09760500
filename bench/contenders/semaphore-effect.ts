import { Effect, Semaphore } from 'effect';
import type { Run } from '../harness/timed.js';

export const takeAndRelease: Run = (count) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const semaphore = yield* Semaphore.make(4);
      let sum = 0;
      for (let value = 0; value < count; value += 1) {
        yield* semaphore.take(1);
        sum += value;
        yield* semaphore.release(1);
      }
      return sum;
    }),
  );
