import { describe, expect, it } from 'vitest';
import { Rational } from './power-series/rational.js';
import { ProgramError, run } from './run.js';

/** Sums of meals, or of what workers did. */
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

const patience = { timeout: 120_000 };

describe.concurrent('the prime sieve', patience, () => {
  it('finds the first thousand primes', async () => {
    expect(await run('sieve')).toEqual({ prime: 7919, sum: 3_682_913 });
  });
});

describe.concurrent('power series', patience, () => {
  /** Of 0 to `last`. */
  const upTo = <T>(last: number, make: (n: number) => T) =>
    Array.from({ length: last + 1 }, (_, n) => make(n));
  const factorial = (n: number): bigint => (n === 0 ? 1n : BigInt(n) * factorial(n - 1));
  const overFactorial = (a: bigint, n: number) => String(Rational.of(a, factorial(n)));

  /** In how many ways `n` things can be set up as lists, unordered among themselves: A000262. */
  function setsOfLists(n: number): bigint {
    let [before, now] = [0n, 1n];
    for (let m = 1n; m <= BigInt(n); m++) {
      [before, now] = [now, (2n * m - 1n) * now - (m - 1n) * (m - 2n) * before];
    }
    return now;
  }

  /** How many permutations of `n` things rise and fall by turns: A000111, by Seidel's triangle. */
  function zigzags(n: number): bigint {
    let row = [1n];
    for (let m = 1; m <= n; m++) {
      let total = 0n;
      row = [0n, ...row.reverse().map((entry) => (total += entry))];
    }
    return row.at(-1)!;
  }

  it('computes exact coefficients, in circles too, and ends all its processes', async () => {
    const lists = upTo(20, (n) => overFactorial(setsOfLists(n), n));
    const tangent = upTo(20, (n) => (n % 2 === 0 ? '0' : overFactorial(zigzags(n), n)));
    expect(lists.slice(0, 6)).toEqual(['1', '1', '3/2', '13/6', '73/24', '167/40']);
    expect(tangent.slice(0, 10).join(' ')).toBe('0 1 0 1/3 0 2/15 0 17/315 0 62/2835');
    expect(await run('power-series')).toEqual({
      'exp(x/(1 - x))': lists,
      'the same, composed': lists.slice(0, 12),
      'tan x': tangent,
      'arctan x': ['0', '1', '0', '-1/3', '0', '1/5', '0', '-1/7', '0', '1/9'],
      'tan(arctan x)': ['0', '1', '0', '0', '0', '0', '0', '0'],
      '1/x': 'RangeError: Division by zero',
    });
  });
});

describe.concurrent('the dining philosophers', patience, () => {
  interface Dinner {
    readonly meals: readonly number[];
    readonly spread: number;
    readonly together: number;
  }

  it('wait for each other for ever if each takes the left fork first, and that is noticed', async () => {
    const dinner = run('dining-philosophers', { args: ['naive'], where: true });
    const error = (await dinner.catch((error: unknown) => error)) as ProgramError;
    expect(error).toBeInstanceOf(ProgramError);
    expect(error.message).toContain('waits for itself');
    expect(error.message).toMatch(/made at dining-philosophers\.ts:\d+/);
  });

  it('all eat if forks have an order, none less than half of their share', async () => {
    const dinner = (await run('dining-philosophers', { args: ['ordered'] })) as Dinner;
    expect(sum(dinner.meals)).toBe(10_000);
    expect(Math.min(...dinner.meals)).toBeGreaterThanOrEqual(1_000);
    expect(dinner.together).toBe(2);
  });

  it('take turns if one of them always stands', async () => {
    const dinner = await run('dining-philosophers', { args: ['seats'] });
    expect(dinner).toEqual({ meals: [2000, 2000, 2000, 2000, 2000], spread: 1, together: 1 });
  });

  it('are never more than two meals apart if a waiter sees to it', async () => {
    const dinner = (await run('dining-waiter')) as Dinner;
    expect(sum(dinner.meals)).toBe(10_000);
    expect(dinner.spread).toBeLessThanOrEqual(2);
    expect(dinner.together).toBe(2);
  });
});

describe.concurrent('channels', patience, () => {
  it('deliver each value once and in order, in every way of sending and receiving', async () => {
    expect(await run('deliveries')).toEqual({ trials: 5 * 7 * 4 * 3 * 3, wrong: [] });
  });

  it('keep the order along a row of a hundred relays', async () => {
    expect(await run('fifo')).toEqual([true, true, true, true, true, true, true]);
  });

  it('pass a number through ten thousand tasks, each of which adds one', async () => {
    expect(await run('daisy-chain')).toBe(10_000);
  });

  it('add up what a hundred thousand tasks report', async () => {
    expect(await run('skynet')).toBe(4_999_950_000);
  });

  it('let two players play', async () => {
    expect(await run('ping-pong')).toEqual({ hits: 20_000, rally: true });
  });

  it('let an operation wait, go on or fail as this table says', async () => {
    const table = `
                            send     receive   select send  select recv  trySend  tryReceive  trySelect send  trySelect recv  select nil  trySelect nil
      nobody there          waits    waits     waits        waits        not now  not now     not now         not now         waits       not now
      a sender waits        waits    received  waits        received     not now  received    not now         received        waits       not now
      a receiver waits      sent     waits     sent         waits        sent     not now     sent            not now         waits       not now
      empty                 sent     waits     sent         waits        sent     not now     sent            not now         waits       not now
      half full             sent     received  sent         received     sent     received    sent            received        waits       not now
      full                  waits    received  waits        received     not now  received    not now         received        waits       not now
      closed                closed   done      closed       done         closed   done        closed          done            waits       not now
      closed, not drained   closed   received  closed       received     closed   received    closed          received        waits       not now
      closed with an error  closed   broken    closed       broken       closed   broken      closed          broken          waits       not now
    `;
    const rows = table
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/));
    const [operations = [], ...states] = rows;
    expect(await run('what-waits')).toEqual([['', ...operations], ...states]);
  });
});

