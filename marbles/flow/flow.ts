import type { Observable } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { check, checkFunction, checkInteger } from '../../src/check.js';
import { parseMarbles } from '../diagram/parse.js';
import { FlowScheduler } from './flow-scheduler.js';
import { PullSource } from './pull-source.js';
import { ColdSource, HotSource, PausableSource } from './pushed.js';
import { guardRealTime, type RealTimeCall } from './real-time.js';
import { Recording, type Span } from './recording.js';
import { scriptOf, type Script, type Values } from './script.js';
import { StageWatch, type WatchedStage } from './stage.js';
import type { Timeline } from './timeline.js';

/** How a consumer takes. */
export interface RecordOptions {
  /**
   * When it takes a value: `'--x--3'` takes one in frame 2 and three in frame 5. A take that finds no
   * value is kept. Absent: it takes whatever comes, and shows no demand.
   */
  readonly takes?: string | undefined;
  /** From when to when it is subscribed: `'-^---!'`. Default: all the time. */
  readonly during?: string | undefined;
}

/** What a flow is made of. Diagrams are in RxJS's marble syntax, without its leniency. */
export interface FlowTools extends Pick<RunHelpers, 'animate' | 'time'> {
  /**
   * A source that waits, and records when each value was asked for. The idle frames before a value are how
   * long its production takes: `'ab--c|'` has a and b at hand, and c two frames after it was asked for.
   * A diagram without an end never answers a pull beyond it.
   */
  readonly pull: <T = string>(
    marbles: string,
    values?: Values<T>,
    error?: unknown,
  ) => PullSource<T>;
  /** A source that plays from the start of the flow, whoever listens. */
  readonly hot: <T = string>(marbles: string, values?: Values<T>, error?: unknown) => HotSource<T>;
  /** A source that plays to each subscriber, from when it subscribes. */
  readonly cold: <T = string>(
    marbles: string,
    values?: Values<T>,
    error?: unknown,
  ) => ColdSource<T>;
  /** A source that plays from the start of the flow, but for while it is paused. */
  readonly pausable: <T = string>(
    marbles: string,
    values?: Values<T>,
    error?: unknown,
  ) => PausableSource<T>;
  /** Watches a stage: options to give it, or to spread. */
  readonly stage: (name?: string) => WatchedStage;
  /** Subscribes at the start of the flow, as a consumer that takes when it is told to, and records. */
  readonly record: (pipe: Observable<unknown>, options?: RecordOptions) => Recording;
}

/** The options of {@link flow}. */
export interface FlowOptions {
  /** What of real time may be used all the same. */
  readonly allow?: readonly RealTimeCall[] | undefined;
  /** After how many steps of virtual time a flow is taken to be endless. Default 1,000,000. */
  readonly maxSteps?: number | undefined;
}

/**
 * Runs a pipe from start to end in virtual time, and records what happens. What `run` returns is then
 * there to be asserted, with {@link marbleMatchers}.
 *
 * ```
 * pulled     (ab)--c--|      pull('abc|')
 * held       2-----2--1--0   bufferedChannel(2)
 * takes      ------x--x--x
 * emitted    ------a--b--(c|)
 * ```
 *
 * ```ts
 * import { flow } from 'rxjs-sluice/marbles';
 * import { bufferedChannel } from 'rxjs-sluice/operators';
 *
 * const { source, output } = flow(({ pull, record, stage }) => {
 *   const source = pull('abc|');
 *   const output = record(source.pipe(bufferedChannel(2, stage())), { takes: '------x--x--x' });
 *   return { source, output };
 * });
 * console.log(source.pulled.moments.map(({ frame }) => frame)); // [ 0, 0, 6, 9 ]
 * console.log(output.emitted.moments.map(({ frame }) => frame)); // [ 6, 9, 12, 12 ]
 * ```
 *
 * Of every stage that is watched, received = delivered + dropped + held must hold at each drop, at the end of
 * each frame and at the end of the flow; then every recording is unsubscribed.
 *
 * @param run - puts the pipe together; called once, synchronously.
 * @throws {RealTimeError} where something used real time: a clock, a timer or a promise, in which virtual
 *   time has no part.
 * @throws {ConservationError} where a stage has lost a value, or made one up.
 * @throws {EndlessFlowError} where the flow does not end.
 * @throws {MarbleSyntaxError} for a diagram that cannot be read.
 */
