import type { Dropped } from './picture.js';
import type { Hues } from './hues.js';
import type { Lane } from './lane.js';
import type { TimeScale } from './time-scale.js';
import { byFrame, valuesOf } from './by-frame.js';
import { dropOf } from './drop.js';
import { lineHeight } from './fonts.js';
import { marbleHeight, marbleOf } from './marble.js';
import { textWidth } from './measure.js';
import { around, path, rect, text, type Shape } from './shapes.js';
import { asLine } from './show.js';
import { stackOf, type Stack } from './stack.js';

/** What one frame drops for one reason. */
interface Run {
  readonly reason: string;
  readonly stack: Stack;
  readonly width: number;
}

/** What one frame drops: runs side by side. */
interface Cell {
  readonly frame: number;
  readonly runs: readonly Run[];
  readonly width: number;
}

/** A text under the runs of one reason, from the first of them to the last. */
interface Why {
  readonly reason: string;
  readonly first: Cell;
  last: Cell;
}

const margin = 7;
const between = 8;
/** How far apart, in frames, drops may be that share the text of their reason. */
const near = 4;
/** From the marbles to the bracket under them, and from there to the text. */
const drop = 3;

/** Crossed marbles, and under them why. */
export function droppedLane({ track }: Dropped, hues: Hues): Lane {
  const cells = byFrame(track).flatMap(({ frame, moments }): Cell[] => {
    const runs = runsOf(valuesOf(moments), hues);
    const width = runs.reduce((all, run) => all + run.width + between, -between);
    return runs.length === 0 ? [] : [{ frame, runs, width }];
  });
  const heights = cells.flatMap(({ runs }) => runs.map(({ stack }) => stack.height));
  const half = Math.max(marbleHeight, ...heights) / 2 + margin;
  const shared = share(cells);
  return {
    height: 2 * half + 2 * drop + lineHeight('reason'),
    middle: half,
    rooms: cells.map(({ frame, width }) => ({ frame, left: width / 2, right: width / 2 })),
    draw: (time, top) => ({
      under: [path('unheard', [time.left, top + half, time.right, top + half])],
      over: [
        ...cells.flatMap((cell) => drawCell(cell, time, top + half, top + 2 * half)),
        ...shared.flatMap((why) => drawShared(why, time, top + 2 * half)),
      ],
    }),
  };
}

function runsOf(values: readonly unknown[], hues: Hues): Run[] {
  const groups: { readonly reason: string; readonly values: unknown[] }[] = [];
  for (const { value, reason } of values.map(dropOf)) {
    const last = groups.at(-1);
    if (last?.reason === reason) last.values.push(value);
    else groups.push({ reason, values: [value] });
  }
  return groups.map((group) => {
    const stack = stackOf(group.values.map((value) => marbleOf(value, hues, 'crossed')));
    const reason = asLine(group.reason);
    return { reason, stack, width: Math.max(stack.width, textWidth(reason, 'reason')) };
  });
}

/** Neighbours that dropped for one reason say it once; a frame with several reasons says its own. */
function share(cells: readonly Cell[]): Why[] {
  const shared: Why[] = [];
  for (const cell of cells) {
    const [run, ...others] = cell.runs;
    if (run === undefined || others.length > 0) continue;
    const last = shared.at(-1);
    const before = cells[cells.indexOf(cell) - 1];
    const follows = last?.last === before && cell.frame - (before?.frame ?? 0) <= near;
    if (last && follows && last.reason === run.reason) last.last = cell;
    else shared.push({ reason: run.reason, first: cell, last: cell });
  }
  return shared;
}

function drawCell(
  { frame, runs, width }: Cell,
  time: TimeScale,
  y: number,
  bottom: number,
): Shape[] {
  let left = time.x(frame) - width / 2;
  // What stands to the left and to the right belongs to one frame.
  const [from, to] = [
    left + (runs[0]?.width ?? 0) / 2,
    left + width - (runs.at(-1)?.width ?? 0) / 2,
  ];
  const tie = rect(around((from + to) / 2, y, to - from, 8), 4, 'instant');
  const shapes = runs.flatMap((run) => {
    const x = left + run.width / 2;
    left += run.width + between;
    const half = run.stack.width / 2;
    const why = runs.length === 1 ? [] : because(run.reason, x - half, x + half, bottom);
    return [...run.stack.draw(x, y), ...why];
  });
  return runs.length === 1 ? shapes : [tie, ...shapes];
}

function drawShared({ reason, first, last }: Why, time: TimeScale, bottom: number): Shape[] {
  const [left, right] = [first, last].map(({ frame }) => time.x(frame));
  const half = (cell: Cell) => (cell.runs[0]?.stack.width ?? 0) / 2;
  return because(reason, (left ?? 0) - half(first), (right ?? 0) + half(last), bottom);
}

/** A bracket, and the reason in its middle. */
function because(reason: string, left: number, right: number, top: number): Shape[] {
  const middle = top + drop + lineHeight('reason') / 2;
  return [
    path('bracket', [left, top - 4, left, top, right, top, right, top - 4]),
    text(reason, 'reason', { x: (left + right) / 2, middle }),
  ];
}
