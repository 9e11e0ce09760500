import type { Moment, Track } from '../../diagram/track.js';

/** What happened in one frame, in order. */
export interface Frame {
  readonly frame: number;
  readonly moments: readonly Moment[];
}

/** A track's frames in which something happened. */
export function byFrame({ moments }: Track): Frame[] {
  const frames = new Map<number, Moment[]>();
  for (const moment of moments) {
    if (!Number.isFinite(moment.frame)) {
      throw new RangeError(`Expected each frame to be a finite number, got ${moment.frame}`);
    }
    const known = frames.get(moment.frame);
    if (known) known.push(moment);
    else frames.set(moment.frame, [moment]);
  }
  return [...frames]
    .map(([frame, list]) => ({ frame, moments: list }))
    .sort((a, b) => a.frame - b.frame);
}

/** The values among them. */
export function valuesOf(moments: readonly Moment[]): unknown[] {
  return moments.flatMap((moment) => (moment.kind === 'next' ? [moment.value] : []));
}
