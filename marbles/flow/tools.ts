import { Observable, asyncScheduler } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { check } from '../../src/check.js';
import type { Clock } from '../../src/clock.js';
import { parseMarbles } from '../diagram/parse.js';
import { printMarbles } from '../diagram/print.js';
import { PullSource } from './pull-source.js';
import { ColdSource, HotSource, PausableSource } from './pushed.js';
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
  /**
   * From when to when it is subscribed: `'-^---!'`, counted from when `record` is called. Default: from then
   * on, to the end of the flow.
   */
  readonly during?: string | undefined;
}

/** What a flow is made of. Diagrams are in RxJS's marble syntax, without its leniency. */
export interface FlowTools {
  /** Virtual time, for what takes a clock: `new RateLimiter({ rate: 10, clock })`. */
  readonly clock: Clock;
  /** When animation frames come, as in RxJS. */
  readonly animate: (marbles: string) => void;
  /** The milliseconds up to the `|` of a diagram, as in RxJS. */
  readonly time: (marbles: string) => number;
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
  /** A source that plays from the start of the flow, whoever listens; not to be made later. */
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
  /**
   * Subscribes at the start of the flow, or at once where it runs already; a consumer that takes when it is
   * told to, and records.
   */
  readonly record: (pipe: Observable<unknown>, options?: RecordOptions) => Recording;
}

/** What a flow has to see to. */
export interface Props {
  readonly stages: StageWatch[];
  readonly recordings: Recording[];
}

/** The tools of one flow, which it hands out until it is over. */
export function toolsOf(
  time: Timeline,
  helpers: RunHelpers,
  { stages, recordings }: Props,
): FlowTools {
  const use = (tool: string): void => {
    if (time.phase === 'over')
      throw new Error(`Expected \`${tool}\` to be called before its flow is over`);
  };
  return {
    clock: schedulerClock(asyncScheduler),
    animate(marbles) {
      use('animate');
      const { marks, length } = parseMarbles(marbles, '');
      // Some diagrams RxJS reads otherwise; one that is printed, of plain letters, it does not.
      const plain = marks.map(({ frame }) => ({ frame, kind: 'next', symbol: 'x' }) as const);
      helpers.animate(printMarbles({ marks: plain, length }));
    },
    time(marbles) {
      const [end] = parseMarbles(marbles, '|').marks;
      check(end?.kind === 'complete', 'marbles', 'idle frames and a `|`', marbles);
      return end.frame;
    },
    pull(marbles, values, error) {
      use('pull');
      const script = scriptOf(marbles, values, error);
      check(!marbles.includes('('), 'marbles', 'without groups: a pull gets one value', marbles);
      return new PullSource(time, script);
    },
    hot(marbles, values, error) {
      use('hot');
      return new HotSource(time, scriptOf(marbles, values, error, '|#^'));
    },
    cold(marbles, values, error) {
      use('cold');
      return new ColdSource(time, scriptOf(marbles, values, error));
    },
    pausable(marbles, values, error) {
      use('pausable');
      return new PausableSource(time, scriptOf(marbles, values, error));
    },
    stage(name) {
      use('stage');
      check(name === undefined || typeof name === 'string', 'name', 'a string', name);
      const stage = new StageWatch(time, name);
      stages.push(stage);
      return stage;
    },
    record(pipe, options = {}) {
      use('record');
      check(pipe instanceof Observable, 'pipe', 'an Observable', pipe);
      check(typeof options === 'object', 'options', 'an object', options);
      const { takes, during } = options;
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
