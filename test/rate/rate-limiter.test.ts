import { RateLimiter, type Reservation } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { FailingClock } from '../support/failing-clock.js';
import { later } from '../support/later.js';
import { Time } from './time.js';

/** What is asked of a limiter, or done to it, at a time; and what comes of it. */
interface Row {
  readonly at: number;
  readonly cost?: number;
  readonly allowed?: boolean;
  readonly rate?: number;
  readonly burst?: number;
  /** How many tokens there are afterwards. */
  readonly tokens: number;
}

const tables: readonly {
  readonly says: string;
  readonly rate: number;
  readonly burst: number;
  readonly rows: readonly Row[];
}[] = [
  {
    says: 'it begins full, and takes one token where no cost is given',
    rate: 10,
    burst: 3,
    rows: [
      { at: 5000, allowed: true, tokens: 2 },
      { at: 5000, allowed: true, tokens: 1 },
      { at: 5000, allowed: true, tokens: 0 },
      { at: 5000, allowed: false, tokens: 0 },
    ],
  },
  {
    says: 'it fills continuously, not on a grid, and up to `burst`',
    rate: 10,
    burst: 2,
    rows: [
      { at: 0, cost: 2, allowed: true, tokens: 0 },
      { at: 50, cost: 1, allowed: false, tokens: 0.5 },
      { at: 99, cost: 1, allowed: false, tokens: 0.99 },
      { at: 100, cost: 1, allowed: true, tokens: 0 },
      { at: 125, cost: 1, allowed: false, tokens: 0.25 },
      { at: 299, cost: 0, allowed: true, tokens: 1.99 },
      { at: 300, cost: 0, allowed: true, tokens: 2 },
      { at: 9000, cost: 0, allowed: true, tokens: 2 },
    ],
  },
  {
    says: 'what is refused takes nothing',
    rate: 1,
    burst: 5,
    rows: [
      { at: 0, cost: 4, allowed: true, tokens: 1 },
      { at: 0, cost: 2, allowed: false, tokens: 1 },
      { at: 0, cost: 1, allowed: true, tokens: 0 },
      { at: 0, cost: 0, allowed: true, tokens: 0 },
    ],
  },
  {
    says: 'a cost may be a part of a token',
    rate: 1,
    burst: 1,
    rows: [
      { at: 0, cost: 0.75, allowed: true, tokens: 0.25 },
      { at: 0, cost: 0.5, allowed: false, tokens: 0.25 },
      { at: 250, cost: 0.5, allowed: true, tokens: 0 },
    ],
  },
  {
    says: 'at rate Infinity any cost passes; back from it, it is full',
    rate: Infinity,
    burst: 2,
    rows: [
      { at: 0, cost: 100, allowed: true, tokens: 2 },
      { at: 0, cost: Infinity, allowed: true, tokens: 2 },
      { at: 0, rate: 10, tokens: 2 },
      { at: 0, cost: 2, allowed: true, tokens: 0 },
      { at: 0, rate: Infinity, tokens: 2 },
      { at: 1, cost: 9, allowed: true, tokens: 2 },
      { at: 1, burst: 5, tokens: 5 },
      { at: 1, rate: 0, tokens: 5 },
    ],
  },
  {
    says: 'at rate Infinity even a burst of 0 lets everything pass',
    rate: Infinity,
    burst: 0,
    rows: [{ at: 0, cost: 3, allowed: true, tokens: 0 }],
  },
  {
    says: 'at rate 0 only what it holds passes, until the rate is set',
    rate: 0,
    burst: 2,
    rows: [
      { at: 0, cost: 1, allowed: true, tokens: 1 },
      { at: 1e9, cost: 2, allowed: false, tokens: 1 },
      { at: 1e9, cost: 1, allowed: true, tokens: 0 },
      { at: 2e9, rate: 1, tokens: 0 },
      { at: 2e9 + 999, cost: 1, allowed: false, tokens: 0.999 },
      { at: 2e9 + 1000, cost: 1, allowed: true, tokens: 0 },
    ],
  },
  {
    says: 'a new rate holds from then on, and keeps the tokens',
    rate: 10,
    burst: 4,
    rows: [
      { at: 0, cost: 4, allowed: true, tokens: 0 },
      { at: 200, rate: 100, tokens: 2 },
      { at: 210, cost: 3, allowed: true, tokens: 0 },
      { at: 230, rate: 0.5, tokens: 2 },
      { at: 1230, cost: 0, allowed: true, tokens: 2.5 },
    ],
  },
  {
    says: 'a smaller burst takes away what is above it, a larger one gives nothing',
    rate: 10,
    burst: 4,
    rows: [
      { at: 0, cost: 1, allowed: true, tokens: 3 },
      { at: 0, burst: 2, tokens: 2 },
      { at: 0, burst: 9, tokens: 2 },
      { at: 100, cost: 3, allowed: true, tokens: 0 },
      { at: 100, burst: 0, tokens: 0 },
      { at: 200, cost: 0, allowed: true, tokens: 0 },
    ],
  },
  {
    says: 'a clock that steps back neither refills nor punishes',
    rate: 10,
    burst: 2,
    rows: [
      { at: 1000, cost: 2, allowed: true, tokens: 0 },
      { at: 1050, cost: 1, allowed: false, tokens: 0.5 },
      { at: 50, cost: 1, allowed: false, tokens: 0.5 },
      { at: 99, cost: 1, allowed: false, tokens: 0.99 },
      { at: 100, cost: 1, allowed: true, tokens: 0 },
      { at: -1e6, cost: 1, allowed: false, tokens: 0 },
      { at: -1e6 + 100, cost: 1, allowed: true, tokens: 0 },
    ],
  },
  {
    says: 'a third of a second is exact where it comes out whole',
    rate: 3,
    burst: 1,
    rows: [
      { at: 0, allowed: true, tokens: 0 },
      { at: 333, allowed: false, tokens: 0.999 },
      { at: 1000, allowed: true, tokens: 0 },
      { at: 1333, allowed: false, tokens: 0.999 },
      { at: 2000, allowed: true, tokens: 0 },
    ],
  },
];

