import { readFileSync } from 'node:fs';
import { bundled } from '../contenders/bundled.js';
import { goalsOf } from '../harness/goals.js';
import type { Contender, Goal, Section } from '../harness/types.js';

const alone = 'alone';
const withRxjs = 'with rxjs';

const named = (what: string, module: string): string => `export { ${what} } from '${module}';`;
const whole = (module: string): string => `export { default } from '${module}';`;

const toolkit = (what: string): Contender =>
  bundled(what, 'ours', alone, named(what, './src/index.ts'));

/** What the package promises of an import, in kB. */
function promised(what: string): number {
  const known = JSON.parse(readFileSync('.size-limit.json', 'utf8')) as Promised[];
  const found = known.find(({ name }) => name === what);
  if (!found) throw new Error(`Expected a limit of ${what} in .size-limit.json, got none`);
  return Number.parseFloat(found.limit);
}

interface Promised {
  readonly name: string;
  readonly limit: `${number} kB`;
}

/** Bundled from the sources, and exported, an import is some hundredths larger than from the built package. */
const slack = 1.05;

const within = (contender: string, ...what: readonly string[]): Goal => ({
  contender,
  limit: slack * what.reduce((sum, each) => sum + promised(each), 0),
});

/** With rxjs inside, two and a half of what the stock operator is with rxjs inside. */
const withinBoth = (what: string, stockName: string): readonly Goal[] => [
  within(`${what}, rxjs outside`, what),
  { contender: `${what}, rxjs inside`, against: `rxjs ${stockName}`, limit: 2.5 },
];

/** Ours as a project that has rxjs anyway sees it, and with what it needs of rxjs. */
const operator = (what: string): Contender[] => [
  bundled(`${what}, rxjs outside`, 'ours', 'rxjs outside', named(what, './operators/index.ts'), [
    'rxjs',
  ]),
  bundled(`${what}, rxjs inside`, 'ours', withRxjs, named(what, './operators/index.ts')),
];

const stock = (what: string): Contender =>
  bundled(`rxjs ${what}`, 'peer', withRxjs, named(what, 'rxjs'));

const peer = (name: string, code: string): Contender => bundled(name, 'peer', alone, code);

/** Several exports of Effect, each under a name of its own. */
const effect = (name: string, ...what: readonly string[]): Contender =>
  peer(
    `Effect ${name}`,
    what
      .map((path, index) => {
        const [module, member] = path.split('.');
        return `import { ${module!} as M${index} } from 'effect';\nexport const m${index} = M${index}.${member!};`;
      })
      .join('\n'),
  );

export const sizes: readonly Section[] = [
  sectionOf(
    'channel',
    'A channel',
    [
      toolkit('Channel'),
      peer('@thi.ng/csp channel', named('channel', '@thi.ng/csp')),
      peer('repeater', named('Repeater, FixedBuffer', '@repeaterjs/repeater')),
      effect('Queue', 'Queue.bounded', 'Queue.offer', 'Queue.take', 'Effect.runPromise'),
    ],
    [within('Channel', 'Channel')],
  ),
  sectionOf(
    'select',
    'A select',
    [
      bundled(
        'select and Channel',
        'ours',
        alone,
        named('select, recv, Channel', './src/index.ts'),
      ),
      peer('@thi.ng/csp select', named('select, channel', '@thi.ng/csp')),
    ],
    [within('select and Channel', 'select', 'Channel')],
  ),
  sectionOf(
    'semaphore',
    'A semaphore',
    [
      toolkit('Semaphore'),
      peer('async-sema', named('Sema', 'async-sema')),
      effect('Semaphore', 'Semaphore.make', 'Effect.runPromise'),
    ],
    [within('Semaphore', 'Semaphore')],
  ),
  sectionOf(
    'pool',
    'A worker pool',
    [
      ...operator('workerPool'),
      stock('mergeMap'),
      peer('p-map', whole('p-map')),
      peer('p-limit', whole('p-limit')),
      peer('p-queue', whole('p-queue')),
      peer('fastq', whole('fastq')),
      peer('async.mapLimit', named('mapLimit', 'async')),
      peer(
        'ix flatMap',
        `${named('from', 'ix/asynciterable')}\n${named('flatMap', 'ix/asynciterable/operators')}`,
      ),
      effect('forEach', 'Effect.forEach', 'Effect.promise', 'Effect.runPromise'),
    ],
    withinBoth('workerPool', 'mergeMap'),
  ),
  sectionOf(
    'batch',
    'Batches by count and time',
    [
      ...operator('batchWithTimeout'),
      stock('bufferTime'),
      peer('dataloader', whole('dataloader')),
      peer('ix bufferCountOrTime', named('bufferCountOrTime', 'ix/asynciterable/operators')),
      effect('groupedWithin', 'Stream.groupedWithin', 'Stream.runFold', 'Effect.runPromise'),
    ],
    withinBoth('batchWithTimeout', 'bufferTime'),
  ),
  sectionOf(
    'limiter',
    'A rate limit',
    [
      toolkit('RateLimiter'),
      peer('p-throttle', whole('p-throttle')),
      peer('limiter', named('RateLimiter', 'limiter')),
      peer('p-queue', whole('p-queue')),
      peer('Bottleneck', whole('bottleneck')),
    ],
    [within('RateLimiter', 'RateLimiter')],
  ),
];

function sectionOf(
  what: string,
  title: string,
  contenders: readonly Contender[],
  own: readonly Goal[],
): Section {
  const equals = contenders.filter(({ kind }) => kind !== 'rxjs outside');
  return {
    id: `size-${what}`,
    title: `${title}: what one import adds to a bundle, minified and gzipped`,
    unit: 'kB',
    count: 1,
    expected: () => 0,
    contenders,
    // A smaller bundle that does less is no better: beside a peer, the ratio is only shown.
    goals: goalsOf(equals, own).map((goal) => (own.includes(goal) ? goal : onlyShown(goal))),
    exact: true,
  };
}

function onlyShown({ limit: _, strictly: __, ...shown }: Goal): Goal {
  return shown;
}
