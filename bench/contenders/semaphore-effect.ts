import { Effect, Fiber, Semaphore } from 'effect';
import type { Run } from '../harness/timed.js';
import { checkNobodyIn } from './exclusion.js';

export const takeAndRelease: Run = (count) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const semaphore = yield* Semaphore.make(4);
      let sum = 0;
      for (let value = 1; value <= count; value += 1) {
        yield* semaphore.take(1);
        sum += value;
        yield* semaphore.release(1);
      }
      // All places are free, and there are no more of them.
      const taken = yield* semaphore.takeIfAvailable(4);
      return taken && !(yield* semaphore.takeIfAvailable(1)) ? sum : -1;
    }),
  );

/** Each waits in a fiber of its own. */
export const allAtOnce: Run = (count) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const semaphore = yield* Semaphore.make(1);
      yield* semaphore.take(1);
      let sum = 0;
      const one = (value: number) =>
        semaphore.withPermit(
          Effect.sync(() => {
            sum += value;
          }),
        );
      const fibers = [];
      for (let value = 1; value <= count; value += 1) {
        fibers.push(yield* Effect.forkChild(one(value)));
      }
      yield* Effect.promise(() => checkNobodyIn(() => sum));
      yield* semaphore.release(1);
      for (const fiber of fibers) yield* Fiber.join(fiber);
      return sum;
    }),
  );
