import type { Track } from '../diagram/track.js';
import { firstDifference, type Difference, type Same } from './compare.js';
import type { Values } from '../flow/script.js';
import type { Drawing } from './drawing.js';
import type { Words } from './words.js';

/** What one call of a matcher claims: that in each pair the tracks are equal. */
export interface Claim {
  /** `toHaveEmitted` */
  readonly matcher: string;
  /** What it was called on: `output`. */
  readonly subject: string;
  /** One, or one for each subscription. */
  readonly pairs: readonly Pair[];
  readonly words: Words;
  /** Whether two moments carry the same. */
  readonly same: Same;
  /** What is drawn of what a moment carries. */
  readonly drawn: (carried: unknown) => unknown;
  /** Whether two things that are drawn are the same. */
  readonly equals: Same;
  /** What letters stand for, besides those that were drawn. */
  readonly named: Values<unknown>;
  /** The symbol of what stands for itself. */
  readonly own: (value: unknown) => string | undefined;
}

export interface Pair {
  readonly expected: Drawing;
  readonly actual: Track;
}

/** Where a claim fails. */
export interface Parting extends Difference {
  /** In which of the pairs. */
  readonly pair: number;
}

/** @returns the earliest difference; undefined where the claim holds. */
export function firstParting({ pairs, same }: Claim): Parting | undefined {
  let first: Parting | undefined;
  for (const [pair, { expected, actual }] of pairs.entries()) {
    const difference = firstDifference(expected, actual, same);
    if (difference === undefined) continue;
    if (first === undefined || difference.frame < first.frame) first = { ...difference, pair };
  }
  return first;
}
