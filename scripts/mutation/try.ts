import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import type { Source } from './sources.js';

/** A change of the sources that no test noticed. */
export interface Survivor {
  readonly mutator: string;
  readonly line: number;
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

/** Changes `source` in every way that Stryker knows, one at a time, and runs its tests on each. */
export async function attempt({ file, tests }: Source): Promise<Tally> {
  process.env['MUTATION_TESTS'] = tests.join(',');
  const mutants = await new Stryker({
    mutate: [file],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: Number(process.env['MUTATION_WORKERS'] ?? 2),
    timeoutMS: 15_000,
    ignorePatterns: ['.cache', '.data', 'dist', 'bench', 'coverage'],
    tempDirName: '.cache/stryker',
    reporters: [],
    logLevel: 'warn' as never,
    disableTypeChecks: '{src,operators,marbles,test}/**/*.ts',
  }).runMutationTest();
  const lines = readFileSync(file, 'utf8').split('\n');
  const count = (status: string): number =>
    mutants.filter((mutant) => mutant.status === status).length;
  const survivors = mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ location: { start, end }, mutatorName, replacement, fileName }): Survivor => {
      if (relative('.', fileName) !== file) throw new Error(`Expected ${file}, got ${fileName}`);
      // Lines and columns count from 1; the end is the first character behind it.
      const text = lines.slice(start.line - 1, end.line);
      text.push((text.pop() ?? '').slice(0, end.column - 1));
      text.unshift((text.shift() ?? '').slice(start.column - 1));
      return {
        mutator: mutatorName,
        line: start.line,
        text: short(text.join(' ')),
        put: short(replacement),
      };
    });
  const [killed, timedOut] = [count('Killed'), count('Timeout')];
  const invalid = mutants.length - killed - timedOut - survivors.length - count('Ignored');
  return { killed, timedOut, invalid, survivors };
}

/** In one line, and not all of it where it is long. */
function short(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > 100 ? `${flat.slice(0, 99)}…` : flat;
}
