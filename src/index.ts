/**
 * Go's channels for TypeScript. Needs no rxjs.
 *
 * - {@link Channel}: a bounded queue between senders and receivers; a rendezvous at capacity 0.
 *   {@link SendChannel} and {@link ReceiveChannel} are its two ends, as types.
 * - {@link select}: waits for the first of several sends, receives and timers.
 * - {@link pipeTo}, {@link merge}, {@link distribute}, {@link broadcastChannel}: channels made of channels, Go's
 *   pipelines: stage to stage, fan-in, fan-out and tee. No promise per value.
 * - {@link Semaphore}, {@link Mutex}, {@link RWMutex}, {@link WaitGroup}, {@link Once}, {@link Cond}: Go's
 *   `sync`, each wait with a signal, in order, with direct hand-over.
 * - {@link ResourcePool}: lends what is costly to make, and never makes more than so many: Go's `sql.DB`.
 * - {@link TaskGroup}: tasks that share a signal, which the first error aborts: Go's `x/sync/errgroup`.
 * - {@link RateLimiter}: so many per second, and so many at once; computed from the clock.
 * - {@link CancelScope}: Go's `context.WithCancel` and `WithTimeout`, as an AbortSignal with an end.
 * - {@link Demand}: how much room there is, as a level that a producer reads before each value.
 *
 * @packageDocumentation
 */
export { Channel } from './channel/channel.js';
export type { ChannelEnd, ReceiveChannel, SendChannel, WaitOptions } from './channel/types.js';
export {
  broadcastChannel,
  type BroadcastChannelOptions,
  type ChannelBroadcast,
  type OutputOptions,
} from './pipeline/broadcast-channel.js';
export { distribute, type DistributeOptions } from './pipeline/distribute.js';
export { merge, type Carried, type MergeOptions } from './pipeline/merge.js';
export type { PipelineOptions } from './pipeline/options.js';
export type { Outputs } from './pipeline/outputs.js';
export { pipeTo, type PipeToOptions } from './pipeline/pipe-to.js';
export {
  RateLimiter,
  type RateLimiterOptions,
  type Reservation,
  type TokenOptions,
} from './rate/rate-limiter.js';
export { after, recv, send, tick } from './select/cases.js';
export type { Happened, Received, SelectCase } from './select/cases.js';
export { select, trySelect } from './select/select.js';
export type { SelectCases, Selected, SelectOptions, TrySelectOptions } from './select/select.js';
export { CancelScope, type CancelScopeOptions } from './sync/cancel-scope.js';
export { Cond } from './sync/cond.js';
export { Mutex, RWMutex } from './sync/mutex.js';
export { Once } from './sync/once.js';
export type { Permit } from './sync/permit.js';
export { ResourcePool, type Lease, type ResourcePoolOptions } from './sync/resource-pool.js';
export { Semaphore, type AcquireOptions } from './sync/semaphore.js';
export { TaskGroup, type TaskGroupOptions } from './sync/task-group.js';
export { WaitGroup } from './sync/wait-group.js';
export type { Clock } from './clock.js';
export { ChannelClosedError, ChannelOverflowError, ResourcePoolClosedError } from './errors.js';
export type { Demand } from './line/demand.js';
export type { DropReason, Given, LineOptions, OnDrop, Overflow } from './line/line.js';
