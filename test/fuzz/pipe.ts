import type { Overflow } from 'rxjs-sluice/operators';

/*
 * The language of the pipes that are tried: plain data, so that it is made at random, shrinks, prints as a
 * program (print.ts) and is run twice: by the library and by the model. Times are whole frames.
 */

export interface Pipe {
  readonly source: Source;
  readonly links: readonly Link[];
  readonly consumer: Consumer;
  /** What the buckets share that say so, and a pipe beside this one. */
  readonly limiter: { readonly interval: number; readonly burst: number; readonly rival: number };
  /** Whose timers ring first of those that are due in one frame: those above, or those below. */
  readonly first: 'above' | 'below';
  /** At every so many looks at the clock some time has passed; absent: only between two events does it pass. */
  readonly creeps?: number | undefined;
  readonly within?: Within | undefined;
}

/** What the callbacks of one kind do before their own work: at the call of this number, and then at `every` so many. */
export interface Within {
  readonly callback: CallbackName;
  readonly at: number;
  readonly every: number;
  /** As a consumer does it, inside `next`; `end` has the hot sources end. */
  readonly does: 'push' | 'end' | 'ask' | 'leave' | 'throw';
}

/** What stages are given that is called while they are at work. */
type CallbackName =
  | 'project'
  | 'onTaskError'
  | 'outcome'
  | 'keyBy'
  | 'weigh'
  | 'cost'
  | 'by'
  | 'law'
  | 'onDelay'
  | 'reduce'
  | 'onDrop';

/** Which of them the stages in `links` are given. */
export function callbacksIn(links: readonly Link[]): readonly CallbackName[] {
  return ['onDrop', ...links.filter(isStage).flatMap(callbacksOf)];
}

function callbacksOf(stage: Stage): readonly CallbackName[] {
  switch (stage.op) {
    case 'workerPool': {
      const { concurrency, keys, onTaskError } = stage;
      const hears = typeof concurrency === 'object' && concurrency.kind !== 'told';
      return [
        'project',
        ...given('keyBy', keys !== undefined),
        ...given('onTaskError', onTaskError === 'replace'),
        ...given('outcome', hears && concurrency.outcome),
      ];
    }
    case 'batchWithTimeout':
      return given('weigh', stage.maxWeight !== undefined);
    case 'leakyBucket':
      return [
        ...given('cost', stage.costs !== undefined),
        ...given('keyBy', stage.keys !== undefined),
      ];
    case 'adaptiveThrottle':
      return [...given('law', stage.law === 'of its own'), ...given('onDelay', stage.heard)];
    case 'conflate':
      return ['reduce'];
    case 'fanOut':
      return given('by', stage.by === 'key');
    default:
      return [];
  }
}

const given = (name: CallbackName, is: boolean): readonly CallbackName[] => (is ? [name] : []);

/** How something ends. */
export type End = 'complete' | 'error' | 'never';

export type Source =
  /** `pullFrom` of an iterable of so many numbers; it may end by throwing. */
  | {
      readonly kind: 'pull';
      readonly count: number;
      readonly end: Exclude<End, 'never'>;
      readonly requireDemand: boolean | undefined;
    }
  /** The same, by a loop of one's own, which asks `demandOf`. */
  | { readonly kind: 'own'; readonly count: number; readonly end: Exclude<End, 'never'> }
  /** `pullFrom` of something each of whose reads settles after so many frames. */
  | {
      readonly kind: 'async';
      readonly shape: (typeof asyncShapes)[number];
      readonly delays: readonly number[];
      readonly end: End;
    }
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
  /** It can be stopped, by `backpressure`, and heeds that or not; while it runs, so long after each other. */
  | {
      readonly kind: 'switched';
      readonly gaps: readonly number[];
      readonly heeds: boolean;
      readonly end: End;
      readonly requireDemand: boolean | undefined;
    }
  /** Timers, one after the other, from when it is subscribed. */
  | { readonly kind: 'cold'; readonly gaps: readonly number[]; readonly end: End }
  /** All at once, at subscription. */
  | { readonly kind: 'sync'; readonly count: number; readonly end: End }
  /** `mergeMap` to so many `pullFrom`s, of so many values each. */
  | { readonly kind: 'inner'; readonly counts: readonly number[] }
  | { readonly kind: 'merge'; readonly sources: readonly Source[] }
  /** It is left in this frame. */
  | { readonly kind: 'until'; readonly at: number; readonly source: Source };

