import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagram, Mark } from '../../marbles/diagram/diagram.js';
import { MarbleSyntaxError } from '../../marbles/diagram/errors.js';
import { parseMarbles } from '../../marbles/diagram/parse.js';
import { printMarbles } from '../../marbles/diagram/print.js';
import {
  allowanceOf,
  allowances,
  diagrams,
  soundText,
  subscription,
  subscriptionText,
  wildDiagram,
  wildText,
} from './diagrams.js';

/** A mark, short: `a1` is the value `a` in frame 1, `|3` the end in frame 3. */
const brief = (mark: Mark): string =>
  ({ complete: '|', error: '#', subscribe: '^', unsubscribe: '!', next: '' })[mark.kind] +
  (mark.kind === 'next' ? mark.symbol : '') +
  String(mark.frame);

/** The marks of a text, and its length behind them. */
const read = (text: string, allowed?: string): string => {
  const { marks, length } = parseMarbles(text, allowed);
  return [...marks.map(brief), `/${length}`].join(' ');
};

function complaint(text: string, allowed?: string): MarbleSyntaxError {
  try {
    parseMarbles(text, allowed);
  } catch (error) {
    if (error instanceof MarbleSyntaxError) return error;
    throw error;
  }
  return expect.fail(`${JSON.stringify(text)} was read`);
}

