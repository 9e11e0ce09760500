import { graphemes, isSymbol } from './graphemes.js';
import { SPECIAL } from './signs.js';
import { timeAt } from './time.js';
import { cut, widthOf } from './width.js';

/**
 * A marble diagram breaks the grammar of {@link parseMarbles}. The message says what was expected, and
 * points to the place:
 *
 * ```
 * Expected `)` to close the group, got the end
 *   --(ab
 *        ^
 * ```
 */
export class MarbleSyntaxError extends Error {
  override readonly name = 'MarbleSyntaxError';
  readonly code = 'ERR_MARBLE_SYNTAX';

  constructor(
    /** The diagram. */
    readonly text: string,
    /** Where it breaks the grammar: an index into `text`, or its length for the end. */
    readonly position: number,
    /** What the grammar has in this place, in words. */
    readonly expected: string,
  ) {
    const before = graphemes(text.slice(0, position));
    const behind = graphemes(text.slice(position));
    super(
      `Expected ${expected}, got ${gist(text, position, behind[0])}\n${picture(before, behind)}`,
    );
  }
}

/** What stands at `position`. */
function gist(text: string, position: number, grapheme: string | undefined): string {
  if (grapheme === undefined) return 'the end';
  if (isSeen(grapheme)) return `\`${cut(timeAt(text, position)?.text ?? grapheme, 20)}\``;
  return cut(Array.from(grapheme, codeOf).join(' '), 40);
}

const isSeen = (grapheme: string): boolean => SPECIAL.includes(grapheme) || isSymbol(grapheme);

const codeOf = (char: string): string =>
  `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The text with a caret under the first of what is `behind`; of a long one, the neighbourhood. */
function picture(before: readonly string[], behind: readonly string[]): string {
  const left = (before.length > 60 ? '…' : '') + before.slice(-60).map(visible).join('');
  const right = behind.slice(0, 40).map(visible).join('') + (behind.length > 40 ? '…' : '');
  return `  ${left}${right}\n  ${' '.repeat(widthOf(left))}^`;
}

/** Newlines and the like would tear the picture apart: `␊`. */
function visible(grapheme: string): string {
  if (isSeen(grapheme)) return grapheme;
  return grapheme < ' ' ? String.fromCharCode(0x2400 + grapheme.charCodeAt(0)) : '\ufffd';
}
