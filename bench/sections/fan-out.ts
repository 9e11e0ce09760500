import * as copies from '../contenders/copies.js';
import * as channels from '../contenders/copies-channel.js';
import * as lanes from '../contenders/lanes.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const capacity = 64;
const effect = () => import('../contenders/streams-effect.js');

// Another way to choose the lane is another work.
const byKey = { scale: 'by key' } as const;
const byTurns = { scale: 'by turns' } as const;
const byLoad = { scale: 'by load' } as const;

const toLanes: readonly Contender[] = [
  limit('bare calls, by key', 'calls', () => lanes.bareByKey, byKey),
  limit('bare calls, by turns', 'calls', () => lanes.bareByTurns, byTurns),
  limit('bare calls, by load', 'calls', () => lanes.bareByLoad, byLoad),
  ours('fanOut(4), by key', 'calls', () => lanes.byKey, byKey),
  ours('fanOut(4), by turns', 'calls', () => lanes.byTurns, byTurns),
  ours('fanOut(4), by load', 'calls', () => lanes.byLoad, byLoad),
  peer('groupBy(key) | mergeMap', 'calls', () => lanes.groupByKey, byKey),
  peer('groupBy(turn) | mergeMap', 'calls', () => lanes.groupByTurns, byTurns),
  peer('Effect groupByKey', 'effects', async () => (await effect()).withGroupByKey, byKey),
];

const toSubscribers: readonly Contender[] = [
  limit('bare calls', 'calls', () => copies.bareCalls),
  ours('broadcast({ capacity: 64 })', 'calls', () => copies.withBroadcast(capacity)),
  ours('broadcast(), a rendezvous', 'calls', () => copies.withBroadcast(0)),
  peer('connectable, no bound', 'calls', () => copies.withConnectable),
  peer('Effect broadcastN, capacity 64', 'effects', async () =>
    (await effect()).withBroadcast(copies.branches, capacity),
  ),
];

const toLoops: readonly Contender[] = [
  limit('four bare rings', 'for await', () => channels.bareRings(capacity)),
  ours('broadcastChannel, capacity 64', 'for await', () => channels.withBroadcastChannel(capacity)),
  peer('@thi.ng/csp mult, capacity 64', 'for await', async () =>
    (await channels.loadMult())(capacity),
  ),
  peer('ReadableStream.tee, thrice', 'for await', () => channels.withTee),
];

const shared = { unit: 'ns per value', expected: sumTo } as const;

export const fanOuts: readonly Section[] = [
  {
    ...shared,
    id: 'fan-out',
    title: 'range | four lanes that only pass values on, merged; synchronous',
    count: 100_000,
    contenders: toLanes,
    goals: goalsOf(toLanes),
  },
  {
    ...shared,
    id: 'broadcast',
    title: 'range | four subscribers that each get every value; synchronous',
    count: 100_000,
    contenders: toSubscribers,
    goals: goalsOf(toSubscribers),
  },
  {
    ...shared,
    id: 'broadcast-channel',
    title: 'A channel whose every value goes to each of four for-await loops',
    count: 20_000,
    contenders: toLoops,
    goals: goalsOf(toLoops),
  },
];
