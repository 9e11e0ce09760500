/**
 * Mutation testing: changes the sources in every way that Stryker knows, and sees whether a test notices.
 * It takes hours, and goes on where it was stopped: a folder whose sources and tests have not changed since is
 * not tried again.
 *
 *     npm run mutate                    all folders
 *     npm run mutate -- src/line        this one
 *     npm run mutate -- --report        what is known so far, survivors included
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { Command } from 'commander';
import ts from 'typescript';

process.chdir(resolve(import.meta.dirname, '..'));

const results = '.cache/mutation';

/** The tests that a folder's mutants must fail: all that are about it, and are quick. */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'src/line': ['test/unit', 'test/channel/channel.test.ts', 'test/operators', 'marbles/specs'],
  'src/channel': ['test/channel', 'test/select', 'test/pipeline', 'test/unit'],
  'src/select': ['test/select', 'test/channel'],
  'src/sync': ['test/sync', 'test/unit'],
  'src/rate': ['test/rate', 'test/operators/leaky-bucket.test.ts', 'marbles/specs/leaky-bucket*'],
  'src/pipeline': ['test/pipeline'],
  src: ['test/unit', 'test/sync', 'test/channel/channel.test.ts'],
  operators: ['test/operators', 'test/laws', 'marbles/specs', 'test/interop'],
};

const testsOf = (folder: string): readonly string[] =>
  TESTS[folder] ?? (folder.startsWith('operators') ? TESTS['operators'] : TESTS['src']) ?? [];

const filesIn = (path: string): readonly string[] => {
  const [base = ''] = path.split('*');
  if (!existsSync(base)) {
    const folder = dirname(base);
    const found = readdirSync(folder).map((name) => join(folder, name));
    return found.filter((file) => file.startsWith(base));
  }
  if (statSync(base).isFile()) return [base];
  const files = readdirSync(base, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join(base, file));
};

/** Source files that have something to run, by folder: found in the syntax tree, so that none is forgotten. */
function foldersOfSources(): ReadonlyMap<string, readonly string[]> {
  const folders = new Map<string, string[]>();
  for (const file of [...filesIn('src'), ...filesIn('operators')].sort()) {
    const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const runs = tree.statements.some(
      (statement) =>
        !ts.isImportDeclaration(statement) &&
        !ts.isExportDeclaration(statement) &&
        !ts.isInterfaceDeclaration(statement) &&
        !ts.isTypeAliasDeclaration(statement),
    );
    if (!runs) continue;
    const folder = dirname(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}

interface Survivor {
  readonly where: string;
  readonly mutator: string;
  readonly replacement: string;
}

interface Outcome {
  readonly key: string;
  readonly killed: number;
  readonly total: number;
  readonly survivors: readonly Survivor[];
}

const resultOf = (folder: string): string => join(results, `${folder.replaceAll('/', '-')}.json`);

function keyOf(folder: string, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of [...sources, ...testsOf(folder).flatMap(filesIn)].sort()) {
    hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex');
}

const known = (folder: string): Outcome | undefined => {
  const path = resultOf(folder);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Outcome) : undefined;
};

async function mutate(folder: string, sources: readonly string[]): Promise<Outcome> {
  const options: ConstructorParameters<typeof Stryker>[0] = {
    mutate: [...sources],
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    coverageAnalysis: 'perTest',
    concurrency: 2,
    timeoutMS: 10_000,
    ignorePatterns: ['.cache', '.data', 'dist', 'docs', 'bench', 'coverage'],
    tempDirName: '.cache/stryker',
    reporters: ['progress'],
    disableTypeChecks: '{src,operators,marbles,test}/**/*.ts',
  };
  process.env['MUTATION_TESTS'] = testsOf(folder).join(',');
  const mutants = await new Stryker(options).runMutationTest();
  const counted = mutants.filter(({ status }) => status !== 'Ignored' && status !== 'CompileError');
  const survived = counted.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  return {
    key: keyOf(folder, sources),
    killed: counted.length - survived.length,
    total: counted.length,
    survivors: survived.map(({ fileName, location, mutatorName, replacement }) => ({
      where: `${fileName.slice(process.cwd().length + 1)}:${location.start.line}:${location.start.column}`,
      mutator: mutatorName,
      replacement: replacement ?? '',
    })),
  };
}

function report(folders: readonly string[], withSurvivors: boolean): void {
  let killed = 0;
  let total = 0;
  for (const folder of folders) {
    const outcome = known(folder);
    if (outcome === undefined) {
      console.log(`${folder.padEnd(24)} not tried yet`);
      continue;
    }
    killed += outcome.killed;
    total += outcome.total;
    const share = ((100 * outcome.killed) / Math.max(1, outcome.total)).toFixed(1);
    console.log(
      `${folder.padEnd(24)} ${share.padStart(5)} %  ${outcome.killed} of ${outcome.total}`,
    );
    if (!withSurvivors) continue;
    for (const { where, mutator, replacement } of outcome.survivors) {
      console.log(`    ${where} ${mutator}: ${replacement.replaceAll(/\s+/g, ' ').slice(0, 80)}`);
    }
  }
  console.log(
    `\n${((100 * killed) / Math.max(1, total)).toFixed(1)} % killed, ${killed} of ${total}`,
  );
}

await new Command('npm run mutate --')
  .description(
    'Changes the sources, and sees whether a test notices. Goes on where it was stopped.',
  )
  .argument('[folders...]', 'of the sources; default: all')
  .option('--report', 'say what is known, and try nothing')
  .action(async (names: string[], options: { report?: boolean }) => {
    const all = foldersOfSources();
    const chosen = names.length > 0 ? names : [...all.keys()];
    if (options.report !== true) {
      mkdirSync(results, { recursive: true });
      for (const folder of chosen) {
        const sources = all.get(folder);
        if (sources === undefined) throw new Error(`There are no sources in ${folder}`);
        if (known(folder)?.key === keyOf(folder, sources)) continue;
        console.log(`\n── ${folder}`);
        writeFileSync(resultOf(folder), JSON.stringify(await mutate(folder, sources), null, 1));
      }
    }
    report(chosen, options.report === true);
  })
  .parseAsync();
