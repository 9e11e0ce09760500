import { Effect, Fiber, Queue } from 'effect';
import type { Run } from '../harness/timed.js';

/** Producer and consumer are fibers, each operation an effect. */
export function yieldEach(capacity: number): Run {
  return (count) => Effect.runPromise(pass(capacity, count));
}

const pass = (capacity: number, count: number) =>
  Effect.gen(function* () {
    const queue = yield* Queue.bounded<number>(capacity);
    const producer = yield* Effect.forkChild(produce(queue, count));
    const sum = yield* consume(queue, count);
    yield* Fiber.join(producer);
    return sum;
  });

const produce = (queue: Queue.Queue<number>, count: number) =>
  Effect.gen(function* () {
    for (let value = 1; value <= count; value += 1) yield* Queue.offer(queue, value);
  });

const consume = (queue: Queue.Queue<number>, count: number) =>
  Effect.gen(function* () {
    let sum = 0;
    for (let taken = 0; taken < count; taken += 1) sum += yield* Queue.take(queue);
    return sum;
  });
