import { eachGrapheme, graphemes } from './graphemes.js';

/** CJK and its punctuation, Hangul, full-width forms: what terminals draw two columns wide. */
const WIDE =
  /[\u1100-\u115F\u2329\u232A\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FF}\u{1F200}-\u{1F2FF}\u{20000}-\u{3FFFD}]/u;
/** What is drawn as a picture; U+FE0F asks for the picture where a plain form exists too. */
const PICTURE = /\p{Emoji_Presentation}|\uFE0F/u;
const INVISIBLE = /^[\p{Mark}\p{Format}\p{Control}\p{Line_Separator}\p{Paragraph_Separator}]+$/u;
const ASCII = /^[ -~]*$/;

/** How many columns of a terminal a text takes: two for an emoji or a sign of East Asia. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  return graphemes(text).reduce((width, grapheme) => width + columnsOf(grapheme), 0);
}

function columnsOf(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || PICTURE.test(grapheme) ? 2 : 1;
}

/** `text`, filled up at its end to `width` columns. */
export const padded = (text: string, width: number, fill: string): string =>
  text + fill.repeat(Math.max(0, width - widthOf(text)));

/** As much of a text as fits into `width` columns; where that is not all of it, `…` stands for the rest. */
export function cut(text: string, width: number): string {
  let kept = '';
  let used = 0;
  for (const grapheme of eachGrapheme(text)) {
    used += columnsOf(grapheme);
    if (used > width) return `${kept}…`;
    if (used < width) kept += grapheme;
  }
  return text;
}
