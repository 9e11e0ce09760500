import type { Demand } from '../../src/line/demand.js';

/** What takes the results of a stage. */
export interface Target<R> {
  next(value: R): void;
  error(error: unknown): void;
  complete(): void;
}

/** Where a stage's results go out: to a target, as the demand below it has room. */
export class Outlet<R> {
  private resume: (() => void) | undefined;
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
    if (this.resume !== undefined || this.demand === undefined) return;
    this.resume = resume;
    this.giveUp = this.demand.onAvailable(this.resumed);
  }

  /** One function for every wait of the outlet. */
  private readonly resumed = (): void => {
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  };

  /** Gives up the wait. */
  close(): void {
    this.giveUp?.();
  }
}
