import type { Pipe } from './pipe.js';
import { alike, limiter, plain, stays, throttle, unpaced } from './plain.js';
import {
  batch,
  branch,
  bucket,
  channel,
  fanning,
  outlet,
  pool,
  stage,
  type Planted,
} from './planted.js';

/** A fault that was found here once, and a pipe that shows it. */
export interface Known extends Planted {
  readonly pipe: Pipe;
}

export const known: readonly Known[] = [
  {
    ...stage(
      'a stage works anew because a callback was asked while somebody waits, and a bucket looks at the clock',
      `else if (!this.busy && (this.state === 'ending' || this.waiters.size > 0)) this.settle();`,
      `else if (this.waiters.size > 0) this.pump();`,
    ),
    pipe: {
      source: {
        kind: 'merge',
        sources: [
          { kind: 'cold', gaps: [1, 5, 0], end: 'complete' },
          { kind: 'pull', count: 6, end: 'complete', requireDemand: undefined },
        ],
      },
      links: [
        { op: 'filter', n: 6 },
        {
          ...plain,
          ...alike,
          op: 'leakyBucket',
          capacity: 1,
          interval: 3,
          costs: 'whole',
          keys: 1,
        },
        { op: 'take', n: 5 },
        {
          ...plain,
          op: 'batchWithTimeout',
          size: 1,
          timeout: 0,
          timer: undefined,
          queue: undefined,
          maxWeight: undefined,
        },
      ],
      consumer: { ticks: { at: [0, 0, 0, 0], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    ...branch(
      'a subscriber of a broadcast, as it is left, holds what it has yet to get beside what it holds',
      `this.forgone = this.due.splice(0);`,
      `for (const value of this.due.splice(0)) {
         this.copies.received++;
         this.line.arrived++;
         this.line.put(value, Infinity);
       }`,
    ),
    pipe: {
      source: { kind: 'async', shape: 'iterator', delays: [0, 0, 0, 0], end: 'never' },
      links: [
        {
          ...plain,
          op: 'fanOut',
          lanes: 2,
          by: undefined,
          queue: 1,
          pipes: ['workerPool(1)', 'bufferedChannel(0), takeOn'],
          requireDemand: false,
        },
        {
          ...plain,
          op: 'broadcast',
          capacity: 0,
          subscribers: ['plain', 'plain'],
          overflow: 'error',
        },
        {
          ...plain,
          op: 'fanOut',
          lanes: 2,
          by: 'key',
          queue: 0,
          pipes: ['workerPool(1)', 'plain'],
          requireDemand: false,
        },
        { ...plain, ...unpaced, op: 'bufferedChannel', capacity: 0 },
      ],
      consumer: {
        ticks: { at: [0], allFrom: 10 },
        leavesAt: 60,
        inside: { at: 0, does: 'ask', every: 1 },
      },
      limiter,
      first: 'above',
    },
  },
  {
    ...batch(
      'a batch shows room behind one that waits, for below it there is room that nobody has told of yet',
      `this.busy || this.ready ? free`,
      `this.busy ? free`,
    ),
    pipe: {
      source: { kind: 'pull', count: 2, end: 'complete', requireDemand: undefined },
      links: [
        {
          ...plain,
          op: 'workerPool',
          concurrency: 2,
          task: { kind: 'several', frames: 1, spread: 0, fails: 0 },
          ordered: false,
          queue: undefined,
          keys: undefined,
          taskTimeout: undefined,
          onTaskError: 'fail',
        },
        {
          ...plain,
          op: 'batchWithTimeout',
          size: 1,
          timeout: Infinity,
          timer: 'first',
          queue: 0,
          maxWeight: undefined,
          overflow: 'drop-oldest',
        },
        {
          ...plain,
          op: 'adaptiveThrottle',
          minDelay: 1,
          maxDelay: 6,
          target: 1,
          queue: 0,
          ...throttle,
        },
      ],
      consumer: { ticks: undefined, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    ...bucket(
      'a bucket does not see that the last of its keys took the last room, and saves tokens meanwhile',
      `    if (!open) this.shut = true;\n`,
      ``,
    ),
    pipe: {
      source: { kind: 'hot', at: Array<number>(10).fill(0), end: 'complete' },
      links: [
        {
          ...plain,
          op: 'bufferedChannel',
          capacity: 0,
          ...unpaced,
        },
        {
          ...plain,
          ...alike,
          op: 'leakyBucket',
          capacity: 2,
          interval: 1,
          costs: 'whole',
          keys: 3,
        },
      ],
      consumer: { ticks: { at: Array<number>(7).fill(1), allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    ...bucket(
      'a bucket gives what was parked tokens of the time before it had a place',
      `      this.giveFreePlace(due);\n`,
      ``,
    ),
    pipe: {
      source: { kind: 'hot', at: [0, 0, 0], end: 'complete' },
      links: [
        { op: 'mergeMap', n: 1 },
        { ...plain, ...alike, op: 'leakyBucket', capacity: 1, interval: 1, keys: 3 },
      ],
      consumer: { ticks: { at: [], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    ...channel(
      'a pace that has time for more than one value releases one, where several sources wait',
      `this.busy || this.waiters.waking)`,
      `this.busy)`,
    ),
    pipe: {
      source: { kind: 'inner', counts: [1, 0] },
      links: [
        {
          ...plain,
          op: 'bufferedChannel',
          capacity: 0,
          pace: [1, 99],
          credit: undefined,
          yieldEvery: 1,
        },
        {
          ...plain,
          op: 'batchWithTimeout',
          size: 9,
          timeout: Infinity,
          timer: undefined,
          queue: undefined,
          maxWeight: undefined,
        },
      ],
      consumer: { ticks: { at: [], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    ...outlet(
      'a source has the consumer ask as it is told of room, and what is held is not told of that',
      `if (room <= 0) this.foundNone = true;\n`,
      `\n`,
    ),
    pipe: {
      source: {
        kind: 'async',
        shape: 'iterator',
        delays: Array<number>(9).fill(2),
        end: 'complete',
      },
      links: [{ ...plain, op: 'bufferedChannel', capacity: 2, ...unpaced }],
      consumer: {
        ticks: { at: [10, 11, 12], allFrom: 20 },
        leavesAt: 60,
        inside: { at: 2, does: 'ask ahead', every: 9 },
      },
      limiter,
      first: 'above',
    },
  },
  {
    ...pool(
      'an ordered pool, its limit lowered, has no place for what those that have ended wait for',
      `(this.running < this.concurrency || this.isHeldUp)`,
      `this.running < this.concurrency`,
    ),
    pipe: {
      source: {
        kind: 'switched',
        gaps: [0, 0, 0, 0, 0],
        heeds: true,
        end: 'error',
        requireDemand: undefined,
      },
      links: [
        { op: 'mergeMap', n: 1 },
        {
          ...plain,
          op: 'workerPool',
          concurrency: {
            kind: 'aimd',
            options: { max: 3, window: 1, samples: 1 },
            outcome: true,
          },
          task: { kind: 'several', frames: 1, spread: 0, fails: 2 },
          ordered: true,
          queue: 1,
          keys: 3,
          taskTimeout: undefined,
          onTaskError: 'skip',
        },
      ],
      consumer: { ticks: { at: [0], allFrom: 10 }, leavesAt: 60, inside: undefined },
      limiter,
      first: 'above',
    },
  },
  {
    ...outlet(
      'a rendezvous waits on below when those who waited for it have left',
      `if (!something) this.giveUp();`,
      `if (!something) return;`,
    ),
    pipe: {
      source: {
        kind: 'merge',
        sources: [
          {
            kind: 'until',
            at: 2,
            source: { kind: 'pull', count: 9, end: 'complete', requireDemand: undefined },
          },
          { kind: 'hot', at: [], end: 'never' },
        ],
      },
      links: [
        { ...plain, op: 'bufferedChannel', capacity: 0, ...unpaced },
        { ...plain, op: 'bufferedChannel', capacity: 0, ...unpaced, pace: [9, 99] },
      ],
      consumer: { ticks: undefined, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    ...fanning(
      'a lane waits on for room below that it has found before it was told',
      `if (out.waits)`,
      `if (line.length < 0)`,
    ),
    pipe: {
      source: { kind: 'hot', at: [1, 1, 2], end: 'complete' },
      links: [
        {
          ...plain,
          op: 'fanOut',
          lanes: 1,
          by: undefined,
          queue: 1,
          pipes: ['plain'],
          overflow: 'drop-oldest',
        },
        {
          ...plain,
          op: 'adaptiveThrottle',
          minDelay: 1,
          maxDelay: 1,
          target: 1,
          queue: 0,
          law: undefined,
          feedback: [1, 99],
          heard: false,
        },
        { op: 'delay', n: 1 },
      ],
      consumer: { ticks: { at: [0], allFrom: 10 }, ...stays, leavesAt: 3 },
      limiter,
      first: 'above',
    },
  },
  {
    ...outlet(
      'a stage that has found no room does not wait, for the clock shows at the next look that there is some',
      `this.foundNone || this.room <= 0`,
      `this.room <= 0`,
    ),
    pipe: {
      source: { kind: 'pull', count: 2, end: 'complete', requireDemand: undefined },
      links: [
        { ...plain, op: 'broadcast', capacity: 1, subscribers: ['plain'] },
        {
          ...plain,
          ...throttle,
          op: 'adaptiveThrottle',
          minDelay: 1,
          maxDelay: 4,
          target: 1,
          queue: 0,
        },
        { ...plain, op: 'broadcast', capacity: 1, subscribers: ['plain'] },
        { ...plain, op: 'fanOut', lanes: 1, by: undefined, queue: 1, pipes: ['plain'] },
      ],
      consumer: { ticks: { at: [], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
      creeps: 4,
    },
  },
];
