import type { Track } from '../../diagram/track.js';
import { byFrame, valuesOf } from './by-frame.js';
import { inWords } from './show.js';

/** From a frame on, a level. */
export interface Level {
  readonly frame: number;
  readonly level: number;
}

/** The level with which each frame ends, where it has changed. */
export function levelsOf(track: Track): Level[] {
  const levels: Level[] = [];
  for (const { frame, moments } of byFrame(track)) {
    const level = valuesOf(moments).at(-1);
    if (level === undefined) continue;
    if (typeof level !== 'number' || !(level >= 0 && level < Infinity)) {
      throw new RangeError(`Expected each level to be a number ≥ 0, got ${inWords(level)}`);
    }
    if (levels.at(-1)?.level !== level) levels.push({ frame, level });
  }
  return levels;
}
