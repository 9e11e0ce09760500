import { amount, countMark, figureCells, goalCells, round } from '../harness/cells.js';
import type { Verdict } from '../harness/verdict.js';
import { code, strong, table, tidied } from './markdown.js';
import { countGoals, type Figures, type Result } from './result.js';
import { winsIn, type Win } from './wins.js';

/** The page of the docs: every figure, every goal, and in words where a peer wins. */
export async function pageOf(figures: Figures, results: readonly Result[]): Promise<string> {
  return tidied(
    [introduction(figures), summary(results), ...results.map((result) => sectionOf(result))].join(
      '\n\n',
    ),
  );
}

function introduction({ surroundings, rounds, count }: Figures): string {
  const { command, date, minutes, machine, load, versions } = surroundings;
  const tried =
    count === undefined
      ? ''
      : `\n\n${strong(`Only tried, with ${count} values per run and no warm-up: the figures mean nothing.`)}`;
  return `
# Benchmarks

rxjs-sluice beside its peers in JavaScript, beside Go, and beside the bare loop that does no more than it must.
What counts are the ratios: the contenders of a section take turns, each sample in a process of its own, after a
warm-up, and each run's result is checked. [The benchmark's own page](../bench/README.md) says how it measures
and what each contender does; [Performance](performance.md) says what limits a figure, and what was tried.${tried}

| | |
|---|---|
| command | ${code(command)} |
| date | ${date}, ${Math.round(minutes)} minutes |
| machine | ${machine} |
| load | ${load[0]} before, ${load[1]} after (processes that want a core, of the bench itself too) |
| rounds | ${rounds}; median, and least to most |
| versions | ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')} |

A _ratio_ is taken within each round; its median is judged. Below 1, ours takes less. _Kind_ is how values pass:
only contenders of one kind do the same work. A _limit_ is a bare loop. Who runs over fewer values than the others of
a section is marked with how many.`.trim();
}

function summary(results: readonly Result[]): string {
  const { all, met, missed, open } = countGoals(results);
  const wins = results.flatMap((result) => winsIn(result).map((win) => ({ result, win })));
  const list = (sameKind: boolean): string =>
    wins
      .filter(({ win }) => win.sameKind === sameKind)
      .map(({ result, win }) => `- ${link(result)}: ${inWords(win)}`)
      .join('\n') || '- nowhere';
  const misses = results
    .map((result) => ({ result, count: result.verdicts.filter(({ met }) => met === false).length }))
    .filter(({ count }) => count > 0)
    .map(({ result, count }) => `${link(result)} (${count})`);
  return `
${all} goals: ${strong(`${met} met, ${missed} missed, ${open} not compared`)}.
${misses.length > 0 ? `Missed in ${misses.join(', ')}.` : ''}

## Where a peer wins

With the same kind of work:

${list(true)}

With another kind of work:

${list(false)}

## Figures`.trim();
}

const link = ({ section }: Result): string => `[${section.id}](#${section.id})`;

function inWords({ winner, ours, sameKind, by }: Win): string {
  const kinds = sameKind ? '' : ` (${winner.kind ?? 'other'} beside ${ours.kind ?? 'other'})`;
  const [first, second] = [code(winner.name), code(ours.name)];
  const words =
    'part' in by
      ? `${first} takes ${round(by.part)} of what ${second} takes`
      : `${first} is ${amount(by.winnerOff)} from ${amount(by.best)}, ${second} ${amount(by.oursOff)}`;
  return words + kinds;
}

function sectionOf(result: Result): string {
  const { section, rows } = result;
  const wins = winsIn(result).map((win) => `${inWords(win)}.`);
  const headings = ['contender', 'kind', 'median', 'spread', 'ratio', 'spread', 'of', 'goal', ''];
  const lines = rows.flatMap((row) => {
    const contender = section.contenders.find(({ name }) => name === row.name);
    const [name = '', ...figures] = figureCells(row);
    const goals = result.verdicts
      .filter(({ goal }) => goal.contender === row.name)
      .map(verdictCells);
    const mark = countMark(section, name);
    const shown = (contender?.side === 'ours' ? strong(code(name)) : code(name)) + mark;
    const kind =
      contender?.side === 'limit' ? `limit, ${contender.kind ?? ''}` : (contender?.kind ?? '');
    const [first = []] = goals;
    // What was skipped has a reason in the place of a spread.
    const padded = [...figures, ...Array<string>(2).fill('')].slice(0, 2);
    return [
      [shown, kind, ...padded, ...first],
      ...goals.slice(1).map((cells) => ['', '', '', '', ...cells]),
    ];
  });
  return [
    `### ${section.id}`,
    `${section.title} (${section.unit}).`,
    `![${section.title}, as bars](benchmarks/${section.id}.svg)`,
    table(headings, lines),
    wins.length > 0 ? `${strong('A peer wins:')} ${wins.join(' ')}` : '',
  ].join('\n\n');
}

function verdictCells(verdict: Verdict): string[] {
  const [ratio = '', spread = '', of = '', goal = '', said = ''] = goalCells(verdict);
  return [
    ratio,
    spread,
    of === '' ? '' : code(of),
    goal,
    said === 'MISSED' ? strong('missed') : said,
  ];
}
