import { goProgram } from '../contenders/go.js';
import * as sluice from '../contenders/channel-sluice.js';
import { sumBelow } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Goal, Section } from '../harness/types.js';

const trying = 'Channel, trySend || await send';
const awaiting = 'Channel, await each';
const iterating = 'Channel, for await';
const go = 'Go, GOMAXPROCS=1';
const cspTrying = '@thi.ng/csp, offer || await write';
const cspAwaiting = '@thi.ng/csp, await each';
const cspIterating = '@thi.ng/csp, for await';
const effect = 'Effect Queue, yield* each';

/** One producer, one consumer. */
export const channels: readonly Section[] = [
  channelOf(0, 1.5),
  channelOf(1, 1.3),
  channelOf(64, 1.2),
  channelOf(1024, 1.2),
];

function channelOf(capacity: number, timesGo: number): Section {
  // An offer of @thi.ng/csp needs a place, so that form exists only where there is one.
  const cspInTryForm = capacity === 0 ? cspAwaiting : cspTrying;
  return {
    id: `channel-${capacity}`,
    title: `A channel of capacity ${capacity}, one producer and one consumer`,
    unit: 'ns per value',
    count: 200_000,
    expected: sumBelow,
    contenders: [
      goProgram(go, ['-what=channel', `-capacity=${capacity}`]),
      timed(trying, () => sluice.tryThenAwait(capacity)),
      timed(awaiting, () => sluice.awaitEach(capacity)),
      timed(iterating, () => sluice.iterate(capacity)),
      ...(capacity === 0
        ? []
        : [timed(cspTrying, async () => (await csp()).tryThenAwait(capacity))]),
      timed(cspAwaiting, async () => (await csp()).awaitEach(capacity)),
      timed(cspIterating, async () => (await csp()).iterate(capacity)),
      timed(effect, async () => (await effectQueue()).yieldEach(capacity)),
    ],
    goals: [
      { contender: trying, against: go, limit: timesGo },
      faster(trying, cspInTryForm),
      faster(trying, effect),
      faster(awaiting, cspAwaiting),
      faster(awaiting, effect),
      faster(iterating, cspIterating),
      faster(iterating, effect),
    ],
  };
}

function faster(contender: string, against: string): Goal {
  return { contender, against, limit: 1, strictly: true };
}

const csp = () => import('../contenders/channel-csp.js');
const effectQueue = () => import('../contenders/channel-effect.js');
