import { countMark, figureCells, goalCells } from './cells.js';
import type { Row } from './rounds.js';
import type { Section } from './types.js';
import type { Verdict } from './verdict.js';

const headings = ['', 'median', 'spread', 'ratio', 'spread', 'of', 'goal', ''];
const rightAligned = new Set([1, 3, 6]);

/** One section as text: a line per contender, and a further one per further goal of it. */
export function tableOf(
  section: Section,
  rows: readonly Row[],
  verdicts: readonly Verdict[],
): string {
  const lines = rows.flatMap((row) => {
    const goals = verdicts.filter(({ goal }) => goal.contender === row.name).map(goalCells);
    const [first = []] = goals;
    const [name = '', ...figures] = figureCells(row);
    return [
      [name + countMark(section, name), ...figures, ...first],
      ...goals.slice(1).map((cells) => ['', '', '', ...cells]),
    ];
  });
  return [`${section.title} (${section.unit})`, ...align([headings, ...lines])].join('\n');
}

function align(lines: readonly (readonly string[])[]): string[] {
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((cells) => (cells[column] ?? '').length)),
  );
  return lines.map((cells) =>
    widths
      .map((width, column) => {
        const cell = cells[column] ?? '';
        return rightAligned.has(column) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
