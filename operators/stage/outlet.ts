import type { Demand } from '../../src/line/demand.js';

/** What takes the results of a stage. */
export interface Target<R> {
  next(value: R): void;
  error(error: unknown): void;
  complete(): void;
}

/** Where a stage's results go out: to a target, as the demand below it has room. */
export class Outlet<R> {
  private waiting = false;
  private giveUp: (() => void) | undefined;

  constructor(
    readonly target: Target<R>,
    readonly demand: Demand | undefined,
  ) {}

  /** How many values can be passed on now. Where nothing can say wait, that is any number. */
  get room(): number {
    return this.demand === undefined ? Infinity : this.demand.available;
  }

  /** Calls `resume` once when there is room; asking again while that is pending changes nothing. */
  whenRoom(resume: () => void): void {
    if (this.waiting || this.demand === undefined) return;
    this.waiting = true;
    this.giveUp = this.demand.onAvailable(() => {
      this.waiting = false;
      resume();
    });
  }

  /** Gives up the wait. */
  close(): void {
    this.giveUp?.();
  }
}
