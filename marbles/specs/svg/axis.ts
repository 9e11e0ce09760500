import { fonts } from './fonts.js';
import { textWidth } from './measure.js';
import { path, text, type Shape, type Text } from './shapes.js';
import type { TimeScale } from './time-scale.js';

/** The frames, under all rows. */
export const axisHeight = 30;
const tick = 4;
/** From one numbered frame to the next, and between their numbers. */
const leastStride = 30;
const between = 13;
/** Beyond the end of the axis. */
const overhang = 8;

export function axisOf(time: TimeScale, top: number, labelLeft: number): Shape[] {
  const middle = top + tick + 4 + fonts.axis.size / 2;
  const numbers: Text[] = [];
  const ticks: number[] = [];
  for (const frame of framesOf(time)) {
    const half = textWidth(String(frame), 'axis') / 2;
    // A long number may not reach out of the picture.
    const x = Math.min(time.x(frame), time.right + overhang - half);
    const number = text(String(frame), 'axis', { x, middle });
    const { left, width } = number.box;
    const free = numbers.every(
      ({ box }) => left >= box.left + box.width + between || left + width + between <= box.left,
    );
    if (!free || left < time.left - tick) continue;
    numbers.push(number);
    ticks.push(time.x(frame));
  }
  return [
    path('axis-line', [time.left, top, time.right, top]),
    ...ticks.map((x) => path('axis-line', [x, top, x, top + tick])),
    text('frame', 'axis', { x: labelLeft, middle, anchor: 'start' }),
    ...numbers,
  ];
}

/** The frames that could have a number, the more important first. */
function framesOf({ stretches, x }: TimeScale): number[] {
  const strideFits = (stride: number) =>
    stretches.every(
      ({ from, to }) => from === to || ((x(to) - x(from)) / (to - from)) * stride >= leastStride,
    );
  const stride = [1, 2, 5, 10, 20, 50].find(strideFits);
  const starts = stretches.map(({ from }) => from);
  const ends = stretches.map(({ to }) => to);
  if (stride === undefined) return [...starts, ...ends];
  const regular = stretches.flatMap(({ from, to }) => {
    const first = Math.ceil(from / stride);
    const count = Math.floor(to / stride) - first + 1;
    return Array.from({ length: count }, (_, index) => (first + index) * stride);
  });
  return [...starts, ...regular, ...ends];
}
