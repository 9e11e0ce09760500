import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { buildChild, buildFolder } from './harness/build.js';
import { selectSections } from './harness/job.js';
import { playRounds, rowsOf, type Taken } from './harness/rounds.js';
import { tableOf } from './harness/table.js';
import type { Contender, Section } from './harness/types.js';
import { countGoals, resultOf, resultsOf, type Figures, type Result } from './report/result.js';
import { load, machine, versions } from './report/surroundings.js';
import { writePage } from './report/write.js';
import { sections } from './sections/index.js';

interface Options {
  readonly only: readonly string[];
  readonly rounds: number;
  readonly count?: number;
  readonly json?: string;
  readonly from?: string;
  readonly write?: string | true;
  readonly list?: boolean;
  readonly build?: boolean;
}

const ROUNDS = 5;

const program = new Command('npm run bench --')
  .description('Measures the library beside its peers and says which goals it reaches.')
  .option('--only <section...>', 'sections whose id begins so', [])
  .option('--rounds <n>', 'samples per contender, each from a process of its own', whole, ROUNDS)
  .option('--count <n>', 'values per run, one run and no warm-up: tries the bench itself', whole)
  .option('--json <file>', 'also write every figure to a file')
  .option('--write [folder]', 'write benchmarks.md and its charts into the folder (docs)')
  .option('--from <file>', 'take the figures from a file that --json wrote, and measure nothing')
  .option('--list', 'list the sections and their contenders, and measure nothing')
  .option('--build', 'build the program that takes a sample, to profile it, and measure nothing')
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
  if (options.build) {
    console.log(await buildChild(buildFolder));
    return;
  }
  const kept =
    options.from === undefined
      ? undefined
      : (JSON.parse(await readFile(options.from, 'utf8')) as Figures);
  const known = kept && resultsOf(kept, chosen);
  const { length } = known ?? chosen;
  if (options.write === true && length < sections.length) {
    program.error(
      `error: Expected every section with \`write\` into docs, got ${length} of ${sections.length}`,
    );
  }
  const figures = kept ?? (await measure(options, chosen));
  const results = known ?? resultsOf(figures, chosen);
  known?.forEach(print);
  const { all, met, missed, open } = countGoals(results);
  console.log(`${all} goals: ${met} met, ${missed} missed, ${open} not compared.`);
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  }
  if (options.write !== undefined) {
    await writePage(options.write === true ? 'docs' : options.write, figures, results);
  }
}

async function measure(options: Options, chosen: readonly Section[]): Promise<Figures> {
  const start = Date.now();
  const loadBefore = load();
  // Of its own: who edits the sources meanwhile, or tries the bench, changes nothing of this run.
  const folder = join(buildFolder, String(process.pid));
  const measured = [];
  const known = new Map<readonly Contender[], readonly Taken[]>();
  try {
    const child = await buildChild(folder);
    for (const section of chosen) {
      const taken =
        known.get(section.contenders) ??
        (await playRounds(section, {
          child,
          rounds: options.rounds,
          quickCount: options.count,
          onSample: showProgress,
        }));
      known.set(section.contenders, taken);
      const rows = rowsOf(section, taken);
      clearProgress();
      print(resultOf(section, rows));
      measured.push({ id: section.id, rows });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return {
    surroundings: {
      command: commandOf(options),
      date: new Date(start).toISOString().slice(0, 10),
      minutes: (Date.now() - start) / 60_000,
      machine: machine(),
      load: [loadBefore, load()],
      versions: versions(),
    },
    rounds: options.rounds,
    ...(options.count === undefined ? {} : { count: options.count }),
    sections: measured,
  };
}

/** What measures as these figures were, and writes their page. */
function commandOf({ only, rounds, count, write }: Options): string {
  const given = [
    ...(only.length > 0 ? ['--only', ...only] : []),
    ...(rounds === ROUNDS ? [] : ['--rounds', String(rounds)]),
    ...(count === undefined ? [] : ['--count', String(count)]),
    '--write',
    ...(typeof write === 'string' ? [write] : []),
  ];
  return ['npm run bench --', ...given].join(' ');
}

function print({ section, rows, verdicts }: Result): void {
  console.log(`${tableOf(section, rows, verdicts)}\n`);
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