/** The sources that it is made of. */
export function partsOf(source: Source): readonly Source[] {
  if (source.kind === 'merge') return source.sources.flatMap(partsOf);
  return source.kind === 'until' ? partsOf(source.source) : [source];
}

/**
 * What an asynchronous input looks like, and what its reads give: promises, of an iterator, a Node stream or a
 * web stream; thenables that call back at once when they settle; or a result as it is.
 */
export const asyncShapes = ['iterator', 'thenable', 'plain', 'node', 'web'] as const;

/** As often as a timer can ring while a pipe runs, and more. */
export const ENDLESS = 99;

export type Link = Stage | Stock;

/** What every stage can be told. `undefined` is what the library takes where it is told nothing. */
export interface Policy {
  readonly overflow: Overflow | undefined;
  readonly maxParked: number | undefined;
  readonly errors: 'drain' | 'immediate' | undefined;
  readonly requireDemand: boolean | undefined;
}

/** A timer that is heard: so many frames from one to the next, and so many of them; one more may come at once. */
export type Beat = readonly [every: number, count: number, atOnce?: boolean];

/** How many tasks may run at a time, where that moves. */
export type Limit =
  /** An Observable tells it: so many from so many frames after the one before. */
  | {
      readonly kind: 'told';
      readonly steps: readonly (readonly [after: number, limit: number])[];
      readonly ends: boolean;
    }
  | {
      readonly kind: 'gradient2' | 'vegas' | 'aimd';
      readonly options: Readonly<Record<string, number | undefined>> | undefined;
      /** Whether `outcome` says what a task tells of the load. */
      readonly outcome: boolean;
    };

export const lanePipes = [
  'plain',
  'bufferedChannel(1)',
  'workerPool(1)',
  'take(2)',
  'take(2), repeat(2)',
  'fails at 3',
  'takeOn',
  'bufferedChannel(0), takeOn',
] as const;

/**
 * `late`, `until` and `take` come later than the source, or leave before it ends; `takeOn` takes one value after the
 * other.
 */
export const subscriberKinds = [
  'plain',
  'bufferedChannel(1)',
  'unlinked',
  'late',
  'until',
  'take(2)',
  'takeOn',
  'bufferedChannel(0), takeOn',
] as const;

/** Whether such a pipe goes by other demand than that of the stage below. */
export const asksForItself = (kind: string): boolean =>
  kind === 'unlinked' || kind.endsWith('takeOn');

/** Whether it holds values of its own. */
export const hasStage = (kind: string): boolean => /^(bufferedChannel|workerPool)/.test(kind);