describe('allow, by the clock', () => {
  it.each(tables)('$says', ({ rate, burst, rows }) => {
    const time = new Time();
    const limiter = new RateLimiter({ rate, burst, clock: time });
    const seen = rows.map((row) => {
      time.set(row.at);
      if (row.rate !== undefined) limiter.setRate(row.rate);
      if (row.burst !== undefined) limiter.setBurst(row.burst);
      const asked = 'allowed' in row;
      const allowed = asked && limiter.allow(row.cost);
      return { ...row, ...(asked && { allowed }), tokens: limiter.tokens };
    });
    expect(seen).toEqual(rows);
    expect(time.made).toBe(0);
  });

  it('tells its rate, burst and tokens; without options there is no limit', () => {
    const limiter = new RateLimiter();
    expect([limiter.rate, limiter.burst, limiter.tokens]).toEqual([Infinity, 1, 1]);
    limiter.setRate(0.25);
    limiter.setBurst(7);
    expect([limiter.rate, limiter.burst, limiter.waiting]).toEqual([0.25, 7, 0]);
  });

  it('goes by the time of the host where no clock is given', () => {
    const limiter = new RateLimiter({ rate: 1e-6, burst: 2 });
    expect([limiter.allow(), limiter.allow(), limiter.allow()]).toEqual([true, true, false]);
  });
});

describe('bad arguments', () => {
  it.each([
    [{ rate: -1 }, 'Expected `rate` to be a number ≥ 0, got -1'],
    [{ rate: NaN }, 'Expected `rate` to be a number ≥ 0, got NaN'],
    [{ rate: '1' as never }, 'Expected `rate` to be a number ≥ 0, got "1"'],
    [{ burst: 0.5 }, 'Expected `burst` to be an integer ≥ 0, got 0.5'],
    [{ burst: Infinity }, 'Expected `burst` to be an integer ≥ 0, got Infinity'],
    [{ clock: {} as never }, 'Expected `clock.now` to be a function, got undefined'],
    [
      { clock: { now: () => 0 } as never },
      'Expected `clock.schedule` to be a function, got undefined',
    ],
  ])('%j are refused', (options, message) => {
    expect(() => new RateLimiter(options)).toThrow(message);
  });

  it('are refused when they are set, and change nothing', () => {
    const limiter = new RateLimiter({ rate: 1, burst: 2, clock: new Time() });
    expect(() => limiter.setRate(-1)).toThrow('Expected `rate` to be a number ≥ 0, got -1');
    expect(() => limiter.setBurst(-1)).toThrow('Expected `burst` to be an integer ≥ 0, got -1');
    expect([limiter.rate, limiter.burst]).toEqual([1, 2]);
  });

  it.each([3, -1, NaN, Infinity, '1' as never])('a cost of %s is a RangeError', async (cost) => {
    const limiter = new RateLimiter({ rate: 1, burst: 2, clock: new Time() });
    const error = new RangeError(
      `Expected \`cost\` to be a number from 0 to 2, got ${typeof cost === 'string' ? '"1"' : cost}`,
    );
    expect(() => limiter.allow(cost)).toThrow(error);
    expect(() => limiter.reserve(cost)).toThrow(error);
    await expect(limiter.wait({ cost })).rejects.toThrow(error);
    expect(limiter.tokens).toBe(2);
  });

  it('a cost below 0 is one at rate Infinity too', () => {
    expect(() => new RateLimiter().allow(-1)).toThrow('Expected `cost` to be a number ≥ 0, got -1');
  });
});

/** A limiter, and when each of those who wait for it was served. */
function setUp(rate: number, burst: number) {
  const time = new Time();
  const limiter = new RateLimiter({ rate, burst, clock: time });
  const log: [name: string, at: number, error?: unknown][] = [];
  const wait = (name: string, cost = 1, signal?: AbortSignal) =>
    void limiter.wait({ cost, signal }).then(
      () => log.push([name, time.now()]),
      (error: unknown) => log.push([name, time.now(), error]),
    );
  return { time, limiter, log, wait };
}

