import { describe, expect, it } from 'vitest';
import { marbleMatchers } from '../../../marbles/matchers/matchers.js';
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

describe('what is emitted', () => {
  it('a value too late', () => {
    const values = { a: { id: 1 } };
    expect(
      failureOf(() =>
        expect(output('------a------b-(c|)', values)).toHaveEmitted('------a-----b--(c|)', values),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0     6     12 15
expected   ------a-----b--(c|)
actual     ------a------b-(c|)
                       ^
At frame 12: expected b, but nothing came; b came at frame 13.

where  a = { id: 1 }
`);
  });

  it('a value too early', () => {
    expect(failureOf(() => expect(output('--a-b--c|')).toHaveEmitted('--a--b-c|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2 4  7
expected   --a--b-c|
actual     --a-b--c|
               ^
At frame 4: expected nothing, got b, which was expected at frame 5.
`);
  });

  it('another value', () => {
    expect(failureOf(() => expect(output('--a--c|')).toHaveEmitted('--a--b|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2  5
expected   --a--b|
actual     --a--c|
                ^
At frame 5: expected b, got c.
`);
  });

  it('a value that did not come', () => {
    expect(failureOf(() => expect(output('---')).toHaveEmitted('--a'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2
expected   --a
actual     ---
             ^
At frame 2: expected a, but nothing came.
`);
  });

  it('a value that was not expected', () => {
    expect(failureOf(() => expect(output('--a--b|')).toHaveEmitted('--a---|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2  5
expected   --a---|
actual     --a--b|
                ^
At frame 5: expected nothing, got b.
`);
  });

  it('completion too early', () => {
    expect(failureOf(() => expect(output('--a--|')).toHaveEmitted('--a---b|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2  5 7
expected   --a---b|
actual     --a--|
                ^
At frame 5: expected nothing, got completion.
`);
  });

  it('completion that did not come', () => {
    expect(failureOf(() => expect(output('--a---b|')).toHaveEmitted('--a|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0  3  6
expected   --a|
actual     --a---b|
              ^
At frame 3: expected completion, but nothing came.
`);
  });

  it('an error, with its message', () => {
    expect(
      failureOf(() =>
        expect(output('--a-#', {}, new RangeError('too far'))).toHaveEmitted('--a-b-|'),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2 4 6
expected   --a-b-|
actual     --a-#
               ^
At frame 4: expected b, got the error RangeError: too far.
`);
  });

  it('another error', () => {
    expect(
      failureOf(() =>
        expect(output('--a-#', {}, new RangeError('too far'))).toHaveEmitted('--a-#'),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2 4
expected   --a-#
actual     --a-#
               ^
At frame 4: expected the error 'error', got the error RangeError: too far.
`);
  });

  it('an error later on, in the legend', () => {
    expect(
      failureOf(() =>
        expect(output('--b-#', {}, new RangeError('too far'))).toHaveEmitted('--a-#'),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2 4
expected   --a-#
actual     --b-#
             ^
At frame 2: expected a, got b.

where  # = RangeError: too far
`);
  });

  it('one value of a group too many', () => {
    expect(failureOf(() => expect(output('--(abc|)')).toHaveEmitted('--(ab|)'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2
expected   --(ab|)
actual     --(abc|)
             ^
At frame 2, after b: expected completion, got c, then completion.
`);
  });

  it('a group that lacks its end', () => {
    expect(failureOf(() => expect(output('--(ab)')).toHaveEmitted('--(ab|)'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2
expected   --(ab|)
actual     --(ab)-
             ^
At frame 2, after b: expected completion, but nothing more came.
`);
  });

  it('a group that is wholly different, up to three of its moments', () => {
    expect(failureOf(() => expect(output('--(vwxyz|)')).toHaveEmitted('--(abcdef|)'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2
expected   --(abcdef|)
actual     --(vwxyz|)
             ^
At frame 2: expected a, then b, then c and 4 more, got v, then w, then x and 3 more.
`);
  });

  it('a group so near to what follows that its column is wider', () => {
    expect(
      failureOf(() =>
        expect(output('(ab)--c|', {}, undefined, [0, 0, 2, 3])).toHaveEmitted('(ab)--c|'),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0   2   6
expected   (ab)----c|
actual     (ab)c|
               ^
At frame 2: expected nothing, got c, which was expected at frame 6.
`);
  });

  it('idle stretches of 20 frames and more as a time', () => {
    expect(failureOf(() => expect(output('a 97ms b 1m (cd|)')).toHaveEmitted('a 97ms b 1m (cd)|')))
      .toBe(`
expect(output).toHaveEmitted(expected)

frame      0      98   60099
expected   a 97ms b 1m (cd)|
actual     a 97ms b 1m (cd|)
                       ^
At frame 60099, after d: expected nothing more, got completion, which was expected at frame 60103.
`);
  });

  it('an idle start, too', () => {
    expect(failureOf(() => expect(output('5s a|')).toHaveEmitted('5s b|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0  5000
expected   5s b|
actual     5s a|
              ^
At frame 5000: expected b, got a.
`);
  });

  it('frames below 0', () => {
    expect(failureOf(() => expect(output('ab', {}, undefined, [-2, 3])).toHaveEmitted('---c')))
      .toBe(`
expect(output).toHaveEmitted(expected)

frame      -2   3
expected   -----c
actual     a----b
           ^
At frame -2: expected nothing, got a.
`);
  });

  it('wide characters, in columns as wide as a terminal draws them', () => {
    expect(failureOf(() => expect(output('a--魚-b-👨‍👩‍👧c|')).toHaveEmitted('a--魚--b👨‍👩‍👧c|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0  3  5 7 8
expected   a--魚--b👨‍👩‍👧c|
actual     a--魚-b-👨‍👩‍👧c|
                 ^
At frame 5: expected nothing, got b, which was expected at frame 6.
`);
  });

  it('what .not excluded', () => {
    expect(
      failureOf(() =>
        expect(output('--a--(b|)', { b: [1, 2] })).not.toHaveEmitted('--a--(b|)', { b: [1, 2] }),
      ),
    ).toBe(`
expect(output).not.toHaveEmitted(expected)

frame    0 2  5
actual   --a--(b|)

Expected anything else, but exactly this was recorded.

where  b = [1, 2]
`);
  });
});

describe('letters', () => {
  it('an unnamed value gets one that is not taken; equal values, the same', () => {
    expect(
      failureOf(() =>
        expect(output('cdc', { c: { id: 2 }, d: 'b' })).toHaveEmitted('ab-', { a: 1, c: 3 }),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2
expected   ab-
actual     dbd
           ^
At frame 0: expected a, got d.

where  a = 1
       d = { id: 2 }
`);
  });

  it('a string of one character is its own letter, unless the expectation has that for something else', () => {
    expect(failureOf(() => expect(output('abc')).toHaveEmitted('a-b', { b: true }))).toBe(`
expect(output).toHaveEmitted(expected)

frame       1
expected   a-b
actual     adc
            ^
At frame 1: expected nothing, got d.

where  d = 'b'
       b = true
`);
  });

  it('a number and its digit are told apart', () => {
    expect(failureOf(() => expect(output('1-2|', { 1: 1, 2: 2 })).toHaveEmitted('1-2|'))).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2
expected   1-2|
actual     a-b|
           ^
At frame 0: expected 1, got a.

where  1 = '1'
       a = 1
       2 = '2'
       b = 2
`);
  });

  it('what only looks the same is said to', () => {
    expect(
      failureOf(() =>
        expect(output('-a', { a: Symbol('x') })).toHaveEmitted('-a', { a: Symbol('x') }),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame       1
expected   -a
actual     -b
            ^
At frame 1: expected a, got b, which looks the same and is not equal.

where  a = Symbol(x)
       b = Symbol(x)
`);
  });

  it('asymmetric matchers are shown', () => {
    expect(
      failureOf(() =>
        expect(output('-a-b', { a: 1, b: 'x' })).toHaveEmitted('-a-a', {
          a: expect.any(Number) as unknown,
        }),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0  3
expected   -a-a
actual     -a-x
              ^
At frame 3: expected a, got x.

where  a = Any<Number>
`);
  });

  it('a long value is cut to a line', () => {
    expect(failureOf(() => expect(output('-a', { a: 'a'.repeat(200) })).toHaveEmitted('-b'))).toBe(`
expect(output).toHaveEmitted(expected)

frame       1
expected   -b
actual     -a
            ^
At frame 1: expected b, got a.

where  a = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…
`);
  });

  it('two long values are shown where they differ', () => {
    const items = (price: number) =>
      Array.from({ length: 40 }, (_, id) => ({ id, price: id === 30 ? price : 1 }));
    expect(
      failureOf(() => expect(output('-a', { a: items(1) })).toHaveEmitted('-a', { a: items(2) })),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame       1
expected   -a
actual     -b
            ^
At frame 1: expected a, got b.

where  a = …: 1 }, { id: 30, price: 2 }, { id: 31, price: 1 }, { id: 32, price: 1 }, { id: 33,…
       b = …: 1 }, { id: 30, price: 1 }, { id: 31, price: 1 }, { id: 32, price: 1 }, { id: 33,…
`);
  });

  it('two long texts are shown where they differ, and no half of a character', () => {
    const family = '👩‍👩‍👧';
    const faces = (last: string) => family.repeat(60) + last;
    expect(
      failureOf(() =>
        expect(output('-a', { a: faces('😀') })).toHaveEmitted('-a', { a: faces('😁') }),
      ),
    ).toContain(`
where  a = …${family.repeat(23)}😁'
       b = …${family.repeat(23)}😀'
`);
  });

  it('a legend of many lines is cut', () => {
    const numbers = Object.fromEntries(
      Array.from('abcdefghijklmnopqrstuvwxyz', (letter, index) => [letter, index]),
    );
    expect(
      failureOf(() =>
        expect(output('abcdefghijklmnopqrstuvwxyz', numbers)).toHaveEmitted('--z', { z: 1.5 }),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0 2 4 6 8 10 13 16 19 22 25
expected   --z-----------------------
actual     abcdefghijklmnopqrstuvwxyA
           ^
At frame 0: expected nothing, got a.

where  a = 0
       b = 1
       z = 1.5
       c = 2
       d = 3
       e = 4
       f = 5
       g = 6
       h = 7
       i = 8
       j = 9
       k = 10
       l = 11
       m = 12
       n = 13
       o = 14
       … and 11 more
`);
  });
});

describe('where no letter is left', () => {
  const moments = Array.from({ length: 100 }, (_, at) => ({
    frame: at,
    kind: 'next' as const,
    value: [at],
  }));

  it('values share a sign, and the legend says so', () => {
    const text = failureOf(() => expect({ over: true, emitted: { moments } }).toHaveEmitted(''));
    expect(text).toMatch(/^actual {5}abcdef.*χψω\*{11} …$/m);
    expect(text).toMatch(/^ {7}\* = values for which no letter is left$/m);
    expect(text.split('\n').length).toBeLessThan(30);
  });
});

describe('what is pulled', () => {
  it('a pull too late', () => {
    expect(failureOf(() => expect(source('(ab)---c|')).toHavePulled('(ab)--c--|'))).toBe(`
expect(source).toHavePulled(expected)

frame      0     6 8
expected   (ab)--c--|
actual     (ab)---c|
                 ^
At frame 6: expected c to be pulled, but nothing was pulled; c was pulled at frame 7.
`);
  });

  it('a pull that did not come', () => {
    expect(failureOf(() => expect(source('(ab)')).toHavePulled('(ab)--c--|'))).toBe(`
expect(source).toHavePulled(expected)

frame      0     6  9
expected   (ab)--c--|
actual     (ab)------
                 ^
At frame 6: expected c to be pulled, but nothing was pulled.
`);
  });

  it('a source that was let go', () => {
    expect(failureOf(() => expect(source('(ab)--c--!')).toHavePulled('(ab)--c--|'))).toBe(`
expect(source).toHavePulled(expected)

frame      0     6  9
expected   (ab)--c--|
actual     (ab)--c--!
                    ^
At frame 9: expected a pull to find the end, but the source was let go.
`);
  });

  it('a source that failed', () => {
    expect(failureOf(() => expect(source('a--#', {}, new Error('lost'))).toHavePulled('a--b')))
      .toBe(`
expect(source).toHavePulled(expected)

frame      0  3
expected   a--b
actual     a--#
              ^
At frame 3: expected b to be pulled, but a pull failed with Error: lost.
`);
  });
});

describe('levels', () => {
  it('another level', () => {
    expect(
      failureOf(() =>
        expect(
          stage([
            [0, 2],
            [3, 1],
            [6, 3],
          ]),
        ).toHaveHeld('2--1--2'),
      ),
    ).toBe(`
expect(stage).toHaveHeld(expected)

frame      0  3  6
expected   2--1--2
actual     2--1--3
                 ^
At frame 6: expected 2 held, got 3.
`);
  });

  it('a level that changed where it was to stay', () => {
    expect(
      failureOf(() =>
        expect(
          stage([
            [0, 2],
            [3, 1],
            [4, 2],
          ]),
        ).toHaveHeld('2--1--0'),
      ),
    ).toBe(`
expect(stage).toHaveHeld(expected)

frame      0   4 6
expected   2--1--0
actual     2--12-2
               ^
At frame 4: expected still 1 held, got 2.
`);
  });

  it('a level above 9', () => {
    expect(
      failureOf(() =>
        expect(
          stage([
            [0, 2],
            [3, 12],
            [6, 13],
          ]),
        ).toHaveHeld('2--a--0', { a: 12 }),
      ),
    ).toBe(`
expect(stage).toHaveHeld(expected)

frame      0  3  6
expected   2--a--0
actual     2--a--b
                 ^
At frame 6: expected 0 held, got 13.

where  a = 12
       b = 13
`);
  });

  it('parked values', () => {
    expect(
      failureOf(() =>
        expect(
          stage(
            [],
            [
              [2, 1],
              [4, 0],
            ],
          ),
        ).toHaveParked('-1--0'),
      ),
    ).toBe(`
expect(stage).toHaveParked(expected)

frame       1  4
expected   -1--0
actual     -01-0
            ^
At frame 1: expected 1 parked, got 0.
`);
  });
});

describe('what is dropped', () => {
  it('another reason', () => {
    expect(failureOf(() => expect(dropping([2, 'a', 'error'])).toHaveDropped('--a--b', 'overflow')))
      .toBe(`
expect(stage).toHaveDropped(expected)

frame      0 2  5
expected   --a--b
actual     --a---
             ^
At frame 2: expected a to be dropped for 'overflow', but a was dropped for 'error'.
`);
  });

  it('a drop that did not come', () => {
    expect(failureOf(() => expect(dropping([2, 'a', 'error'])).toHaveDropped('--a--b', 'error')))
      .toBe(`
expect(stage).toHaveDropped(expected)

frame      0 2  5
expected   --a--b
actual     --a---
                ^
At frame 5: expected b to be dropped for 'error', but nothing was dropped.
`);
  });

  it('a drop that was not expected', () => {
    expect(failureOf(() => expect(dropping([2, { id: 1 }, 'cancelled'])).toHaveDropped(''))).toBe(`
expect(stage).toHaveDropped(expected)

frame      0 2
expected   ---
actual     --a
             ^
At frame 2: expected nothing to be dropped, but a was dropped for 'cancelled'.

where  a = { id: 1 }
`);
  });
});

describe('pauses', () => {
  it('a resume too late', () => {
    expect(failureOf(() => expect(pausable('--p----r')).toHavePaused('--p---r'))).toBe(`
expect(source).toHavePaused(expected)

frame      0 2   6
expected   --p---r-
actual     --p----r
                 ^
At frame 6: expected a resume, but nothing came; a resume came at frame 7.
`);
  });

  it('a pause in place of a resume', () => {
    expect(failureOf(() => expect(pausable('--p---p')).toHavePaused('--p---r'))).toBe(`
expect(source).toHavePaused(expected)

frame      0 2   6
expected   --p---r
actual     --p---p
                 ^
At frame 6: expected a resume, got a pause.
`);
  });
});

describe('subscriptions', () => {
  it('a timer that nobody expected', () => {
    expect(failureOf(() => expect(timing('-^--!', '-----^!')).toHaveTimers('-^---!'))).toBe(`
expect(stage).toHaveTimers(expected)

frame        0   4 6
expected 1   -^---!
actual 1     -^--!
                 ^
expected 2   -------
actual 2     -----^!
At frame 4, in timer 1: expected nothing, got the end of a timer, which was expected at frame 5.
`);
  });

  it('one that went on', () => {
    expect(failureOf(() => expect(subscribed('-^')).toHaveSubscribed('-^---!'))).toBe(`
expect(source).toHaveSubscribed(expected)

frame      0    5
expected   -^---!
actual     -^----
                ^
At frame 5: expected an unsubscription, but nothing came.
`);
  });

  it('several, the caret under that which differs', () => {
    expect(
      failureOf(() =>
        expect(subscribed('-^---!', '-----^--!')).toHaveSubscribed(['-^---!', '-----^---!']),
      ),
    ).toBe(`
expect(source).toHaveSubscribed(expected)

frame        0    5  8
expected 1   -^---!
actual 1     -^---!
expected 2   -----^---!
actual 2     -----^--!
                     ^
At frame 8, in subscription 2: expected nothing, got an unsubscription, which was expected at frame 9.
`);
  });

  it('one too many', () => {
    expect(failureOf(() => expect(subscribed('-^---!', '-----^--!')).toHaveSubscribed('-^---!')))
      .toBe(`
expect(source).toHaveSubscribed(expected)

frame        0    5  8
expected 1   -^---!
actual 1     -^---!
expected 2   ---------
actual 2     -----^--!
                  ^
At frame 5, in subscription 2: expected nothing, got a subscription.
`);
  });

  it('one too few', () => {
    expect(failureOf(() => expect(subscribed('-^---!')).toHaveSubscribed(['-^---!', '-----^--!'])))
      .toBe(`
expect(source).toHaveSubscribed(expected)

frame        0    5  8
expected 1   -^---!
actual 1     -^---!
expected 2   -----^--!
actual 2     ---------
                  ^
At frame 5, in subscription 2: expected a subscription, but nothing came.
`);
  });

  it('those near the one that differs, of many', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => `${'-'.repeat(at)}^--!`);
    expect(
      failureOf(() =>
        expect(subscribed(...hundred)).toHaveSubscribed(hundred.with(50, `${'-'.repeat(50)}^---!`)),
      ),
    ).toBe(`
expect(source).toHaveSubscribed(expected)

frame         0    49  53 56
expected 50   49ms ^--!
actual 50     49ms ^--!
expected 51   49ms -^---!
actual 51     49ms -^--!
                       ^
expected 52   49ms --^--!
actual 52     49ms --^--!
expected 53   49ms ---^--!
actual 53     49ms ---^--!
expected 54   49ms ----^--!
actual 54     49ms ----^--!
At frame 53, in subscription 51: expected nothing, got an unsubscription, which was expected at frame 54.
Subscriptions left out: 49 before, 46 after.
`);
  });
});

describe('long diagrams', () => {
  it('show what is near the first difference', () => {
    const long = 'abcdefghij'.repeat(1000);
    expect(
      failureOf(() =>
        expect(output(long)).toHaveEmitted(`${long.slice(0, 5000)}-${long.slice(5000)}`),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame        4971 4976 4981 4986 4991     5000 5005 5010 5015 5020 5025 5030 5035 5040 5045 5050 5055
expected   … bcdefghijabcdefghijabcdefghij-abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefgh …
actual     … bcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghi …
                                          ^
At frame 5000: expected nothing, got a, which was expected at frame 5001.
Frames left out: 4971 before, 4942 after.
`);
  });

  it('show what is near the first difference within a group', () => {
    const long = 'abcdefghij'.repeat(1000);
    expect(
      failureOf(() =>
        expect(output(`(${long})`)).toHaveEmitted(`(${long.slice(0, 5000)}x${long.slice(5000)})`),
      ),
    ).toBe(`
expect(output).toHaveEmitted(expected)

frame      0
expected   (…abcdefghijxabcdefghijabcdefghi…)
actual     (…abcdefghijabcdefghijabcdefghij…)
           ^
At frame 0, after j: expected x, then a, then b and 4998 more, got a, then b, then c and 4997 more.
`);
  });
});

describe('colours', () => {
  const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
  const utils = {
    EXPECTED_COLOR: tag('green'),
    RECEIVED_COLOR: tag('red'),
    INVERTED_COLOR: tag('mark'),
    BOLD_WEIGHT: tag('bold'),
    DIM_COLOR: tag('dim'),
  };
  const equals = (one: unknown, other: unknown) => one === other;

  it('are those of the runner: green is expected, red is actual, the difference is inverted', () => {
    const context = { equals, utils };
    const { message } = marbleMatchers.toHaveEmitted.call(context, output('--b|'), '--a|');
    expect(message()).toBe(`\
<dim>expect(</dim><red>output</red><dim>).</dim>toHaveEmitted<dim>(</dim><green>expected</green><dim>)</dim>

<dim>frame      0 2</dim>
<green>expected   --</green><green><mark>a</mark></green><green>|</green>
<red>actual     --</red><red><mark>b</mark></red><red>|</red>
             <bold>^</bold>
At frame 2: expected <green>a</green>, got <red>b</red>.`);
  });

  it('mark the blank after an end', () => {
    const context = { equals, utils };
    const { message } = marbleMatchers.toHaveEmitted.call(context, output('a--b'), 'a|');
    expect(message()).toContain('<green>expected   a</green><green><mark>|</mark></green>');
    const late = marbleMatchers.toHaveSubscribed.call(context, subscribed('^-!'), '^!');
    expect(late.message()).toContain('<green><mark>!</mark></green>');
    const more = {
      over: true,
      emitted: { moments: [...output('a|').emitted.moments, ...output('---b').emitted.moments] },
    };
    const { message: after } = marbleMatchers.toHaveEmitted.call(context, more, 'a|');
    expect(after()).toContain('<green>expected   a| </green><green><mark> </mark></green>\n');
  });

  it('are not missed where the runner has none', () => {
    const { message } = marbleMatchers.toHaveEmitted.call({ equals }, output('--b|'), '--a|');
    expect(message()).toBe(`\
expect(output).toHaveEmitted(expected)

frame      0 2
expected   --a|
actual     --b|
             ^
At frame 2: expected a, got b.`);
  });
});
