/**
 * Mutation testing: changes the sources in every way that Stryker knows, one at a time, and sees whether a test
 * notices. It takes an hour and a half, and goes on where it was stopped: a file is tried again when it has changed; where
 * only its tests have, or what they import of the tests, what survived is. A change of what the file itself imports has
 * nothing tried again.
 *
 *     npm run mutate                    all files
 *     npm run mutate -- src/line        those whose path begins so
 *     npm run mutate -- --again         what was noticed too, where tests have changed
 *     npm run mutate -- --report        what is known so far, survivors and their reasons included
 *     npm run mutate -- --write         all files, and docs/mutation.md once none is left to be tried
 *
 * Fails where less than 90 % is noticed, or a survivor has no reason in `scripts/mutation/reasons/`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { nameOf, reasons } from './mutation/reasons.js';
import { keysOf, sources, type Keys, type Source } from './mutation/sources.js';
import { attempt, type Tally } from './mutation/try.js';
import { versionOf } from './versions.js';

process.chdir(resolve(import.meta.dirname, '..'));
process.env['CI'] = 'true'; // snapshots are compared, and not written

const results = '.cache/mutation';
const goal = 0.9;

interface Result extends Tally {
  readonly keys: Keys;
}

const resultOf = ({ file }: Source): string => join(results, `${file.replaceAll('/', '-')}.json`);

function known(source: Source): (Result & { readonly stale?: keyof Keys }) | undefined {
  const path = resultOf(source);
  if (!existsSync(path)) return undefined;
  const result = JSON.parse(readFileSync(path, 'utf8')) as Result;
  const keys = keysOf(source);
  if (result.keys.source !== keys.source) return { ...result, stale: 'source' };
  return result.keys.tests === keys.tests ? result : { ...result, stale: 'tests' };
}

/** As many sources are tried together at most: what is known is written when all of them have been. */
const TOGETHER = 5;

/** Tries what is not known. Returns the files that could not be tried. */
async function mutate(chosen: readonly Source[], again: boolean): Promise<readonly string[]> {
  mkdirSync(results, { recursive: true });
  const failed: string[] = [];
  for (const sources of alike(chosen.filter((source) => !isKnown(source)))) {
    const keys = sources.map(keysOf); // what changes meanwhile is tried again
    const started = performance.now();
    try {
      const trials = sources.map((source) => {
        const before = known(source);
        return { source, before: before?.stale === 'tests' && !again ? before : undefined };
      });
      const tallies = await attempt(trials);
      tallies.forEach((tally, i) => {
        const [source, key] = [sources[i] as Source, keys[i] as Keys];
        writeFileSync(
          resultOf(source),
          JSON.stringify({ ...tally, keys: key } satisfies Result, null, 1),
        );
        console.log(inWords(source.file, tally));
      });
      console.log(`  in ${((performance.now() - started) / 60_000).toFixed(1)} min`);
    } catch (error) {
      failed.push(...sources.map(({ file }) => file));
      console.log(`${sources.map(({ file }) => file).join(', ')}: ${String(error)}`);
    }
  }
  return failed;
}

function isKnown(source: Source): boolean {
  const result = known(source);
  return result !== undefined && result.stale === undefined;
}

/** Those that have the same tests, a few at a time. */
function alike(all: readonly Source[]): readonly (readonly Source[])[] {
  const groups: Source[][] = [];
  for (const source of all) {
    const group = groups.find(
      ([first, ...others]) =>
        others.length + 1 < TOGETHER && first?.tests.join() === source.tests.join(),
    );
    if (group === undefined) groups.push([source]);
    else group.push(source);
  }
  return groups;
}

const noticed = ({ killed, timedOut }: Tally): number => killed + timedOut;
const tried = (tally: Tally): number => noticed(tally) + tally.survivors.length;
const percent = (part: number, all: number): string =>
  `${((100 * part) / Math.max(1, all)).toFixed(1)} %`;

const inWords = (file: string, tally: Tally): string =>
  `${file.padEnd(36)} ${percent(noticed(tally), tried(tally)).padStart(7)}  ${noticed(tally)} of ${tried(tally)}`;

