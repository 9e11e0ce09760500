import * as bare from '../contenders/channel-bare.js';
import * as sluice from '../contenders/channel-sluice.js';
import { goProgram } from '../contenders/go.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Goal, Section } from '../harness/types.js';

const trying = 'Channel, trySend || await send';
const awaiting = 'Channel, await each';
const iterating = 'Channel, for await';
const tryingAndIterating = 'Channel, trySend || await send; for await';
const go = 'Go, GOMAXPROCS=1';
const cspAwaiting = '@thi.ng/csp, await each';
const effect = 'Effect Queue, yield* each';

/** One producer, one consumer. */
export const channels: readonly Section[] = [
  channelOf(0, 1.5),
  channelOf(1, 1.3),
  channelOf(64, 1),
  channelOf(1024, 1),
];

function channelOf(capacity: number, timesGo: number): Section {
  const contenders = [
    goProgram(go, ['-what=channel', `-capacity=${capacity}`]),
    limit('bare ring, await when stuck', 'tries', () => bare.ringAndAwait(capacity)),
    limit('bare ring, await each', 'promises', () => bare.awaitPerValue(capacity)),
    limit('bare ring, for await', 'for await', () => bare.iterate(capacity)),
    limit('bare ring, filled; for await', 'filled; for await', () => bare.fillAndIterate(capacity)),
    ours(trying, 'tries', () => sluice.tryThenAwait(capacity)),
    ours(awaiting, 'promises', () => sluice.awaitEach(capacity)),
    ours(iterating, 'for await', () => sluice.iterate(capacity)),
    ours(tryingAndIterating, 'filled; for await', () => sluice.tryAndIterate(capacity)),
    ...peersOf(capacity),
  ];
  // An offer of @thi.ng/csp needs a place: without one, the try form meets its awaiting form.
  const own: Goal[] = [
    { contender: trying, against: go, limit: timesGo },
    ...(capacity === 0 ? [faster(trying, cspAwaiting)] : []),
    ...[trying, awaiting, iterating, tryingAndIterating].map((form) => faster(form, effect)),
  ];
  return {
    id: `channel-${capacity}`,
    title: `A channel of capacity ${capacity}, one producer and one consumer`,
    unit: 'ns per value',
    count: 50_000,
    expected: sumTo,
    contenders,
    goals: goalsOf(contenders, own),
  };
}

function peersOf(capacity: number): Contender[] {
  const hasPlaces = capacity > 0;
  return [
    ...(hasPlaces
      ? [
          peer('@thi.ng/csp, offer || await write', 'tries', async () =>
            (await csp()).tryThenAwait(capacity),
          ),
        ]
      : []),
    peer(cspAwaiting, 'promises', async () => (await csp()).awaitEach(capacity)),
    peer('@thi.ng/csp, for await', 'for await', async () => (await csp()).iterate(capacity)),
    peer(effect, 'effects', async () => (await effectQueue()).yieldEach(capacity)),
    peer('repeater, await each', 'promises', async () => (await repeater()).awaitEach(capacity)),
    peer('repeater, for await', 'for await', async () => (await repeater()).iterate(capacity)),
    peer('TransformStream, await each', 'promises', async () => (await web()).readEach(capacity)),
    peer('TransformStream, for await', 'for await', async () => (await web()).iterate(capacity)),
    peer('Node PassThrough, for await', 'filled; for await', async () =>
      (await node()).passThrough(capacity),
    ),
    peer('Node Readable.from, for await', 'for await', async () =>
      (await node()).readableFrom(capacity),
    ),
    ...(hasPlaces
      ? [
          peer('events.on, for await', 'filled; for await', async () =>
            (await node()).eventsOn(capacity),
          ),
        ]
      : []),
  ];
}

function faster(contender: string, against: string): Goal {
  return { contender, against, limit: 1, strictly: true };
}

const csp = () => import('../contenders/channel-csp.js');
const effectQueue = () => import('../contenders/channel-effect.js');
const node = () => import('../contenders/channel-node.js');
const repeater = () => import('../contenders/channel-repeater.js');
const web = () => import('../contenders/channel-web.js');