export function flow<R>(run: (tools: FlowTools) => R, options: FlowOptions = {}): R {
  const { allow = [], maxSteps = 1_000_000 } = options;
  checkFunction('run', run);
  checkInteger('maxSteps', maxSteps, 1);
  check(!running, 'flow', 'called outside another flow', run);
  const failures: unknown[] = [];
  const stages: StageWatch[] = [];
  const recordings: Recording[] = [];
  const starts: (() => void)[] = [];
  let over = false;
  const scheduler = new FlowScheduler(maxSteps, (frame) => {
    for (const stage of stages) stage.frameOver(frame);
  });
  const time: Timeline = {
    now: () => scheduler.frame,
    after: (delay, action) => scheduler.schedule(action, delay),
    onStart: (action) => starts.push(action),
    fail: (error) => failures.push(error),
    get over() {
      return over;
    },
  };

  const play = (helpers: RunHelpers): R => {
    const restore = guardRealTime(allow, (error) => time.fail(error));
    try {
      const result = run(toolsOf(time, helpers, stages, recordings));
      check(!isPromise(result), 'run', 'synchronous', result);
      for (const start of starts) start();
      scheduler.flush();
      scheduler.finish();
      over = true;
      for (const recording of recordings) recording.end();
      scheduler.finish();
      return result;
    } finally {
      restore();
    }
  };

  running = true;
  try {
    const result = scheduler.run(play);
    if (failures.length === 0) return result;
  } catch (error) {
    failures.push(error);
  } finally {
    running = false;
  }
  throw failures[0];
}

/** RxJS has one virtual time at a time. */
let running = false;

function toolsOf(
  time: Timeline,
  helpers: RunHelpers,
  stages: StageWatch[],
  recordings: Recording[],
): FlowTools {
  return {
    animate: (marbles) => helpers.animate(marbles),
    time: (marbles) => helpers.time(marbles),
    pull(marbles, values, error) {
      const script = scriptOf(marbles, values, error);
      check(!marbles.includes('('), 'marbles', 'without groups: a pull gets one value', marbles);
      return new PullSource(time, script);
    },
    hot: (marbles, values, error) => new HotSource(time, scriptOf(marbles, values, error, '|#^')),
    cold: (marbles, values, error) => new ColdSource(time, scriptOf(marbles, values, error)),
    pausable: (marbles, values, error) =>
      new PausableSource(time, scriptOf(marbles, values, error)),
    stage(name) {
      const stage = new StageWatch(time, name);
      stages.push(stage);
      return stage;
    },
    record(pipe, { takes, during } = {}) {
      const ticks = takes === undefined ? undefined : ticksOf(takes);
      const recording = new Recording(time, pipe, spanOf(during), ticks);
      recordings.push(recording);
      return recording;
    },
  };
}

/** A digit takes so many at once; any other letter takes one. */
function ticksOf(marbles: string): Script<unknown> {
  return scriptOf(marbles, undefined, undefined).flatMap((entry) => {
    const { step } = entry;
    const count = step.kind === 'next' && /^\d$/.test(String(step.value)) ? Number(step.value) : 1;
    return Array.from({ length: count }, () => entry);
  });
}

function spanOf(marbles = ''): Span {
  const { marks } = parseMarbles(marbles, '^!');
  const frameOf = (kind: string): number | undefined =>
    marks.find((mark) => mark.kind === kind)?.frame;
  return { from: frameOf('subscribe') ?? 0, to: frameOf('unsubscribe') ?? Infinity };
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
