import * as bareChannel from '../contenders/channel-bare.js';
import { tryThenAwait } from '../contenders/channel-sluice.js';
import { piped, sumOfOdd } from '../contenders/pipe.js';
import { awaits } from '../contenders/pool-bare.js';
import { withWorkerPool } from '../contenders/pool-rxjs.js';
import { promiseTask } from '../contenders/pool-tasks.js';
import { bufferedChannel } from '../../operators/index.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, type Run } from '../harness/timed.js';
import type { Goal, Section } from '../harness/types.js';

const [fewest, ...more] = [1e4, 1e5, 1e6, 1e7] as const;
const scales = [fewest, ...more];
const among = (name: string, count: number): string =>
  `${name}, ${count.toExponential(0).replace('+', '')}`;

type Entry = readonly [name: string, run: () => Run];

/**
 * What a value costs must not depend on how many there are. The fewest are judged beside the bare loop, and the
 * others beside the fewest.
 */
function atScale(
  section: Pick<Section, 'id' | 'title' | 'expected'>,
  [bareName, bareRun]: Entry,
  [name, run]: Entry,
  own: readonly Goal[] = [],
): Section {
  const contenders = scales.flatMap((count) => [
    limit(among(bareName, count), 'at scale', bareRun, { count, scale: `${count}` }),
    ours(among(name, count), 'at scale', run, { count, scale: `${count}` }),
  ]);
  return {
    ...section,
    unit: 'ns per value',
    count: fewest,
    contenders,
    goals: goalsOf(contenders, [
      ...own,
      ...more.flatMap((count): Goal[] => [
        { contender: among(name, count), against: among(name, fewest), limit: 1.3 },
        { contender: among(name, count), against: among(bareName, count) },
      ]),
    ]),
  };
}

const loops = 'bare await in 8 loops';
const ring = 'bare ring';
const pipe = 'pipe without it';
const stage = 'bufferedChannel';

export const scaled: readonly Section[] = [
  atScale(
    {
      id: 'pool-at-scale',
      title: 'Promise tasks from pullFrom through workerPool(8), by number of tasks',
      expected: sumTo,
    },
    [loops, () => awaits(promiseTask)],
    ['workerPool', () => withWorkerPool(promiseTask)],
  ),
  atScale(
    {
      id: 'channel-at-scale',
      title: 'A channel of capacity 64, trySend || await send, by number of values',
      expected: sumTo,
    },
    [ring, () => bareChannel.ringAndAwait(64)],
    ['Channel', () => tryThenAwait(64)],
  ),
  atScale(
    {
      id: 'pipe-at-scale',
      title: 'range | map | bufferedChannel(64) | filter, synchronous, by number of values',
      expected: sumOfOdd,
    },
    [pipe, () => piped(() => (source) => source)],
    [stage, () => piped(() => bufferedChannel(64))],
    [
      { contender: among(stage, fewest), beyond: among(pipe, fewest), limit: 10 },
      { contender: among(stage, fewest), against: among(pipe, fewest) },
    ],
  ),
];
