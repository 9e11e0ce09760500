import { RateLimiter } from '../../src/index.js';
import { sumBelow } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** Asks a limit that is never reached, before one task of which only that is wanted. */
export type Pass = () => Promise<unknown>;

/** So much that no run reaches it. */
const ENDLESS = 1e9;

const task = async (): Promise<void> => {};

export const bareLimiter = 'bare await, and a count';

export const limiters: Readonly<Record<string, () => Promise<Pass>>> = {
  [bareLimiter]: () => {
    let tokens = Infinity;
    return Promise.resolve(async () => (tokens -= 1));
  },
  RateLimiter: () => {
    const limiter = new RateLimiter({ rate: ENDLESS, burst: ENDLESS });
    return Promise.resolve(() => limiter.wait());
  },
  'p-throttle': async () => {
    const { default: pThrottle } = await import('p-throttle');
    return pThrottle({ limit: ENDLESS, interval: 1_000 })(task);
  },
  limiter: async () => {
    const { RateLimiter: Limiter } = await import('limiter');
    const limiter = new Limiter({ tokensPerInterval: ENDLESS, interval: 'second' });
    return () => limiter.removeTokens(1);
  },
  'p-queue': async () => {
    const { default: PQueue } = await import('p-queue');
    const queue = new PQueue({ interval: 1_000, intervalCap: ENDLESS });
    return () => queue.add(task);
  },
  Bottleneck: async () => {
    const { default: Bottleneck } = await import('bottleneck');
    const limiter = new Bottleneck({ reservoir: ENDLESS });
    return () => limiter.schedule(task);
  },
};

export const inTurn = (pass: Pass): Run => {
  return async (count) => {
    let sum = 0;
    for (let value = 0; value < count; value += 1) {
      await pass();
      sum += value;
    }
    return sum;
  };
};

export const atOnce = (pass: Pass): Run => {
  return async (count) => {
    const all = [];
    for (let value = 0; value < count; value += 1) all.push(pass());
    return sumBelow((await Promise.all(all)).length);
  };
};