describe('wait', () => {
  it('serves at once what there are tokens for, and the rest in order, as tokens come', async () => {
    const { time, limiter, log, wait } = setUp(10, 2);
    for (const name of 'abcde') wait(name);
    expect([limiter.waiting, limiter.tokens]).toEqual([3, -3]);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 100],
      ['d', 200],
      ['e', 300],
    ]);
    expect([limiter.waiting, limiter.tokens]).toEqual([0, 2]);
  });

  it('arms one timer, and only while somebody waits', async () => {
    const { time, wait } = setUp(10, 1);
    wait('a');
    expect(time.made).toBe(0);
    for (const name of 'bcd') wait(name);
    expect(time.armed).toBe(1);
    await time.passUntil(1000);
    expect([time.armed, time.most, time.made]).toEqual([0, 1, 3]);
  });

  it('is not overtaken by `allow`, nor is a large cost by small ones', async () => {
    const { time, limiter, log, wait } = setUp(10, 5);
    limiter.allow(4);
    wait('large', 5);
    wait('small');
    expect(limiter.allow()).toBe(false);
    await time.passUntil(400);
    expect(log).toEqual([['large', 400]]);
    expect(limiter.allow(0)).toBe(false);
    await time.passUntil(500);
    expect(log).toEqual([
      ['large', 400],
      ['small', 500],
    ]);
  });

  it('that is aborted gives its place and its tokens back at once: those behind move up', async () => {
    const { time, limiter, log, wait } = setUp(10, 5);
    const { controller, listeners } = countingSignal();
    limiter.allow(4);
    wait('large', 5, controller.signal);
    wait('one');
    wait('three', 3);
    await time.passUntil(50);
    controller.abort('enough');
    expect([limiter.waiting, listeners()]).toEqual([1, 0]); // one token was there
    await time.passUntil(1000);
    expect(log).toEqual([
      ['large', 50, 'enough'],
      ['one', 50],
      ['three', 300],
    ]);
    expect(time.armed).toBe(0);
  });

  it('that is aborted behind others changes nothing for them', async () => {
    const { time, limiter, log, wait } = setUp(10, 1);
    const controller = new AbortController();
    wait('a');
    wait('b');
    wait('c', 1, controller.signal);
    wait('d');
    await time.passUntil(10);
    controller.abort();
    expect([limiter.tokens, limiter.waiting]).toEqual([-1.9, 2]);
    await time.passUntil(1000);
    expect(log.map(([name, at]) => [name, at])).toEqual([
      ['a', 0],
      ['c', 10],
      ['b', 100],
      ['d', 200],
    ]);
  });

  it('that is the last to leave leaves no timer', async () => {
    const { time, limiter, wait } = setUp(1, 1);
    const controller = new AbortController();
    limiter.allow();
    wait('a', 1, controller.signal);
    expect(time.armed).toBe(1);
    controller.abort();
    expect([time.armed, limiter.waiting, limiter.tokens]).toEqual([0, 0, 0]);
    await later();
  });

  it('takes nothing when the signal has aborted, and listens to it only while it waits', async () => {
    const limiter = new RateLimiter({ rate: 10, burst: 1, clock: new Time() });
    await expect(limiter.wait({ signal: AbortSignal.abort('before') })).rejects.toBe('before');
    const { controller, listeners } = countingSignal();
    await limiter.wait({ signal: controller.signal });
    expect([limiter.tokens, listeners()]).toEqual([0, 0]);
  });

  it('waits for ever at rate 0, with no timer, until the rate is set', async () => {
    const { time, limiter, log, wait } = setUp(0, 1);
    limiter.allow();
    wait('a');
    wait('b');
    await time.passUntil(1e6);
    expect([log, time.made]).toEqual([[], 0]);
    limiter.setRate(10);
    await time.passUntil(1e6 + 150);
    limiter.setRate(Infinity);
    await later();
    expect(log).toEqual([
      ['a', 1e6 + 100],
      ['b', 1e6 + 150],
    ]);
    expect(time.armed).toBe(0);
  });

  it('has a new time when the rate is set, sooner or later', async () => {
    const { time, limiter, log, wait } = setUp(1, 1);
    limiter.allow();
    wait('a');
    await time.passUntil(500);
    limiter.setRate(5);
    await time.passUntil(590);
    limiter.setRate(1); // 50 ms short, at the old rate 10
    await time.passUntil(2000);
    expect(log).toEqual([['a', 640]]);
  });

  it('is rejected where the burst becomes smaller than its cost; the others go on', async () => {
    const { time, limiter, log, wait } = setUp(10, 3);
    limiter.allow(3);
    wait('three', 3);
    wait('two', 2);
    limiter.setBurst(2);
    await time.passUntil(1000);
    const error = new RangeError('Expected `cost` to be a number from 0 to 2, got 3');
    expect(log).toEqual([
      ['three', 0, error],
      ['two', 200],
    ]);
  });

  it('reaches further than a timer does', async () => {
    const { time, log, wait } = setUp(1e-7, 1);
    wait('a');
    wait('b');
    await time.passUntil(1e10);
    expect(log).toEqual([
      ['a', 0],
      ['b', 1e10],
    ]);
    expect(time.longest).toBeLessThan(2 ** 31);
  });

  it('is served when the clock was set back while it waited, within the time that it asked for', async () => {
    const { time, limiter, log, wait } = setUp(10, 1);
    time.set(5000);
    limiter.allow();
    wait('a');
    wait('b');
    await time.pass(50);
    time.set(0);
    await time.passUntil(200);
    expect(log).toEqual([
      ['a', 50], // 50 ms before the clock was set, and 50 after
      ['b', 150],
    ]);
  });

  it('serves all whose time has come by one timer that came late; nothing is saved up by being late', async () => {
    const { time, limiter, log, wait } = setUp(100, 2);
    limiter.allow(2);
    time.late = 75;
    for (const name of 'abc') wait(name);
    await time.passUntil(85);
    expect(log).toEqual([
      ['a', 85],
      ['b', 85],
      ['c', 85],
    ]);
    // The last was due at 30; since then 5.5 tokens would have come, and 2 are held.
    expect([limiter.tokens, time.made]).toEqual([2, 1]);
  });

  it('is served before others take anything, when its time has come and its timer has not', async () => {
    const { time, limiter, log, wait } = setUp(10, 1);
    limiter.allow();
    time.late = 1000;
    wait('a');
    await time.passUntil(250);
    expect([limiter.allow(), limiter.allow(), limiter.tokens]).toEqual([true, false, 0]);
    wait('b');
    await time.passUntil(450);
    expect([limiter.reserve().delay, limiter.tokens]).toEqual([0, 0]);
    await later();
    expect(log).toEqual([
      ['a', 250],
      ['b', 450],
    ]);
  });

  it('keeps to the rate though every timer is late: there is no drift', async () => {
    const { time, limiter, log, wait } = setUp(1000, 1);
    limiter.allow();
    time.late = 0.7;
    for (let n = 0; n < 1000; n++) wait(String(n));
    await time.passUntil(2000);
    log.forEach(([name, at]) => {
      const due = Number(name) + 1;
      expect(at).toBeGreaterThanOrEqual(due);
      expect(at).toBeLessThan(due + 1.7);
    });
    expect(log).toHaveLength(1000);
  });

  it.each([3, 100])(
    'by a timer that came %d ms early is not served before its time, and sets one timer more',
    async (early) => {
      const { time, limiter, log, wait } = setUp(10, 1);
      limiter.allow();
      time.late = -early;
      wait('a');
      time.late = 0;
      await time.passUntil(97);
      expect(log).toEqual([]);
      await time.passUntil(100);
      expect([log, time.made]).toEqual([[['a', 100]], 2]);
    },
  );

  it('keeps what had come in when the clock was set back', async () => {
    const { time, limiter, wait } = setUp(10, 1);
    time.set(5000);
    limiter.allow();
    time.late = 30;
    wait('a');
    wait('b');
    await time.pass(130);
    expect([limiter.waiting, limiter.tokens]).toEqual([1, -0.7]);
    time.set(0);
    expect(limiter.tokens).toBe(-0.7);
  });

  it('that begins as its time passes by is served as of that, and costs those behind nothing', async () => {
    const time = new Time();
    let reads = 0;
    const now = (): number => {
      if (++reads === 4) time.set(1000); // once it stands in line
      return time.now();
    };
    const limiter = new RateLimiter({
      rate: 10,
      clock: { now, schedule: (task, delay) => time.schedule(task, delay) },
    });
    limiter.allow();
    const log: [string, number][] = [];
    const wait = (name: string) => limiter.wait().then(() => log.push([name, time.now()]));
    const waits = [wait('a'), wait('b'), wait('c')];
    await time.passUntil(2000);
    await Promise.all(waits);
    expect(log).toEqual([
      ['a', 1000],
      ['b', 1000],
      ['c', 1100],
    ]);
  });
});

