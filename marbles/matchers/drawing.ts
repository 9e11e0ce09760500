import { check } from '../../src/check.js';
import type { DropReason } from '../../src/line/line.js';
import type { Mark } from '../diagram/diagram.js';
import { parseMarbles } from '../diagram/parse.js';
import { SIGNS } from '../diagram/signs.js';
import type { Moment, Track } from '../diagram/track.js';
import { ERROR, valueOf, type Values } from '../flow/script.js';
import type { Drop } from '../flow/stage.js';

/** A track that was drawn: what is expected. */
export interface Drawing extends Track {
  /** The symbol with which each moment was drawn. */
  readonly symbols: readonly string[];
  /** How many frames were drawn. */
  readonly length: number;
}

/** One reason for all drops, or one for each letter; `rest` for the letters that it does not name. */
export type DropReasons = DropReason | Readonly<Record<string, DropReason>>;

/** Stands in a level's diagram where the level is as it was. */
export const UNCHANGED = '-';

/** Draws values and ends: `|#` of what is emitted, `|#!` of what is pulled. */
export function drawValues(
  marbles: string,
  allowed: string,
  values: Values<unknown> = {},
  error: unknown = ERROR,
): Drawing {
  return draw(marbles, allowed, lookUp('values', values), error);
}

/** Draws levels: where a digit stands, or a letter that `levels` names, the frame ends at that level. */
export function drawLevels(marbles: string, levels: Values<number> = {}): Drawing {
  const levelOf = lookUp<unknown>('levels', levels);
  const drawing = draw(marbles, '', (letter) => {
    const level = levelOf(letter);
    if (level === letter && /^\d$/.test(letter)) return Number(letter);
    const right = Number.isInteger(level) && (level as number) >= 0;
    check(right, letter, 'a digit, or named in `levels` as an integer ≥ 0', level, RangeError);
    return level;
  });
  const frames = drawing.moments.map(({ frame }) => frame);
  const single = frames.every((frame, index) => frame !== frames[index + 1]);
  check(single, 'marbles', 'one level a frame', marbles, RangeError);
  return drawing;
}

/** Draws drops. Without reasons, each may be for any. */
export function drawDrops(
  marbles: string,
  reasons?: DropReasons,
  values: Values<unknown> = {},
): Drawing {
  const valueFor = lookUp('values', values);
  const each = typeof reasons === 'string' || Object(reasons) === reasons;
  check(reasons === undefined || each, 'reasons', 'a reason, or one for each letter', reasons);
  return draw(marbles, '', (letter): Partial<Drop> => {
    const value = valueFor(letter);
    if (reasons === undefined) return { value };
    return { value, reason: typeof reasons === 'string' ? reasons : reasonFor(letter, reasons) };
  });
}

function reasonFor(letter: string, reasons: Values<DropReason>): DropReason {
  const named = [letter, 'rest'].find((name) => Object.hasOwn(reasons, name));
  const reason = named === undefined ? undefined : reasons[named];
  check(typeof reason === 'string', `reasons.${letter}`, 'a reason, or `reasons.rest`', reason);
  return reason;
}

/** Draws `p` for a pause and `r` for a resume. */
export function drawPauses(marbles: string): Drawing {
  return draw(marbles, '', (letter) => {
    check(/^[pr]$/.test(letter), 'marbles', 'of p for paused and r for resumed', marbles);
    return letter;
  });
}

/** Draws subscriptions, each in a text of its own; one without a `^` is none. */
export function drawSubscriptions(marbles: string | readonly string[]): Drawing[] {
  const texts: unknown = typeof marbles === 'string' ? [marbles] : marbles;
  check(Array.isArray(texts), 'marbles', 'a string or an array of strings', marbles);
  return (texts as readonly string[])
    .map((text) => {
      const drawing = draw(text, SIGNS.subscribe + SIGNS.unsubscribe);
      check(drawing.moments[0]?.kind !== 'unsubscribe', 'marbles', 'a ^ before its !', text);
      return drawing;
    })
    .filter(({ moments }) => moments.length > 0);
}

/** A letter's value, out of those that the user gave under `name`. */
function lookUp<T>(name: string, values: Values<T>): (letter: string) => T {
  check(Object(values) === values, name, 'an object with a value for each letter', values);
  return (letter) => valueOf(letter, values);
}

function draw(
  marbles: string,
  allowed: string,
  carried?: (letter: string) => unknown,
  error?: unknown,
): Drawing {
  const { marks, length } = parseMarbles(marbles, allowed);
  const momentOf = (mark: Mark): Moment => {
    const { frame, kind } = mark;
    if (kind === 'next') return { frame, kind, value: carried?.(mark.symbol) };
    return kind === 'error' ? { frame, kind, error } : { frame, kind };
  };
  return {
    moments: marks.map(momentOf),
    symbols: marks.map((mark) => (mark.kind === 'next' ? mark.symbol : SIGNS[mark.kind])),
    length,
  };
}

/**
 * Two tracks of levels, each with a moment wherever either has one: what is said in some frame is compared
 * with the level in that frame.
 */
export function levelled(expected: Drawing, actual: Track): [expected: Drawing, actual: Track] {
  const said = new Map(
    expected.moments.map(({ frame }, index) => [frame, expected.symbols[index] as string]),
  );
  const changed = actual.moments.map(({ frame }) => frame);
  const frames = [...new Set([...said.keys(), ...changed])].sort((a, b) => a - b);
  const symbols = frames.map((frame) => said.get(frame) ?? UNCHANGED);
  return [
    { moments: levelsAt(frames, expected), symbols, length: expected.length },
    { moments: levelsAt(frames, actual) },
  ];
}

function levelsAt(frames: readonly number[], { moments }: Track): Moment[] {
  let at = 0;
  let value: unknown = 0;
  return frames.map((frame) => {
    for (let next = moments[at]; next !== undefined && next.frame <= frame; next = moments[++at]) {
      if (next.kind === 'next') value = next.value;
    }
    return { frame, kind: 'next', value };
  });
}
