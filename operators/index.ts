/**
 * Backpressure as ordinary RxJS operators.
 *
 * - Stages: {@link bufferedChannel}, {@link workerPool}, {@link batchWithTimeout}, {@link leakyBucket},
 *   {@link adaptiveThrottle}, {@link conflate}.
 * - Limits for `workerPool` that find their own level: {@link gradient2} and {@link vegas} by latency,
 *   {@link aimd} by what is dropped.
 * - From one to several: {@link fanOut} gives each value to one of several lanes, {@link broadcast} to
 *   every subscriber.
 * - Sources that wait: {@link pullFrom}; {@link backpressure} for those that can pause; {@link demandOf} for
 *   sources of one's own.
 * - Sinks that say wait: {@link toAsyncIterable}, {@link intoChannel}.
 * - The link between them: {@link explain} shows it, {@link unlinked} cuts it.
 * - {@link StageMeter} reads a stage while it runs.
 *
 * @packageDocumentation
 */
export { adaptiveThrottle, type AdaptiveThrottleOptions } from './adaptive-throttle.js';
export { batchWithTimeout, type BatchOptions } from './batch-with-timeout.js';
export { broadcast, type BroadcastOptions } from './broadcast.js';
export { bufferedChannel, type BufferedChannelOptions } from './buffered-channel.js';
export { conflate, type ConflateOptions } from './conflate.js';
export { describeLink } from './link/describe-link.js';
export { explain } from './explain.js';
export { fanOut, type FanOutOptions } from './fan-out.js';
export { LaneTakenError } from './lanes/errors.js';
export type { LaneKey } from './lanes/hash.js';
export { demandOf, type LinkReport, type OnLink } from './link/find-demand.js';
export type { AdaptiveLimit, LimitSample, Outcome } from './limits/adaptive-limit.js';
export { aimd, type AimdOptions } from './limits/aimd.js';
export { gradient2, type Gradient2Options } from './limits/gradient2.js';
export { vegas, type VegasOptions } from './limits/vegas.js';
export type { ProbingOptions, WindowedLimitOptions } from './limits/windowed-limit.js';
export { TaskTimeoutError } from './pool/errors.js';
export type { TaskContext } from './pool/task-context.js';
export { intoChannel, type IntoChannelOptions } from './sinks/into-channel.js';
export { leakyBucket, type LeakyBucketOptions } from './leaky-bucket.js';
export { toAsyncIterable, type ToAsyncIterableOptions } from './sinks/to-async-iterable.js';
export { backpressure, type BackpressureOptions } from './sources/backpressure.js';
export { pullFrom, type PullOptions } from './sources/pull-from.js';
export type { PullInput } from './sources/readers.js';
export { DemandRequiredError } from './stage/errors.js';
export { StageMeter, type Metered } from './stage/meter.js';
export type {
  LinkOptions,
  QueueOptions,
  SinkOptions,
  StageOptions,
  TimedOptions,
} from './stage/options.js';
export type { DelayLaw, DelayState } from './throttle/delay-law.js';
export { unlinked } from './unlinked.js';
export { workerPool, type WorkerPoolOptions } from './worker-pool.js';
export type { Demand } from '../src/line/demand.js';
export type { DropReason, Given, LineOptions, OnDrop, Overflow } from '../src/line/line.js';
export { ChannelClosedError, ChannelOverflowError } from '../src/errors.js';
