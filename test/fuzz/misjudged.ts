import { ENDLESS, type Pipe } from './pipe.js';
import { limiter, plain, stays, unpaced } from './plain.js';

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
  {
    title: 'what takes the place of a task whose time is up gives its value before it ends',
    pipe: {
      source: { kind: 'pull', count: 2, end: 'complete', requireDemand: undefined },
      links: [
        { op: 'mergeMap', n: 1 },
        {
          ...plain,
          ...pool,
          op: 'workerPool',
          concurrency: 1,
          task: { ...task, kind: 'several', frames: 1 },
          ordered: false,
          queue: undefined,
          keys: 1,
        },
        { op: 'map', n: 1 },
        {
          ...plain,
          op: 'batchWithTimeout',
          size: 1,
          timeout: 0,
          timer: undefined,
          queue: 0,
          maxWeight: undefined,
          maxParked: Infinity,
        },
        { op: 'repeat', n: 1 },
        {
          ...plain,
          op: 'workerPool',
          concurrency: {
            kind: 'gradient2',
            options: {
              min: 1,
              max: 3,
              initial: 2,
              window: 0,
              probe: 1,
              queueSize: 1,
              smoothing: 0.5,
              longWindow: 1,
            },
            outcome: false,
          },
          task: { kind: 'timer', frames: 2, spread: 0, fails: 3 },
          ordered: false,
          queue: 1,
          keys: 2,
          taskTimeout: 2,
          onTaskError: 'replace',
          requireDemand: false,
        },
      ],
      consumer: { ticks: { at: [], allFrom: 10 }, ...stays },
      limiter,
      first: 'above',
    },
  },
];
