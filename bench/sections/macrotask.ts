import {
  bareAwait,
  bareCallbacks,
  throughAsyncIterable,
  throughOwnDemand,
  throughWorkerPool,
} from '../contenders/one-per-macrotask.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const callbacks = 'bare setImmediate loop, callbacks';
const awaits = 'bare setImmediate loop, await';
const ownDemand = '… | a consumer with its own demand, callbacks';
const pool = '… | workerPool(1, task)';
const iterable = '… | toAsyncIterable, await';

const contenders: readonly Contender[] = [
  limit(callbacks, 'callbacks', () => bareCallbacks),
  ours(ownDemand, 'callbacks', () => throughOwnDemand),
  limit(awaits, 'await', () => bareAwait),
  ours(pool, 'await', () => throughWorkerPool),
  ours(iterable, 'await', () => throughAsyncIterable),
];

/**
 * The linked pipe where the stage is full all the time and the source is pulled one value at a
 * time. Each consumer stands beside the bare loop of its own kind.
 */
export const macrotask: Section = {
  id: 'macrotask',
  title: 'pullFrom | bufferedChannel(64) into a consumer that takes one value per macrotask',
  unit: 'ns per value',
  count: 50_000,
  expected: sumTo,
  contenders,
  // Its own goal is about this pipe, so it stands with the consumer that adds nothing to it. The other two
  // are stages themselves.
  goals: goalsOf(contenders, [{ contender: ownDemand, against: callbacks, limit: 1.2 }]),
};
