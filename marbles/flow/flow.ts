import type { RunHelpers } from 'rxjs/testing';
import { check, checkFunction, checkInteger, checkOneOf } from '../../src/check.js';
import { FlowScheduler } from './flow-scheduler.js';
import { REAL_TIME_CALLS, guardRealTime, type RealTimeCall } from './real-time.js';
import type { Timeline } from './timeline.js';
import { isThenable } from '../../src/sync/settle.js';
import { toolsOf, type FlowTools, type Props } from './tools.js';

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
 * console.log(source.pulled[0]?.moments.map(({ frame }) => frame)); // [ 0, 0, 6, 9 ]
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
  check(Array.isArray(allow), 'allow', 'an array of calls', allow);
  for (const call of allow) checkOneOf('allow', call, ...REAL_TIME_CALLS);
  if (running) throw new Error('Expected `flow` to be called outside of another flow');
  const failures: unknown[] = [];
  const props: Props = { stages: [], recordings: [] };
  const starts: (() => void)[] = [];
  let phase: Timeline['phase'] = 'set up';
  const scheduler = new FlowScheduler(maxSteps, (frame) => {
    for (const stage of props.stages) stage.frameOver(frame);
  });
  const time: Timeline = {
    now: () => scheduler.frame,
    after: (delay, action) => scheduler.schedule(action, delay),
    onStart(action) {
      if (phase !== 'set up') {
        throw new Error(
          'Expected `hot` and `pausable` to be called before the flow runs: they play from its start',
        );
      }
      starts.push(action);
    },
    fail: (error) => failures.push(error),
    get phase() {
      return phase;
    },
  };

  const play = (helpers: RunHelpers): R => {
    const restore = guardRealTime(allow, time);
    let result: R | undefined;
    try {
      result = run(toolsOf(time, helpers, props));
      check(!isThenable(result), 'run', 'synchronous', result);
      phase = 'runs';
      for (const start of starts) start();
      scheduler.flush();
      scheduler.finish();
      return result;
    } catch (error) {
      time.fail(error); // before what goes wrong as it is cleaned up
      throw error;
    } finally {
      phase = 'over';
      for (const recording of props.recordings) attempt(() => recording.end(), time);
      attempt(() => scheduler.finish(), time);
      restore();
      // It is refused, and what it rejects with is of no interest any more.
      if (result instanceof Promise) result.catch(() => {});
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

/** One that fails keeps no other from being let go. */
function attempt(act: () => void, { fail }: Pick<Timeline, 'fail'>): void {
  try {
    act();
  } catch (error) {
    fail(error);
  }
}

/** RxJS has one virtual time at a time. */
let running = false;