describe('a reservation that is cancelled', () => {
  const limiterOf = (burst: number) =>
    new RateLimiter({ rate: 0, burst, clock: { now: () => 0, schedule: () => () => {} } });

  it('gives nothing back where it took nothing', () => {
    const limiter = limiterOf(1);
    const [one, none] = [limiter.reserve(1), limiter.reserve(0)];
    one.cancel();
    expect(limiter.allow()).toBe(true);
    none.cancel();
    expect(limiter.allow()).toBe(false);
  });

  it('gives nothing back that a later one, behind those who wait, counts on', async () => {
    const time = new Time();
    const limiter = new RateLimiter({ rate: 4, burst: 2, clock: time });
    const passed: [number, number][] = [];
    const leaving = new AbortController();
    const first = limiter.reserve(2);
    limiter.wait({ cost: 2, signal: leaving.signal }).catch(() => {});
    passed.push([limiter.reserve(1).delay, 1]);
    void limiter.wait({ cost: 2 }).then(() => passed.push([time.now() - start, 2]));
    const start = time.now();
    first.cancel();
    leaving.abort();
    for (let ms = 0; ms < 2000; ms += 50) {
      await time.pass(50);
    }
    expect(passed).toEqual([
      [750, 1],
      [1000, 2],
    ]);
  });

  it('counts each wait before those behind it once, and no reservation but those behind', () => {
    const limiter = new RateLimiter({ rate: 10, burst: 3, clock: new Time() });
    limiter.allow(3);
    void limiter.wait();
    const first = limiter.reserve(3);
    limiter.reserve(1);
    expect(limiter.tokens).toBe(-5);
    first.cancel();
    expect(limiter.tokens).toBe(-3);
  });

  it('gives all back, last first, whatever was taken', () => {
    const limiter = limiterOf(2);
    const taken = [0.1, 0.7, 0.3].map((cost) => limiter.reserve(cost));
    for (const each of taken.reverse()) each.cancel();
    expect([limiter.tokens, limiter.allow(2)]).toEqual([2, true]);
  });
});

