import { describe, expect, it } from 'vitest';
import { cut, padded, widthOf } from '../../marbles/diagram/width.js';

describe('widthOf', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['ж', 1],
    ['—…', 2],
    ['魚', 2],
    ['あア', 4],
    ['한', 2],
    ['\u1112\u1161\u11ab', 2],
    ['ｆ', 2],
    ['ﾊ', 1],
    ['、', 2],
    ['🐟', 2],
    ['👨‍👩‍👧', 2],
    ['👍🏽', 2],
    ['🇪🇺', 2],
    ['✔', 1],
    ['✔\ufe0f', 2],
    ['1\ufe0f\u20e3', 2],
    ['𠮷', 2],
    ['\u200b', 0],
    ['\u0301', 0],
    ['a魚🐟b', 6],
  ])('%s takes %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

it('padded fills up to a width, and cuts nothing', () => {
  expect(padded('魚', 4, '-')).toBe('魚--');
  expect(padded('abc', 2, '-')).toBe('abc');
});

it('cut keeps what fits, with … in the last column, and no half of a character', () => {
  expect(cut('abcd', 4)).toBe('abcd');
  expect(cut('abcde', 4)).toBe('abc…');
  expect(cut('魚魚魚', 5)).toBe('魚魚…');
  expect(cut('魚魚魚', 4)).toBe('魚…');
  expect(cut('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
});
