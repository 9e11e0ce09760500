import { describe, expect, it } from 'vitest';
import {
  check,
  checkBoolean,
  checkFunction,
  checkCount,
  checkInteger,
  checkMilliseconds,
  checkNumber,
  checkOneOf,
  checkSignal,
} from '../../src/check.js';

describe('a message shows what it got', () => {
  it.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [NaN, 'NaN'],
    [-0.5, '-0.5'],
    [true, 'true'],
    [10n, '10'],
    ['', '""'],
    ['with "quotes"', '"with \\"quotes\\""'],
    [Symbol('key'), 'Symbol(key)'],
    [() => {}, 'Function'],
    [Map, 'Function'],
    [{}, 'Object'],
    [[1, 2], 'Array'],
    [new Date(0), 'Date'],
    [new Map(), 'Map'],
    // What has no prototype, and what throws when it is printed, is shown all the same.
    [Object.create(null), 'Object'],
    [{ toString: () => expect.unreachable() }, 'Object'],
  ])('%o as %s', (value, shown) => {
    expect(() => check(false, 'it', 'something else', value)).toThrow(
      new TypeError(`Expected \`it\` to be something else, got ${shown}`),
    );
  });
});

interface Case {
  readonly of: string;
  readonly run: (value: unknown) => void;
  readonly passes: readonly unknown[];
  readonly fails: readonly unknown[];
  readonly error: ErrorConstructor;
  readonly what: string;
}

const cases: readonly Case[] = [
  {
    of: 'checkInteger',
    run: (value) => checkInteger('it', value, 1),
    passes: [1, 2, Number.MAX_SAFE_INTEGER],
    fails: [0, 1.5, NaN, Infinity, -Infinity, '1', 1n, null, undefined],
    error: RangeError,
    what: 'an integer ≥ 1',
  },
  {
    of: 'checkCount',
    run: (value) => checkCount('it', value, 0),
    passes: [0, 1, Infinity],
    fails: [-1, 0.5, NaN, -Infinity, '0', [], true],
    error: RangeError,
    what: 'an integer ≥ 0 or Infinity',
  },
  {
    of: 'checkNumber',
    run: (value) => checkNumber('it', value, 'a number > 1', (n) => n > 1),
    passes: [1.5, 2, Infinity],
    fails: [1, NaN, -Infinity, '2', 2n, Symbol('2'), Object.create(null), new Date(), undefined],
    error: RangeError,
    what: 'a number > 1',
  },
  {
    of: 'checkMilliseconds',
    run: (value) => checkMilliseconds('it', value),
    passes: [0, 0.5, 1e12, Infinity],
    fails: [-1, NaN, -Infinity, '5', new Date(), undefined],
    error: RangeError,
    what: 'a number of milliseconds ≥ 0',
  },
  {
    of: 'checkBoolean',
    run: (value) => checkBoolean('it', value),
    passes: [true, false],
    fails: [0, 1, 'true', null, undefined, new Boolean(true)],
    error: TypeError,
    what: 'a boolean',
  },
  {
    of: 'checkOneOf',
    run: (value) => checkOneOf('it', value, 'this', 'that'),
    passes: ['this', 'that', undefined],
    fails: ['these', '', null, 0, ['this']],
    error: TypeError,
    what: 'one of "this", "that"',
  },
  {
    of: 'checkFunction',
    run: (value) => checkFunction('it', value),
    passes: [() => {}, Map, Math.max],
    fails: [undefined, null, {}, 'function'],
    error: TypeError,
    what: 'a function',
  },
  {
    of: 'checkFunction, optional',
    run: (value) => checkFunction('it', value, true),
    passes: [() => {}, undefined],
    fails: [null, false, {}],
    error: TypeError,
    what: 'a function',
  },
  {
    of: 'checkSignal',
    run: (value) => checkSignal('it', value),
    passes: [undefined, new AbortController().signal, AbortSignal.abort()],
    fails: [
      null,
      false,
      'signal',
      {},
      { aborted: false },
      new AbortController(),
      new EventTarget(),
    ],
    error: TypeError,
    what: 'an AbortSignal',
  },
];

describe.each(cases)('$of', ({ run, passes, fails, error, what }) => {
  it.each(passes.map((value) => [value]))('lets %o pass', (value) => {
    expect(() => run(value)).not.toThrow();
  });

  it.each(fails.map((value) => [value]))('refuses %o', (value) => {
    expect(() => run(value)).toThrow(error);
    expect(() => run(value)).toThrow(`Expected \`it\` to be ${what}, got `);
  });
});
