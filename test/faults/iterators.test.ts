import { Subject, merge, take } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, pullFrom } from 'rxjs-sluice/operators';
import { afterAll, describe, expect, it } from 'vitest';
import { PATIENCE, long, report } from '../support/proof.js';
import { hear } from './hear.js';
import { asyncFaults, oddities, syncFaults } from './iterators.js';
import { Strike } from './strike.js';

type Kind = 'sync' | 'async';
const kinds = ['sync', 'async'] as const;

/** An iterator, and what has been asked of it. */
interface Probe {
  nexts: number;
  returns: number;
  readonly input: Iterable<number> & AsyncIterable<number>;
}

/** @param close - its `return`; `undefined`: it has none. */
function probe(
  kind: Kind,
  next: (n: number) => unknown,
  close: (() => unknown) | undefined = () => (kind === 'sync' ? {} : Promise.resolve({})),
  has = true,
): Probe {
  const counted: Probe = {
    nexts: 0,
    returns: 0,
    input: {
      [kind === 'sync' ? Symbol.iterator : Symbol.asyncIterator]: () => ({
        next: () => next(counted.nexts++),
        ...(has && {
          return() {
            counted.returns++;
            return close();
          },
        }),
      }),
    } as never,
  };
  return counted;
}

const result = (kind: Kind, n: number, end = Infinity): unknown => {
  const it = n < end ? { done: false, value: n } : { done: true, value: undefined };
  return kind === 'sync' ? it : Promise.resolve(it);
};

const five = [0, 1, 2, 3, 4];
let runs = 0;

describe.each([
  ['sync', syncFaults],
  ['async', asyncFaults],
] as const)('the `next` of an iterator that is %s', (kind, faults) => {
  it.each(faults)('$title, at any call: it is neither asked again nor let go', async (fault) => {
    for (const at of five) {
      const it = probe(kind, (n) => (n === at ? fault.next() : result(kind, n)));
      const heard = await hear(pullFrom(it.input));
      expect(heard.values).toEqual(five.slice(0, at));
      const fails = fault.fails === TypeError ? (expect.any(TypeError) as unknown) : fault.fails;
      expect(heard.ends).toEqual([fault.completes ? 'complete' : fails]);
      expect([it.nexts, it.returns, heard.unhandled, heard.host]).toEqual([at + 1, 0, [], []]);
      runs++;
    }
  });
});

it.each(Object.entries(oddities))(
  'an async iterator that %s, at any call: each value comes once',
  async (_, odd) => {
    for (const at of five) {
      const next = (n: number) => (n === at ? odd(n) : result('async', n, 5));
      const it = probe('async', next);
      const heard = await hear(pullFrom(it.input));
      expect(heard).toEqual({ values: five, ends: ['complete'], unhandled: [], host: [] });
      expect([it.nexts, it.returns]).toEqual([6, 0]);
      runs++;
    }
  },
);

it.each(Object.entries(oddities))(
  'one that %s, each time, into a stage that is full now and then',
  async (_, odd) => {
    const it = probe('async', (n) => (n < 5 ? odd(n) : result('async', n, 5)));
    const ticks = new Subject<void>();
    const pipe = pullFrom(it.input).pipe(bufferedChannel(1), takeOn(ticks));
    const heard = await hear(pipe, ...five.map(() => () => ticks.next()));
    expect(heard).toEqual({ values: five, ends: ['complete'], unhandled: [], host: [] });
    runs++;
  },
);

it(
  'thenables that settle at once keep the stack flat',
  async () => {
    const count = long ? 1e6 : 1e5;
    const it = probe('async', (n) =>
      n < count
        ? { then: (resolve: (value: unknown) => void) => resolve(result('sync', n)) }
        : result('async', n, count),
    );
    const { values, ends } = await hear(pullFrom(it.input).pipe(bufferedChannel(1)));
    expect([values.length, values.at(-1), ends]).toEqual([count, count - 1, ['complete']]);
  },
  PATIENCE,
);

describe('what opens an iterator', () => {
  it.each(kinds)('throws (%s): the pipe errors', async (kind) => {
    const key = kind === 'sync' ? Symbol.iterator : Symbol.asyncIterator;
    const input = {
      [key]: () => {
        throw 'open';
      },
    } as never;
    const heard = await hear(pullFrom(input));
    expect(heard).toEqual({ values: [], ends: ['open'], unhandled: [], host: [] });
  });

  it.each([undefined, null, 1, {}, { next: 1 }])('gives %s: the pipe errors', async (given) => {
    for (const key of [Symbol.iterator, Symbol.asyncIterator]) {
      const heard = await hear(pullFrom({ [key]: () => given } as never));
      expect(heard).toEqual({
        values: [],
        ends: [expect.any(TypeError)],
        unhandled: [],
        host: [],
      });
    }
  });
});

// ---- leaving ---------------------------------------------------------------------------------------

interface Closing {
  readonly title: string;
  readonly close?: (kind: Kind) => unknown;
  readonly has?: false;
  readonly tells?: unknown;
  readonly only?: Kind;
}

const closings: readonly Closing[] = [
  { title: 'is missing', has: false },
  { title: 'does what it should' },
  {
    title: 'throws',
    close: () => {
      throw 'return';
    },
    tells: 'return',
  },
  {
    title: 'rejects',
    close: () => Promise.reject('return'),
    tells: 'return',
    only: 'async',
  },
  {
    title: 'gives a thenable that rejects twice',
    close: () => ({
      then(_: unknown, reject: (error: unknown) => void) {
        reject('return');
        reject('return');
      },
    }),
    tells: 'return',
    only: 'async',
  },
  { title: 'never settles', close: () => new Promise(() => {}), only: 'async' },
  { title: 'gives garbage', close: () => 7 },
];

