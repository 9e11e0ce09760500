import type { Demand } from '../../src/line/demand.js';

/** What takes the results of a stage. */
export interface Target<R> {
  next(value: R): void;
  error(error: unknown): void;
  complete(): void;
}

/** What works until it has to wait. */
export interface Pump {
  pump(): void;
}

/**
 * Where a stage's results go out: to a target, as the demand below it has room.
 *
 * Invariant: `waiting` and `leave` are of one wait, the latest; `leave` is not known before that has begun.
 */
export class Outlet<R> {
  private waiting: Pump | undefined = undefined;
  private leave: (() => void) | undefined = undefined;

  constructor(
    readonly target: Target<R>,
    readonly demand: Demand | undefined,
  ) {}

  /** How many values can be passed on now. Where nothing can say wait, that is any number. */
  get room(): number {
    return this.demand === undefined ? Infinity : this.demand.available;
  }

  /** Sets `pump` to work once when there is room; asking again while that is pending changes nothing. */
  whenRoom(pump: Pump): void {
    if (this.waiting !== undefined) return;
    this.waiting = pump;
    const leave = this.demand?.onAvailable(this.resumed);
    // Resumed or given up meanwhile, this wait is over, and another may have begun.
    if (this.waiting !== undefined && this.leave === undefined) this.leave = leave;
    else leave?.();
  }

  /** Waits for room, or no longer, as there is `something` to be passed on. */
  attend(pump: Pump, something: boolean): void {
    if (!something) this.giveUp();
    else if (this.room <= 0) this.whenRoom(pump);
  }

  giveUp(): void {
    const { leave } = this;
    this.waiting = this.leave = undefined;
    leave?.();
  }

  /** One function for every wait of the outlet. */
  private readonly resumed = (): void => {
    const { waiting } = this;
    this.waiting = this.leave = undefined;
    waiting?.pump();
  };
}
