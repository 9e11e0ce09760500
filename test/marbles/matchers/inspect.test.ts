import { describe, expect, it } from 'vitest';
import { inspect } from '../../../marbles/matchers/inspect.js';

class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
}
class HttpError extends Error {}
const cycle: Record<string, unknown> = { id: 1 };
cycle['self'] = cycle;
const shared = { id: 1 };

const pictures: readonly (readonly [value: unknown, text: string])[] = [
  ['text', `'text'`],
  ["it's", `"it's"`],
  [`"it's"`, `'"it\\'s"'`],
  ['a\nb\t\u001b[31m\\', `'a\\nb\\t\\u001b[31m\\\\'`],
  ['', `''`],
  [1.5, '1.5'],
  [-0, '-0'],
  [NaN, 'NaN'],
  [10n, '10n'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [Symbol('s'), 'Symbol(s)'],
  [function named() {}, '[Function: named]'],
  [() => {}, '[Function: ?]'],
  [Point, '[Function: Point]'],
  [[], '[]'],
  [[1, 'a', [null]], `[1, 'a', [null]]`],
  [{}, '{}'],
  [{ id: 1, 'a-b': 2, 3: 4, [Symbol('s')]: 5 }, `{ 3: 4, id: 1, 'a-b': 2, [Symbol(s)]: 5 }`],
  [Object.create(null), '{}'],
  [new Point(1, 2), 'Point { x: 1, y: 2 }'],
  [new Map<unknown, unknown>([['a', { b: 1 }]]), `Map { 'a' => { b: 1 } }`],
  [new Set([1, 'a']), `Set { 1, 'a' }`],
  [new Set(), 'Set {}'],
  [new Uint8Array([1, 2]), 'Uint8Array [1, 2]'],
  [new Date(0), '1970-01-01T00:00:00.000Z'],
  [new Date(NaN), 'Invalid Date'],
  [/a+/g, '/a+/g'],
  [new Error('boom'), 'Error: boom'],
  [new TypeError('of two\n  lines'), 'TypeError: of two lines'],
  [new HttpError('gone'), 'HttpError: gone'],
  [new Error(), 'Error'],
  [Promise.resolve(1), 'Promise {}'],
  [cycle, '{ id: 1, self: [Circular] }'],
  [[shared, shared], '[{ id: 1 }, { id: 1 }]'],
  [expect.any(Number), 'Any<Number>'],
  [expect.objectContaining({ id: 1 }), 'ObjectContaining({ id: 1 })'],
  [expect.stringContaining('a'), `StringContaining('a')`],
  [{ a: expect.anything() as unknown }, '{ a: Anything }'],
];

it.each(pictures.map(([value, text]) => ({ value, text })))('$text', ({ value, text }) => {
  expect(inspect(value)).toBe(text);
});

describe('what goes too far', () => {
  it('goes three levels deep', () => {
    expect(inspect({ a: { b: { c: { d: 1 }, e: [1], f: new Point(1, 2) } } })).toBe(
      '{ a: { b: { c: [Object], e: [Array], f: [Point] } } }',
    );
  });

  it('shows twelve entries and counts the rest', () => {
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    expect(inspect(numbers)).toBe('[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … 8 more]');
    expect(inspect(new Set(numbers))).toContain('… 8 more }');
    expect(inspect(Object.fromEntries(numbers.entries()))).toContain('… 8 more }');
  });

  it('looks closer where it is told to', () => {
    expect(inspect({ a: { b: { c: { d: { e: 1 } } } } }, true)).toBe(
      '{ a: { b: { c: { d: { e: 1 } } } } }',
    );
    expect(inspect(Array.from({ length: 20 }), true)).not.toContain('more');
  });

  it('shows so many entries in all, however many ways lead to an object', () => {
    const people = Array.from({ length: 8 }, (_, id) => ({ id, friends: [] as unknown[] }));
    for (const one of people) one.friends = people.filter((other) => other !== one);
    const text = inspect(people, true);
    expect(text.split('id: ').length).toBeLessThan(10_000);
    expect(text).toContain('{ id: 7, friends: [');
    expect(text).toContain('… 1 more]');
    expect(inspect(people)).not.toContain('more');
  });
});

it('runs no getter', () => {
  let ran = false;
  const value = {
    get price() {
      ran = true;
      return 1;
    },
  };
  expect(inspect(value)).toBe('{ price: [Getter] }');
  expect(ran).toBe(false);
});

it.each(['sample', '$$typeof', 'toAsymmetricMatcher'])('runs no getter %s either', (name) => {
  const get = () => expect.fail('it ran');
  const value = Object.defineProperty({ id: 1 }, name, { get, enumerable: true });
  expect(inspect(value)).toBe(`{ id: 1, ${name}: [Getter] }`);
});

it('survives an object that cannot be looked at', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(inspect(proxy)).toBe('[Object]');
  expect(inspect([proxy, 1])).toBe('[[Object], 1]');
});

it('survives a function that cannot be looked at', () => {
  const { proxy, revoke } = Proxy.revocable(() => {}, {});
  revoke();
  expect(inspect(proxy)).toBe('[Object]');
  const named = Object.defineProperty(() => {}, 'name', { get: () => expect.fail('it ran') });
  expect(inspect(named)).toBe('[Function: ?]');
});