/** Those that an iterator of this kind can have. */
const closingsOf = (kind: Kind): readonly Closing[] =>
  closings.filter(({ only = kind }) => only === kind);

/** When a pipe is left. `returns`: whether the iterator is let go then. */
const moments = {
  'before the first read': { ticks: 0, end: 9, returns: 1 },
  'while there is no room': { ticks: 2, end: 9, returns: 1 },
  'after its end': { ticks: 3, end: 2, returns: 0 },
} as const;

describe.each(Object.entries(moments))('a pipe that is left %s', (_, { ticks, end, returns }) => {
  describe.each(kinds)('of an iterator that is %s', (kind) => {
    it.each(closingsOf(kind))('whose `return` $title', async ({ close, has, tells }) => {
      const it = probe(kind, (n) => result(kind, n, end), close && (() => close(kind)), has);
      const taking = new Subject<void>();
      const heard = await hear(
        pullFrom(it.input).pipe(takeOn(taking)),
        ...Array<() => void>(ticks).fill(() => taking.next()),
        (leave) => leave(),
        (leave) => leave(),
      );
      const called = has === false ? 0 : returns;
      expect([it.returns, heard.host]).toEqual([called, []]);
      expect(heard.unhandled).toEqual(tells === undefined || returns === 0 ? [] : [tells]);
      expect(heard.values).toEqual(five.slice(0, Math.min(ticks, end)));
      runs++;
    });
  });
});

describe.each(kinds)('a pipe that is left from inside next, of an iterator that is %s', (kind) => {
  it.each(closingsOf(kind))('whose `return` $title', async ({ close, has, tells }) => {
    const it = probe(kind, (n) => result(kind, n), close && (() => close(kind)), has);
    const heard = await hear(pullFrom(it.input).pipe(take(3)));
    expect([heard.values, heard.ends]).toEqual([[0, 1, 2], ['complete']]);
    expect([it.returns, heard.host]).toEqual([has === false ? 0 : 1, []]);
    expect(heard.unhandled).toEqual(tells === undefined ? [] : [tells]);
    runs++;
  });
});

describe('a pipe that is left while `next` is pending', () => {
  const cases = {
    'never settles': [() => {}, []],
    'gives a value': [(settle: Settle) => settle.resolve({ done: false, value: 9 }), [9]],
    'is done': [(settle: Settle) => settle.resolve({ done: true, value: 9 }), []],
    'gives garbage': [(settle: Settle) => settle.resolve(7), []],
    rejects: [(settle: Settle) => settle.reject('late'), []],
  } as const;
  interface Settle {
    resolve(value: unknown): void;
    reject(error: unknown): void;
  }

  it.each(Object.entries(cases))('which then %s', async (_, [settles, drops]) => {
    for (const { close, has, tells } of closingsOf('async')) {
      let settle!: Settle;
      const it = probe(
        'async',
        (n) =>
          n < 2
            ? result('async', n)
            : new Promise((resolve, reject) => (settle = { resolve, reject })),
        close && (() => close('async')),
        has,
      );
      const dropped: unknown[] = [];
      const onDrop = (value: number, reason: string) => dropped.push([value, reason]);
      const heard = await hear(
        pullFrom(it.input, { onDrop }),
        (leave) => leave(),
        () => settles(settle),
      );
      expect([heard.values, heard.ends, heard.host]).toEqual([[0, 1], [], []]);
      expect(heard.unhandled).toEqual(tells === undefined ? [] : [tells]);
      expect(dropped).toEqual(drops.map((value) => [value, 'unsubscribed']));
      expect(it.returns).toBe(has === false ? 0 : 1);
      runs++;
    }
  });

  it('and whose onDrop throws: the hook hears of it', async () => {
    let resolve!: (value: unknown) => void;
    const strike = new Strike(1);
    const it = probe('async', () => new Promise((settle) => (resolve = settle)));
    const heard = await hear(
      pullFrom(it.input, { onDrop: strike.hit }),
      (leave) => leave(),
      () => resolve({ done: false, value: 1 }),
    );
    expect([heard.unhandled, heard.host, it.returns]).toEqual([[strike.fault], [], 1]);
  });

  it('likewise of the value in hand: another has taken the room that was there when it was asked for', async () => {
    const strike = new Strike(1);
    const ticks = new Subject<void>();
    const dropped: number[] = [];
    const pull = (n: number) =>
      pullFrom(probe('async', () => result('async', n)).input, {
        onDrop: strike.after((value: number) => dropped.push(value)),
      });
    const heard = await hear(
      merge(pull(1), pull(2)).pipe(takeOn(ticks)),
      () => ticks.next(),
      (leave) => leave(),
    );
    expect([heard.values, dropped]).toEqual([[1], [2]]);
    expect([heard.unhandled, heard.host, heard.ends]).toEqual([[strike.fault], [], []]);
  });
});

afterAll(() => {
  report({
    part: 'faults: iterators',
    tried: `${syncFaults.length + asyncFaults.length} wrongs of \`next\` at each call, ${Object.keys(oddities).length} odd promises, ${closings.length} of \`return\` at each moment: ${runs} runs`,
    held: 'as in a `for await` loop; let go at most once; what fails late goes to the hook',
  });
});