describe('a text is read', () => {
  it.each<[rule: string, text: string, read: string, allowed?: string]>([
    ['nothing', '', '/0'],
    ['idle frames', '---', '/3'],
    ['a value takes a frame', '-a-b', 'a1 b3 /4'],
    ['completion takes a frame', '-a-|', 'a1 |3 /4'],
    ['an error takes a frame', '-a-#--', 'a1 #3 /6'],
    ['spaces take no time', ' - a  -b ', 'a1 b3 /4'],
    ['a group is of one frame, and takes as many as it has signs', '-(ab|)-', 'a1 b1 |1 /7'],
    ['spaces in a group take no time', '( a b )c', 'a0 b0 c4 /5'],
    ['a group of one', '(a)b', 'a0 b3 /4'],
    ['groups in a row', '(ab)(cd)', 'a0 b0 c4 d4 /8'],
    ['a time in the middle', 'a 10ms b', 'a0 b11 /12'],
    ['a time at the beginning', '10ms a', 'a10 /11'],
    ['a time at the end', 'a 10ms', 'a0 /11'],
    ['a time at the end, with a space', 'a 10ms ', 'a0 /11'],
    ['nothing but a time', '2m', '/120000'],
    ['times in a row', '1s 1ms 0ms a', 'a1001 /1002'],
    ['a time behind a group', '(ab) 6ms c', 'a0 b0 c10 /11'],
    ['a fraction of a second', '1.5s a', 'a1500 /1501'],
    ['a fraction with zeros', '1.500000000s a', 'a1500 /1501'],
    ['a fraction that floating point misses', '1.001s a', 'a1001 /1002'],
    ['the smallest part of a minute', '0.00005m a', 'a3 /4'],
    ['a whole number of milliseconds, written as a fraction', '3.0ms a', 'a3 /4'],
    ['digits are values', '1-22-', '10 22 23 /5'],
    ['digits and a unit, apart', '1 s 2 ms', '10 s1 22 m3 s4 /5'],
    ['digits and what is no unit', '10h', '10 01 h2 /3'],
    ['digits and a unit in capitals', '10MS', '10 01 M2 S3 /4'],
    ['an accent makes another letter of a unit', '5s\u0308-', '50 s\u03081 /3'],
    ['a dot is a value', 'a.1.b', 'a0 .1 12 .3 b4 /5'],
    ['an emoji of several code points', '-👨‍👩‍👧-a', '👨‍👩‍👧1 a3 /4'],
    ['a flag', '🇩🇪🇫🇷-', '🇩🇪0 🇫🇷1 /3'],
    ['half a flag', '🇩 🇪', '🇩0 🇪1 /2'],
    ['a flag of tags', '🏴󠁧󠁢󠁳󠁣󠁴󠁿|', '🏴󠁧󠁢󠁳󠁣󠁴󠁿0 |1 /2'],
    ['a letter with an accent of its own', '-e\u0301-', 'e\u03011 /3'],
    ['keycaps', '#️⃣1️⃣0️⃣', '#️⃣0 1️⃣1 0️⃣2 /3'],
    ['Devanagari', 'क्षि|', 'क्षि0 |1 /2'],
    ['frames after the end', 'a|-- 10ms -', 'a0 |1 /15'],
    ['frames count from ^', '-a-^-b|', 'a-2 ^0 b2 |3 /4', '|#^'],
    ['frames count from ^, behind a group and a time', '(ab) 10ms ^', 'a-14 b-14 ^0 /1', '|#^'],
    ['a hot source without ^', '-a', 'a1 /2', '|#^'],
    ['a subscription', '--^--!-', '^2 !5 /7', '^!'],
    ['a subscription from the beginning', '--!', '!2 /3', '^!'],
    ['a subscription without end', '--^', '^2 /3', '^!'],
    ['a subscription that ends at once', '-(^!)', '^1 !1 /5', '^!'],
    ['no subscription', '-', '/1', '^!'],
    ['pulls', '-x-(xx)-!', 'x1 x3 x3 !8 /9', '|#!'],
    ['levels', '0-1-0', '00 12 04 /5', ''],
  ])('%s: %j', (_rule, text, expected, allowed) => {
    expect(read(text, allowed)).toBe(expected);
  });

  // Quadratic time would take each of them beyond a minute.
  const many = 100_000;
  it.each<[sign: string, marks: number, length: number]>([
    ['a', many, many],
    ['(ab)', 2 * many, 4 * many],
    ['1', many, many],
    ['1.', 2 * many, 2 * many],
    ['1ms ', 0, many],
    ['👨‍👩‍👧', many, many],
    [' ', 0, 0],
  ])('of a hundred thousand %j', { timeout: 20_000 }, (sign, marks, length) => {
    const all = parseMarbles(sign.repeat(many));
    expect([all.marks.length, all.length]).toEqual([marks, length]);
    expect(parseMarbles(printMarbles(all)).marks).toHaveLength(marks);
  });

  it('of one grapheme, or one time, of a hundred thousand signs', { timeout: 20_000 }, () => {
    expect(parseMarbles(`a${'\u0301'.repeat(many)}`).marks).toHaveLength(1);
    expect(read(`1.${'0'.repeat(many)}s`)).toBe('/1000');
    expect(complaint(`1.${'0'.repeat(many)}1s`).position).toBe(0);
    expect(complaint(`${'9'.repeat(many)}s`).position).toBe(0);
  });
});

