/**
 * Where each frame stands.
 *
 * Invariants: time goes to the right; what stands in a frame keeps off its neighbours in the row, off the labels
 * and off the marks of broken time. Nothing counts frame by frame: a frame can be a millisecond, and a picture
 * span a month.
 */
import { clearance, spacing, type Room } from './spacing.js';

export interface TimeScale {
  readonly x: (frame: number) => number;
  /** Where lines begin, and where time ends. */
  readonly left: number;
  readonly right: number;
  /** Where something happens, in order. */
  readonly events: readonly number[];
  /** Stretches of time that are drawn whole. */
  readonly stretches: readonly Stretch[];
  /** Between the stretches: the middle of what is left out. */
  readonly breaks: readonly number[];
}

/** From its first frame to its last. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Wanted {
  readonly frames: number;
  /** What needs room: for each row, in order of frames. */
  readonly rows: readonly (readonly Room[])[];
  readonly left: number;
  /** The picture should end between these. */
  readonly least: number;
  readonly most: number;
}

/** A line's ends, beyond its first and its last frame. */
const lead = 16;

export function timeScale({ frames, rows, left, least, most }: Wanted): TimeScale {
  const rooms = rows.flat();
  const events = [...new Set(rooms.map(({ frame }) => frame))].sort((a, b) => a - b);
  const first = Math.min(0, ...events);
  const last = Math.max(0, frames - 1, ...events);
  const knots = [...new Set([first, ...events, last])];
  /** How far what stands in a frame reaches, in any row. */
  const reach = (frame: number, side: 'left' | 'right') =>
    Math.max(0, ...rooms.map((room) => (room.frame === frame ? room[side] + clearance : 0)));

  const before = Math.max(lead, reach(first, 'left'));
  const after = Math.max(lead, reach(last, 'right'));
  const margins = left + before + after;
  const { widths, broken } = spacing(knots, rows, { least: least - margins, most: most - margins });
  const offsets = [0];
  for (const [index, width] of widths.entries()) offsets.push((offsets[index] ?? 0) + width);
  const offsetOf = new Map(knots.map((knot, index) => [knot, offsets[index] ?? 0]));
  // What is wide and stands in the second frame may reach further to the left than the first.
  const needed = rooms.map((room) => room.left + clearance - (offsetOf.get(room.frame) ?? 0));
  const start = left + Math.max(before, ...needed);

  const x = (frame: number): number => {
    const index = knots.findLastIndex((knot, at) => knot <= frame || at === 0);
    const [from = first, to = from + 1] = knots.slice(index, index + 2);
    const part = ((widths[index] ?? 0) * (frame - from)) / (to - from);
    return start + (offsets[index] ?? 0) + part;
  };
  const cuts = knots.filter((_, index) => broken[index]);
  const resumed = knots.filter((_, index) => broken[index - 1]);
  const ends = rooms.map((room) => x(room.frame) + room.right + clearance);
  return {
    x,
    left,
    right: Math.max(x(last) + after, least, ...ends),
    events,
    stretches: [first, ...resumed].map((from, index) => ({ from, to: cuts[index] ?? last })),
    breaks: cuts.map((cut, index) => {
      const resume = resumed[index] ?? last;
      return (x(cut) + reach(cut, 'right') + x(resume) - reach(resume, 'left')) / 2;
    }),
  };
}
