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

/** A wait that has begun, but cannot be left yet. */
const BEGINNING = (): void => {};

/**
 * Where a stage's results go out: to a target, as the demand below it has room.
 *
 * Invariants:
 * - it waits at most once at a time; `leave` is what gives that wait up, and `waiting` whom it is for;
 * - a wait that is given up as it begins is left when it has, unless it is wanted again by then.
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

  /**
   * Whether there is no room, and somebody is to be told of some. Room that came and went as a wait began has ended
   * that wait: then nobody is, and whoever goes by a time of its own looks again when it is due.
   */
  get isShut(): boolean {
    return this.waiting !== undefined && this.room <= 0;
  }

  /** Sets `pump` to work once when there is room; asking again while that is pending changes nothing. */
  whenRoom(pump: Pump): void {
    this.waiting = pump;
    if (this.leave !== undefined) return;
    this.leave = BEGINNING;
    const leave = this.demand?.onAvailable(this.resumed);
    if (this.leave !== BEGINNING) return; // resumed at once, it has gone on by now, and may wait again
    this.leave = leave;
    if (this.waiting === undefined) this.giveUp();
  }

  /** Waits for room, or no longer, as there is `something` to be passed on. */
  attend(pump: Pump, something: boolean): void {
    if (!something) this.giveUp();
    else if (this.room <= 0) this.whenRoom(pump);
  }

  giveUp(): void {
    const { leave } = this;
    this.waiting = undefined;
    if (leave === BEGINNING) return;
    this.leave = undefined;
    leave?.();
  }

  /** One function for every wait of the outlet. */
  private readonly resumed = (): void => {
    const { waiting } = this;
    this.waiting = this.leave = undefined;
    waiting?.pump();
  };
}