describe('a text is refused', () => {
  const blank = 'a sign that is seen, or a space';
  const inGroup = 'a symbol or `)`, as no time passes within a group';
  it.each<[rule: string, text: string, position: number, message: string, allowed?: string]>([
    ['a group that is not closed', '--(ab', 5, '`)` to close the group, got the end'],
    ['… behind spaces', '(ab  ', 5, '`)` to close the group, got the end'],
    ['a group in a group', '(a(b))', 2, '`)` before another group, got `(`'],
    ['an empty group', '-()', 2, 'a symbol in the group, got `)`'],
    ['a group of spaces', 'a(  )', 4, 'a symbol in the group, got `)`'],
    ['a stray )', 'ab)', 2, '`(` to open a group first, got `)`'],
    ['a second )', '(a))', 3, '`(` to open a group first, got `)`'],
    ['^ among emissions', '-^', 1, 'no special mark but `|` and `#` here, got `^`'],
    ['! among emissions', '-!', 1, 'no special mark but `|` and `#` here, got `!`'],
    ['! in a hot source', '!', 0, 'no special mark but `|`, `#` and `^` here, got `!`', '|#^'],
    ['^ among pulls', '^', 0, 'no special mark but `|`, `#` and `!` here, got `^`', '|#!'],
    ['| in a subscription', '^|', 1, 'no special mark but `^` and `!` here, got `|`', '^!'],
    ['| among levels', '0|', 1, 'no special mark here, got `|`', ''],
    [
      'a value in a subscription',
      '^a',
      1,
      'only `^` and `!` in a subscription diagram, got `a`',
      '^!',
    ],
    ['a value after |', '|-a', 2, 'only idle frames after `|`, got `a`'],
    ['a value after | in its group', '(a|b)', 3, 'only idle frames after `|`, got `b`'],
    ['a group after |', '| (a)', 2, 'only idle frames after `|`, got `(`'],
    ['| after #', '#|', 1, 'only idle frames after `#`, got `|`'],
    ['# after |', '|#', 1, 'only idle frames after `|`, got `#`'],
    ['^ after |', '|^', 1, 'only idle frames after `|`, got `^`', '|#^'],
    ['a value after !', '-!a', 2, 'only idle frames after `!`, got `a`', '|#!'],
    ['a second !', '-!-!', 3, 'no second `!`, got `!`', '^!'],
    ['a second ^', '^--^', 3, 'no second `^`, got `^`', '^!'],
    ['a second ^ in a hot source', '^-a^', 3, 'no second `^`, got `^`', '|#^'],
    ['! before ^', '-!-^', 3, '`^` before `!`, got `^`', '^!'],
    ['! before ^ in a group', '(!^)', 2, '`^` before `!`, got `^`', '^!'],
    [
      '^ in a group of values',
      '(^a)',
      1,
      '`^` outside of groups, as frames count from it, got `^`',
      '|#^',
    ],
    ['a time in a group', '(a 10ms b)', 3, `${inGroup}, got \`10ms\``],
    ['a time without spaces in a group', '(10ms)', 1, `${inGroup}, got \`10ms\``],
    ['an idle frame in a group', '(a-b)', 2, `${inGroup}, got \`-\``],
    [
      'no space before a time',
      '-10ms-',
      1,
      'a space before the time, or within it for values, got `10ms`',
    ],
    ['… behind a group', '(a)5s ', 3, 'a space before the time, or within it for values, got `5s`'],
    [
      '… behind a value and a dot',
      '-.5s',
      2,
      'a space before the time, or within it for values, got `5s`',
    ],
    ['no space after a time', '10msa', 4, 'a space after the time, got `a`'],
    ['… before the end', 'a 1.5s|', 6, 'a space after the time, got `|`'],
    ['… before another time', '1m2m', 2, 'a space after the time, got `2m`'],
    [
      'a part of a millisecond',
      '-- 1.5ms -',
      3,
      'whole milliseconds, as each is a frame, got `1.5ms`',
    ],
    [
      'a part of one, as seconds',
      '0.0001s',
      0,
      'whole milliseconds, as each is a frame, got `0.0001s`',
    ],
    [
      'a part of one, as minutes',
      '0.00001m',
      0,
      'whole milliseconds, as each is a frame, got `0.00001m`',
    ],
    [
      'a time that is not exact',
      '- 999999999999m',
      2,
      'at most 9007199254740991 frames, got `999999999999m`',
    ],
    [
      'a frame that is not exact',
      '9007199254740991ms -',
      19,
      'at most 9007199254740991 frames, got `-`',
    ],
    ['a tab', 'a\tb', 1, `${blank}, got U+0009`],
    ['a newline', '-a\n', 2, `${blank}, got U+000A`],
    ['a newline of two', '-a\r\n', 2, `${blank}, got U+000D U+000A`],
    ['another control', '\u0085', 0, `${blank}, got U+0085`],
    ['a line separator', '\u2028', 0, `${blank}, got U+2028`],
    ['another blank', 'a\u00a0b', 1, `${blank}, got U+00A0`],
    ['what is not seen', 'a\u200b', 1, `${blank}, got U+200B`],
    ['a byte order mark', '\ufeffa', 0, `${blank}, got U+FEFF`],
    ['half a surrogate pair', '-\ud83d', 1, `${blank}, got U+D83D`],
    ['an accent on nothing', '\u0301', 0, `${blank}, got U+0301`],
    ['an accent on an idle frame', 'a-\u0301', 1, `${blank}, got U+002D U+0301`],
    ['a skin tone on an idle frame', '-🏽', 0, `${blank}, got U+002D U+1F3FD`],
    ['an accent on a space', 'a \u0301', 1, `${blank}, got U+0020 U+0301`],
    ['an accent on |', '|\u0338', 0, `${blank}, got U+007C U+0338`],
    ['what swallows the sign behind it', '\u0600-', 0, `${blank}, got U+0600 U+002D`],
    ['a joiner behind |', '|\u200d', 0, `${blank}, got U+007C U+200D`],
    ['a sign that joins what follows it', '-\u0600', 1, `${blank}, got U+0600`],
  ])('%s: %j', (_rule, text, position, message, allowed) => {
    const error = complaint(text, allowed);
    expect([error.position, error.message.split('\n')[0]]).toEqual([
      position,
      `Expected ${message}`,
    ]);
  });

  it('with the facts at hand', () => {
    const error = complaint('--(ab');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'MarbleSyntaxError',
      code: 'ERR_MARBLE_SYNTAX',
      text: '--(ab',
      position: 5,
      expected: '`)` to close the group',
    });
  });

  it.each([
    ['under the place', '--(ab', ['  --(ab', '       ^']],
    ['at the beginning', ')', ['  )', '  ^']],
    ['behind an emoji, which takes two columns', '-👨‍👩‍👧日)', ['  -👨‍👩‍👧日)', '       ^']],
    ['behind an accent, which takes none', 'e\u0301)', ['  e\u0301)', '   ^']],
    ['and what is not seen as a sign', 'a\n\u200b\u007fb', ['  a␊��b', '   ^']],
    [
      'in the neighbourhood of a long text',
      `${'-'.repeat(1e5)})${'a'.repeat(1e5)}`,
      [`  …${'-'.repeat(60)})${'a'.repeat(39)}…`, `   ${' '.repeat(60)}^`],
    ],
    [
      'in all of a text that is not long',
      `${'-'.repeat(60)})`,
      [`  ${'-'.repeat(60)})`, `${' '.repeat(62)}^`],
    ],
  ])('with a caret %s', (_where, text, picture) => {
    expect(complaint(text).message.split('\n').slice(1)).toEqual(picture);
  });

  it('and what is quoted is short', () => {
    expect(complaint(`-${'1'.repeat(1e5)}ms`).message).toContain(', got `1111111111111111111…`\n');
    expect(complaint(`-${'\u0301'.repeat(1e5)}`).message.length).toBeLessThan(300 + 1e5);
  });

  it.each([[5], [undefined], [null], [['a']]])('if it is %j: a TypeError', (text) => {
    expect(() => parseMarbles(text as never)).toThrow(TypeError);
  });

  it('if it is no text, in the words of every check', () => {
    expect(() => parseMarbles(5 as never)).toThrow('Expected `text` to be a string, got 5');
    for (const allowed of ['|a', 5, null]) {
      expect(() => parseMarbles('a', allowed as never)).toThrow(TypeError);
    }
    expect(() => parseMarbles('a', '|a')).toThrow(
      'Expected `allowed` to be a string of `|`, `#`, `^` and `!`, got "|a"',
    );
  });
});

