/** What a project is told beside the value. */
export interface TaskContext {
  /** The place of the task in the order in which tasks were started, from 0. */
  readonly index: number;
  /** The number of the worker: 0 … concurrency − 1. No two tasks that run have the same. */
  readonly worker: number;
  /** Aborts when the task is given up: unsubscribed, timed out, or ended by another's error. */
  readonly signal: AbortSignal;
}

/** Makes the signal only when it is read: an AbortController costs more than a whole task. */
export class LazyContext implements TaskContext {
  private controller: AbortController | undefined;
  private aborted: { readonly reason: unknown } | undefined;

  constructor(
    readonly index: number,
    readonly worker: number,
  ) {}

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.aborted !== undefined) this.controller.abort(this.aborted.reason);
    }
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.aborted = { reason };
    this.controller?.abort(reason);
  }
}
