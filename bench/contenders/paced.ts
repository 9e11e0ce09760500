import { concatMap, delay, of, range, type Subscription } from 'rxjs';
import { leakyBucket } from '../../operators/index.js';
import { RateLimiter } from '../../src/index.js';
import type { Contender, Side } from '../harness/types.js';

/** What came of a pace of 1,000 a second. */
export interface Paced {
  readonly perSecond: number;
  /** The most that passed within any 100 ms. */
  readonly mostIn100Ms: number;
  /** What it took of one core, in percent. */
  readonly percentOfCore: number;
}

/** Begins to let values pass, one by one; returns what ends it. */
type Begin = (passed: (value: number) => void, count: number) => Promise<() => void>;

const stopping = (subscription: Subscription) => () => subscription.unsubscribe();

export const ourPaces = ['leakyBucket(1, 1)', 'RateLimiter'] as const;
export const barePace = 'bare setTimeout';

/** All values wait at once. */
const paces: Readonly<Record<string, Begin>> = {
  // A timer for each value; who comes late catches up.
  [barePace]: (passed, count) => {
    const start = performance.now();
    let timer: NodeJS.Timeout;
    let value = 0;
    const step = (): void => {
      const due = Math.min(count, Math.floor(performance.now() - start) + 1);
      while (value < due) passed(value++);
      if (value < count) timer = setTimeout(step, start + value - performance.now());
    };
    step();
    return Promise.resolve(() => clearTimeout(timer));
  },
  'leakyBucket(1, 1)': (passed, count) =>
    Promise.resolve(stopping(range(0, count).pipe(leakyBucket(1, 1)).subscribe(passed))),
  RateLimiter: (passed, count) => {
    const limiter = new RateLimiter({ rate: 1_000, burst: 1 });
    let over = false;
    for (let value = 0; value < count; value += 1) {
      void limiter.wait().then(() => {
        if (!over) passed(value);
      });
    }
    return Promise.resolve(() => {
      over = true;
      limiter.setRate(Infinity);
    });
  },
  'concatMap(delay(1))': (passed, count) =>
    Promise.resolve(
      stopping(
        range(0, count)
          .pipe(concatMap((value) => of(value).pipe(delay(1))))
          .subscribe(passed),
      ),
    ),
  Bottleneck: async (passed, count) => {
    const { default: Bottleneck } = await import('bottleneck');
    const limiter = new Bottleneck({ minTime: 1, maxConcurrent: 1 });
    for (let value = 0; value < count; value += 1) {
      limiter.schedule(async () => passed(value)).catch(() => {});
    }
    return () => void limiter.stop({ dropWaitingJobs: true });
  },
  'p-queue': async (passed, count) => {
    const { default: PQueue } = await import('p-queue');
    const queue = new PQueue({ interval: 1_000, intervalCap: 1_000 });
    for (let value = 0; value < count; value += 1) void queue.add(async () => passed(value));
    return () => {
      queue.clear();
      queue.pause();
    };
  },
  limiter: async (passed, count) => {
    const { RateLimiter: Limiter } = await import('limiter');
    const limiter = new Limiter({ tokensPerInterval: 1_000, interval: 'second' });
    let over = false;
    void (async () => {
      for (let value = 0; value < count && !over; value += 1) {
        await limiter.removeTokens(1);
        if (!over) passed(value);
      }
    })();
    return () => (over = true);
  },
};

export const paceNames = Object.keys(paces);

/** Lets values pass for three seconds, after a warm-up. */
export function paced(name: string, side: Side, figure: (paced: Paced) => number): Contender {
  return {
    name,
    side,
    kind: 'a pace',
    async sample({ warmUpMs, measureMs }) {
      if (warmUpMs > 0) await keep(name, warmUpMs);
      return figure(await keep(name, measureMs > 0 ? 3_000 : 500));
    },
  };
}

async function keep(name: string, ms: number): Promise<Paced> {
  const times: number[] = [];
  let inOrder = true;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const stop = await paces[name]!((value) => {
    inOrder &&= value === times.length;
    times.push(performance.now() - start);
  }, 6_000);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const { user, system } = process.cpuUsage(cpu);
  const within = times.filter((at) => at < ms);
  stop();
  if (!inOrder || within.length === 0) throw new Error(`Expected values in order from ${name}`);
  return {
    perSecond: within.length / (ms / 1_000),
    mostIn100Ms: mostWithin(100, within),
    percentOfCore: (user + system) / 10 / ms,
  };
}

function mostWithin(ms: number, times: readonly number[]): number {
  let most = 0;
  let first = 0;
  times.forEach((at, index) => {
    while (times[first]! <= at - ms) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