export type Stage = Policy &
  (
    | {
        readonly op: 'bufferedChannel';
        readonly capacity: number;
        readonly pace: Beat | undefined;
        readonly yieldEvery: number | undefined;
        /** It allows 0, 1 or 2 at a time, by turns. */
        readonly credit: Beat | undefined;
      }
    | {
        readonly op: 'workerPool';
        readonly concurrency: number | Limit;
        readonly task: Task;
        readonly ordered: boolean;
        readonly queue: number | undefined;
        readonly keys: number | undefined;
        readonly taskTimeout: number | undefined;
        readonly onTaskError: 'fail' | 'skip' | 'replace' | undefined;
      }
    | {
        readonly op: 'batchWithTimeout';
        readonly size: number;
        readonly timeout: number;
        readonly timer: 'first' | 'idle' | undefined;
        readonly queue: number | undefined;
        readonly maxWeight: number | undefined;
      }
    | {
        readonly op: 'leakyBucket';
        readonly capacity: number;
        readonly interval: number;
        readonly queue: number | undefined;
        readonly costs: Costs | undefined;
        readonly keys: number | undefined;
        /** Whether it shares the limiter of the pipe. */
        readonly limited: boolean;
      }
    | {
        readonly op: 'adaptiveThrottle';
        readonly minDelay: number;
        readonly maxDelay: number;
        readonly target: number;
        readonly queue: number | undefined;
        readonly law: 'linear' | 'aimd' | 'of its own' | undefined;
        /** It says 0, 3, 1 and 5, by turns. */
        readonly feedback: Beat | undefined;
        /** Whether the delays are heard. */
        readonly heard: boolean;
      }
    | { readonly op: 'conflate' }
    | {
        readonly op: 'fanOut';
        readonly lanes: number;
        readonly by: 'round-robin' | 'least-loaded' | 'key' | undefined;
        readonly queue: number | undefined;
        /** The pipes of the lanes, by turns. */
        readonly pipes: readonly (typeof lanePipes)[number][];
      }
    | {
        readonly op: 'broadcast';
        readonly capacity: number | undefined;
        /** Into one consumer; the first of them stays to the end. */
        readonly subscribers: readonly (typeof subscriberKinds)[number][];
      }
    /** `pullFrom(toAsyncIterable(source))` */
    | { readonly op: 'toAsyncIterable'; readonly capacity: number | undefined }
    /** `intoChannel(channel)`, and a `pullFrom(channel)` beside it, from which the pipe goes on. */
    | {
        readonly op: 'intoChannel';
        readonly capacity: number;
        readonly drops: Overflow | undefined;
        readonly close: boolean | undefined;
      }
  );

/** The pipes that stand in a link. */
export const pipesIn = (link: Link): readonly string[] =>
  link.op === 'broadcast' ? link.subscribers : link.op === 'fanOut' ? link.pipes : [];

/** What a value costs: up to the capacity of the bucket, in whole tokens or halves; or one more than it holds. */
export type Costs = 'whole' | 'halves' | 'too much';

export type StageOf<Op extends Stage['op']> = Extract<Stage, { readonly op: Op }>;

/** What the project of a pool returns, by the number of its value. */
export interface Task {
  /**
   * `sync`: the value at once. `timer`: the value after a while. `several`: the value twice, at two times.
   * `burst`: the value three times at once. `pull`: the same, but it can wait. `promise`: a promise of it,
   * which is given up when the signal says so. `none`: no result. `never`: no end.
   */
  readonly kind: 'sync' | 'timer' | 'several' | 'burst' | 'pull' | 'promise' | 'none' | 'never';
  /** How many frames it takes, at least. */
  readonly frames: number;
  /** How many more, by the number of the value, modulo this. */
  readonly spread: number;
  /** Every so many values it fails; 0 is never. */
  readonly fails: number;
}

/** Stock operators, `unlinked` and `explain`. `n` is what the operator is told, where it is told something. */
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
  'explain',
] as const;

export type StockName = (typeof stockNames)[number];

export interface Consumer {
  /** When it takes a value, and from when on all there are; absent: it takes whatever comes. */
  readonly ticks: { readonly at: readonly number[]; readonly allFrom: number } | undefined;
  /** It unsubscribes in this frame, at the latest. */
  readonly leavesAt: number;
  readonly inside: Inside | undefined;
}

/**
 * What a consumer does inside `next`, at the value of this number: `push` has the hot sources send one more. From it
 * on, `ask` takes one more at `every` so many; `ask ahead` does so inside sources, as they are read.
 */
export type Inside =
  | { readonly at: number; readonly does: 'leave' | 'push' | 'throw' }
  | { readonly at: number; readonly does: 'ask' | 'ask ahead'; readonly every: number };

/** The most that may run at a time, ever. */
export function mostAtATime(concurrency: number | Limit): number {
  if (typeof concurrency === 'number') return concurrency;
  return concurrency.kind === 'told'
    ? Math.max(0, ...concurrency.steps.map(([, limit]) => limit))
    : (concurrency.options?.['max'] ?? 200);
}

export const isStage = (link: Link): link is Stage => 'overflow' in link;
