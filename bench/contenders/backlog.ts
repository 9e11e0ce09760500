import { mergeMap, Observable, Subject, type OperatorFunction, type Subscriber } from 'rxjs';
import { workerPool } from '../../operators/index.js';
import { Sum } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

// A pool of one worker behind which always so many wait: for each task that ends one more comes.

/** A pool whose tasks are ended from outside. */
interface Driven {
  add(value: number): void;
  /** Ends the task that runs; the next begins before this returns. */
  end(): void;
}

export type OpenDriven = (
  started: (value: number) => void,
  waiting: number,
) => Driven | Promise<Driven>;

/** Tasks end by a call. The values are 1 … count and again from 1: a run sees each once. */
export const drivenFrom =
  (open: OpenDriven, waiting: number): (() => Run) =>
  () => {
    let driven: Driven | undefined;
    let next = 0;
    const sum = new Sum();
    return async (count) => {
      const add = (): void => {
        driven!.add(1 + (next % count));
        next += 1;
      };
      if (!driven) {
        driven = await open(sum.add, waiting);
        for (let value = 0; value <= waiting; value += 1) add();
        // The one that runs is taken for granted; the first step ends it.
        sum.total = 0;
      }
      const before = sum.total;
      for (let step = 0; step < count; step += 1) {
        add();
        driven.end();
      }
      return sum.total - before;
    };
  };

const withOperator =
  (
    operator: (
      project: (value: number) => Observable<number>,
      waiting: number,
    ) => OperatorFunction<number, number>,
  ): OpenDriven =>
  (started, waiting) => {
    const source = new Subject<number>();
    let running: Subscriber<number> | undefined;
    const task = new Observable<number>((subscriber) => {
      running = subscriber;
    });
    const project = (value: number): Observable<number> => {
      started(value);
      return task;
    };
    source.pipe(operator(project, waiting)).subscribe();
    return { add: (value) => source.next(value), end: () => running!.complete() };
  };

export const mergeMapDriven = withOperator((project) => mergeMap(project, 1));

export const workerPoolDriven = withOperator((project, waiting) =>
  workerPool(1, project, { queue: waiting + 1 }),
);

export const fastqDriven: OpenDriven = async (started) => {
  const { default: fastq } = await import('fastq');
  let end = (): void => {};
  const queue = fastq<unknown, number>((value, done) => {
    started(value);
    end = () => done(null);
  }, 1);
  return { add: (value) => queue.push(value), end: () => end() };
};

/** An array, from whose front each value is shifted. */
export const arrayDriven: OpenDriven = (started) => {
  const values: number[] = [];
  return { add: (value) => void values.push(value), end: () => started(values.shift()!) };
};

/** A ring of fixed places. */
export const ringDriven: OpenDriven = (started, waiting) => {
  const size = 2 ** Math.ceil(Math.log2(waiting + 2));
  const values = new Array<number>(size).fill(0);
  let written = 0;
  let read = 0;
  return {
    add: (value) => void (values[written++ & (size - 1)] = value),
    end: () => started(values[read++ & (size - 1)]!),
  };
};

/** Gives a pool of promise tasks one more; `task` is what it shall run on it. */
type Give = (value: number) => void;
type Task = (value: number) => Promise<void>;
export type OpenSelfDriven = (task: Task, waiting: number) => Give | Promise<Give>;

/** Each task ends by itself and gives one more; the last of a run holds the pool until the next run. */
export const selfDrivenFrom =
  (open: OpenSelfDriven, waiting: number): (() => Run) =>
  () => {
    let give: Give | undefined;
    let next = 0;
    let sum = 0;
    let left = 0;
    let values = 1;
    let over = (): void => {};
    let resume = (): void => {};
    const add = (): void => {
      const value = 1 + (next % values);
      // First, as a task may begin at once and give one more.
      next += 1;
      give!(value);
    };
    const task: Task = async (value) => {
      sum += value;
      left -= 1;
      add();
      if (left > 0) return;
      over();
      await new Promise<void>((resolve) => (resume = resolve));
    };
    return async (count) => {
      sum = 0;
      left = count;
      values = count;
      const end = new Promise<void>((resolve) => (over = resolve));
      if (give) resume();
      else {
        give = await open(task, waiting);
        for (let value = 0; value <= waiting; value += 1) add();
      }
      await end;
      return sum;
    };
  };

export const workerPoolSelfDriven: OpenSelfDriven = (task, waiting) => {
  const source = new Subject<number>();
  source.pipe(workerPool(1, task, { queue: waiting + 1 })).subscribe();
  return (value) => source.next(value);
};

export const mergeMapSelfDriven: OpenSelfDriven = (task) => {
  const source = new Subject<number>();
  source.pipe(mergeMap(task, 1)).subscribe();
  return (value) => source.next(value);
};

export const pLimitSelfDriven: OpenSelfDriven = async (task) => {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(1);
  return (value) => void limit(task, value);
};

export const pQueueSelfDriven: OpenSelfDriven = async (task) => {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency: 1 });
  return (value) => void queue.add(() => task(value));
};

export const fastqSelfDriven: OpenSelfDriven = async (task) => {
  const { default: fastq } = await import('fastq');
  const queue = fastq.promise<unknown, number>(task, 1);
  return (value) => void queue.push(value);
};

/** A loop over a ring of fixed places that awaits each task. */
export const ringSelfDriven: OpenSelfDriven = (task, waiting) => {
  const size = 2 ** Math.ceil(Math.log2(waiting + 2));
  const values = new Array<number>(size).fill(0);
  let written = 0;
  const work = async (): Promise<void> => {
    for (let read = 0; read < written; read += 1) await task(values[read & (size - 1)]!);
  };
  return (value) => {
    values[written++ & (size - 1)] = value;
    if (written === 1) void work();
  };
};
