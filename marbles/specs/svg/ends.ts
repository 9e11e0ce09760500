import type { Moment } from '../../diagram/track.js';
import { path, type Shape } from './shapes.js';

/** The ends of a flow in one frame, side by side. */
export interface Ends {
  readonly width: number;
  readonly draw: (left: number, y: number) => Shape[];
}

type End = 'complete' | 'error' | 'unsubscribe';

const widths: Readonly<Record<End, number>> = { complete: 3, error: 14, unsubscribe: 4 };
const between = 5;

/** A bar, a cross, or an exclamation mark as in marble syntax. */
export function endsOf(moments: readonly Moment[], alive: boolean): Ends {
  const kinds = new Set(moments.map(({ kind }) => kind));
  // Who hears of the end is unsubscribed by it: one mark says both.
  if (kinds.has('complete') || kinds.has('error')) kinds.delete('unsubscribe');
  const ends = (['complete', 'error', 'unsubscribe'] as const).filter((kind) => kinds.has(kind));
  const width = ends.reduce(
    (all, end) => all + widths[end] + between,
    ends.length === 0 ? 0 : -between,
  );
  return {
    width,
    draw(left, y) {
      let from = left;
      return ends.map((end) => {
        const x = from + widths[end] / 2;
        from += widths[end] + between;
        return draw(end, x, y, alive);
      });
    },
  };
}

function draw(end: End, x: number, y: number, alive: boolean): Shape {
  const look = alive ? end : 'unheard-end';
  if (end === 'complete') return path(look, [x, y - 13, x, y + 13]);
  if (end === 'error') {
    const arm = widths.error / 2;
    return path(look, [x - arm, y - arm, x + arm, y + arm], [x - arm, y + arm, x + arm, y - arm]);
  }
  return path(look, [x, y - 12, x, y + 4], [x, y + 9.5, x, y + 10]);
}
