import { Readable } from 'node:stream';
import { numbersBelow } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency, type Task } from './pool-tasks.js';

// Pools whose results are read by a `for await` loop.

export const withReadable =
  (task: Task): Run =>
  (count) =>
    sumOf(Readable.from(numbersBelow(count)).map(task, { concurrency }));

export async function withIx(task: Task): Promise<Run> {
  const { from } = await import('ix/asynciterable');
  const { flatMap } = await import('ix/asynciterable/operators');
  const inner = (value: number) => from<number>([task(value)] as Iterable<number>);
  return (count) => sumOf(from(numbersBelow(count)).pipe(flatMap(inner, concurrency)));
}

export async function withPMapIterable(task: Task): Promise<Run> {
  const { pMapIterable } = await import('p-map');
  return (count) => sumOf(pMapIterable(numbersBelow(count), task, { concurrency }));
}

async function sumOf(results: AsyncIterable<number>): Promise<number> {
  let sum = 0;
  for await (const result of results) sum += result;
  return sum;
}
