import {
  asapScheduler,
  concatMap,
  map,
  observeOn,
  of,
  queueScheduler,
  type MonoTypeOperatorFunction,
} from 'rxjs';
import { backpressure, broadcast, bufferedChannel, conflate } from '../../operators/index.js';
import { bareCalls, piped, sumOfOdd } from '../contenders/pipe.js';
import { goalsOf } from '../harness/goals.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const channel = 'bufferedChannel(64)';
const identity = 'identity map';
const nothing = 'nothing';

type Stages = readonly (readonly [name: string, stage: () => MonoTypeOperatorFunction<number>])[];

/** Those that have nothing else to do for a value than to hand it on. */
const stages: Stages = [
  [channel, () => bufferedChannel(64)],
  ['conflate(latest)', () => conflate((_, latest) => latest)],
  ['broadcast()', () => broadcast()],
  ['backpressure(switches)', () => backpressure({ pause: () => {}, resume: () => {} })],
];

/** In the place of `bufferedChannel`: it hands on at once too, but by a scheduler, or an inner Observable. */
const stock: Stages = [
  [identity, () => map((value) => value)],
  ['observeOn(queueScheduler)', () => observeOn(queueScheduler)],
  ['concatMap(of)', () => concatMap((value) => of(value))],
];

const contenders: readonly Contender[] = [
  limit('bare calls, no pipe', 'no pipe', () => bareCalls),
  limit(nothing, 'synchronous', () => piped(() => (source) => source)),
  ...stages.map(([name, stage]) => ours(name, 'synchronous', () => piped(stage))),
  ...stock.map(([name, stage]) => peer(name, 'synchronous', () => piped(stage))),
  peer('observeOn(asapScheduler)', 'scheduled', () => piped(() => observeOn(asapScheduler)), {
    count: 20_000,
  }),
];

/** What a stage costs that never has to hold anything: nobody below is slow. */
export const passThrough: Section = {
  id: 'pass-through',
  title: 'range | map | … | filter, synchronous, nothing ever waits',
  unit: 'ns per value',
  count: 1_000_000,
  expected: sumOfOdd,
  contenders,
  goals: goalsOf(contenders, [
    { contender: channel, against: identity, limit: 1 },
    ...stages.map(([contender]) => ({ contender, beyond: nothing, limit: 10 })),
  ]),
};