const next = (frame: number, symbol = 'a'): Mark => ({ frame, kind: 'next', symbol });
const mark = (frame: number, kind: Exclude<Mark['kind'], 'next'>): Mark => ({ frame, kind });

describe('a diagram is written', () => {
  it.each([
    ['as it was read', '-a-(b|)-', '-a-(b|)-'],
    ['without spaces', ' a - b ', 'a-b'],
    ['without a group of one', '-(a)', '-a--'],
    ['with 19 idle frames as they are', 'a 19ms b', `a${'-'.repeat(19)}b`],
    ['with 20 idle frames as a time', `a${'-'.repeat(20)}b`, 'a 20ms b'],
    ['with the time of several', 'a 10ms ----- 985ms b', 'a 1s b'],
    ['with a time at the beginning', '20ms a', '20ms a'],
    ['with a time at the end, and the space that RxJS wants', 'a 20ms', 'a 20ms '],
    ['with nothing but a time', '20ms', '20ms '],
    ['with a time behind a group', '(ab) 20ms (c|)', '(ab) 20ms (c|)'],
    ['with a time from the end of a group on', '(a) 18ms b', 'a 20ms b'],
    ['in seconds where that is shorter', '1000ms a 1500ms b', '1s a 1.5s b'],
    ['in milliseconds where seconds are no shorter', '1.001s a', '1001ms a'],
    [
      'in milliseconds where RxJS would miscount the seconds',
      '2.01s a 2.02s b',
      '2010ms a 2.02s b',
    ],
    ['in minutes where that is shorter', '60s a 1.5m b 61s c', '1m a 90s b 61s c'],
    ['in parts of a minute where that is shorter', '100002ms a', '1.6667m a'],
    ['in milliseconds where RxJS would miscount the minutes', '1.6671m a', '100026ms a'],
    ['with a space in what would be a time', '1 s-1 m-(1.5 ms)', '1 s-1 m-(1.5 ms)'],
    ['with no space in what would not', '1 0 m\u0308 1 x', '10m\u03081x'],
    ['with a space between halves of flags', '🇩 🇪 🇫🇷 🇪', '🇩 🇪 🇫🇷🇪'],
    ['with a space between what would join', '(ᄀ ᅡ)-👩\u200d 👩', '(ᄀ ᅡ)-👩\u200d 👩'],
    ['with no space between what would not', '日本👩👩🇩🇪é', '日本👩👩🇩🇪é'],
  ])('%s: %j', (_how, text, written) => {
    const { marks, length } = parseMarbles(text);
    expect(printMarbles({ marks, length })).toBe(written);
  });

  it.each([
    ['-- a-(bc)^--d 30ms ', '|#^', 'a-(bc)^--d 30ms '],
    ['a 30ms ^', '|#^', 'a 30ms ^'],
    ['--^--!-', '^!', '--^--!-'],
    ['-(^!)', '^!', '-(^!)'],
    ['1s ! 1s', '^!', '1s ! 1s '],
    ['-x!', '|#!', '-x!'],
    ['', '', ''],
  ])('with special marks: %j', (text, allowed, written) => {
    expect(printMarbles(parseMarbles(text, allowed))).toBe(written);
  });

  it('to its last exact frame', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(printMarbles({ marks: [], length: most })).toBe(`${most}ms `);
  });
});

