import { Effect, Stream } from 'effect';
import type { Run } from '../harness/timed.js';
import { sameOf } from './copies.js';
import { laneOf } from './lanes.js';

const sumOf = <E, R>(values: Stream.Stream<number, E, R>) =>
  Stream.runFold(
    values,
    () => 0,
    (sum, value) => sum + value,
  );

export const withGroupByKey: Run = (count) =>
  Effect.runPromise(
    Stream.range(1, count).pipe(
      Stream.groupByKey(laneOf),
      Stream.mapEffect(([, lane]) => sumOf(lane), { concurrency: 'unbounded' }),
      sumOf,
    ),
  );

/** So many streams that each get every value. */
export const withBroadcast =
  (branches: number, capacity: number): Run =>
  (count) =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const copies = yield* Stream.broadcastN(Stream.range(1, count), {
            n: branches,
            capacity,
          });
          const sums = yield* Effect.all(copies.map(sumOf), { concurrency: 'unbounded' });
          return sameOf(sums);
        }),
      ),
    );
