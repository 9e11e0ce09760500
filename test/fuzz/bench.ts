import { tap, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs';
import { isStage, partsOf, type Pipe, type Source, type Stage, type Within } from './pipe.js';
import { show, type Value } from './values.js';
import { VirtualTime } from './virtual-time.js';

/** What was seen of a pipe, as lines that can be compared. */
export interface Trace {
  /** What the consumer got, and how it ended. */
  readonly out: string[];
  /** What stages dropped. */
  readonly drops: string[];
  /** What was read of sources that wait. */
  readonly reads: string[];
  /** What was told of delays, and what was told to stop and to go on. */
  readonly heard: string[];
  /** What stages held, and parked, at the end of each frame. */
  readonly levels: string[];
}

/** How the owners of those timers begin that are no part of the pipe. */
export const OUTSIDE = 'outside: ';

/** What one run of a pipe has in common, whether by the library or by the model. */
export class Bench {
  readonly time: VirtualTime;
  readonly trace: Trace = { out: [], drops: [], reads: [], heard: [], levels: [] };
  /** What is running, by owner: tasks, iterators, notifiers, subscriptions to a source. */
  readonly running = new Map<string, number>();
  /** Called whenever there is something to be seen of the pipe. */
  look: () => void = () => {};
  /** Called when a frame is over: nothing is under way. */
  atRest: () => void = () => {};
  /** What each stage holds, and has parked. */
  levels: () => readonly string[] = () => [];
  /** Tells the hot sources one value more, from inside the consumer. */
  readonly pushes: (() => void)[] = [];
  /** Have the hot sources end that would end later. */
  readonly ends: (() => void)[] = [];
  /** Take one value more than they would, those that take one after the other. */
  readonly asks: (() => void)[] = [];
  /** Called as a source is read. */
  beforeRead: () => void = () => {};
  /** Does what a callback does as it is called. */
  within: (does: Within['does']) => void = () => {};
  /** How many callbacks are doing something now: about each of them a value is being asked. */
  depth = 0;
  /** What must never be seen. */
  readonly faults: string[] = [];

  /** What stages and sources linked to. */
  reports: { rest(): void } | undefined;
  /** Whether promises are in the nature of it. */
  readonly hasPromises: boolean;

  constructor(readonly pipe: Pipe) {
    this.time = new VirtualTime(pipe.creeps);
    this.hasPromises =
      isAsync(pipe.source) || pipe.links.some((link) => isStage(link) && hasPromises(link));
  }

  /** The time of a part of the pipe; `level` is 0 for the source, and grows from there. */
  timeOf(owner: string, level: number): SchedulerLike {
    return this.time.scheduler(owner, this.pipe.first === 'above' ? level : -level);
  }

  wentOut(what: string): void {
    this.trace.out.push(this.at(what));
  }

  wasRead(what: string): void {
    this.beforeRead();
    this.trace.reads.push(this.at(what));
  }

  wasHeard(what: string): void {
    this.trace.heard.push(this.at(what));
  }

  /** What was heard at this instant does not count. */
  unhear(what: string): void {
    const { heard } = this.trace;
    const at = heard.lastIndexOf(this.at(what));
    if (at >= 0) heard.splice(at, 1);
  }

  wasDropped(by: string, value: Value, reason: string): void {
    this.trace.drops.push(this.at(`${by}: ${show(value)} (${reason})`));
  }

  fault(what: string): void {
    this.faults.push(this.at(what));
  }

  isRunning(owner: string, change: 1 | -1): void {
    this.running.set(owner, (this.running.get(owner) ?? 0) + change);
  }

  /** `owner` runs until what this returns is called. */
  begun(owner: string): () => void {
    this.isRunning(owner, 1);
    let runs = true;
    return () => {
      if (runs) this.isRunning(owner, -1);
      runs = false;
    };
  }

  /** `callback`, which does before its own work what is done within those that are called so. */
  calling<A extends readonly unknown[], R>(
    name: Within['callback'],
    callback: (...args: A) => R,
  ): (...args: A) => R {
    const { within } = this.pipe;
    if (within?.callback !== name) return callback;
    let calls = 0;
    return (...args) => {
      if (calls < MOST_CALLS && isTurn(calls++, within) && this.depth < DEEPEST) {
        this.depth++;
        try {
          this.within(within.does);
        } finally {
          this.depth--;
        }
      }
      return callback(...args);
    };
  }

  /** Counts the subscriptions of `owner`. */
  counted<T>(owner: string): MonoTypeOperatorFunction<T> {
    return tap({
      subscribe: () => this.isRunning(owner, 1),
      finalize: () => this.isRunning(owner, -1),
    });
  }

  /** A frame is over. */
  rest(): void {
    this.trace.levels.push(this.at(this.levels().join(', ')));
    this.reports?.rest();
    this.time.stands = true;
    this.atRest();
    this.time.stands = false;
  }

  /** The pipe is over: nothing runs any more that it had running. */
  ended(when: string): void {
    for (const [owner, count] of this.running) {
      if (count !== 0) this.fault(`${owner} still runs ${when}`);
    }
    for (const owner of this.time.owners) {
      if (!owner.startsWith(OUTSIDE)) this.fault(`a timer of ${owner} is set ${when}`);
    }
  }

  private at(what: string): string {
    // Not every sum of parts of a frame is exact.
    return `@${Number(this.time.now.toFixed(9))} ${what}`;
  }
}

/** After so many calls nothing more is done: what is pushed leads to more of them. */
const MOST_CALLS = 30;

/** What a callback leads to may call it again, so many times. */
export const DEEPEST = 2;

export const isTurn = (
  nth: number,
  { at, every }: { readonly at: number; readonly every: number },
): boolean => nth >= at && (nth - at) % every === 0;

const isAsync = (source: Source): boolean =>
  partsOf(source).some(
    (part) => part.kind === 'async' && part.shape !== 'thenable' && part.shape !== 'plain',
  );

const hasPromises = (stage: Stage): boolean =>
  stage.op === 'toAsyncIterable' || (stage.op === 'workerPool' && stage.task.kind === 'promise');
