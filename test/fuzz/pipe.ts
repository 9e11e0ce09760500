import type { Overflow } from 'rxjs-sluice/operators';

/*
 * The language of the pipes that are tried: plain data, so that it is made at random, shrinks, prints as a
 * program (print.ts) and is run twice: by the library and by the model. Times are whole frames.
 */

export interface Pipe {
  readonly source: Source;
  readonly links: readonly Link[];
  readonly consumer: Consumer;
  /** Whose timers ring first of those that are due in one frame: those above, or those below. */
  readonly first: 'above' | 'below';
}

/** How something ends. */
export type End = 'complete' | 'error' | 'never';

export type Source =
  /** `pullFrom` of an iterable of so many numbers; it may end by throwing. */
  | { readonly kind: 'pull'; readonly count: number; readonly end: Exclude<End, 'never'> }
  /** `pullFrom` of a channel each of whose values takes so many frames from when it is asked for. */
  | { readonly kind: 'slow'; readonly delays: readonly number[]; readonly end: End }
  /** `pullFrom` of a channel, to which a value is sent in each of these frames, if it has a place. */
  | {
      readonly kind: 'channel';
      readonly capacity: number;
      readonly at: readonly number[];
      readonly end: End;
    }
  /** A Subject that is told a value in each of these frames, and then the end. */
  | { readonly kind: 'hot'; readonly at: readonly number[]; readonly end: End }
  /** Timers, one after the other, from when it is subscribed. */
  | { readonly kind: 'cold'; readonly gaps: readonly number[]; readonly end: End }
  /** All at once, at subscription. */
  | { readonly kind: 'sync'; readonly count: number; readonly end: End }
  /** `mergeMap` to so many `pullFrom`s, of so many values each. */
  | { readonly kind: 'inner'; readonly counts: readonly number[] }
  | { readonly kind: 'merge'; readonly sources: readonly Source[] };

/** As often as a timer can ring while a pipe runs, and more. */
export const ENDLESS = 99;

export type Link = Stage | Stock;

/** What every stage can be told. */
export interface Policy {
  readonly overflow: Overflow;
  readonly maxParked: number;
  readonly errors: 'drain' | 'immediate';
}

export type Stage = Policy &
  (
    | {
        readonly op: 'bufferedChannel';
        readonly capacity: number;
        /** A timer as `pace` or `credit`: so many frames from one to the next, and so many of them. */
        readonly pace: readonly [every: number, count: number] | undefined;
        readonly credit: readonly [every: number, count: number] | undefined;
      }
    | {
        readonly op: 'workerPool';
        readonly concurrency: number;
        readonly task: Task;
        readonly ordered: boolean;
        readonly queue: number | undefined;
        readonly keys: number | undefined;
        readonly taskTimeout: number | undefined;
        readonly onTaskError: 'fail' | 'skip' | 'replace';
      }
    | {
        readonly op: 'batchWithTimeout';
        readonly size: number;
        readonly timeout: number;
        readonly timer: 'first' | 'idle';
        readonly queue: number;
        readonly maxWeight: number | undefined;
      }
    | {
        readonly op: 'leakyBucket';
        readonly capacity: number;
        readonly interval: number;
        readonly queue: number | undefined;
        readonly costs: boolean;
        readonly keys: number | undefined;
      }
    | {
        readonly op: 'adaptiveThrottle';
        readonly minDelay: number;
        readonly maxDelay: number;
        readonly target: number;
        readonly queue: number;
      }
    | { readonly op: 'conflate' }
    | {
        readonly op: 'fanOut';
        readonly lanes: number;
        readonly by: 'round-robin' | 'least-loaded' | 'key';
        readonly queue: number;
        readonly lane: 'plain' | 'bufferedChannel(1)' | 'workerPool(1)';
      }
    | { readonly op: 'broadcast'; readonly capacity: number; readonly subscribers: number }
  );

export type StageOf<Op extends Stage['op']> = Extract<Stage, { readonly op: Op }>;

/** What the project of a pool returns, by the number of its value. */
export interface Task {
  /**
   * `sync`: the value at once. `timer`: the value after a while. `several`: the value twice, at two times.
   * `burst`: the value three times at once. `pull`: the same, but it can wait. `none`: no result.
   * `never`: no end.
   */
  readonly kind: 'sync' | 'timer' | 'several' | 'burst' | 'pull' | 'none' | 'never';
  /** How many frames it takes, at least. */
  readonly frames: number;
  /** How many more, by the number of the value, modulo this. */
  readonly spread: number;
  /** Every so many values it fails; 0 is never. */
  readonly fails: number;
}

/** Stock operators, and `unlinked`. `n` is what the operator is told, where it is told something. */
export interface Stock {
  readonly op: StockName;
  readonly n: number;
}

export const stockNames = [
  'map',
  'filter',
  'tap',
  'scan',
  'take',
  'skip',
  'takeWhile',
  'takeUntil',
  'distinctUntilChanged',
  'startWith',
  'endWith',
  'catchError',
  'retry',
  'repeat',
  'mergeMap',
  'concatMap later',
  'switchMap later',
  'mergeMap later',
  'delay',
  'observeOn',
  'unlinked',
] as const;

export type StockName = (typeof stockNames)[number];

export interface Consumer {
  /** When it takes a value, and from when on all there are; absent: it takes whatever comes. */
  readonly ticks: { readonly at: readonly number[]; readonly allFrom: number } | undefined;
  /** It unsubscribes in this frame, at the latest. */
  readonly leavesAt: number;
  /** What it does inside `next`, at the value of this number. */
  readonly inside: { readonly at: number; readonly does: 'leave' | 'push' | 'throw' } | undefined;
}

export const isStage = (link: Link): link is Stage => 'overflow' in link;
