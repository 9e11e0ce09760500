import * as least from '../contenders/least.js';
import { sumTo } from '../harness/sums.js';
import { limit } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

/** What the engine is built on: nobody can have one of these for less. */
export const leastOfAll: Section = {
  id: 'least',
  title: 'The least that anything can cost, in a loop that does nothing else',
  unit: 'ns per value',
  count: 200_000,
  expected: sumTo,
  contenders: [
    limit('a ring of numbers: put and take', 'calls', () => least.ring),
    limit('a callback that adds to a field', 'calls', () => least.field),
    limit('a callback that adds to a closed-over variable', 'calls', () => least.closure),
    limit('await a fulfilled promise', 'promises', () => least.awaitFulfilled),
    limit('await an async function', 'promises', () => least.awaitAsync),
    limit('await a promise of its own', 'promises', () => least.awaitOwn),
    limit('Date.now()', 'calls', () => least.dateNow),
    limit('performance.now()', 'calls', () => least.performanceNow),
    limit('timeout.refresh()', 'calls', () => least.moveTimer),
    limit('setTimeout and clearTimeout', 'calls', () => least.armTimer),
    limit('addEventListener and removeEventListener', 'calls', () => least.listen),
    limit('new AbortController().signal', 'calls', () => least.makeSignal),
  ],
  goals: [],
};
