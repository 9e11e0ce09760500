/**
 * How wide a text can be, without a browser: at least as wide as in the widest fonts that `fonts.ts` may
 * meet (DejaVu Sans, to which Linux falls back; the others are narrower). So what fits here fits everywhere.
 */
import { graphemes } from '../../diagram/graphemes.js';
import { fonts, type FontName } from './fonts.js';

/** Characters of about one width, and that width in parts of the font's size: regular, then bold. */
const widths: readonly (readonly [characters: string, regular: number, bold: number])[] = [
  ["ijlIJ'", 0.3, 0.38],
  [' ,./:;\\|', 0.34, 0.41],
  ['-()[]!tfr', 0.42, 0.5],
  ['"*_`sz?', 0.54, 0.6],
  ['cLFkvxyPTYoaeEhnuSbdgpq$0123456789{}', 0.64, 0.74],
  ['KAVXZBRC', 0.7, 0.78],
  ['UNHDGOQ&', 0.79, 0.88],
  ['w#+<=>^~→×≥≤∞', 0.84, 0.93],
  ['@mMW%…—', 1, 1.11],
];

const table = new Map(
  widths.flatMap(([characters, regular, bold]) =>
    Array.from(characters, (character) => [character, { regular, bold, mono: 0.61 }] as const),
  ),
);

/** Letters of other scripts, and what the font does not have and another must draw. */
const foreign = { regular: 1.15, bold: 1.35, mono: 1.15 };
const pictograph = { regular: 1.4, bold: 1.4, mono: 1.4 };
const nothing = { regular: 0, bold: 0, mono: 0 };

const invisible = /^[\p{M}\p{Cf}]$/u;
const pictographic = /^[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]$/u;

function widthOf(character: string): Readonly<Record<'regular' | 'bold' | 'mono', number>> {
  const known = table.get(character);
  if (known) return known;
  if (invisible.test(character)) return nothing;
  if (pictographic.test(character)) return pictograph;
  // An accent over a letter takes no width.
  return table.get(character.normalize('NFD').charAt(0)) ?? foreign;
}

/** The width of a line of text. */
export function textWidth(text: string, font: FontName): number {
  const { size, face } = fonts[font];
  let ems = 0;
  for (const character of text) ems += widthOf(character)[face];
  return ems * size;
}

/** The text in lines that are no wider than `width`, broken between words, or within one that is wider. */
export function wrap(text: string, font: FontName, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer, font) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of graphemes(word)) {
      if (line !== '' && textWidth(line + character, font) > width) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** The text in as few lines as {@link wrap} needs, and those about equally long. */
export function balance(text: string, font: FontName, width: number): string[] {
  let best = wrap(text, font, width);
  const count = best.length;
  for (let narrower = width * 0.95; best.length > 1 && narrower > width / 2; narrower *= 0.95) {
    const lines = wrap(text, font, narrower);
    if (lines.length > count) break;
    best = lines;
  }
  return best;
}
