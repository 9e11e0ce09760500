import type { Flow } from './picture.js';
import type { Hues } from './hues.js';
import type { Drawing, Lane } from './lane.js';
import type { TimeScale } from './time-scale.js';
import { byFrame, valuesOf, type Frame } from './by-frame.js';
import { endsOf, type Ends } from './ends.js';
import { afterlivesOf, isAlive, livesOf, type Life } from './life.js';
import { marbleOf } from './marble.js';
import { path, type Shape } from './shapes.js';
import { stackOf, type Stack } from './stack.js';

/** What stands in one frame of a flow: a stack of marbles, and right of it the end. */
interface Cell {
  readonly frame: number;
  readonly stack: Stack | undefined;
  readonly ends: Ends;
  readonly subscribed: boolean;
}

/** From the marbles to the end in the same frame. */
const beside = 4;
const margin = 6;
/** A value that was pulled has a small arrow under it. */
const pullHeight = 13;

export function flowLane({ role, track }: Flow, hues: Hues): Lane {
  const frames = byFrame(track);
  const lives = livesOf(frames);
  const cells = frames.map((frame) => cellOf(frame, lives, role === 'notifier', hues));
  const half = Math.max(14, ...cells.map(({ stack }) => (stack?.height ?? 0) / 2)) + margin;
  const pulled = role === 'pulled';
  return {
    height: 2 * half + (pulled ? pullHeight : 0),
    middle: half,
    rooms: cells.map((cell) => ({ frame: cell.frame, left: leftOf(cell), right: rightOf(cell) })),
    draw(time, top) {
      const y = top + half;
      return {
        under: lines(lives, frames, time, y),
        over: cells.flatMap((cell) => drawCell(cell, time.x(cell.frame), y, pulled)),
      };
    },
  };
}

function cellOf(
  { frame, moments }: Frame,
  lives: readonly Life[],
  neutral: boolean,
  hues: Hues,
): Cell {
  const alive = isAlive(lives, frame);
  const finish = neutral ? 'neutral' : alive ? 'plain' : 'hollow';
  const marbles = valuesOf(moments).map((value) => marbleOf(value, hues, finish));
  return {
    frame,
    stack: marbles.length === 0 ? undefined : stackOf(marbles),
    ends: endsOf(moments, alive),
    subscribed: moments.some(({ kind }) => kind === 'subscribe'),
  };
}

/** Where the ends stand, from the frame: in the middle, where nothing else is there. */
function endsAt({ stack, ends, subscribed }: Cell): number {
  if (stack) return stack.width / 2 + beside;
  return subscribed ? beside : -ends.width / 2;
}

const leftOf = (cell: Cell): number =>
  Math.max(cell.stack ? cell.stack.width / 2 : 4, cell.ends.width === 0 ? 0 : -endsAt(cell));

const rightOf = (cell: Cell): number =>
  Math.max(
    cell.stack ? cell.stack.width / 2 : 4,
    cell.ends.width === 0 ? 0 : endsAt(cell) + cell.ends.width,
  );

function drawCell(cell: Cell, x: number, y: number, pulled: boolean): Shape[] {
  const shapes = cell.stack?.draw(x, y) ?? [];
  if (cell.stack && pulled) {
    const tip = y + cell.stack.height / 2 + 3;
    shapes.push(
      path(
        'pull',
        [x, tip + pullHeight - 4, x, tip + 1],
        [x - 4, tip + 5, x, tip + 1, x + 4, tip + 5],
      ),
    );
  }
  return [...shapes, ...cell.ends.draw(x + endsAt(cell), y)];
}

/** The line of a flow, where it lives; dotted, where values come to nobody. */
function lines(
  lives: readonly Life[],
  frames: readonly Frame[],
  time: TimeScale,
  y: number,
): Drawing['under'] {
  const line = (look: string, { from, to }: Life): Shape => {
    const start = from === undefined ? time.left : time.x(from);
    return path(look, [start, y, to === undefined ? time.right : time.x(to), y]);
  };
  const shapes = afterlivesOf(lives, frames).map((pause) => line('unheard', pause));
  for (const life of lives) {
    shapes.push(line('line', life));
    const [start, end] = [life.from === undefined ? undefined : time.x(life.from), time.right];
    if (start !== undefined) shapes.push(path('line', [start, y - 6, start, y + 6]));
    if (life.to === undefined) {
      shapes.push(path('line', [end - 6, y - 4, end, y, end - 6, y + 4]));
    }
  }
  return shapes;
}
