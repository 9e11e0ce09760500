import { judge, spreadOf } from '../harness/verdict.js';
import { areEqual, type Contender } from '../harness/types.js';
import type { Result } from './result.js';

/** A contender that is not ours and does better than ours. */
export interface Win {
  readonly winner: Contender;
  readonly ours: Contender;
  readonly sameKind: boolean;
  readonly by: Lead;
}

/** Its figure in parts of ours, less than 1; or how far either is off the best. */
type Lead =
  | { readonly part: number }
  | { readonly best: number; readonly winnerOff: number; readonly oursOff: number };

/** What is nearer than half of a hundredth is no win of either. */
const level = 0.995;

/** Each peer stands beside each of ours of its own kind; where there is none, beside the best that ours can do. */
export function winsIn({ section, rows }: Result): Win[] {
  const { best } = section;
  const costOf = new Map(
    rows
      .filter(({ figures }) => figures.length > 0)
      .map(({ name, figures }) => {
        const { median } = spreadOf(figures);
        return [name, best ? Math.abs(median - best.figure) : median];
      }),
  );
  const leadOf = (winner: string, ours: string): Lead | undefined => {
    if (best) {
      const [winnerOff, oursOff] = [costOf.get(winner)!, costOf.get(ours)!];
      return oursOff - winnerOff > best.within
        ? { best: best.figure, winnerOff, oursOff }
        : undefined;
    }
    const part = judge({ contender: winner, against: ours }, rows).reached?.median ?? NaN;
    return part < level ? { part } : undefined;
  };
  const measured = section.contenders.filter(({ name }) => costOf.has(name));
  const ours = measured
    .filter(({ side }) => side === 'ours')
    .sort((a, b) => costOf.get(a.name)! - costOf.get(b.name)!);
  return measured
    .filter(({ side }) => side === 'peer' || side === 'go')
    .flatMap((winner): Win[] => {
      const equal = ours.filter((each) => areEqual(each, winner));
      const sameKind = equal.length > 0;
      const others = ours.filter(({ scale }) => scale === winner.scale);
      return (sameKind ? equal : others.slice(0, 1)).flatMap((second): Win[] => {
        const by = leadOf(winner.name, second.name);
        return by ? [{ winner, ours: second, sameKind, by }] : [];
      });
    });
}
