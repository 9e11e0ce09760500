import { SPECIAL } from './signs.js';

const segmenter = /* @__PURE__ */ new Intl.Segmenter('en', { granularity: 'grapheme' });

const segments = (text: string): string[] =>
  Array.from(segmenter.segment(text), ({ segment }) => segment);

/** What a reader of `text` sees as one sign each: a family, a flag, a letter with its accents. */
export const graphemes = (text: string): string[] => Array.from(eachGrapheme(text));

/**
 * The graphemes of a text, of which no more is read than is asked for.
 *
 * Read in short pieces, as the segmenter of some engines, of which Node 20's is one, takes
 * quadratic time over a long text. The last grapheme of a piece may go on behind it and is read again;
 * those before it are whole, as where one ends depends on nothing beyond the next code point.
 */
export function* eachGrapheme(text: string): Generator<string, undefined> {
  let piece = 128;
  for (let at = 0; at < text.length;) {
    let end = at + piece;
    if (isPair(text, end - 1)) end++;
    const found = segments(text.slice(at, end));
    if (end < text.length) found.pop();
    // One grapheme that is longer than a piece.
    piece = found.length === 0 ? piece * 2 : 128;
    for (const grapheme of found) {
      yield grapheme;
      at += grapheme.length;
    }
  }
  return undefined;
}

/** Whether a code point of two UTF-16 units begins at `index`. */
const isPair = (text: string, index: number): boolean => (text.codePointAt(index) ?? 0) > 0xffff;

/** Whether two graphemes are read as others when nothing parts them, as the halves of a flag are. */
export function merge(left: string, right: string): boolean {
  // Two of ASCII never are.
  return (left > '~' || right > '~') && segments(left + right).at(-1) !== right;
}

const isSpecial = (char: string): boolean => SPECIAL.includes(char);
const keycap = /^#\ufe0f?\u20e3$/;
const hidden = /\p{Default_Ignorable_Code_Point}/gu;
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|^\p{Zs}?$/u;

/**
 * Whether `text` can stand for a value: one grapheme, wherever it stands (a mark that joins what stands
 * before it is none), that is seen and holds no special sign, but for the keycap `#️⃣`.
 */
export function isSymbol(text: string): boolean {
  if (Array.from(text).some(isSpecial) && !keycap.test(text)) return false;
  if (unseen.test(text.replace(hidden, ''))) return false;
  if (text.length === 1 && text <= '~') return true;
  const [before, middle, after] = segments(` ${text} `);
  return before === ' ' && middle === text && after === ' ';
}