describe('a diagram is refused', () => {
  const place = (index: number, what: string) => `\`diagram.marks[${index}].${what}`;
  const symbol = 'one grapheme that is seen and holds none of ` -()|#^!`';
  it.each<[why: string, marks: Mark[], length: number, message: string]>([
    ['a length below 0', [], -1, '`diagram.length` to be an integer ≥ 0, got -1'],
    ['a part of a frame', [], 1.5, '`diagram.length` to be an integer ≥ 0, got 1.5'],
    ['a length without end', [], Infinity, '`diagram.length` to be an integer ≥ 0, got Infinity'],
    [
      'a length that is not exact',
      [],
      2 ** 53,
      `\`diagram\` to be at most ${2 ** 53 - 1} frames long, got ${2 ** 53}`,
    ],
    [
      '… with what is before ^',
      [next(-2), mark(0, 'subscribe')],
      2 ** 53 - 2,
      `\`diagram\` to be at most ${2 ** 53 - 1} frames long, got ${2 ** 53}`,
    ],
    ['too short for a mark', [next(3)], 3, '`diagram.length` to be an integer ≥ 4, got 3'],
    [
      'too short for a group',
      [next(3), next(3)],
      6,
      '`diagram.length` to be an integer ≥ 7, got 6',
    ],
    [
      'a mark within a group',
      [next(0), next(0), next(3)],
      9,
      `${place(2, 'frame')}\` to be an integer ≥ 4, where the marks before it end, got 3`,
    ],
    [
      'marks out of order',
      [next(4), next(3)],
      9,
      `${place(1, 'frame')}\` to be an integer ≥ 5, where the marks before it end, got 3`,
    ],
    [
      'a mark at half a frame',
      [next(0.5)],
      9,
      `${place(0, 'frame')}\` to be an integer ≥ 0, unless a \`^\` at 0 comes later, got 0.5`,
    ],
    [
      'a negative frame without ^',
      [next(-1)],
      9,
      `${place(0, 'frame')}\` to be an integer ≥ 0, unless a \`^\` at 0 comes later, got -1`,
    ],
    [
      'a subscription before its beginning',
      [mark(-1, 'subscribe')],
      9,
      `${place(0, 'frame')}\` to be an integer ≥ 0, unless a \`^\` at 0 comes later, got -1`,
    ],
    [
      'no frame, before ^',
      [next(NaN), mark(0, 'subscribe')],
      9,
      `${place(0, 'frame')}\` to be an integer, got NaN`,
    ],
    [
      '^ that is not at 0, among values',
      [mark(2, 'subscribe'), next(3)],
      9,
      `${place(0, 'frame')}\` to be 0, as frames count from \`^\` in a diagram of values, got 2`,
    ],
    [
      '^ in the frame of a value',
      [next(0), mark(0, 'subscribe')],
      9,
      `${place(1, 'kind')}\` to be in place (\`^\` outside of groups, as frames count from it), got "subscribe"`,
    ],
    [
      '^ within a group before it',
      [next(-2), next(-2), mark(0, 'subscribe')],
      9,
      `${place(2, 'frame')}\` to be an integer ≥ 2, where the marks before it end, got 0`,
    ],
    [
      'a value after the end',
      [mark(0, 'complete'), next(1)],
      9,
      `${place(1, 'kind')}\` to be in place (only idle frames after \`|\`), got "next"`,
    ],
    [
      'two ends',
      [mark(0, 'error'), mark(0, 'complete')],
      9,
      `${place(1, 'kind')}\` to be in place (only idle frames after \`#\`), got "complete"`,
    ],
    [
      '! before ^',
      [mark(0, 'unsubscribe'), mark(1, 'subscribe')],
      9,
      `${place(1, 'kind')}\` to be in place (\`^\` before \`!\`), got "subscribe"`,
    ],
    [
      'two ^',
      [mark(0, 'subscribe'), mark(1, 'subscribe')],
      9,
      `${place(1, 'kind')}\` to be in place (no second \`^\`), got "subscribe"`,
    ],
    ['two graphemes', [next(0, 'ab')], 9, `${place(0, 'symbol')}\` to be ${symbol}, got "ab"`],
    ['no grapheme', [next(0, '')], 9, `${place(0, 'symbol')}\` to be ${symbol}, got ""`],
    [
      'a special sign',
      [next(0), next(1, '|')],
      9,
      `${place(1, 'symbol')}\` to be ${symbol}, got "|"`,
    ],
    ['a blank', [next(0, ' ')], 9, `${place(0, 'symbol')}\` to be ${symbol}, got " "`],
    [
      'what is not seen',
      [next(0, '\u200b')],
      9,
      `${place(0, 'symbol')}\` to be ${symbol}, got "\u200b"`,
    ],
    [
      'an accent alone',
      [next(0, '\u0301')],
      9,
      `${place(0, 'symbol')}\` to be ${symbol}, got "\u0301"`,
    ],
    ['no text', [next(0, 5 as never)], 9, `${place(0, 'symbol')}\` to be ${symbol}, got 5`],
  ])('%s', (_why, marks, length, message) => {
    const printing = () => printMarbles({ marks, length });
    expect(printing).toThrow(RangeError);
    expect(printing).toThrow(new RangeError(`Expected ${message}`));
  });

  it('what is none: a TypeError', () => {
    expect(() => printMarbles(undefined as never)).toThrow(
      new TypeError('Expected `diagram` to be a Diagram, got undefined'),
    );
    expect(() =>
      printMarbles({ marks: [{ frame: 0, kind: 'toString' as never }], length: 1 }),
    ).toThrow(
      new TypeError('Expected `diagram.marks[0].kind` to be a kind of mark, got "toString"'),
    );
  });
});

