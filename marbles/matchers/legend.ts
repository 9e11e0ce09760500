import { graphemes } from '../diagram/graphemes.js';
import { cut, padded, widthOf } from '../diagram/width.js';
import { inspect } from './inspect.js';

/** What one symbol stands for. */
export interface Meaning {
  readonly symbol: string;
  readonly value: unknown;
  /** Said in place of the value. */
  readonly words?: string;
}

/** A legend with more lines would hide the diagram. */
const LINES = 16;
/** The widest picture of a value. */
const WIDTH = 84;
/** What is shown of two long values before they begin to differ. */
const LEAD = 24;
/** How far back that is looked for, in UTF-16 units: 32 for each sign, more than one takes. */
const REACH = 32 * LEAD;

/**
 * The lines of a legend, `where  a = { id: 1 }`. The values of the symbols in `contrast`, which differ, are
 * shown where they do.
 */
export function legendOf(
  meanings: readonly Meaning[],
  contrast: readonly string[],
): readonly string[] {
  const kept = meanings.length > LINES ? mostTelling(meanings, contrast) : meanings;
  const contrasted = contrastOf(kept.filter(({ symbol }) => contrast.includes(symbol)));
  const width = Math.max(...kept.map(({ symbol }) => widthOf(symbol)));
  const lines = kept.map(({ symbol, value, words }) => {
    const text = words ?? contrasted.get(symbol) ?? cut(inspect(value), WIDTH);
    return `${padded(symbol, width, ' ')} = ${text}`;
  });
  if (kept.length < meanings.length) lines.push(`… and ${meanings.length - kept.length} more`);
  return lines.map((line, index) => (index === 0 ? 'where  ' : '       ') + line);
}

function mostTelling(meanings: readonly Meaning[], contrast: readonly string[]): Meaning[] {
  const told = ({ symbol, words }: Meaning) => words !== undefined || contrast.includes(symbol);
  let room = LINES - meanings.filter(told).length;
  return meanings.filter((meaning) => told(meaning) || room-- > 0);
}

/** Two values as far as a line goes, each from a little before the point at which they differ. */
function contrastOf(two: readonly Meaning[]): ReadonlyMap<string, string> {
  const [one, other] = two;
  if (one === undefined || other === undefined) return new Map();
  const atAGlance = two.map(({ value }) => inspect(value));
  const fit = atAGlance.every((text) => widthOf(text) <= WIDTH);
  if (fit && atAGlance[0] !== atAGlance[1]) return new Map();

  const [left = '', right = ''] = two.map(({ value }) => inspect(value, true));
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  const lead = graphemes(left.slice(Math.max(0, same - REACH), same)).slice(-LEAD);
  const from = left === right ? 0 : same - lead.join('').length;
  const part = (text: string) => cut((from > 0 ? '…' : '') + text.slice(from), WIDTH);
  return new Map([
    [one.symbol, part(left)],
    [other.symbol, part(right)],
  ]);
}