describe('reserve', () => {
  /** One letter is 100 ms: at t2 it is 200. */
  const step = 100;
  /** What is reserved at a time and for when, or which of these reservations is cancelled. */
  type Step =
    | { readonly at: number; readonly cost: number; readonly act: number }
    | { readonly at: number; readonly cancel: number }
    | { readonly at: number; readonly rate: number }
    | { readonly at: number; readonly burst: number }
    | { readonly at: number; readonly cost: number; readonly allowed: boolean };
  const r = (at: number, cost: number, act: number): Step => ({ at, cost, act });

  it.each<{ says: string; rate: number; burst: number; steps: readonly Step[] }>([
    {
      says: 'each after the other',
      rate: 10,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 2), r(3, 2, 4)],
    },
    {
      says: 'beside allow',
      rate: 10,
      burst: 2,
      steps: [
        { at: 0, cost: 1, allowed: true },
        r(0, 2, 1),
        { at: 1, cost: 2, allowed: false },
        { at: 3, cost: 2, allowed: true },
        r(3, 2, 5),
        { at: 6, cost: 2, allowed: false },
      ],
    },
    {
      says: 'the last is cancelled: all is given back',
      rate: 10,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 2), { at: 1, cancel: 1 }, r(1, 2, 2)],
    },
    {
      says: 'one is cancelled at its very time: all is given back',
      rate: 10,
      burst: 2,
      steps: [
        r(0, 2, 0),
        { at: 0, cancel: 0 },
        r(0, 2, 0),
        r(0, 2, 2),
        { at: 2, cancel: 2 },
        r(2, 2, 2),
      ],
    },
    {
      says: 'one is cancelled too late: nothing is given back',
      rate: 10,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 2), { at: 3, cancel: 1 }, r(3, 2, 4)],
    },
    {
      says: 'one is cancelled twice: it counts once',
      rate: 10,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 2), { at: 1, cancel: 1 }, { at: 1, cancel: 1 }, r(1, 2, 2)],
    },
    {
      says: 'as much was reserved after it: nothing is given back',
      rate: 10,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 2), r(0, 2, 4), { at: 1, cancel: 1 }, r(1, 2, 6)],
    },
    {
      says: 'less was reserved after it: the rest is given back',
      rate: 10,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 2), r(0, 1, 3), { at: 1, cancel: 1 }, r(1, 2, 4)],
    },
    {
      says: 'what was reserved after it was there by then: all is given back',
      rate: 10,
      burst: 5,
      steps: [
        r(0, 3, 0),
        r(0, 1, 0),
        { at: 0, cancel: 0 },
        { at: 0, cost: 4, allowed: true },
        { at: 0, cost: 1, allowed: false },
      ],
    },
    {
      says: 'a part of what was reserved after it was there by then: it is given back too',
      rate: 10,
      burst: 5,
      steps: [
        r(0, 4, 0),
        r(0, 3, 2),
        { at: 0, cancel: 0 },
        { at: 1, cost: 1, allowed: true },
        r(1, 1, 2),
      ],
    },
    {
      says: 'what was reserved after it is cancelled first, as if it had not been',
      rate: 10,
      burst: 4,
      steps: [
        r(0, 4, 0),
        r(0, 3, 3),
        r(0, 1, 4),
        r(0, 1, 5),
        { at: 1, cancel: 3 },
        { at: 1, cancel: 1 },
        r(1, 3, 5),
      ],
    },
    {
      says: 'one with as much after it is cancelled, then the last: what the last took is given back',
      rate: 10,
      burst: 2,
      steps: [
        r(0, 2, 0),
        r(0, 2, 2),
        r(0, 2, 4),
        { at: 1, cancel: 1 },
        { at: 1, cancel: 2 },
        r(1, 2, 4),
      ],
    },
    {
      says: 'two are cancelled of which the last counts on both: nothing is given back',
      rate: 10,
      burst: 2,
      steps: [
        r(0, 2, 0),
        r(0, 2, 2),
        r(0, 2, 4),
        r(0, 2, 6),
        { at: 1, cancel: 2 },
        { at: 1, cancel: 1 },
        r(1, 2, 8),
      ],
    },
    {
      says: 'a clock that steps back keeps the debt',
      rate: 10,
      burst: 2,
      steps: [r(1, 2, 1), r(0, 2, 2), r(3, 2, 4)],
    },
    {
      says: 'one is cancelled after the clock stepped back',
      rate: 10,
      burst: 2,
      steps: [r(1, 2, 1), r(1, 2, 3), r(1, 1, 4), { at: 0, cancel: 1 }, r(0, 2, 4)],
    },
    {
      says: 'a new rate leaves its time, and counts for the next',
      rate: 5,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 4), { at: 2, rate: 10 }, r(2, 1, 4)],
    },
    {
      says: 'one is cancelled after a new rate: its tokens are given back',
      rate: 5,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 4), { at: 2, rate: 10 }, { at: 2, cancel: 1 }, r(2, 2, 3)],
    },
    {
      says: 'a new burst leaves its time',
      rate: 5,
      burst: 2,
      steps: [r(0, 2, 0), r(0, 2, 4), { at: 2, burst: 4 }, r(2, 4, 12)],
    },
    {
      says: 'one is cancelled after the burst became smaller: no more is there than that',
      rate: 10,
      burst: 2,
      steps: [
        r(0, 2, 0),
        { at: 0, burst: 1 },
        { at: 0, cancel: 0 },
        { at: 0, cost: 1, allowed: true },
        { at: 0, cost: 1, allowed: false },
      ],
    },
    {
      says: 'at rate Infinity the time is now, and there is nothing to give back',
      rate: Infinity,
      burst: 2,
      steps: [r(1, 9, 1), { at: 1, cancel: 0 }, r(1, 9, 1)],
    },
    {
      says: 'what was made at rate Infinity gives nothing back once there is a limit',
      rate: Infinity,
      burst: 2,
      steps: [
        r(1, 2, 1),
        { at: 1, rate: 10 },
        { at: 1, cost: 2, allowed: true },
        { at: 1, cancel: 0 },
        { at: 1, cost: 1, allowed: false },
      ],
    },
    {
      says: 'at rate 0 those after it, which never come, count on nothing',
      rate: 0,
      burst: 2,
      steps: [
        r(0, 2, 0),
        r(0, 1, Infinity),
        { at: 0, cancel: 0 },
        { at: 0, cost: 1, allowed: true },
      ],
    },
    {
      says: 'at rate 0 it never comes; but it can be cancelled',
      rate: 0,
      burst: 2,
      steps: [
        r(0, 2, 0),
        r(0, 1, Infinity),
        { at: 9, cancel: 1 },
        { at: 9, rate: 10 },
        r(9, 1, 10),
      ],
    },
  ])('$says', ({ rate, burst, steps }) => {
    const time = new Time();
    const limiter = new RateLimiter({ rate, burst, clock: time });
    const reservations: Reservation[] = [];
    const seen = steps.map((each): Step => {
      time.set(each.at * step);
      if ('rate' in each) limiter.setRate(each.rate);
      else if ('burst' in each) limiter.setBurst(each.burst);
      else if ('cancel' in each) reservations[each.cancel]?.cancel();
      else if ('allowed' in each) return { ...each, allowed: limiter.allow(each.cost) };
      else {
        const reservation = limiter.reserve(each.cost);
        reservations.push(reservation);
        return { ...each, act: each.at + reservation.delay / step };
      }
      return each;
    });
    expect(seen).toEqual(steps);
    expect(time.made).toBe(0);
  });

  it('has a delay that runs out', () => {
    const time = new Time();
    const limiter = new RateLimiter({ rate: 10, burst: 1, clock: time });
    limiter.allow();
    const reservation = limiter.reserve();
    const delays = [0, 40, 100, 5000].map((at) => {
      time.set(at);
      return reservation.delay;
    });
    expect(delays).toEqual([100, 60, 0, 0]);
  });

  it('takes its place behind those who wait, and does not hold them up', async () => {
    const { time, limiter, log, wait } = setUp(10, 2);
    limiter.allow(2);
    wait('a');
    const reservation = limiter.reserve(2);
    wait('b');
    expect([reservation.delay, limiter.tokens, limiter.waiting]).toEqual([300, -4, 2]);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['a', 100],
      ['b', 400],
    ]);
  });

  it('that is cancelled lets those behind move up, and those before it are as they were', async () => {
    const { time, limiter, log, wait } = setUp(10, 2);
    limiter.allow(2);
    wait('a');
    const reservation = limiter.reserve(2);
    wait('b');
    reservation.cancel();
    await time.passUntil(1000);
    expect(log).toEqual([
      ['a', 100],
      ['b', 200],
    ]);
  });

  it('that is cancelled gives back no more than the bucket holds by now: after setBurst', async () => {
    const { time, limiter, log, wait } = setUp(100, 3);
    limiter.allow(3);
    const reservation = limiter.reserve(3);
    limiter.setBurst(1);
    wait('a');
    await time.passUntil(29);
    reservation.cancel();
    await time.pass(0);
    expect([log, limiter.allow()]).toEqual([[['a', 29]], false]);
  });

  it('that is cancelled gives back no more than the bucket holds by now: after setRate', async () => {
    const { time, limiter, log, wait } = setUp(100, 3);
    limiter.allow(3);
    const reservation = limiter.reserve(3);
    await time.passUntil(5);
    limiter.setRate(500);
    for (const name of 'ab') wait(name, 2);
    await time.passUntil(16);
    reservation.cancel();
    await time.pass(0);
    expect([log.length, limiter.allow(2)]).toEqual([2, false]);
  });

  it('that is cancelled is as if it had not been for those before it, and those who wait between', async () => {
    const { time, limiter, log, wait } = setUp(1, 1);
    limiter.allow();
    const first = limiter.reserve();
    wait('a');
    limiter.reserve().cancel();
    first.cancel();
    await time.passUntil(5000);
    expect(log).toEqual([['a', 1000]]);
  });

  it('that is cancelled keeps back only what those behind, and those who wait between, have to wait for', async () => {
    const { time, limiter, log, wait } = setUp(10, 5);
    const first = limiter.reserve(4);
    wait('a', 2);
    const last = limiter.reserve(1);
    first.cancel();
    await time.pass(0);
    expect([log, last.delay, limiter.tokens]).toEqual([[['a', 0]], 200, 0]);
  });

  it('that is cancelled while a timer is late costs those behind nothing: who was due has been served', async () => {
    const { time, limiter, log, wait } = setUp(1, 2);
    limiter.allow(2);
    time.late = 1000;
    wait('a', 2);
    const reservation = limiter.reserve();
    wait('b', 2);
    await time.passUntil(2500);
    time.late = 0;
    reservation.cancel();
    await time.passUntil(9000);
    expect(log).toEqual([
      ['a', 2500],
      ['b', 4000],
    ]);
  });

  it('that is cancelled while nobody waits is as if it had not been', async () => {
    const { time, limiter, log, wait } = setUp(10, 2);
    limiter.allow(2);
    limiter.reserve(2).cancel();
    wait('a');
    await time.passUntil(1000);
    expect(log).toEqual([['a', 100]]);
  });

  it('keeps its time and its tokens where the burst becomes smaller', async () => {
    const { time, limiter, log, wait } = setUp(10, 2);
    limiter.allow(2);
    wait('a');
    const reservation = limiter.reserve(2);
    wait('b');
    limiter.setBurst(1);
    expect([reservation.delay, limiter.tokens, limiter.waiting]).toEqual([300, -4, 2]);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['a', 100],
      ['b', 400],
    ]);
  });

  it('keeps its time where the burst becomes smaller than what one before it waits for: nobody comes between', async () => {
    const { time, limiter, log, wait } = setUp(1, 5);
    limiter.allow(5);
    wait('a', 3);
    const reservation = limiter.reserve(2);
    wait('b');
    limiter.setBurst(2);
    expect(reservation.delay).toBe(5000);
    await time.passUntil(9000);
    const error = new RangeError('Expected `cost` to be a number from 0 to 2, got 3');
    expect(log).toEqual([
      ['a', 0, error],
      ['b', 5000],
    ]);
  });

  it('keeps of several that are aborted what was asked for behind each', async () => {
    const { time, limiter, log, wait } = setUp(10, 3);
    const controller = new AbortController();
    limiter.allow(3);
    for (const name of 'ab') wait(name, 3, controller.signal);
    const reservation = limiter.reserve(1);
    wait('c', 3);
    controller.abort('enough');
    expect(reservation.delay).toBe(700);
    await time.passUntil(2000);
    expect(log).toEqual([
      ['a', 0, 'enough'],
      ['b', 0, 'enough'],
      ['c', 800],
    ]);
  });

  it('keeps no more of the tokens of one that is aborted than were reserved behind it', async () => {
    const { time, limiter, log, wait } = setUp(10, 3);
    const controller = new AbortController();
    limiter.allow(3);
    wait('a');
    const before = limiter.reserve(2);
    wait('b', 3, controller.signal);
    const behind = limiter.reserve(1);
    wait('c');
    expect(limiter.tokens).toBe(-8);
    controller.abort('enough');
    expect([before.delay, behind.delay, limiter.tokens]).toEqual([300, 700, -6]);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['b', 0, 'enough'],
      ['a', 100],
      ['c', 600],
    ]);
  });

  it('keeps of one that is aborted no tokens for a reservation before it', async () => {
    const { time, limiter, log, wait } = setUp(10, 1);
    const controller = new AbortController();
    limiter.allow();
    wait('a');
    limiter.reserve();
    wait('b', 1, controller.signal);
    controller.abort('enough');
    expect(limiter.tokens).toBe(-2);
    wait('c', 1);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['b', 0, 'enough'],
      ['a', 100],
      ['c', 300],
    ]);
  });

  it('keeps the tokens of one that is aborted with the next reservation: who waits before that moves up', async () => {
    const { time, limiter, log, wait } = setUp(10, 1);
    const controller = new AbortController();
    limiter.allow();
    wait('a');
    limiter.reserve();
    wait('b', 1, controller.signal);
    wait('c');
    const behind = limiter.reserve();
    wait('d');
    controller.abort('enough');
    expect(behind.delay).toBe(500);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['b', 0, 'enough'],
      ['a', 100],
      ['c', 300],
      ['d', 600],
    ]);
  });

  it('keeps as much of one that is aborted where far more was asked for before', async () => {
    const { time, limiter, log, wait } = setUp(10, 1e17);
    const [many, one] = [new AbortController(), new AbortController()];
    limiter.allow(1e17);
    wait('many', 1e17, many.signal);
    many.abort('enough');
    limiter.setBurst(1);
    wait('a', 1, one.signal);
    const reservation = limiter.reserve();
    wait('b');
    one.abort('enough');
    expect([reservation.delay, limiter.tokens]).toEqual([200, -3]);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['many', 0, 'enough'],
      ['a', 0, 'enough'],
      ['b', 300],
    ]);
  });

  it.each([-1e9, 1e9])('takes as much where the clock shows %d', (at) => {
    const { time, limiter } = setUp(10, 5);
    time.set(at);
    limiter.allow(5);
    expect(limiter.reserve().delay).toBe(100);
    expect([limiter.tokens, limiter.allow()]).toEqual([-1, false]);
  });

  it.each([-1e9, 1e9])(
    'keeps the tokens of one that is aborted where the clock shows %d',
    async (at) => {
      const { time, limiter, log, wait } = setUp(10, 1);
      const controller = new AbortController();
      time.set(at);
      limiter.allow();
      wait('a', 1, controller.signal);
      const reservation = limiter.reserve();
      wait('b');
      controller.abort('enough');
      expect([reservation.delay, limiter.tokens]).toEqual([200, -3]);
      await time.passUntil(at + 1000);
      expect(log).toEqual([
        ['a', at, 'enough'],
        ['b', at + 300],
      ]);
    },
  );

  it('keeps its time when one before it is aborted, and its tokens: nobody comes between', async () => {
    const { time, limiter, log, wait } = setUp(10, 1);
    const controller = new AbortController();
    limiter.allow();
    wait('a', 1, controller.signal);
    wait('b');
    const reservation = limiter.reserve();
    wait('c');
    controller.abort('enough');
    expect(reservation.delay).toBe(300);
    await time.passUntil(1000);
    expect(log).toEqual([
      ['a', 0, 'enough'],
      ['b', 100], // moved up
      ['c', 400], // counts on the reservation
    ]);
  });
});

