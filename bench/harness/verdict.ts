import type { Row } from './rounds.js';
import type { Goal } from './types.js';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export interface Verdict {
  readonly goal: Goal;
  /** The figure, or the ratio or difference of the figures; undefined where a contender was skipped. */
  readonly reached?: Spread;
  readonly met?: boolean;
}

export function spreadOf(figures: readonly number[]): Spread {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const low = sorted[Math.ceil(half) - 1];
  const high = sorted[Math.floor(half)];
  const least = sorted[0];
  const most = sorted.at(-1);
  if (low === undefined || high === undefined || least === undefined || most === undefined) {
    throw new RangeError('Expected at least one figure, got none');
  }
  return { median: (low + high) / 2, least, most };
}

/**
 * A ratio or difference is taken within each round, between samples taken seconds apart, and then its median:
 * a machine that slows down for a round slows both sides of it.
 */
export function judge(goal: Goal, rows: readonly Row[]): Verdict {
  const figures = figuresOf(goal.contender, rows);
  const other = goal.against ?? goal.beyond;
  const others = other === undefined ? undefined : figuresOf(other, rows);
  if (!figures.length || others?.length === 0) return { goal };
  const compare = (figure: number, second: number): number =>
    goal.beyond === undefined ? figure / second : figure - second;
  const reached = spreadOf(
    figures.map((figure, round) =>
      others ? compare(figure, others[round] ?? Number.NaN) : figure,
    ),
  );
  const { limit, least = -Infinity, strictly } = goal;
  if (limit === undefined) return { goal, reached };
  const { median } = reached;
  return { goal, reached, met: median >= least && (strictly ? median < limit : median <= limit) };
}

function figuresOf(name: string, rows: readonly Row[]): readonly number[] {
  const row = rows.find((candidate) => candidate.name === name);
  if (!row) throw new Error(`Expected a contender named in the section, got ${name}`);
  return row.figures;
}
