import { LONG, shortestTime } from '../diagram/time.js';
import { cut, padded, widthOf } from '../diagram/width.js';

/** What stands in one frame of a row: a symbol, or a group. */
export interface Cell {
  readonly frame: number;
  readonly text: string;
  /** How many frames a diagram gives to it: 1, or for a group one for each of its symbols and parentheses. */
  readonly span: number;
}

export interface Row {
  /** In the order of their frames. */
  readonly cells: readonly Cell[];
  /** The frame from which nothing can come any more: the row is blank. */
  readonly end: number;
}

/** One frame, or an idle stretch of many, in all rows. */
export interface Column {
  /** The first of its frames. */
  readonly frame: number;
  readonly frames: number;
  readonly width: number;
  /** What stands in a row that has nothing there. */
  readonly filler: string;
  /** Whether some row has a cell there. */
  readonly busy: boolean;
}

/** A row as text, cut in three at the marked column. */
export type Drawn = readonly [before: string, marked: string, after: string];

/** The columns of some rows from frame `from` until frame `to`: as narrow as their cells permit. */
export function columnsOf(rows: readonly Row[], from: number, to: number): Column[] {
  const widths = new Map<number, number>();
  const busy = new Set<number>();
  for (const { cells } of rows) {
    cells.forEach((cell, index) => {
      const reach = reachOf(cell, cells[index + 1]);
      for (let over = 0; over < reach; over++) {
        const frame = cell.frame + over;
        widths.set(
          frame,
          Math.max(widths.get(frame) ?? 1, over === 0 ? widthOf(cell.text) - reach + 1 : 1),
        );
      }
      busy.add(cell.frame);
    });
  }
  const columns: Column[] = [];
  let at = from;
  const idleUntil = (frame: number) => {
    if (frame - at >= LONG) columns.push(idle(at, frame - at, at === from));
    else for (; at < frame; at++) columns.push(single(at, 1, false));
    at = Math.max(at, frame);
  };
  for (const frame of [...widths.keys()].sort((a, b) => a - b)) {
    idleUntil(frame);
    columns.push(single(frame, widths.get(frame) as number, busy.has(frame)));
    at = frame + 1;
  }
  idleUntil(to);
  return columns;
}

/** How many frames a cell reaches over: what it spans, unless its row goes on before. */
const reachOf = (cell: Cell, next: Cell | undefined): number =>
  Math.min(cell.span, (next?.frame ?? Infinity) - cell.frame);

const single = (frame: number, width: number, busy: boolean): Column => ({
  frame,
  frames: 1,
  width,
  filler: '-'.repeat(width),
  busy,
});

function idle(frame: number, frames: number, first: boolean): Column {
  const filler = `${first ? '' : ' '}${shortestTime(frames)} `;
  return { frame, frames, width: widthOf(filler), filler, busy: false };
}

/** As many columns around `frame` as fit, most of them after it. */
export function windowAround(
  columns: readonly Column[],
  frame: number,
  width: number,
): readonly Column[] {
  const total = columns.reduce((sum, column) => sum + column.width, 0);
  if (total <= width) return columns;
  const centre = Math.max(
    0,
    columns.findLastIndex((column) => column.frame <= frame),
  );
  let start = centre;
  let end = centre;
  let room = width - (columns[centre]?.width ?? 0);
  const take = (column: Column | undefined, reserve: number): boolean => {
    if (column === undefined || room - column.width < reserve) return false;
    room -= column.width;
    return true;
  };
  while (take(columns[start - 1], Math.floor((width * 2) / 3))) start--;
  while (take(columns[end + 1], 0)) end++;
  while (take(columns[start - 1], 0)) start--;
  return columns.slice(start, end + 1);
}

/** Draws a row into columns; each row of a picture becomes equally wide. */
export function drawRow({ cells, end }: Row, columns: readonly Column[], marked: number): Drawn {
  const byFrame = new Map(cells.map((cell) => [cell.frame, cell]));
  let room = columns.reduce((sum, column) => sum + column.width, 0);
  let text = '';
  let parts: Drawn = ['', '', ''];
  let over = 0;
  let ended = false;
  for (const column of columns) {
    const cell = byFrame.get(column.frame);
    const before = text;
    ended ||= column.frame + (cell?.span ?? 0) >= end;
    if (cell === undefined) {
      const hidden = Math.min(over, column.width);
      over -= hidden;
      text += ended ? ' '.repeat(column.width - hidden) : column.filler.slice(hidden);
    } else {
      // A group reaches into the columns behind it; the window may end before it does.
      const shown = padded(cut(cell.text, room), column.width, ended ? ' ' : '-');
      text += shown;
      over = widthOf(shown) - column.width;
    }
    room -= column.width;
    if (column.frame === marked) parts = [before, text.slice(before.length), ''];
  }
  const [before, here] = parts;
  return [before, here, text.slice(before.length + here.length)];
}

/** The numbers of the frames in which something stands, `first` before all others, and none over another. */
export function axisOf(columns: readonly Column[], first: number): string {
  const starts: (readonly [at: number, column: Column])[] = [];
  let width = 0;
  for (const column of columns) {
    starts.push([width, column]);
    width += column.width;
  }
  const important = ({ frame, busy }: Column, at: number) =>
    frame === first ? 0 : at === 0 ? 1 : busy ? 2 : 3;
  const candidates = starts
    .filter(([at, column]) => important(column, at) < 3)
    .sort(([a, one], [b, other]) => important(one, a) - important(other, b) || a - b);
  const labels: (readonly [at: number, label: string])[] = [];
  for (const [at, { frame }] of candidates) {
    const label = String(frame);
    const free = labels.every(
      ([other, { length }]) => at + label.length < other || other + length < at,
    );
    if (free) labels.push([at, label]);
  }
  return labels
    .sort(([a], [b]) => a - b)
    .reduce((axis, [at, label]) => axis.padEnd(at) + label, '');
}

/** The column of text at which a frame begins. */
export function startOf(columns: readonly Column[], frame: number): number {
  let at = 0;
  for (const column of columns) {
    if (column.frame === frame) break;
    at += column.width;
  }
  return at;
}
