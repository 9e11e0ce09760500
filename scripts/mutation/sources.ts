import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** One file of the sources, and the tests that have to notice what is changed in it. */
export interface Source {
  readonly file: string;
  readonly tests: readonly string[];
}

const specs = (...operators: readonly string[]): readonly string[] =>
  operators.flatMap((name) => [
    `marbles/specs/${name}.marbles.ts`,
    `test/operators/${name}.test.ts`,
  ]);

const ERRORS = ['test/unit/errors.test.ts'];
const ALL_SPECS = ['marbles/specs', 'test/operators', 'test/interop'];
const CHANNEL = [
  'test/channel/channel.test.ts',
  'test/channel/re-entrance.test.ts',
  'test/channel/model.test.ts',
];

/**
 * Tests by the beginning of a file's path; the longest that fits counts. They are the ones about the file, not
 * all that pass through it: what only a law far away would notice is counted as not noticed.
 */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'src/': ['test/unit', 'test/sync', ...CHANNEL],
  'src/line/': ['test/unit', ...CHANNEL, ...specs('buffered-channel', 'worker-pool', 'broadcast')],
  'src/channel/': [...CHANNEL, 'test/select', 'test/pipeline'],
  'src/select/': ['test/select', ...CHANNEL],
  'src/sync/': ['test/sync', 'test/interop/context.test.ts'],
  'src/rate/': ['test/rate', ...specs('leaky-bucket')],
  'src/pipeline/': ['test/pipeline'],
  'operators/': ALL_SPECS,
  'operators/link/': ['test/link/links.test.ts', ...ALL_SPECS],
  'operators/sources/': [
    'test/faults/iterators.test.ts',
    'test/faults/streams.test.ts',
    'test/interop',
    ...specs('pull-from', 'backpressure'),
  ],
  'operators/sinks/': [
    'test/faults/sinks.test.ts',
    'test/interop',
    ...specs('into-channel', 'to-async-iterable'),
  ],
  'operators/pool/': [
    'test/interop',
    ...specs('worker-pool', 'adaptive-limit', 'adaptive-limit-loop'),
  ],
  'operators/limits/': specs('adaptive-limit', 'adaptive-limit-loop'),
  'operators/lanes/': specs('fan-out'),
  'operators/bucket/': specs('leaky-bucket'),
  'operators/broadcast/': specs('broadcast'),
  'operators/throttle/': specs('adaptive-throttle'),
  'operators/worker-pool.ts': ['test/interop', ...specs('worker-pool', 'adaptive-limit')],
  'operators/fan-out.ts': specs('fan-out'),
  'operators/leaky-bucket.ts': specs('leaky-bucket'),
  'operators/broadcast.ts': specs('broadcast'),
  'operators/adaptive-throttle.ts': specs('adaptive-throttle'),
  'operators/batch-with-timeout.ts': specs('batch-with-timeout'),
  'operators/buffered-channel.ts': specs('buffered-channel'),
  'operators/conflate.ts': specs('conflate'),
  'src/errors.ts': ERRORS,
  'operators/lanes/errors.ts': ERRORS,
  'operators/pool/errors.ts': ERRORS,
  'operators/stage/errors.ts': ERRORS,
};

/** Every source that has something to run: found in the syntax trees, so that none is forgotten. */
export function sources(): readonly Source[] {
  return ['src', 'operators']
    .flatMap((folder) => filesIn(folder))
    .filter(runs)
    .map((file) => ({ file, tests: testsOf(file) }));
}

/** What the result of a source hangs on. */
export interface Keys {
  readonly source: string;
  readonly tests: string;
}

export const keysOf = ({ file, tests }: Source): Keys => ({
  source: hashOf([file]),
  tests: hashOf(tests),
});

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function testsOf(file: string): readonly string[] {
  const [longest = ''] = Object.keys(TESTS)
    .filter((start) => file.startsWith(start))
    .sort((a, b) => b.length - a.length);
  const paths = (TESTS[longest] ?? []).flatMap((path) => (existsSync(path) ? filesIn(path) : []));
  const tests = paths.filter((path) => /\.(test|marbles)\.ts$/.test(path));
  if (tests.length === 0) throw new Error(`Expected tests for ${file}, got none`);
  return [...new Set(tests)].sort();
}

function filesIn(path: string): readonly string[] {
  if (statSync(path).isFile()) return [path];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(path, name));
}

function runs(file: string): boolean {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return tree.statements.some(
    (statement) =>
      !ts.isImportDeclaration(statement) &&
      !ts.isExportDeclaration(statement) &&
      !ts.isInterfaceDeclaration(statement) &&
      !ts.isTypeAliasDeclaration(statement),
  );
}