/** Says what is known; returns it as a page, and whether it is as it should be. */
function report(chosen: readonly Source[], withSurvivors: boolean) {
  const why = reasons();
  const tallies: (Result & { file: string })[] = [];
  const lines: string[] = [];
  let unexplained = 0;
  let unknown = 0;
  for (const source of chosen) {
    const { file } = source;
    const result = known(source);
    if (result === undefined || result.stale !== undefined) unknown++;
    if (result === undefined) {
      console.log(`${file.padEnd(36)} not tried yet`);
      continue;
    }
    tallies.push({ file, ...result });
    console.log(
      `${inWords(file, result)}${result.stale === undefined ? '' : `, before its ${result.stale} changed`}`,
    );
    if (result.survivors.length > 0) lines.push(`\n### \`${file}\`\n`);
    for (const survivor of result.survivors) {
      const name = nameOf(file, survivor);
      const reason = why.get(name)?.shift();
      if (reason === undefined) unexplained++;
      lines.push(
        `- ${code(survivor.text)} → ${code(survivor.put)}: ${reason ?? '**no reason yet**'}`,
      );
      if (withSurvivors)
        console.log(`    ${survivor.start.line}: ${name}\n        ${reason ?? '?'}`);
    }
  }
  const sum = (count: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  const [all, dead] = [sum(tried), sum(noticed)];
  const summary = `${percent(dead, all)} noticed: ${dead} of ${all}, ${sum(({ timedOut }) => timedOut)} of them by a loop that did not end; ${sum(({ invalid }) => invalid)} more could not be tried`;
  console.log(`\n${summary}; ${unexplained} without a reason, ${unknown} files to be tried`);
  const whole = chosen.length === sources().length;
  const unused = whole ? [...why].filter(([, left]) => left.length > 0) : [];
  for (const [name, left] of unused)
    console.log(`a reason for what does not survive (${left.length}): ${name}`);
  const ok = dead >= goal * all && unexplained === 0 && unknown === 0 && unused.length === 0;
  return { ok, unknown, page: pageOf(summary, tallies, lines) };
}

const code = (text: string): string =>
  text === ''
    ? 'nothing'
    : `\`\`${text.startsWith('`') ? ' ' : ''}${text}${text.endsWith('`') ? ' ' : ''}\`\``;

function pageOf(
  summary: string,
  tallies: readonly (Tally & { file: string })[],
  lines: readonly string[],
): string {
  const changed = tallies.filter((tally) => tried(tally) > 0);
  const rows = changed.map(
    (tally) =>
      `| \`${tally.file}\` | ${noticed(tally)} of ${tried(tally)} | ${percent(noticed(tally), tried(tally))} |`,
  );
  return `# Mutation testing

What \`npm run mutate\` found: Stryker changes the sources in every way that it knows, one at a time, and the tests
that are about the file run on each. ${summary}. What stayed unnoticed is listed with the reason. Written on
${new Date().toISOString().slice(0, 10)}, with Stryker ${versionOf('@stryker-mutator/core')} on Node ${process.versions.node}.

| file | noticed | share |
|---|--:|--:|
${rows.join('\n')}

## What no test notices, and why
${lines.join('\n')}
`;
}

await new Command('npm run mutate --')
  .description(
    'Changes the sources, and sees whether a test notices. Goes on where it was stopped.',
  )
  .argument('[paths...]', 'how the paths of sources begin; default: all')
  .option('--again', 'try what was noticed too, where only tests have changed')
  .option('--report', 'say what is known, and try nothing')
  .option('--write', 'write docs/mutation.md too, of all files')
  .action(
    async (paths: string[], options: { again?: boolean; report?: boolean; write?: boolean }) => {
      if (options.write && paths.length > 0) throw new Error('Expected all files with `write`');
      const chosen = sources().filter(
        ({ file }) => paths.length === 0 || paths.some((path) => file.startsWith(path)),
      );
      if (chosen.length === 0) throw new Error(`There are no sources in ${paths.join(', ')}`);
      const failed = options.report === true ? [] : await mutate(chosen, options.again === true);
      const { ok, unknown, page } = report(chosen, options.report === true);
      if (options.write === true && unknown > 0) {
        console.log(`docs/mutation.md is not written: ${unknown} files are to be tried`);
      } else if (options.write === true) {
        const { format, resolveConfig } = await import('prettier');
        const style = await resolveConfig('docs/mutation.md');
        writeFileSync('docs/mutation.md', await format(page, { ...style, parser: 'markdown' }));
      }
      if (!ok || failed.length > 0) process.exitCode = 1;
    },
  )
  .parseAsync();
