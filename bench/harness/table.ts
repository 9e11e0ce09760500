import type { Row } from './rounds.js';
import type { Section } from './types.js';
import { spreadOf, type Spread, type Verdict } from './verdict.js';

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
    return [
      [...figureCells(row), ...first],
      ...goals.slice(1).map((cells) => ['', '', '', ...cells]),
    ];
  });
  return [`${section.title} (${section.unit})`, ...align([headings, ...lines])].join('\n');
}

function figureCells({ name, figures, skipped }: Row): string[] {
  if (skipped !== undefined) return [name, '–', `skipped: ${skipped}`];
  const { median, least, most } = spreadOf(figures);
  return [name, amount(median), `${amount(least)} – ${amount(most)}`];
}

function goalCells({ goal, reached, met }: Verdict): string[] {
  const ratio = goal.against === undefined ? ['', '', ''] : [...ratioCells(reached), goal.against];
  if (goal.limit === undefined) return ratio;
  const { limit: most, least, strictly } = goal;
  const limit =
    least === undefined
      ? `${strictly ? '<' : '≤'} ${round(most)}`
      : `${round(least)} – ${round(most)}`;
  return [...ratio, limit, met === undefined ? 'not compared' : met ? 'met' : 'MISSED'];
}

function ratioCells(ratio: Spread | undefined): string[] {
  if (!ratio) return ['–', ''];
  return [round(ratio.median), `${round(ratio.least)} – ${round(ratio.most)}`];
}

/** Three significant digits, and never fewer than the whole number. */
function amount(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function round(value: number): string {
  if (Number.isInteger(value) && value >= 10) return String(value);
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2);
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
