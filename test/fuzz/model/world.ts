import type { Slot } from '../kit.js';

/** A part of a pipe that can make moves of its own: a stage, or a source that waits. */
export interface Mover {
  /** 0 for a source, and the higher the further down. */
  readonly level: number;
  /** What it waits for room in. */
  readonly below: Slot | undefined;
  /** Whether it has something that it would pass on if there were room. */
  readonly wants: boolean;
  /** Makes one move, if it can. */
  move(): boolean;
  /** Nothing moves any more: it sets its timers. */
  rest(): void;
}

/**
 * The rule by which a whole pipe works. Whatever happens (a value comes, a timer rings, the consumer takes
 * one), every value goes on as far as it can, the lowest stage first; then all is at rest until something
 * happens again.
 */
export class World {
  /** From the lowest up; on one level, whoever has waited longest first. */
  private readonly movers: Mover[] = [];
  private busy = false;

  join(mover: Mover): void {
    const { movers } = this;
    const place = movers.findIndex(({ level }) => level < mover.level);
    movers.splice(place < 0 ? movers.length : place, 0, mover);
  }

  /** It is over; what it waited for is told. */
  leave(mover: Mover): void {
    this.remove(mover);
    mover.below?.current?.left?.();
  }

  /** Whoever begins to wait goes behind those who wait already. */
  putLast(mover: Mover): void {
    this.remove(mover);
    this.join(mover);
  }

  /** Whether somebody waits for room there. */
  isAwaited(slot: Slot): boolean {
    if (roomIn(slot, true) > 0) return false;
    return this.movers.some((mover) => mover.below === slot && mover.wants);
  }

  private remove(mover: Mover): void {
    const place = this.movers.indexOf(mover);
    if (place >= 0) this.movers.splice(place, 1);
  }

  /** Does what has happened; what follows from it, follows from the next thing. */
  meanwhile(act: () => void): void {
    const { busy } = this;
    this.busy = true;
    act();
    this.busy = busy;
  }

  /** Does what has happened, and then all that follows from it. */
  happens(act: () => void): void {
    if (this.busy) {
      act();
      return;
    }
    this.busy = true;
    act();
    while ([...this.movers].some((mover) => mover.move()));
    for (const mover of [...this.movers]) mover.rest();
    this.busy = false;
  }
}

/** How many values can be passed on to `below`; `told`: as far as whoever waits for that is told. */
export const roomIn = (below: Slot | undefined, told: boolean): number =>
  below === undefined ? Infinity : (below.current?.room(told) ?? 0);
