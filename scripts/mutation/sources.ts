import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { withImports } from './imports.js';

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
const CHANNEL = [
  'test/channel/channel.test.ts',
  'test/channel/re-entrance.test.ts',
  'test/channel/model.test.ts',
];
const INTEROP = ['test/interop/hang-and-starve.test.ts', 'test/interop/links-and-streams.test.ts'];
const WAITS = ['test/operators/rendezvous.test.ts', 'test/operators/leaving.test.ts'];
const MISDEEDS = 'test/faults/misdeeds.test.ts';
const PIPES = 'scripts/mutation/pipes.mutation.ts';
const ARGUMENTS = 'scripts/mutation/arguments.mutation.ts';
const STAGES = ['marbles/specs', ...INTEROP, 'test/operators'];
const LIMITS = specs('adaptive-limit', 'adaptive-limit-loop');

/**
 * Tests by the beginning of a file's path; the longest that fits counts. They are the ones about the file, not
 * all that pass through it: what only a law far away would notice is counted as not noticed. They run in this
 * order until one notices, so what is quick comes first.
 */
const TESTS: Readonly<Record<string, readonly string[]>> = {
  'src/': ['test/unit', 'test/sync', ...CHANNEL],
  'src/line/': [
    'test/unit',
    ...specs('buffered-channel', 'worker-pool', 'broadcast'),
    ...CHANNEL,
    ...WAITS,
    'test/interop/context.test.ts',
    ...INTEROP,
    PIPES,
  ],
  'src/channel/': [...CHANNEL, 'test/select', 'test/pipeline'],
  'src/select/': ['test/select', ...CHANNEL],
  'src/sync/': ['test/sync', 'test/interop/context.test.ts'],
  'src/rate/': ['test/rate', ...specs('leaky-bucket')],
  'src/pipeline/': ['test/pipeline'],
  'operators/': STAGES,
  'operators/stage/': [...specs('buffered-channel', 'worker-pool'), ...STAGES],
  'operators/stage/inlet.ts': [...specs('buffered-channel'), MISDEEDS, ...STAGES],
  'operators/link/': [...INTEROP, ...STAGES],
  'operators/sources/': [
    ...specs('pull-from', 'backpressure'),
    'test/faults/iterators.test.ts',
    'test/faults/streams.test.ts',
    'test/interop/backpressure.test.ts',
    ...INTEROP,
  ],
  'operators/sinks/': [
    ...specs('into-channel', 'to-async-iterable'),
    ...INTEROP,
    'test/operators/leaving.test.ts',
    'test/faults/sinks.test.ts',
  ],
  'operators/pool/': [
    ...specs('worker-pool', 'adaptive-limit'),
    'test/interop/context.test.ts',
    ...INTEROP,
  ],
  'operators/limits/': LIMITS,
  'operators/lanes/': [...specs('fan-out'), ...WAITS],
  'operators/bucket/': [...specs('leaky-bucket'), 'test/rate/token-queue.test.ts'],
  'operators/broadcast/': [...specs('broadcast'), ...WAITS],
  'operators/throttle/': specs('adaptive-throttle'),
  'operators/worker-pool.ts': [...specs('worker-pool', 'adaptive-limit'), ...INTEROP],
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

/**
 * They take long, and notice little that the others do not; or they run the sources in processes of their own, or
 * look for what is planted, for longer than there is time.
 */
const LEFT_OUT = [
  'test/pipeline/conservation-notices.test.ts',
  'test/pipeline/flat-stack.test.ts',
  'test/sync/cancel-scope/process.test.ts',
  'test/operators/adaptive-limit-loop.test.ts',
];

/** Every source that has something to run: found in the syntax trees, so that none is forgotten. */
export function sources(): readonly Source[] {
  return ['src', 'operators']
    .flatMap((folder) => filesIn(folder))
    .filter(runs)
    .map((file) => ({ file, tests: testsOf(file) }));
}

/** What the result of a source hangs on: the file itself, and its tests with what they import of the tests' folders. */
export interface Keys {
  readonly source: string;
  readonly tests: string;
}

export const keysOf = ({ file, tests }: Source): Keys => ({
  source: hashOf([file]),
  tests: hashOf([...withImports(tests)].sort()),
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
  const tests = (TESTS[longest] ?? []).flatMap((path) => {
    if (!existsSync(path)) return [];
    return filesIn(path).filter(
      (test) =>
        /\.(test|marbles|mutation)\.ts$/.test(test) && (test === path || !LEFT_OUT.includes(test)),
    );
  });
  if (file.startsWith('operators/')) tests.push(ARGUMENTS, PIPES);
  if (tests.length === 0) throw new Error(`Expected tests for ${file}, got none`);
  return [...new Set(tests)];
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
