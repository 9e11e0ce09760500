import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import type { Source } from './sources.js';

interface Place {
  readonly line: number;
  readonly column: number;
}

type Mutant = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** A change of the sources that no test noticed. */
export interface Survivor {
  readonly mutator: string;
  /** Lines and columns count from 1; the end is the first character behind it. */
  readonly start: Place;
  readonly end: Place;
  /** What stands there, and what was put in its place. */
  readonly text: string;
  readonly put: string;
}

export interface Tally {
  readonly killed: number;
  readonly timedOut: number;
  /** Changes that do not run at all: they say nothing of the tests. */
  readonly invalid: number;
  readonly survivors: readonly Survivor[];
}

/** What is to be tried of a source: all, or what survived `before`. */
export interface Trial {
  readonly source: Source;
  readonly before: Tally | undefined;
}

/**
 * Changes sources that have the same tests in every way that Stryker knows, one at a time, and runs the tests on
 * each. Returns a tally for each source.
 */
export async function attempt(trials: readonly Trial[]): Promise<readonly Tally[]> {
  const places = new Set(trials.flatMap(placesOf));
  const mutants = places.size === 0 ? [] : await run(trials[0]?.source.tests ?? [], [...places]);
  const strange = mutants.find(
    ({ fileName }) => !trials.some(({ source }) => source.file === relative('.', fileName)),
  );
  if (strange !== undefined) throw new Error(`Expected no mutant of ${strange.fileName}`);
  return trials.map(({ source: { file }, before }) => {
    const own = mutants.filter(({ fileName }) => relative('.', fileName) === file);
    return before === undefined ? tallyOf(file, own) : tallyOn(before, file, own);
  });
}

function placesOf({ source: { file }, before }: Trial): readonly string[] {
  if (before === undefined) return [file];
  return before.survivors.map(({ start, end }) => `${file}:${rangeAt(start)}-${rangeAt(end)}`);
}

/** Where Stryker is told a place, columns count from 0. */
const rangeAt = ({ line, column }: Place): string => `${line}:${column - 1}`;

async function run(
  tests: readonly string[],
  places: readonly string[],
): Promise<readonly Mutant[]> {
  process.env['MUTATION_TESTS'] = tests.join(',');
  return new Stryker({
    mutate: [...places],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env['MUTATION_WORKERS'] ?? 2),
    timeoutMS: 10_000,
    ignorePatterns: ['.cache', '.data', 'dist', 'bench', 'coverage'],
    tempDirName: `.cache/stryker-${process.pid}`,
    reporters: [],
    logLevel: 'error' as never,
    disableTypeChecks: '{src,operators,marbles,test}/**/*.ts',
  }).runMutationTest();
}

function tallyOf(file: string, mutants: readonly Mutant[]): Tally {
  const count = (status: string): number =>
    mutants.filter((mutant) => mutant.status === status).length;
  const [killed, timedOut, ignored] = [count('Killed'), count('Timeout'), count('Ignored')];
  const lines = readFileSync(file, 'utf8').split('\n');
  const survivors = mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map((mutant): Survivor => {
      const change = changeOf(mutant);
      const { start, end } = change;
      const text = lines.slice(start.line - 1, end.line);
      text.push((text.pop() ?? '').slice(0, end.column - 1));
      text.unshift((text.shift() ?? '').slice(start.column - 1));
      return { ...change, text: short(text.join(' ')) };
    });
  const invalid = mutants.length - killed - timedOut - ignored - survivors.length;
  return { killed, timedOut, invalid, survivors };
}

/** `before`, and how those that survived then have fared; others that stand in the same places were noticed. */
function tallyOn(before: Tally, file: string, mutants: readonly Mutant[]): Tally {
  const known = new Set(before.survivors.map(keyOf));
  const again = mutants.filter((mutant) => known.has(keyOf(changeOf(mutant))));
  if (again.length !== before.survivors.length) {
    throw new Error(`Expected ${before.survivors.length} mutants in ${file}, got ${again.length}`);
  }
  const { killed, timedOut, invalid, survivors } = tallyOf(file, again);
  return {
    killed: before.killed + killed,
    timedOut: before.timedOut + timedOut,
    invalid: before.invalid + invalid,
    survivors,
  };
}

const changeOf = ({ mutatorName, location: { start, end }, replacement }: Mutant) => ({
  mutator: mutatorName,
  start,
  end,
  put: short(replacement),
});

const keyOf = ({ mutator, start, end, put }: Omit<Survivor, 'text'>): string =>
  [mutator, start.line, start.column, end.line, end.column, put].join(' ');

/** In one line, and not all of it where it is long. */
function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 100 ? `${flat.slice(0, 99)}…` : flat;
}
