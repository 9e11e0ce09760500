import { numbersTo, sumUp } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency, type Task } from './pool-tasks.js';

// Pools that answer promises. Each reads an array made beforehand.

export async function withPMap(task: Task): Promise<Run> {
  const { default: pMap } = await import('p-map');
  return async (count) => sumUp(await pMap(numbersTo(count), task, { concurrency }));
}

export async function withPQueue(task: Task): Promise<Run> {
  const { default: PQueue } = await import('p-queue');
  // A task may answer a value or a promise; the types know one of the two at a time.
  const run = task as Task<Promise<number>>;
  return async (count) => {
    const queue = new PQueue({ concurrency });
    const tasks = numbersTo(count).map((value) => () => run(value));
    return sumUp(await queue.addAll(tasks));
  };
}

export async function withPLimit(task: Task): Promise<Run> {
  const { default: pLimit } = await import('p-limit');
  return async (count) => sumUp(await pLimit(concurrency).map(numbersTo(count), task));
}

export async function withFastqPromise(task: Task<Promise<number>>): Promise<Run> {
  const { default: fastq } = await import('fastq');
  return async (count) => {
    const queue = fastq.promise<unknown, number, number>(task, concurrency);
    return sumUp(await Promise.all(numbersTo(count).map((value) => queue.push(value))));
  };
}

export async function withMapLimit(task: Task<Promise<number>>): Promise<Run> {
  const { mapLimit } = await import('async');
  return async (count) =>
    sumUp(await mapLimit<number, number>(numbersTo(count), concurrency, task));
}