describe.concurrent('a select', patience, () => {
  it('sends on one of several channels, and only there', async () => {
    expect(await run('double-select')).toEqual({ once: 20_000 });
  });

  it('takes no side, and those that wait are served in turn', async () => {
    const { chosen, received } = (await run('fairness')) as {
      chosen: Record<string, number>;
      received: number[];
    };
    // 4.9 standard deviations: by chance, once in a million.
    expect(Math.abs(chosen['a']! - 5_000)).toBeLessThan((4.9 * Math.sqrt(10_000)) / 2);
    expect(chosen).toEqual({ a: chosen['a'], b: 10_000 - chosen['a']!, never: 0, nobody: 0 });
    expect(received).toEqual([2_500, 2_500, 2_500, 2_500]);
  });

  it('that is decided, or given up, leaves no trace', async () => {
    expect(await run('stale-waits')).toEqual({
      counts: [
        [1_000, 1_000],
        [750, 750],
        [250, 250],
        [0, 0],
      ],
      left: 250,
      done: 250,
      received: 500,
      inOrder: true,
    });
  });

  it('shares channels with those that wait at one alone, until each has had its number', async () => {
    expect(await run('select-stress')).toEqual({
      received: { a: 10_000, b: 10_000, c: 10_000, d: 10_000 },
      left: { a: 0, b: 0, c: 0, d: 0 },
    });
  });

  it('that sends and receives on one channel never meets itself', async () => {
    expect(await run('self-select')).toEqual({ own: 0, received: 10_000 });
  });
});

describe.concurrent('coroutines', patience, () => {
  it("solve Conway's problem", async () => {
    const cards = [
      'READ (5, 100) A, B ** 2; COMMENT*** three of them, and two at the end of a card **'.padEnd(
        80,
        '.',
      ),
      '* is not a pair with the one before, since a space comes between',
      '',
      '*'.repeat(80),
      'the last *',
    ].map((card) => card.padEnd(80).slice(0, 80));
    const text = cards
      .map((card) => `${card} `)
      .join('')
      .replaceAll('**', '↑');
    const lines = text.match(/.{1,125}/g)!.map((line) => line.padEnd(125));
    expect(lines.length).toBe(3);
    expect(await run('conway', { args: cards })).toEqual(lines);
  });

  it('compare the fringes of trees, and are called off where these differ', async () => {
    expect(await run('same-fringe')).toEqual({
      shaken: true,
      oneMore: false,
      empty: true,
      differs: false,
      walked: 2, // the 1 and the 2 in which they differ
    });
  });

  it("find Hamming's numbers, in a circle", async () => {
    expect(await run('hamming')).toEqual({
      first: [1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16, 18, 20, 24, 25, 27, 30, 32, 36],
      last: 2_125_764_000,
    });
  });
});

describe.concurrent('a service', patience, () => {
  it('digests files, so many at a time, until one fails or it is called off', async () => {
    const { mostAtATime, ...rest } = (await run('digest-pipeline')) as { mostAtATime: number };
    expect(mostAtATime).toBeGreaterThan(1);
    expect(mostAtATime).toBeLessThanOrEqual(4);
    expect(rest).toEqual({
      counts: {
        ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad: 12,
        '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1': 12,
        cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0: 12,
      },
      calledOff: { reason: 'enough', stillReading: 0, leftUnread: true },
      failed: { reason: 'ENOENT', stillReading: 0, leftUnread: true },
    });
  });

  it('lets clients chat, and none of them hold up the others', async () => {
    expect(await run('chat')).toEqual({
      Ada: [
        'Ada has arrived',
        'Bob has arrived',
        'Eve has arrived',
        'Ada: is anybody there?',
        'Bob: I am, but I must go',
        'Bob has left',
        'Ada: good bye',
      ],
      Bob: [
        'Bob has arrived',
        'Eve has arrived',
        'Ada: is anybody there?',
        'Bob: I am, but I must go',
      ],
      Eve: ['Bob has left', 'Ada: good bye'],
      missed: 3,
    });
  });

  it('crawls each page once, so many at a time and so many per second', async () => {
    const { mostPerSecond, ...rest } = (await run('crawler')) as { mostPerSecond: number };
    expect(mostPerSecond).toBeLessThanOrEqual(10 + 100);
    expect(rest).toEqual({
      pages: 1_024,
      fetches: 1_024,
      mostAtATime: 8,
      // The first page takes 60 ms; for the others there are 10 tokens then, and 100 more per second.
      lastBegan: 60 + (1_023 - 10) * 10,
    });
  });

  it('gives each request to the worker with the fewest to do', async () => {
    const { served, ...rest } = (await run('load-balancer')) as { served: number[] };
    expect(rest).toEqual({ right: 1_000, misplaced: 0 });
    expect(sum(served)).toBe(1_000);
    expect(Math.min(...served)).toBeGreaterThan(100);
  });
});

describe.concurrent('locks', patience, () => {
  it('and conditions make a bounded buffer', async () => {
    expect(await run('bounded-buffer')).toEqual({
      received: [1_000, 1_000, 1_000],
      inOrder: true,
      most: 3,
    });
  });

  it('let readers read together, and no reader pass a writer that waits', async () => {
    expect(await run('readers-writers')).toEqual({
      halves: [1_000, 1_000],
      wrong: 0,
      together: 8,
      overtaken: 0,
    });
  });
});
