import type { Demand } from './picture.js';
import type { Lane } from './lane.js';
import { byFrame, valuesOf } from './by-frame.js';
import { textWidth } from './measure.js';
import { path, text, type Shape } from './shapes.js';

const height = 32;
const arm = 5;
/** From an arrow to how many it stands for. */
const beside = 4;

/** Arrows that point up: each takes a value, or several where it says so. */
export function demandLane({ track }: Demand): Lane {
  const takes = byFrame(track)
    .map(({ frame, moments }) => ({ frame, count: valuesOf(moments).length }))
    .filter(({ count }) => count > 0)
    .map((take) => ({ ...take, times: take.count === 1 ? undefined : `×${take.count}` }));
  return {
    height,
    middle: height / 2,
    rooms: takes.map(({ frame, times }) => ({
      frame,
      left: arm + 1,
      right: arm + 1 + (times === undefined ? 0 : beside + textWidth(times, 'times')),
    })),
    draw(time, top) {
      const y = top + height / 2;
      const over = takes.flatMap(({ frame, times }): Shape[] => {
        const x = time.x(frame);
        const arrow = path(
          'demand',
          [x, y + 9, x, y - 8],
          [x - arm, y - 3, x, y - 8, x + arm, y - 3],
        );
        if (times === undefined) return [arrow];
        const place = { x: x + arm + beside, middle: y, anchor: 'start', look: 'asked' } as const;
        return [arrow, text(times, 'times', place)];
      });
      return { under: [], over };
    },
  };
}