describe('of texts and diagrams at random', () => {
  /** The diagram of a text, or nothing where it has none. */
  const tryParse = (text: string, allowed: string): Diagram | undefined => {
    try {
      return parseMarbles(text, allowed);
    } catch (error) {
      if (error instanceof MarbleSyntaxError) return undefined;
      throw error;
    }
  };

  it('every diagram is read back as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(diagrams(), subscription), (written) => {
        expect(parseMarbles(printMarbles(written), allowanceOf(written))).toEqual(written);
      }),
      { numRuns: 2000 },
    );
  });

  it('a text that is taken is written in one way, which says the same', () => {
    let taken = 0;
    const text = fc.oneof(soundText(), soundText(), subscriptionText, wildText);
    fc.assert(
      fc.property(text, fc.constantFrom(...allowances), (text, allowed) => {
        const first = tryParse(text, allowed);
        if (!first) return;
        taken++;
        const written = printMarbles(first);
        const second = parseMarbles(written, allowed);
        expect(second).toEqual(first);
        expect(printMarbles(second)).toBe(written);
      }),
      { numRuns: 4000 },
    );
    expect(taken).toBeGreaterThan(800);
  });

  it('a text is taken, or refused at a place within it', () => {
    fc.assert(
      fc.property(wildText, fc.constantFrom(...allowances), (text, allowed) => {
        try {
          const { marks, length } = parseMarbles(text, allowed);
          expect(marks.every(({ frame }) => frame < length)).toBe(true);
        } catch (error) {
          if (!(error instanceof MarbleSyntaxError)) throw error;
          expect(error.text).toBe(text);
          expect(Number.isInteger(error.position)).toBe(true);
          expect(error.position).toBeGreaterThanOrEqual(0);
          expect(error.position).toBeLessThanOrEqual(text.length);
          expect(error.message.split('\n')).toHaveLength(3);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('what precedes the place at which a text is refused could have gone on', () => {
    // So the place is the first at which something is wrong, but for a group that must be closed.
    fc.assert(
      fc.property(wildText, fc.constantFrom(...allowances), (text, allowed) => {
        try {
          parseMarbles(text, allowed);
        } catch (error) {
          const start = text.slice(0, (error as MarbleSyntaxError).position);
          const open = start.lastIndexOf('(') > start.lastIndexOf(')');
          const empty = /\( *$/.test(start);
          const closed = !open
            ? start
            : empty
              ? start.slice(0, start.lastIndexOf('('))
              : `${start})`;
          expect(tryParse(closed, allowed)).toBeDefined();
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('a diagram is read back as it was written, or refused', () => {
    let written = 0;
    fc.assert(
      fc.property(wildDiagram, (diagram) => {
        let text: string;
        try {
          text = printMarbles(diagram);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect((error as RangeError).message).toMatch(/^Expected `diagram/);
          return;
        }
        written++;
        expect(parseMarbles(text, allowanceOf(diagram))).toEqual(diagram);
      }),
      { numRuns: 5000 },
    );
    expect(written).toBeGreaterThan(200);
  });
});
