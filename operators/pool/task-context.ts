import { LazySignal } from '../../src/sync/lazy-signal.js';

/** What a project is told beside the value. */
export interface TaskContext {
  /** The place of the task in the order in which tasks were started, from 0. */
  readonly index: number;
  /**
   * The number of the worker: 0 … concurrency − 1; of a concurrency that moves, the highest it was. No two
   * tasks that run have the same.
   */
  readonly worker: number;
  /**
   * Aborts when the task is given up: unsubscribed, timed out, or ended by another's error. By then nothing
   * of it is heard any more. Is made when it is read off the context: a copy (`{ ...context }`, or what
   * `{ worker, ...rest }` leaves in `rest`) has none.
   */
  readonly signal: AbortSignal;
}

/** A context, whose signal is made only when it is read. */
export class LazyContext extends LazySignal implements TaskContext {
  constructor(
    readonly index: number,
    readonly worker: number,
  ) {
    super();
  }
}
