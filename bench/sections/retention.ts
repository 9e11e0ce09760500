import { atThousandth, growth, looksAt, type Look } from '../contenders/looks.js';
import { concurrency } from '../contenders/pool-tasks.js';
import * as readers from '../contenders/readers.js';
import { sumTo } from '../harness/sums.js';
import type { Section, Side } from '../harness/types.js';

const pool = 'pullFrom | workerPool(8)';

type Entry = readonly [name: string, side: Side, reader: readers.Reader];

/** What can read a source that has no end. */
const bounded: readonly Entry[] = [
  ['8 bare loops', 'limit', readers.withLoops],
  [pool, 'ours', readers.withWorkerPool],
  ['pMapIterable', 'peer', readers.withPMapIterable],
  ['Node Readable.map', 'peer', readers.withReadable],
  ['p-queue, onSizeLessThan', 'peer', readers.withPQueue],
  ['p-map', 'peer', readers.withPMap],
  ['Effect mapEffect', 'peer', readers.withEffect],
];

/** Those which would read an endless source without end come last, and what takes minutes for it. */
const all: readonly Entry[] = [
  ...bounded,
  ['ix flatMap', 'peer', readers.withIx],
  ['from | mergeMap(8)', 'peer', readers.withMergeMap],
  ['p-limit, map', 'peer', readers.withPLimit],
];

/** The collector leaves a little more or less: who is so near to nothing retains nothing. */
const nothing = { figure: 0, within: 0.1 } as const;

const readAhead = {
  count: 1_000_000,
  expected: sumTo,
  contenders: all.map((entry) => atThousandth(...entry)),
} as const;

/** How far a pool reads ahead of its tasks. */
export const pulledAhead: Section = {
  ...readAhead,
  id: 'pulled',
  title: 'Objects pulled from an iterable of 1,000,000 when the 1,000th task starts',
  unit: 'values',
  shows: 'pulled' satisfies keyof Look,
  goals: [{ contender: pool, limit: looksAt + 2 * concurrency }],
};

/** What that costs in memory, everything unreachable being collected first. */
export const retained: Section = {
  ...readAhead,
  id: 'retained',
  title: 'Heap retained when the 1,000th of 1,000,000 tasks starts',
  unit: 'MB',
  shows: 'retainedMb' satisfies keyof Look,
  best: nothing,
  goals: [{ contender: pool, limit: 1 }],
};

/** A source without an end: what grows with the values that have passed would fill the memory in the end. */
export const endless: Section = {
  id: 'endless',
  title: 'Heap that an endless iterable retains after 200,000 tasks, beyond that after 1,000',
  unit: 'MB',
  best: nothing,
  count: 200_000,
  expected: sumTo,
  contenders: bounded.map((entry) => growth(...entry)),
  goals: [{ contender: pool, limit: 0.25 }],
};
