import { RateLimiter } from '../../src/index.js';
import { sumUp } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { promiseTask } from './pool-tasks.js';

// A limit that is never reached. What is summed up are the answers of the tasks behind it.

/** How its calls come. */
export interface Limiter {
  /** Each is awaited before the next. */
  readonly inTurn: Run;
  readonly atOnce: Run;
}

/** So much that no run reaches it. */
const ENDLESS = 1e9;

/** It runs tasks. */
export function running(run: (value: number) => Promise<number>): Limiter {
  return {
    inTurn: async (count) => {
      let sum = 0;
      for (let value = 1; value <= count; value += 1) sum += await run(value);
      return sum;
    },
    atOnce: async (count) => {
      const all = [];
      for (let value = 1; value <= count; value += 1) all.push(run(value));
      return sumUp(await Promise.all(all));
    },
  };
}

/** It is asked, by a loop, or by each task itself. */
function asked(ask: () => Promise<unknown>): Limiter {
  const { atOnce } = running(async (value) => {
    await ask();
    return value;
  });
  return {
    inTurn: async (count) => {
      let sum = 0;
      for (let value = 1; value <= count; value += 1) {
        await ask();
        sum += value;
      }
      return sum;
    },
    atOnce,
  };
}

export const bareLimiter = 'bare await, and a count';

export const limiters: Readonly<Record<string, () => Limiter | Promise<Limiter>>> = {
  [bareLimiter]: () => {
    const granted = Promise.resolve();
    let tokens = ENDLESS;
    return asked(() => {
      if (tokens === 0) throw new Error('Expected a limit that is never reached');
      tokens -= 1;
      return granted;
    });
  },
  RateLimiter: () => {
    const limiter = new RateLimiter({ rate: ENDLESS, burst: ENDLESS });
    return asked(() => limiter.wait());
  },
  'p-throttle': async () => {
    const { default: pThrottle } = await import('p-throttle');
    return running(pThrottle({ limit: ENDLESS, interval: 1_000 })(promiseTask));
  },
  limiter: async () => {
    const { RateLimiter: Limiter } = await import('limiter');
    const limiter = new Limiter({ tokensPerInterval: ENDLESS, interval: 'second' });
    return asked(() => limiter.removeTokens(1));
  },
  'p-queue': async () => {
    const { default: PQueue } = await import('p-queue');
    const queue = new PQueue({ interval: 1_000, intervalCap: ENDLESS });
    return running((value) => queue.add(() => promiseTask(value)));
  },
  Bottleneck: async () => {
    const { default: Bottleneck } = await import('bottleneck');
    const limiter = new Bottleneck({ reservoir: ENDLESS });
    return running((value) => limiter.schedule(promiseTask, value));
  },
};
