import { Subscriber, type Observable, type Observer } from 'rxjs';
import type { Demand } from '../../src/index.js';
import { bufferedChannel, pullFrom, toAsyncIterable, workerPool } from '../../operators/index.js';
import { Sum, numbersTo } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

const piped = (count: number) => pullFrom(numbersTo(count)).pipe(bufferedChannel(64));

// Callbacks.

export const bareCallbacks: Run = (count) =>
  new Promise((resolve) => {
    let next = 1;
    const sum = new Sum();
    const step = () => {
      sum.add(next);
      next += 1;
      if (next <= count) setImmediate(step);
      else resolve(sum.total);
    };
    setImmediate(step);
  });

export const throughOwnDemand: Run = (count) => takeOnePerMacrotask(piped(count));

/**
 * A consumer with a demand of its own: room for one value, and the next at the next macrotask. There is
 * one producer, so one place for who waits is enough.
 */
function takeOnePerMacrotask(values: Observable<number>): Promise<number> {
  return new Promise((resolve, reject) => {
    const demand = new OnePlace();
    const sum = new Sum();
    const consumer: Observer<number> = {
      next: (value) => {
        sum.add(value);
        demand.arrived += 1;
        demand.available = 0;
        setImmediate(demand.free);
      },
      error: reject,
      complete: () => resolve(sum.total),
    };
    const subscriber = new Subscriber<number>(consumer);
    values.subscribe(Object.assign(subscriber, { [Symbol.for('rxjs-sluice.demand.v1')]: demand }));
  });
}

class OnePlace implements Demand {
  readonly capacity = 1;
  readonly waiting = 0;
  available = 1;
  arrived = 0;
  private resume: (() => void) | undefined;

  onAvailable(resume: () => void): () => void {
    this.resume = resume;
    return this.giveUp;
  }

  readonly free = (): void => {
    this.available = 1;
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  };

  private readonly giveUp = (): void => {
    this.resume = undefined;
  };
}

// `await`.

/** What the consumer does with a value: it gives the event loop a turn. */
const task = async (value: number) => {
  await new Promise<void>((resolve) => setImmediate(resolve));
  return value;
};

export const bareAwait: Run = async (count) => {
  let sum = 0;
  for (const value of numbersTo(count)) sum += await task(value);
  return sum;
};

export const throughAsyncIterable: Run = async (count) => {
  let sum = 0;
  for await (const value of toAsyncIterable(piped(count))) sum += await task(value);
  return sum;
};

export const throughWorkerPool: Run = (count) =>
  new Promise((resolve, reject) => {
    const sum = new Sum();
    piped(count)
      .pipe(workerPool(1, task))
      .subscribe({ next: sum.add, error: reject, complete: () => resolve(sum.total) });
  });
