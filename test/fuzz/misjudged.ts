import { ENDLESS, type Pipe } from './pipe.js';
import { alike, limiter, plain, stays, throttle, unpaced } from './plain.js';

/** What the model foretold wrongly once, and a pipe of which it did. */
export interface Misjudged {
  readonly title: string;
  readonly pipe: Pipe;
}

const task = { spread: 0, fails: 0 } as const;
const pool = { taskTimeout: undefined, onTaskError: undefined } as const;
const rendezvous = { ...plain, ...unpaced, op: 'bufferedChannel', capacity: 0 } as const;

export const misjudged: readonly Misjudged[] = [
  {
    title: 'the head of a line goes that has lost its place to those who wait for it',
    pipe: {
      source: { kind: 'hot', at: [0, 0, 0, 2, 2, 2, 2, 3], end: 'complete' },
      links: [
        {
          ...plain,
          ...pool,
          op: 'workerPool',
          concurrency: {
            kind: 'vegas',
            options: { max: 3, initial: 3, window: 0, samples: 1 },
            outcome: false,
          },
          task: { ...task, kind: 'promise', frames: 2, spread: 1 },
          ordered: true,
          queue: 0,
          keys: 4,
          overflow: 'drop-newest',
        },
      ],
      consumer: {
        ticks: { at: [0, 0, 0], allFrom: 10 },
        leavesAt: 11,
        inside: { at: 1, does: 'push' },
      },
      limiter,
      first: 'below',
    },
  },
  {
    title: 'a bucket looks at the clock when a callback was asked, and a source waits',
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
    title: 'so, too, where the source is one that is paused',
    pipe: {
      source: {
        kind: 'switched',
        gaps: [0, 0, 0, 1, 0, 3],
        heeds: true,
        end: 'complete',
        requireDemand: undefined,
      },
      links: [
        { op: 'mergeMap later', n: 1 },
        { op: 'mergeMap later', n: 2 },
        {
          ...plain,
          ...alike,
          op: 'leakyBucket',
          capacity: 1,
          interval: 2,
          costs: 'halves',
          keys: undefined,
          maxParked: 1,
        },
      ],
      consumer: { ticks: { at: [0, 0, 0], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    title: 'no source waits in the midst of what becomes of one value',
    pipe: {
      source: { kind: 'pull', count: 3, end: 'complete', requireDemand: undefined },
      links: [
        {
          ...plain,
          ...throttle,
          op: 'adaptiveThrottle',
          minDelay: 0,
          maxDelay: 3,
          target: 1,
          queue: 0,
        },
        { op: 'mergeMap', n: 1 },
        { op: 'map', n: 1 },
        {
          ...plain,
          ...alike,
          op: 'leakyBucket',
          capacity: 1,
          interval: 2,
          queue: 2,
          costs: 'halves',
          keys: undefined,
        },
        { op: 'filter', n: 1 },
        {
          ...plain,
          ...pool,
          op: 'workerPool',
          concurrency: 2,
          task: { ...task, kind: 'sync', frames: 1 },
          ordered: false,
          queue: 0,
          keys: undefined,
        },
      ],
      consumer: { ticks: { at: [0, 0], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
  {
    title: 'one rendezvous after the other waits no longer when the source before them is left',
    pipe: {
      source: { kind: 'async', shape: 'iterator', delays: [0], end: 'complete' },
      links: [
        { op: 'takeUntil', n: 1 },
        rendezvous,
        { op: 'repeat', n: 1 },
        rendezvous,
        { ...rendezvous, pace: [1, ENDLESS] },
        {
          ...plain,
          ...pool,
          op: 'workerPool',
          concurrency: 1,
          task: { ...task, kind: 'timer', frames: 1 },
          ordered: false,
          queue: 0,
          keys: undefined,
        },
      ],
      consumer: { ticks: { at: [4], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
];
