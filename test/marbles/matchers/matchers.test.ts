import { describe, expect, it } from 'vitest';
import {
  dropping,
  failureOf,
  output,
  pausable,
  source,
  stage,
  subscribed,
  timing,
} from './tracks.js';

const passes = (assert: () => void) => expect(assert).not.toThrow();
const fails = (assert: () => void) => expect(failureOf(assert)).toMatch(/^At frame/m);

describe('toHaveEmitted', () => {
  const actual = output('--a--(bc|)', { a: { id: 1 }, b: 2 });
  const values = { a: { id: 1 }, b: 2 };

  it('passes where each value, its frame and the end are as drawn', () => {
    passes(() => expect(actual).toHaveEmitted('--a--(bc|)', values));
    passes(() => expect(actual).toHaveEmitted('  2ms a--(bc|)  ', values));
    passes(() => expect(actual).toHaveEmitted('--a--(bc|)----', { ...values, d: 5 }));
    passes(() => expect(output('---')).toHaveEmitted(''));
  });

  it.each([
    ['--a---(bc|)', values],
    ['--a--(bc)', values],
    ['--a--(cb|)', values],
    ['--a--(bc#)', values],
    ['--a--(bcd|)', values],
    ['-----(bc|)', values],
    ['--a--(bc|)', { ...values, b: 3 }],
    ['--a--(bc|)', { b: 2 }],
    ['', {}],
  ])('fails for %s', (marbles, named) => {
    fails(() => expect(actual).toHaveEmitted(marbles, named));
  });

  it('takes `error` for what # stands for, and otherwise the string "error"', () => {
    const failed = output('-#', {}, new TypeError('no'));
    passes(() => expect(failed).toHaveEmitted('-#', undefined, new TypeError('no')));
    fails(() => expect(failed).toHaveEmitted('-#', undefined, new TypeError('yes')));
    fails(() => expect(failed).toHaveEmitted('-#'));
    passes(() => expect(output('-#')).toHaveEmitted('-#'));
  });

  it('compares values as toEqual does', () => {
    const value = { id: 7, at: new Set([1]), gone: undefined };
    passes(() =>
      expect(output('a', { a: value })).toHaveEmitted('a', { a: { id: 7, at: new Set([1]) } }),
    );
    fails(() =>
      expect(output('a', { a: value })).toHaveEmitted('a', { a: { id: 7, at: new Set([2]) } }),
    );
    const a = expect.objectContaining({ id: expect.any(Number) as number }) as unknown;
    passes(() => expect(output('a', { a: value })).toHaveEmitted('a', { a }));
    fails(() => expect(output('a', { a: { id: 'x' } })).toHaveEmitted('a', { a }));
  });

  it('compares values by the testers that the user has added', () => {
    class Money {
      constructor(
        readonly cents: number,
        readonly note: string,
      ) {}
    }
    expect.addEqualityTesters([
      (one: unknown, other: unknown) =>
        one instanceof Money && other instanceof Money ? one.cents === other.cents : undefined,
    ]);
    const paid = output('a', { a: new Money(5, 'paid') });
    passes(() => expect(paid).toHaveEmitted('a', { a: new Money(5, 'due') }));
    fails(() => expect(paid).toHaveEmitted('a', { a: new Money(6, 'paid') }));
  });

  it('takes an inherited property for no name of a letter', () => {
    passes(() =>
      expect(output('a')).toHaveEmitted('a', Object.create({ a: 1 }) as object as never),
    );
  });
});

describe('toHavePulled', () => {
  it('passes where each pull, and how it came out, is as drawn', () => {
    passes(() => expect(source('(ab)--c--|')).toHavePulled(' (ab)--c--|'));
    passes(() => expect(source('a--!')).toHavePulled('a--!'));
    passes(() => expect(source('a--#', { a: 1 }, 'lost')).toHavePulled('a--#', { a: 1 }, 'lost'));
  });

  it.each(['(ab)--c--!', '(ab)--c', '(ab)---c-|', '(abc)----|'])('fails for %s', (marbles) => {
    fails(() => expect(source('(ab)--c--|')).toHavePulled(marbles));
  });
});

