import { amount, round } from '../harness/cells.js';
import { areEqual } from '../harness/types.js';
import { judge, spreadOf } from '../harness/verdict.js';
import type { Result } from './result.js';

/** What each of ours costs beside the bare loop of its kind: lines of a table. */
export function limitLines(results: readonly Result[]): string[][] {
  return results.flatMap(({ section, rows }) => {
    const figureOf = (name: string): string => {
      const figures = rows.find((row) => row.name === name)?.figures ?? [];
      return figures.length > 0 ? amount(spreadOf(figures).median) : '–';
    };
    const bare = section.contenders.filter(({ side }) => side === 'limit');
    return section.contenders
      .filter(({ side }) => side === 'ours')
      .flatMap((contender) => {
        const { name } = contender;
        const limit =
          bare.find((each) => areEqual(each, contender)) ??
          (bare.length === 1 ? bare[0] : undefined);
        if (!limit) return [];
        const { reached } = judge({ contender: name, against: limit.name }, rows);
        // Where less is not better, how many times as much says nothing; nor does it beside nothing.
        const tells = reached && !section.best && Number.isFinite(reached.median);
        const times = tells ? round(reached.median) : '–';
        return [
          [section.id, name, figureOf(name), limit.name, figureOf(limit.name), section.unit, times],
        ];
      });
  });
}
