import type { Tally } from '../../src/line/tallied-line.js';

/** What a route knows of a lane. */
export interface Way {
  readonly ended: boolean;
  readonly direct: number;
  readonly sure: number;
  readonly hasRoom: boolean;
  readonly waiting: number;
  readonly load: number;
  readonly below: number;
}

/**
 * Says which lane the next value goes to.
 *
 * Invariants:
 * - `open` is the number of lanes that have not ended;
 * - `room` is above 0 only if the next value finds a place, and never more than will find one.
 */
export abstract class Route<W extends Way> {
  open: number;
  /** Whose turn it is, or of the first behind it that has not ended. */
  protected turn = 0;

  constructor(
    protected readonly lanes: readonly W[],
    protected readonly tally: Tally,
  ) {
    this.open = lanes.length;
  }

  abstract readonly room: number;
  /** Where a value goes; a lane that has ended, or none, takes it no more. */
  abstract next(lane: number): W | undefined;

  /** The lane `steps` behind the one whose turn it is. */
  protected behind(steps: number): W {
    const { lanes, turn } = this;
    const at = turn + steps;
    return lanes[at < lanes.length ? at : at - lanes.length] as W;
  }

  /** The turn passes to who comes behind the lane `steps` further on. */
  protected pass(steps: number): void {
    this.turn = (this.turn + steps + 1) % this.lanes.length;
  }
}

/**
 * One after the other, whether they have room or not. Where one has got more than it has places for, as one
 * value above became several, no more is asked for: of those it would get its part, whoever's turn it is.
 */
export class RoundRobin<W extends Way> extends Route<W> {
  get room(): number {
    const { open } = this;
    if (this.tally.beyond > 0) return 0;
    let room = Infinity;
    let place = 0;
    let direct = 0;
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.behind(i);
      if (lane.ended) continue;
      const { sure } = lane;
      if (place === 0 && lane.direct > 0)
        direct = 1; // hence each lane is one value further on
      else if (place === 0 && sure === 0) return 0;
      // A lane gets one of `open` values, and is in want of a place at the turn after its last.
      const before = direct === 0 ? place : (place + open - 1) % open;
      room = Math.min(room, sure * open + before);
      place++;
    }
    return place === 0 ? 0 : room + direct;
  }

  next(): W | undefined {
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.behind(i);
      if (lane.ended) continue;
      this.pass(i);
      return lane;
    }
    return undefined;
  }
}

/**
 * Where fewest wait, of those that have room. What comes though none has spreads evenly, so that a lane which stands
 * still does not get all of it.
 */
export class LeastLoaded<W extends Way> extends Route<W> {
  get room(): number {
    let room = 0;
    let direct = 0;
    for (const lane of this.lanes) {
      if (lane.ended) continue;
      room += lane.sure;
      if (direct === 0 && lane.direct > 0) direct = 1;
    }
    return room + direct;
  }

  next(): W | undefined {
    let best: W | undefined;
    let steps = 0;
    let bestHasRoom = false;
    let bestWaiting = 0;
    let bestLoad = 0;
    let bestBelow = 0;
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.behind(i);
      if (lane.ended) continue;
      const { hasRoom, waiting, load, below } = lane;
      const isBetter =
        hasRoom !== bestHasRoom
          ? hasRoom
          : !hasRoom && waiting !== bestWaiting
            ? waiting < bestWaiting
            : load < bestLoad || (load === bestLoad && below > bestBelow);
      if (best !== undefined && !isBetter) continue;
      best = lane;
      steps = i;
      bestHasRoom = hasRoom;
      bestWaiting = waiting;
      bestLoad = load;
      bestBelow = below;
    }
    if (best !== undefined) this.pass(steps);
    return best;
  }
}

/** Where its key says. As that is not known before a value comes, there is one place more: in hand. */
export class ByKey<W extends Way> extends Route<W> {
  get room(): number {
    if (this.tally.beyond > 0) return 0;
    let room = Infinity;
    for (const { ended, sure } of this.lanes) if (!ended && sure < room) room = sure;
    return room + this.tally.spare;
  }

  next(lane: number): W | undefined {
    return this.lanes[lane];
  }
}
