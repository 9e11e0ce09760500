/**
 * Marble tests of pipes that wait.
 *
 * - {@link flow} runs a pipe in virtual time: sources that are pulled, pushed or paused, consumers that
 *   take when they are told to, stages that are watched.
 * - {@link marbleMatchers} compare what it recorded with marble diagrams, for `expect.extend`.
 * - {@link takeOn}: a consumer that takes one value each time a notifier emits, and shows demand for it.
 * - {@link verifyConservation}: fails where a stage has lost a value or made one up.
 * - {@link parseMarbles} and {@link printMarbles}: the diagrams themselves.
 *
 * @packageDocumentation
 */
export { MarbleSyntaxError } from './diagram/errors.js';
export type { Diagram, Kind, Mark } from './diagram/diagram.js';
export { parseMarbles } from './diagram/parse.js';
export { printMarbles } from './diagram/print.js';
export type { Moment, Track } from './diagram/track.js';
export { EndlessFlowError } from './flow/flow-scheduler.js';
export { flow, type FlowOptions } from './flow/flow.js';
export type { FlowTools, RecordOptions } from './flow/tools.js';
export type { PullSource } from './flow/pull-source.js';
export type { FlowSource } from './flow/flow-source.js';
export type { ColdSource, HotSource, PausableSource } from './flow/pushed.js';
export { RealTimeError, type RealTimeCall } from './flow/real-time.js';
export type { Recording } from './flow/recording.js';
export type { Values } from './flow/script.js';
export { UnheardDropError, type Drop, type WatchedStage, type WatchOptions } from './flow/stage.js';
export type { Clock } from '../src/clock.js';
export type { DropReasons } from './matchers/drawing.js';
export { marbleMatchers } from './matchers/matchers.js';
export type { RunnerColours } from './matchers/paint.js';
export type {
  Recorded,
  RecordedOutput,
  RecordedPauses,
  RecordedPulls,
  RecordedStage,
  RecordedSubscriptions,
} from './matchers/recorded.js';
export type {
  CallableMatchers,
  MarbleMatchers,
  MatcherContext,
  MatcherResult,
} from './matchers/runner.js';
export { takeOn } from './take-on.js';
export { verifyConservation, ConservationError, type Counts } from './verify-conservation.js';
