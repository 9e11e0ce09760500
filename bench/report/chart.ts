import { textWidth, wrap } from '../../marbles/specs/svg/measure.js';
import { printSvg } from '../../marbles/specs/svg/print.js';
import { path, rect, text, type Scene, type Shape } from '../../marbles/specs/svg/shapes.js';
import type { Rule } from '../../marbles/specs/svg/style-sheet.js';
import { amount, round } from '../harness/cells.js';
import type { Side } from '../harness/types.js';
import { spreadOf, type Spread } from '../harness/verdict.js';
import type { Result } from './result.js';

interface Bar {
  readonly name: string;
  readonly side: Side;
  readonly spread: Spread;
}

const width = 720;
const margin = 16;
const rowHeight = 22;
const thickness = 12;
/** From a bar's end to its figure, and from a name to its bar. */
const gap = 8;
/** A bar that is longer than so many times the longest of ours and of the limits is cut. */
const longest = 6;

const rules: readonly Rule[] = [
  ['ours', 'fill: var(--v0);'],
  ['peer', 'fill: var(--line);'],
  ['go', 'fill: var(--v5); stroke: var(--e5);'],
  ['limit', 'fill: var(--instant); stroke: var(--line);'],
  ['whisker', 'fill: none; stroke: var(--ink); stroke-width: 1;'],
  ['gap', 'fill: none; stroke: var(--card); stroke-width: 4;'],
];

const legend: Readonly<Record<Side, string>> = {
  ours: 'rxjs-sluice',
  peer: 'JavaScript peer',
  go: 'Go',
  limit: 'bare loop',
};

/** A bar for each contender: its median, and a line from its least to its most. */
export function chartOf(result: Result): string {
  const { title, unit } = result.section;
  return printSvg(sceneOf(result), {
    family: 'bench',
    title,
    words: barsOf(result)
      .map(({ name, spread }) => `${name}: ${amount(spread.median)} ${unit}.`)
      .join(' '),
    rules,
  });
}

/** What is drawn. */
export function sceneOf(result: Result): Scene {
  const { section } = result;
  const bars = barsOf(result);
  const heading = wrap(section.title, 'title', width - 2 * margin);
  const shapes: Shape[] = heading.map((line, index) =>
    text(line, 'title', { x: margin, middle: margin + 10 + index * 21, anchor: 'start' }),
  );
  let top = margin + heading.length * 21 + 12;
  shapes.push(...drawLegend(bars, top, noteOf(section)));
  top += 18;
  shapes.push(...drawBars(bars, top));
  const height = top + bars.length * rowHeight + margin;
  const card = rect({ left: 0.5, top: 0.5, width: width - 1, height: height - 1 }, 8, 'card');
  return {
    width,
    height,
    groups: [
      { name: 'card', shapes: [card] },
      { name: 'bars', shapes },
    ],
  };
}

/** Who was skipped has none. */
const barsOf = ({ section, rows }: Result): Bar[] =>
  rows.flatMap(({ name, figures }): Bar[] => {
    const side = section.contenders.find((contender) => contender.name === name)?.side;
    return side === undefined || figures.length === 0
      ? []
      : [{ name, side, spread: spreadOf(figures) }];
  });

const noteOf = ({ unit, best }: Result['section']): string =>
  `${unit}, ${best ? `${round(best.figure)} is best` : 'less is better'}`;

function drawLegend(bars: readonly Bar[], middle: number, note: string): Shape[] {
  const shapes: Shape[] = [];
  let x = margin;
  for (const side of ['ours', 'peer', 'go', 'limit'] as const) {
    if (!bars.some((bar) => bar.side === side)) continue;
    shapes.push(rect({ left: x, top: middle - 5, width: 10, height: 10 }, 2, side));
    shapes.push(text(legend[side], 'note', { x: x + 16, middle, anchor: 'start' }));
    x += 16 + textWidth(legend[side], 'note') + 18;
  }
  const left = width - margin - textWidth(note, 'note');
  shapes.push(text(note, 'note', { x: left, middle, anchor: 'start' }));
  return shapes;
}

function drawBars(bars: readonly Bar[], top: number): Shape[] {
  const names = Math.max(0, ...bars.map(({ name }) => textWidth(name, 'label')));
  const left = margin + names + gap;
  const figures = Math.max(
    0,
    ...bars.map(({ spread }) => textWidth(amount(spread.median), 'label')),
  );
  const room = width - margin - figures - gap - left;
  const most = greatest(bars);
  const length = (value: number): number =>
    (room * Math.min(Math.max(value, 0), most)) / (most || 1);
  return bars.flatMap(({ name, side, spread }, index): Shape[] => {
    const middle = top + (index + 0.5) * rowHeight;
    const end = left + length(spread.median);
    const reach = left + length(spread.most);
    const cut = spread.median > most;
    return [
      text(name, 'label', { x: margin, middle, anchor: 'start' }),
      rect(
        { left, top: middle - thickness / 2, width: Math.max(1, end - left), height: thickness },
        2,
        side,
      ),
      ...(cut || spread.least === spread.most
        ? []
        : [path('whisker', [left + length(spread.least), middle, reach, middle])]),
      ...(cut ? [tear(left + room * 0.94, middle)] : []),
      text(amount(spread.median), 'label', {
        x: Math.max(end, cut ? end : reach) + gap,
        middle,
        anchor: 'start',
      }),
    ];
  });
}

/** Two slanted gaps: there is more of this bar than is shown. */
const tear = (x: number, middle: number): Shape =>
  path(
    'gap',
    [x - 3, middle + thickness, x + 5, middle - thickness],
    [x + 7, middle + thickness, x + 15, middle - thickness],
  );

/** Where the longest bar ends. */
function greatest(bars: readonly Bar[]): number {
  const medians = (which: readonly Bar[]): number[] => which.map(({ spread }) => spread.median);
  const all = Math.max(0, ...medians(bars));
  const own = Math.max(
    0,
    ...medians(bars.filter(({ side }) => side === 'ours' || side === 'limit')),
  );
  return own > 0 ? Math.min(all, own * longest) : all;
}
