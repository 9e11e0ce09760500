import { judge, spreadOf } from '../harness/verdict.js';
import { areEqual, type Contender } from '../harness/types.js';
import type { Result } from './result.js';

/** A contender that is not ours and takes less than ours. */
export interface Win {
  readonly winner: Contender;
  readonly ours: Contender;
  readonly sameKind: boolean;
  /** Its figure in parts of ours: less than 1. */
  readonly part: number;
}

/** What is nearer than half of a hundredth is no win of either. */
const level = 0.995;

/**
 * Each peer stands beside ours of its own kind; where there is none, beside the best that ours can do. Several
 * of ours of one kind: beside the best of them.
 */
export function winsIn({ section, rows }: Result): Win[] {
  if (section.noWinner) return [];
  const medianOf = new Map(
    rows
      .filter(({ figures }) => figures.length > 0)
      .map(({ name, figures }) => [name, spreadOf(figures).median]),
  );
  const measured = section.contenders.filter(({ name }) => medianOf.has(name));
  const ours = measured
    .filter(({ side }) => side === 'ours')
    .sort((a, b) => medianOf.get(a.name)! - medianOf.get(b.name)!);
  return measured
    .filter(({ side }) => side === 'peer' || side === 'go')
    .flatMap((winner): Win[] => {
      const equal = ours.find((each) => areEqual(each, winner));
      const best = equal ?? ours.find(({ scale }) => scale === winner.scale);
      if (!best) return [];
      const { reached } = judge({ contender: winner.name, against: best.name }, rows);
      if (!reached || !(reached.median < level)) return [];
      return [{ winner, ours: best, sameKind: equal !== undefined, part: reached.median }];
    });
}
