import { path, rect, type Shape } from './shapes.js';
import { breakWidth } from './spacing.js';
import type { TimeScale } from './time-scale.js';

/** Upright lines where something happens, to see what happens at once. */
export function guides({ events, x }: TimeScale, top: number, bottom: number): Shape[] {
  return events.map((frame) => path('guide', [x(frame), top, x(frame), bottom]));
}

/** A torn strip through all rows: frames are left out here. */
export function breakMarks({ breaks }: TimeScale, top: number, bottom: number): Shape[] {
  const over = 4;
  return breaks.flatMap((middle) => {
    const [left, right] = [middle - breakWidth / 2, middle + breakWidth / 2];
    const tear = { left, top: top - 1, width: breakWidth, height: bottom + over - top + 1 };
    return [
      rect(tear, 0, 'tear'),
      path('torn', zigzag(left, top, bottom + over), zigzag(right, top, bottom + over)),
    ];
  });
}

function zigzag(x: number, top: number, bottom: number): number[] {
  const teeth = Math.max(1, Math.round((bottom - top) / 8));
  return Array.from({ length: teeth + 1 }, (_, index) => [
    x + (index % 2 === 0 ? -1.5 : 1.5),
    top + ((bottom - top) * index) / teeth,
  ]).flat();
}