describe.each([
  ['toHaveHeld', (level: ReturnType<typeof stage>['held']) => ({ ...stage([]), held: level })],
  ['toHaveParked', (level: ReturnType<typeof stage>['held']) => ({ ...stage([]), parked: level })],
] as const)('%s', (matcher, made) => {
  const actual = made(
    stage([
      [0, 2],
      [3, 1],
      [6, 12],
      [8, 0],
    ]).held,
  );

  it.each(['2--1--a-0', '22-1--a-0', '2-21-1aa000', '2--1 2ms a-0--'])(
    'passes for %s: a digit may repeat the level, - means as it was',
    (marbles) => {
      passes(() => expect(actual)[matcher](marbles, { a: 12 }));
    },
  );

  it.each([
    ['2-11--a-0', 'another level'],
    ['2-----a-0', 'a change where - stands'],
    ['2--1--a', 'a change after the end'],
    ['2--1--a-01', 'a change that was not'],
    ['---1--a-0', 'a change where - stands at first'],
    ['', 'a change after an empty diagram'],
  ])('fails for %s: %s', (marbles) => {
    fails(() => expect(actual)[matcher](marbles, { a: 12 }));
  });

  it('is 0 at first', () => {
    passes(() => expect(made(stage([]).held))[matcher](''));
    passes(() => expect(made(stage([]).held))[matcher]('0--0'));
    passes(() => expect(made(stage([[2, 1]]).held))[matcher]('0-1'));
  });

  it('does not take what is no level', () => {
    const asserting = (marbles: string, levels?: Record<string, number>) => () =>
      expect(actual)[matcher](marbles, levels);
    expect(asserting('2--x')).toThrow(
      'Expected `x` to be a digit, or named in `levels` as an integer ≥ 0, got "x"',
    );
    expect(asserting('2--x', { x: -1 })).toThrow('an integer ≥ 0, got -1');
    expect(asserting('(12)')).toThrow('Expected `marbles` to be one level a frame, got "(12)"');
    expect(asserting('2--|')).toThrow('Expected no special mark here');
    expect(asserting('2', 5 as never)).toThrow('Expected `levels` to be an object');
  });
});

describe('toHaveDropped', () => {
  const actual = dropping([2, 'a', 'overflow'], [5, { id: 1 }, 'error']);

  it('passes where each value is dropped as drawn, for its reason', () => {
    const values = { b: { id: 1 } };
    passes(() => expect(actual).toHaveDropped('--a--b', { a: 'overflow', b: 'error' }, values));
    passes(() => expect(actual).toHaveDropped('--a--b', { a: 'overflow', rest: 'error' }, values));
    passes(() => expect(dropping([1, 'a', 'overflow'])).toHaveDropped('-a', 'overflow'));
    passes(() => expect(dropping()).toHaveDropped('', 'overflow'));
  });

  it('takes any reason where it is given none', () => {
    passes(() => expect(actual).toHaveDropped('--a--b', undefined, { b: { id: 1 } }));
    passes(() => expect(dropping()).toHaveDropped(''));
    fails(() => expect(actual).toHaveDropped(''));
  });

  it('fails for another value, frame or reason', () => {
    const values = { b: { id: 1 } };
    fails(() => expect(actual).toHaveDropped('--a--b', 'overflow', values));
    fails(() => expect(actual).toHaveDropped('--a--b', { a: 'overflow', rest: 'error' }));
    fails(() => expect(actual).toHaveDropped('--a---b', { a: 'overflow', rest: 'error' }, values));
  });

  it('wants a reason for each letter, or for the rest', () => {
    expect(() => expect(actual).toHaveDropped('--a--b', { a: 'overflow' })).toThrow(
      'Expected `reasons.b` to be a reason, or `reasons.rest`, got undefined',
    );
    expect(() => expect(actual).toHaveDropped('--a', 1 as never)).toThrow(
      'Expected `reasons` to be a reason, or one for each letter, got 1',
    );
  });
});

describe('toHavePaused', () => {
  it('passes where each pause and resume is as drawn', () => {
    passes(() => expect(pausable('--p---r(pr)')).toHavePaused('--p---r(pr)'));
    passes(() => expect(pausable('')).toHavePaused(''));
  });

  it('fails for another', () => {
    fails(() => expect(pausable('--p---r')).toHavePaused('--p---p'));
    fails(() => expect(pausable('--p---r')).toHavePaused('--p--r'));
    expect(() => expect(pausable('')).toHavePaused('-x')).toThrow(
      'Expected `marbles` to be of p for paused and r for resumed, got "-x"',
    );
  });
});

describe('toHaveTimers', () => {
  it('is the timers of a stage, one diagram for each', () => {
    passes(() => expect(timing('-^---!', '------^')).toHaveTimers(['-^---!', '------^']));
    passes(() => expect(timing()).toHaveTimers([]));
    fails(() => expect(timing('-^---!')).toHaveTimers([]));
    fails(() => expect(timing('-^---!')).toHaveTimers('-^--!'));
  });
});

