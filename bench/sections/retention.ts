import { atThousandth, growth, looksAt } from '../contenders/looks.js';
import { concurrency } from '../contenders/pool-tasks.js';
import * as readers from '../contenders/readers.js';
import { sumBelow } from '../harness/sums.js';
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

/** How far a pool reads ahead of its tasks. */
export const pulledAhead: Section = {
  id: 'pulled',
  title: 'Objects pulled from an iterable of 1,000,000 when the 1,000th task starts',
  unit: 'values',
  noWinner: true,
  count: 1_000_000,
  expected: sumBelow,
  contenders: all.map(([name, side, reader]) =>
    atThousandth(name, side, reader, ({ pulled }) => pulled),
  ),
  goals: [{ contender: pool, limit: looksAt + 2 * concurrency }],
};

/** What that costs in memory, everything unreachable being collected first. */
export const retained: Section = {
  ...pulledAhead,
  id: 'retained',
  title: 'Heap retained when the 1,000th of 1,000,000 tasks starts',
  unit: 'MB',
  contenders: all.map(([name, side, reader]) =>
    atThousandth(name, side, reader, ({ retainedMb }) => retainedMb),
  ),
  goals: [{ contender: pool, limit: 1 }],
};

/** A source without an end: what grows with the values that have passed would fill the memory in the end. */
export const endless: Section = {
  id: 'endless',
  title: 'Heap that an endless iterable retains after 200,000 tasks, beyond that after 1,000',
  unit: 'MB',
  noWinner: true,
  count: 200_000,
  expected: sumBelow,
  contenders: bounded.map(([name, side, reader]) => growth(name, side, reader)),
  goals: [{ contender: pool, limit: 0.25 }],
};
