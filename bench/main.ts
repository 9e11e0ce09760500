import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { buildChild } from './harness/build.js';
import { selectSections } from './harness/job.js';
import { playRounds, type Row } from './harness/rounds.js';
import { tableOf } from './harness/table.js';
import type { Section } from './harness/types.js';
import { judge, type Verdict } from './harness/verdict.js';
import { sections } from './sections/index.js';

interface Options {
  readonly only: readonly string[];
  readonly rounds: number;
  readonly count?: number;
  readonly json?: string;
  readonly list?: boolean;
}

interface Result {
  readonly section: Section;
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
}

const program = new Command('npm run bench --')
  .description('Measures the library beside its peers and says which goals it reaches.')
  .option('--only <section...>', 'sections whose id begins so', [])
  .option('--rounds <n>', 'samples per contender, each from a process of its own', whole, 5)
  .option('--count <n>', 'values per run, one run and no warm-up: tries the bench itself', whole)
  .option('--json <file>', 'also write every figure to a file')
  .option('--list', 'list the sections and their contenders, and measure nothing')
  .action(main);

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
await program.parseAsync();

async function main(options: Options): Promise<void> {
  const chosen = selectSections(sections, options.only);
  if (options.list) {
    for (const { id, contenders } of chosen) {
      console.log([id, ...contenders.map(({ name }) => `    ${name}`)].join('\n'));
    }
    return;
  }
  const child = await buildChild();
  const results: Result[] = [];
  for (const section of chosen) {
    const rows = await playRounds(section, {
      child,
      rounds: options.rounds,
      quickCount: options.count,
      onSample: showProgress,
    });
    const verdicts = section.goals.map((goal) => judge(goal, rows));
    clearProgress();
    console.log(`${tableOf(section, rows, verdicts)}\n`);
    results.push({ section, rows, verdicts });
  }
  console.log(summaryOf(results));
  if (options.json !== undefined) await writeFile(options.json, asJson(options, results));
}

function summaryOf(results: readonly Result[]): string {
  const verdicts = results
    .flatMap((result) => result.verdicts)
    .filter(({ goal }) => goal.limit !== undefined);
  const met = verdicts.filter((verdict) => verdict.met === true).length;
  const missed = verdicts.filter((verdict) => verdict.met === false).length;
  const open = verdicts.length - met - missed;
  return `${verdicts.length} goals: ${met} met, ${missed} missed, ${open} not compared.`;
}

function asJson({ rounds, count }: Options, results: readonly Result[]): string {
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length };
  const measured = results.map(({ section: { id, title, unit }, rows, verdicts }) => ({
    id,
    title,
    unit,
    rows,
    verdicts,
  }));
  return `${JSON.stringify({ machine, rounds, count, sections: measured }, null, 2)}\n`;
}

function showProgress({ id }: Section, { name }: { name: string }, round: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${id}, round ${round + 1}: ${name}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

function whole(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`Expected an integer ≥ 1, got ${text}`);
}