describe('toHaveSubscribed', () => {
  it('passes where each subscription begins and ends as drawn', () => {
    passes(() => expect(subscribed('-^---!')).toHaveSubscribed('-^---!'));
    passes(() => expect(subscribed('-^---!')).toHaveSubscribed(['-^---!']));
    passes(() => expect(subscribed('-^')).toHaveSubscribed(' -^---'));
    passes(() => expect(subscribed('(^!)', '-^')).toHaveSubscribed(['(^!)', '-^']));
  });

  it.each([[''], ['---'], [[]], [['']]])('takes %j for no subscription', (marbles) => {
    passes(() => expect(subscribed()).toHaveSubscribed(marbles));
    fails(() => expect(subscribed('^')).toHaveSubscribed(marbles));
  });

  it.each([['-^----!'], ['-^'], ['^----!'], [['-^---!', '-^---!']], [[]]])(
    'fails for %j',
    (marbles) => {
      fails(() => expect(subscribed('-^---!')).toHaveSubscribed(marbles));
    },
  );

  it('does not take what is no subscription', () => {
    const asserting = (marbles: unknown) => () =>
      expect(subscribed()).toHaveSubscribed(marbles as string);
    expect(asserting('--!')).toThrow('Expected `marbles` to be a ^ before its !, got "--!"');
    expect(asserting('-a')).toThrow('only `^` and `!`');
    expect(asserting(5)).toThrow('Expected `marbles` to be a string or an array of strings, got 5');
    expect(asserting([5])).toThrow('Expected `text` to be a string, got 5');
  });
});

describe('every matcher', () => {
  const asserting = {
    toHaveEmitted: (received: unknown) => expect(received).toHaveEmitted('-a'),
    toHavePulled: (received: unknown) => expect(received).toHavePulled('-a'),
    toHaveHeld: (received: unknown) => expect(received).toHaveHeld('-1'),
    toHaveParked: (received: unknown) => expect(received).toHaveParked('-1'),
    toHaveDropped: (received: unknown) => expect(received).toHaveDropped('-a', 'overflow'),
    toHavePaused: (received: unknown) => expect(received).toHavePaused('-p'),
    toHaveSubscribed: (received: unknown) => expect(received).toHaveSubscribed('-^'),
  };
  const records = {
    toHaveEmitted: output('-a'),
    toHavePulled: source('-a'),
    toHaveHeld: stage([[1, 1]]),
    toHaveParked: stage([], [[1, 1]]),
    toHaveDropped: dropping([1, 'a', 'overflow']),
    toHavePaused: pausable('-p'),
    toHaveSubscribed: subscribed('-^'),
  };
  const names = Object.keys(asserting) as (keyof typeof asserting)[];

  it.each(names)('%s throws while the flow still runs, with .not too', (name) => {
    const still = 'Expected the flow to have run to its end';
    const running = { ...records[name], over: false };
    expect(() => asserting[name](running)).toThrow(still);
    expect(() => expect(running).not[name]('-')).toThrow(still);
  });

  it.each(names)('%s throws for what has no such record, with .not too', (name) => {
    for (const received of [undefined, null, 5, 'abc', [], {}, { over: true }]) {
      expect(() => asserting[name](received)).toThrow(TypeError);
      expect(() => expect(received).not[name]('')).toThrow(TypeError);
    }
  });

  it.each(names)('%s passes under .not exactly where it fails', (name) => {
    passes(() => asserting[name](records[name]));
    passes(() => expect(records[name]).not[name]('---'));
    expect(
      failureOf(() =>
        expect(records[name]).not[name](
          { toHavePaused: '-p', toHaveSubscribed: '-^', toHaveHeld: '-1', toHaveParked: '-1' }[
            name as string
          ] ?? '-a',
        ),
      ),
    ).toContain('Expected anything else, but exactly this was recorded.');
  });

  it('says what it was given, and what makes what it wants', () => {
    expect(() => expect([]).toHaveEmitted('')).toThrow(
      'Expected `output` to be what `record(…)` gives in a flow, got Array',
    );
    expect(() => expect(undefined).toHavePulled('')).toThrow(
      'Expected `source` to be a source of a flow that waits, as `pull(…)` makes it, got undefined',
    );
    expect(() => expect({}).toHaveHeld('')).toThrow(
      'Expected `stage` to be a stage of a flow, as `stage()` makes it, got Object',
    );
  });

  it('does not take what is no diagram', () => {
    expect(() => expect(output('')).toHaveEmitted('(a')).toThrow('Expected `)` to close the group');
    expect(() => expect(output('')).not.toHaveEmitted('(a')).toThrow('to close the group');
    expect(() => expect(output('')).toHaveEmitted('a', 5 as never)).toThrow(
      'Expected `values` to be an object with a value for each letter, got 5',
    );
  });
});
