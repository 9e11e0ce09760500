import type { Pipe, Policy } from './pipe.js';
import { batch, bucket, type Planted } from './planted.js';

/** A fault that was found here once, and a pipe that shows it. */
export interface Known extends Planted {
  readonly pipe: Pipe;
}

const plain: Policy = { overflow: 'block', maxParked: 99, errors: 'drain' };
const alike = { costs: false, queue: undefined } as const;
const stays = { leavesAt: 60, inside: undefined } as const;

export const known: readonly Known[] = [
  {
    ...batch(
      'a batch shows room behind one that waits, for below it there is room that nobody has told of yet',
      `this.busy || this.ready ? free`,
      `this.busy ? free`,
    ),
    pipe: {
      source: { kind: 'pull', count: 2, end: 'complete' },
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
        { ...plain, op: 'adaptiveThrottle', minDelay: 1, maxDelay: 6, target: 1, queue: 0 },
      ],
      consumer: { ticks: undefined, ...stays },
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
        { ...plain, op: 'bufferedChannel', capacity: 0, pace: undefined, credit: undefined },
        { ...plain, ...alike, op: 'leakyBucket', capacity: 2, interval: 1, costs: true, keys: 3 },
      ],
      consumer: { ticks: { at: Array<number>(7).fill(1), allFrom: 10 }, ...stays },
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
      first: 'above',
    },
  },
];
