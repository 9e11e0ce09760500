import type { Held } from './picture.js';
import type { Drawing, Lane } from './lane.js';
import type { TimeScale } from './time-scale.js';
import { fonts } from './fonts.js';
import { levelsOf, type Level } from './levels.js';
import { textWidth } from './measure.js';
import { path, text, type Shape } from './shapes.js';

/** A place is so high where there are few, and all together where there are many. */
const place = 15;
const highest = 90;
/** Over the highest level, for its number. */
const above = fonts.level.size + 6;
const below = 7;
/** From a step to its number. */
const indent = 4;

/** A staircase of levels, with the number of each. */
export function heldLane({ track, capacity }: Held): Lane {
  const levels = levelsOf(track);
  const most = Math.max(1, ...levels.map(({ level }) => level));
  // A line far above everything would flatten the rest: the note alone has that capacity.
  const drawn = capacity !== undefined && capacity <= Math.max(4, 2 * most) ? capacity : undefined;
  const top = Math.max(most, drawn ?? 0);
  const unit = Math.min(place, highest / top);
  const chart = unit * top;
  return {
    height: above + chart + below,
    middle: above + chart / 2,
    ...(capacity === undefined ? {} : { note: `capacity ${capacity}` }),
    rooms: levels.map(({ frame, level }) => ({
      frame,
      left: 2,
      right: indent + textWidth(String(level), 'level'),
    })),
    draw: (time, at) => draw(levels, drawn, time, { base: at + above + chart, unit }),
  };
}

interface Axis {
  readonly base: number;
  readonly unit: number;
}

function draw(
  levels: readonly Level[],
  capacity: number | undefined,
  time: TimeScale,
  { base, unit }: Axis,
): Drawing {
  const y = (level: number) => base - level * unit;
  const ends = levels.slice(1).map(({ frame }) => time.x(frame));
  const stairs = levels.map(({ frame, level }, index) => ({
    level,
    left: time.x(frame),
    right: ends[index] ?? time.right,
  }));
  // Before the first it holds nothing.
  const floor = [time.left, base, stairs[0]?.left ?? time.right, base];
  const outline = [
    ...floor,
    ...stairs.flatMap((each) => [each.left, y(each.level), each.right, y(each.level)]),
  ];
  const closed = [...outline, time.right, base, time.left, base];
  const roof = capacity === undefined ? undefined : y(capacity);

  const under: Shape[] = [path('held', closed)];
  if (roof !== undefined && capacity !== undefined) {
    for (const { level, left, right } of stairs) {
      if (level <= capacity) continue;
      under.push(
        path('parked', [left, roof, left, y(level), right, y(level), right, roof, left, roof]),
      );
    }
  }
  under.push(path('line', [time.left, base, time.right, base]), path('stairs', outline));
  for (const { level, left, right } of stairs) {
    if (capacity === undefined || level <= capacity) continue;
    under.push(path('parked-edge', [left, y(level), right, y(level)]));
  }
  if (roof !== undefined) under.push(path('capacity', [time.left, roof, time.right, roof]));

  const over = stairs.map(({ level, left }) =>
    text(String(level), 'level', {
      x: left + indent,
      middle: y(level) - 9,
      anchor: 'start',
      look: 'halo',
    }),
  );
  return { under, over };
}