describe('a clock that fails', () => {
  it('when somebody begins to wait: they hear of it, and leave no place in the line', async () => {
    const clock = new FailingClock();
    const limiter = new RateLimiter({ rate: 1000, clock });
    limiter.allow();
    clock.fails = 'schedule';
    await expect(limiter.wait()).rejects.toThrow('clock');
    expect(limiter.waiting).toBe(0);
    clock.fails = undefined;
    const waiting = limiter.wait();
    clock.time.advance(1);
    await waiting;
  });

  it('when the timer comes: whoever waits is served once it goes again', async () => {
    const clock = new FailingClock();
    const limiter = new RateLimiter({ rate: 1000, clock });
    limiter.allow();
    const waiting = limiter.wait();
    clock.fails = 'now';
    expect(() => clock.time.advance(1)).toThrow('clock');
    clock.fails = undefined;
    expect(limiter.allow()).toBe(false);
    await waiting;
    expect(limiter.waiting).toBe(0);
  });

  it('when a wait is turned away: so are the others, and who is next is served once it goes again', async () => {
    const clock = new FailingClock();
    const limiter = new RateLimiter({ rate: 1000, burst: 3, clock });
    limiter.allow(3);
    const log: unknown[] = [];
    for (const cost of [3, 2, 1]) {
      limiter.wait({ cost }).then(
        () => log.push(cost),
        (error: unknown) => log.push(error),
      );
    }
    clock.fails = 'schedule';
    expect(() => limiter.setBurst(1)).toThrow('clock');
    await later();
    const refused = [3, 2].map(
      (cost) => new RangeError(`Expected \`cost\` to be a number from 0 to 1, got ${cost}`),
    );
    expect([log, limiter.waiting]).toEqual([refused, 1]);
    clock.fails = undefined;
    expect(limiter.allow()).toBe(false);
    clock.time.advance(1);
    await later();
    expect(log).toEqual([...refused, 1]);
  });

  it('when the rate is set: it stays as it is', () => {
    const clock = new FailingClock();
    const limiter = new RateLimiter({ rate: 1, clock });
    limiter.allow();
    clock.fails = 'now';
    expect(() => limiter.setRate(1000)).toThrow('clock');
    clock.fails = undefined;
    clock.time.advance(500);
    expect([limiter.rate, limiter.tokens]).toEqual([1, 0.5]);
  });
});
