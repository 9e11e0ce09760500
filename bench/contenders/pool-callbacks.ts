import { Sum, numbersTo, sumUp } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { concurrency, type Task } from './pool-tasks.js';

// Pools whose tasks end by calling back.

export async function withFastq(task: Task<number>): Promise<Run> {
  const { default: fastq } = await import('fastq');
  return (count) => {
    const sum = new Sum();
    const queue = fastq<unknown, number, number>(
      (value, done) => done(null, task(value)),
      concurrency,
    );
    const done = (_: Error | null, result?: number): void => sum.add(result!);
    for (const value of numbersTo(count)) queue.push(value, done);
    return sum.total;
  };
}

export async function withMapLimit(task: Task<number>): Promise<Run> {
  const { mapLimit } = await import('async');
  return (count) =>
    new Promise((resolve, reject) => {
      mapLimit<number, number>(
        numbersTo(count),
        concurrency,
        (value, done) => done(null, task(value)),
        (error, results) => (error ? reject(error) : resolve(sumUp(results as number[]))),
      );
    });
}
