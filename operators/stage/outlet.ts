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
 * Invariants:
 * - it waits at most once at a time; `leave` is what gives that wait up, and `waiting` whom it is for;
 * - whoever has found no room, and still has something to pass on, waits: at what goes by time there may be some at the
 *   next look, of which nobody else would tell;
 * - while a wait is `beginning`, it cannot be left yet: one that is given up meanwhile is left when it has begun, and
 *   what is to wait again when it has been resumed already begins after it, so that the stack stays flat.
 */
export class Outlet<R> {
  private waiting: Pump | undefined = undefined;
  private leave: (() => void) | undefined = undefined;
  private beginning = false;
  /** How often it has been told of room. */
  private resumes = 0;
  /** Whether no room was found since the last wait began. */
  private foundNone = false;

  constructor(
    readonly target: Target<R>,
    readonly demand: Demand | undefined,
  ) {}

  /** How many values can be passed on now. Where nothing can say wait, that is any number. */
  get room(): number {
    const room = this.demand === undefined ? Infinity : this.demand.available;
    if (room <= 0) this.foundNone = true;
    return room;
  }

  /** Whether somebody is to be told of room. */
  get waits(): boolean {
    return this.waiting !== undefined;
  }

  /**
   * Whether there is no room, and somebody is to be told of some. Room that came and went as a wait began has ended
   * that wait: then nobody is, and whoever goes by a time of its own looks again when it is due.
   */
  get isShut(): boolean {
    return this.waits && this.room <= 0;
  }

  /** Sets `pump` to work once when there is room; asking again while that is pending changes nothing. */
  whenRoom(pump: Pump): void {
    this.waiting = pump;
    this.foundNone = false;
    if (this.beginning || this.leave !== undefined) return;
    this.beginning = true;
    let resumes;
    do {
      ({ resumes } = this);
      const leave = this.demand?.onAvailable(this.resumed);
      if (resumes === this.resumes) this.leave = leave;
    } while (resumes !== this.resumes && this.waiting !== undefined);
    this.beginning = false;
    if (this.waiting === undefined) this.giveUp();
  }

  /** Waits for room, or no longer, as there is `something` to be passed on. */
  attend(pump: Pump, something: boolean): void {
    if (!something) this.giveUp();
    else if (this.foundNone || this.room <= 0) this.whenRoom(pump);
  }

  giveUp(): void {
    const { leave } = this;
    this.waiting = this.leave = undefined;
    leave?.();
  }

  /** One function for every wait of the outlet. */
  private readonly resumed = (): void => {
    const { waiting } = this;
    this.resumes++;
    this.waiting = this.leave = undefined;
    waiting?.pump();
  };
}
