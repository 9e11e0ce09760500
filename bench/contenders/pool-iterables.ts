import { Readable } from 'node:stream';
import { numbersTo, sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency, type Task } from './pool-tasks.js';

// Pools whose results are read by a `for await` loop.

export const withReadable =
  (task: Task): Run =>
  (count) =>
    sumRead(Readable.from(numbersTo(count)).map(task, { concurrency }));

export async function withIx(task: Task): Promise<Run> {
  const { from } = await import('ix/asynciterable');
  const { flatMap } = await import('ix/asynciterable/operators');
  const inner = (value: number) => from<number>([task(value)] as Iterable<number>);
  return (count) => sumRead(from(numbersTo(count)).pipe(flatMap(inner, concurrency)));
}

export async function withPMapIterable(task: Task): Promise<Run> {
  const { pMapIterable } = await import('p-map');
  return (count) => sumRead(pMapIterable(numbersTo(count), task, { concurrency }));
}
