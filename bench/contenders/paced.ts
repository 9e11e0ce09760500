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
export type Begin = (passed: (value: number) => void, count: number) => Promise<() => void>;

const stopping = (subscription: Subscription) => () => subscription.unsubscribe();

/** So many wait, more than can pass while it is measured. */
const waiting = 6_000;

// A timer for each value; who comes late catches up.
const withTimers: Begin = (passed, count) => {
  const start = performance.now();
  let timer: NodeJS.Timeout;
  let value = 1;
  const step = (): void => {
    const due = Math.min(count, Math.floor(performance.now() - start) + 1);
    while (value <= due) passed(value++);
    if (value <= count) timer = setTimeout(step, start + value - 1 - performance.now());
  };
  step();
  return Promise.resolve(() => clearTimeout(timer));
};

const withLeakyBucket: Begin = (passed, count) =>
  Promise.resolve(stopping(range(1, count).pipe(leakyBucket(1, 1)).subscribe(passed)));

const withRateLimiter: Begin = (passed, count) => {
  const limiter = new RateLimiter({ rate: 1_000, burst: 1 });
  let over = false;
  for (let value = 1; value <= count; value += 1) {
    void limiter.wait().then(() => {
      if (!over) passed(value);
    });
  }
  return Promise.resolve(() => {
    over = true;
    limiter.setRate(Infinity);
  });
};

const withThrottle =
  (limit: number, interval: number): Begin =>
  async (passed, count) => {
    const { default: pThrottle } = await import('p-throttle');
    const end = new AbortController();
    const pass = pThrottle({ limit, interval, signal: end.signal })(async (value: number) => {
      passed(value);
    });
    for (let value = 1; value <= count; value += 1) pass(value).catch(() => {});
    return () => end.abort();
  };

const withDelay: Begin = (passed, count) =>
  Promise.resolve(
    stopping(
      range(1, count)
        .pipe(concatMap((value) => of(value).pipe(delay(1))))
        .subscribe(passed),
    ),
  );

const withBottleneck: Begin = async (passed, count) => {
  const { default: Bottleneck } = await import('bottleneck');
  const limiter = new Bottleneck({ minTime: 1, maxConcurrent: 1 });
  for (let value = 1; value <= count; value += 1) {
    limiter.schedule(async () => passed(value)).catch(() => {});
  }
  return () => void limiter.stop({ dropWaitingJobs: true });
};

const withPQueue: Begin = async (passed, count) => {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ interval: 1_000, intervalCap: 1_000 });
  for (let value = 1; value <= count; value += 1) void queue.add(async () => passed(value));
  return () => {
    queue.clear();
    queue.pause();
  };
};

const withLimiter: Begin = async (passed, count) => {
  const { RateLimiter: Limiter } = await import('limiter');
  const limiter = new Limiter({ tokensPerInterval: 1_000, interval: 'second' });
  let over = false;
  void (async () => {
    for (let value = 1; value <= count && !over; value += 1) {
      await limiter.removeTokens(1);
      if (!over) passed(value);
    }
  })();
  return () => (over = true);
};

export const ourPaces = ['leakyBucket(1, 1)', 'RateLimiter'] as const;

/** One each millisecond; as many as are due in a second, as soon as may be; or a pause after each. */
const evenly = 'evenly';
const bySeconds = 'by seconds';
const pauses = 'pauses';

/** All values wait at once. */
export const paces: readonly Contender[] = [
  paced('bare setTimeout', 'limit', evenly, withTimers),
  paced(ourPaces[0], 'ours', evenly, withLeakyBucket),
  paced(ourPaces[1], 'ours', evenly, withRateLimiter),
  // It has a timer for each, and those that come late come in another order.
  paced('p-throttle, 1 in 1 ms', 'peer', evenly, withThrottle(1, 1), { inOrder: false }),
  paced('p-throttle, 1,000 in 1 s', 'peer', bySeconds, withThrottle(1_000, 1_000), {
    inOrder: false,
  }),
  paced('p-queue', 'peer', bySeconds, withPQueue),
  paced('limiter', 'peer', bySeconds, withLimiter),
  paced('Bottleneck', 'peer', evenly, withBottleneck),
  paced('concatMap(delay(1))', 'peer', pauses, withDelay),
];

/** Lets values pass for three seconds, after a warm-up. */
function paced(
  name: string,
  side: Side,
  kind: string,
  begin: Begin,
  asked: { readonly inOrder: boolean } = { inOrder: true },
): Contender {
  return {
    name,
    side,
    kind,
    async sample({ warmUpMs, measureMs }) {
      // Beginning to wait has to be warm: 6,000 do at once, and who waits then is late. So has what comes a
      // thousand times a second, which takes longer than for others.
      for (let ms = 0; ms < 6 * warmUpMs; ms += 50) await keep(begin, 50, { ...asked, least: 0 });
      return { ...(await keep(begin, measureMs > 0 ? 3_000 : 500, asked)) };
    },
  };
}

/** How many pass is what is measured; that each passes once, and in its turn, and that `least` do, is checked. */
export async function keep(
  begin: Begin,
  ms: number,
  { inOrder, least = 1 }: { readonly inOrder: boolean; readonly least?: number },
): Promise<Paced> {
  const times: number[] = [];
  const waits = new Array<boolean>(waiting).fill(true);
  let right = true;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const stop = await begin((value) => {
    right &&= inOrder ? value === times.length + 1 : waits[value - 1] === true;
    waits[value - 1] = false;
    times.push(performance.now() - start);
  }, waiting);
  await new Promise((resolve) => setTimeout(resolve, ms));
  const { user, system } = process.cpuUsage(cpu);
  const within = times.filter((at) => at < ms);
  stop();
  if (!right)
    throw new Error(`Expected each value once${inOrder ? ' and in order' : ''}, got another`);
  if (times.length < least || times.length === waiting) {
    throw new Error(`Expected some to pass and some to wait, got ${times.length} that passed`);
  }
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
