import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes, isSymbol, merge } from '../../marbles/diagram/graphemes.js';
import { symbols } from './diagrams.js';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const atOnce = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** What joins its neighbours in every way in which Unicode lets it. */
const joining = Array.from(
  'a- \r\n\u0301\u0308\u200d\ufe0f\u20e3\u0600\u0903\u1100\u1161\u11a8\uac00क\u094dष🇩🇪👩🏽❤\u{e0067}',
).concat('\ud83d', '\udc69');

describe('graphemes', () => {
  it('are those of the segmenter, though it is given short pieces', () => {
    const unit = fc.constantFrom(...joining);
    const text = fc.oneof(
      fc.string({ unit, maxLength: 700, size: 'max' }),
      // What goes on for longer than a piece.
      fc.string({ unit: fc.constantFrom('🇩', '🇪', '👩\u200d'), maxLength: 700, size: 'max' }),
    );
    fc.assert(
      fc.property(text, (text) => {
        expect(graphemes(text)).toEqual(atOnce(text));
      }),
      { numRuns: 500 },
    );
  });

  it('end where they end, wherever a piece does', () => {
    for (const sign of ['👨‍👩‍👧', '🇩🇪', '👩🏽', 'e\u0301', '\r\n', '각']) {
      for (let lead = 100; lead < 130; lead++) {
        const text = 'a'.repeat(lead) + sign.repeat(40);
        expect(graphemes(text)).toEqual(atOnce(text));
      }
    }
  });

  it('may be longer than any piece', () => {
    const long = `a${'\u0301'.repeat(10_000)}`;
    expect(graphemes(`-${long}-`)).toEqual(['-', long, '-']);
  });

  it('merge where nothing stands between them, and only then', () => {
    const any = fc.constantFrom(...symbols.filter(isSymbol));
    fc.assert(
      fc.property(any, any, (left, right) => {
        const apart = atOnce(left + right).join(' ') === `${left} ${right}`;
        expect(merge(left, right)).toBe(!apart);
        expect(atOnce(`${left} ${right}`)).toEqual([left, ' ', right]);
      }),
      { numRuns: 2000 },
    );
    expect(merge('🇩', '🇪')).toBe(true);
    expect(merge('a', 'b')).toBe(false);
  });
});

describe('a symbol', () => {
  it.each(symbols)('may be %s', (symbol) => {
    expect(isSymbol(symbol)).toBe(true);
  });

  it.each([
    '',
    ' ',
    '-',
    '(',
    ')',
    '|',
    '#',
    '^',
    '!',
    'ab',
    '-\u0301',
    '#\ufe0f',
    '|\u20e3',
    '\u0600-',
  ])('holds no special sign and is one grapheme, and so not %j', (text) => {
    expect(isSymbol(text)).toBe(false);
  });

  it.each([
    '\n',
    '\0',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\u200b',
    '\ufeff',
    '\u3164',
    '\ud83d',
    '\udc69',
  ])('is seen, and so not %j', (text) => {
    expect(isSymbol(text)).toBe(false);
  });

  it.each(['\u0301', '🏽', '\u0600', '\u0903'])('stands by itself, and so is not %j', (text) => {
    expect(isSymbol(text)).toBe(false);
  });
});
