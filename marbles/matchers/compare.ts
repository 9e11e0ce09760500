import type { Moment, Track } from '../diagram/track.js';

/** Whether a value that came is the one expected. */
export type Same = (actual: unknown, expected: unknown) => boolean;

/** Where two tracks part. */
export interface Difference {
  /** The first frame in which they differ. */
  readonly frame: number;
  /** How many moments agree before: the next of either track, if any, is the first that differs. */
  readonly agreed: number;
}

/** @returns undefined where the tracks are equal. */
export function firstDifference(
  expected: Track,
  actual: Track,
  same: Same,
): Difference | undefined {
  for (let agreed = 0; ; agreed++) {
    const wanted = expected.moments[agreed];
    const came = actual.moments[agreed];
    if (wanted === undefined && came === undefined) return undefined;
    const equal =
      wanted !== undefined && came?.frame === wanted.frame && sameEvent(came, wanted, same);
    if (!equal) {
      return { frame: Math.min(wanted?.frame ?? Infinity, came?.frame ?? Infinity), agreed };
    }
  }
}

/** Whether two moments are equal but for their frames. */
export function sameEvent(came: Moment, wanted: Moment, same: Same): boolean {
  if (came.kind === 'next' && wanted.kind === 'next') return same(came.value, wanted.value);
  if (came.kind === 'error' && wanted.kind === 'error') return same(came.error, wanted.error);
  return came.kind === wanted.kind;
}

/** What is left of the frame in which a track parts from another. */
export function restOf({ moments }: Track, { agreed, frame }: Difference): readonly Moment[] {
  let end = agreed;
  while (moments[end]?.frame === frame) end++;
  return moments.slice(agreed, end);
}
