import { NOTHING } from '../callbacks.js';
import { check } from '../check.js';
import type { DueAlarm, Clock } from '../clock.js';
import { WaitList, firstOf, type Waiter } from '../line/waiters.js';
import type { Bucket } from './bucket.js';

/** What stands in a {@link TokenQueue} for somebody. */
export interface Claim {
  /** How many tokens. */
  cost: number;
  /** Since when; or since when somebody behind it has waited, if that is earlier. */
  at: number;
  /** What wakes it, by its own clock. A reservation has none: it is not waited for here. */
  readonly alarm: DueAlarm | undefined;
  /** Which it was of all that came into line: a later one stands behind it. */
  place: number;
  /** What had been asked for in line when it came, itself included. */
  asked: number;
}

/** A claim for `cost` tokens that does not stand in line yet. */
export const claimOf = (cost: number, alarm?: DueAlarm): Claim => ({
  cost,
  at: 0,
  alarm,
  place: 0,
  asked: 0,
});

/**
 * Who stands in line. When its turn comes it has left the line, and its tokens are there: a call of
 * `wait` has them taken by `admit`; a pipe is told by `resolve`, and takes them itself, or does not.
 */
export type Claimant = Waiter<Claim, void>;

/**
 * A bucket, and those who wait for its tokens, first in, first out; so a large claim is not starved by
 * small ones. What they wait for is not taken before their turn: when one leaves, those behind move up.
 *
 * A reservation takes its tokens at once, and has its time for good, behind those who wait. It stands in
 * line too, while anybody waits before it, so that what it took does not hold them up.
 *
 * Each is served as of the time that was its own, even when the timer came late: the time lost is not
 * lost to those behind, and nothing is saved up beyond `burst` by being late.
 *
 * Invariants:
 * - the first in line is not a reservation;
 * - `pending` is what those in line wait for, `reserved` what the reservations in line have taken;
 * - nobody has waited for longer than one who stands before;
 * - one alarm is set at most: that of the first in line.
 */
export class TokenQueue {
  /** How many wait. */
  waiting = 0;
  private readonly line = new WaitList<Claim, void>();
  private pending = 0;
  private reserved = 0;
  private places = 0;
  /** All that was asked for in line since nobody stood there, by those too who have left; and what of that up to the last reservation. */
  private asked = 0;
  private reservedTo = 0;
  /**
   * All that reservations, and the waits before them, were promised of what was yet to come, as if those that were
   * cancelled last had not been.
   */
  private promised = 0;
  /** From which place on a wait has no reservation behind it. */
  private unpromised = 0;
  /** When the tokens were there of the one whose turn came last. */
  turnAt = -Infinity;
  private turn: Claimant | undefined = undefined;
  /** The claim of the one whose turn it is, as it stood in line, until it has taken its tokens. */
  private stood: Claim | undefined = undefined;
  /** Whether they are served: whoever asks meanwhile, from inside, stands behind those who are due. */
  serving = false;
  private armed: DueAlarm | undefined = undefined;

  /** @param clock - the time of those who do not bring their own. */
  constructor(
    readonly bucket: Bucket,
    public clock: Clock,
    private readonly lendable: boolean,
  ) {}

  /** How many tokens there are, less those that are waited for. */
  get tokens(): number {
    return this.bucket.tokensAt(this.clock.now()) - this.pending;
  }

  /** Throws a `RangeError` for a cost that there will never be enough for. */
  check(cost: number): void {
    if (typeof cost === 'number' && cost >= 0 && this.canHave(cost)) return;
    const { burst, unlimited } = this.bucket;
    const what = unlimited ? 'a number ≥ 0' : `a number from 0 to ${burst}`;
    check(false, 'cost', what, cost, RangeError);
  }

  /** Whether there will ever be `cost` tokens. */
  private canHave(cost: number): boolean {
    return cost <= this.bucket.burst || this.bucket.unlimited;
  }

  /** A pipe uses it that goes by `clock`; without a clock of its own it goes by that too. */
  lend(clock: Clock): void {
    if (this.lendable) this.clock = clock;
  }

  /** Takes `cost` tokens if that needs no waiting. */
  tryTake(cost: number): boolean {
    if (this.line.size > 0) this.serve();
    return this.line.size === 0 && this.bucket.tryTake(this.clock.now(), cost);
  }

  /**
   * Whether `claimant` could have `cost` tokens by now, had it asked for them at `at`, or in a turn as of that. A turn in
   * which nothing was taken may be taken by another who does not stand in line, as one pipe leads to another; but for no
   * more than was stood for, where reservations behind count on that.
   */
  couldTake(claimant: Claimant, cost: number, at: number): boolean {
    const { line, turn, stood, reserved } = this;
    const hasTurn = turn !== undefined && (turn === claimant || claimant.list === undefined);
    const isMore = reserved > 0 && cost > (stood?.cost ?? 0);
    if ((line.size > 0 && (!hasTurn || isMore)) || !this.canHave(cost)) return false;
    const now = this.now(claimant);
    return this.timeOf(cost, Math.min(this.serving ? this.turnAt : at, now), now) <= now;
  }

  /** Takes `cost` tokens for a pipe that has asked for them since `at`, where `couldTake` allows it. */
  takeFor(claimant: Claimant, cost: number, at: number): boolean {
    if (!this.couldTake(claimant, cost, at)) return false;
    this.turn = undefined;
    this.take(cost);
    return true;
  }

  /**
   * `claimant` waits for `cost` tokens since `at`, behind the others or in the place that it has already. But where it
   * comes to ask for more, and reservations stand behind it, whose times do not allow for that, it goes behind them all.
   */
  join(claimant: Claimant, cost: number, at: number): void {
    const claim = claimant.value as Claim;
    if (claimant.list !== undefined) {
      if (claim.cost === cost) return;
      const more = cost - claim.cost;
      this.noTurnYet();
      if (more > 0 && this.reservedBehind(claim) !== undefined) {
        this.line.remove(claimant);
        this.strike(claim);
        if (!this.serving) this.passReserved(); // else they stand behind the one who has the turn
        this.watch();
      } else {
        this.keep(claim, -more);
        this.asked += Math.max(0, more);
        this.pending += more;
        claim.cost = cost;
      }
    }
    if (claimant.list === undefined) {
      claim.at = at;
      claim.cost = cost;
      this.enter(claimant);
      this.waiting++;
      this.pending += cost;
    }
    if (this.line.head === claimant) this.watch();
  }

  private enter(claimant: Claimant): void {
    const claim = claimant.value as Claim;
    // Sums stay small; but who has the turn is numbered as those were before.
    if (this.line.size === 0 && this.stood === undefined) this.asked = 0;
    claim.place = this.places++;
    claim.asked = this.asked += claim.cost;
    this.line.push(claimant);
    // Those before it may have come later: nothing is lost to it by that.
    let before = claimant.previous;
    while (before.value !== undefined && before.value.at > claim.at) {
      before.value.at = claim.at;
      before = before.previous;
    }
  }

  /** `claimant` waits no more. */
  leave(claimant: Claimant): void {
    if (this.line.remove(claimant)) this.left(claimant.value as Claim);
  }

  /** A claim has left the line unserved. */
  left(claim: Claim): void {
    this.strike(claim);
    this.noTurnYet();
    this.serve();
  }

  /** Nobody had a turn before that of the first in line. */
  private noTurnYet(): void {
    const { armed } = this;
    if (armed !== undefined) this.bucket.rest(Math.min(armed.due, armed.clock.now()));
  }

  /** A claim that has left counts no more. */
  private strike(claim: Claim): void {
    this.uncount(claim);
    this.keep(claim, claim.cost);
  }

  /**
   * A claim asks for so much `less`. Reservations behind it keep their times, which count on it: as much as was asked
   * for behind it, up to the last of them, is not given back. `cancel` of a reservation counts in the same way.
   */
  private keep(claim: Claim, less: number): void {
    const next = this.reservedBehind(claim);
    if (next !== undefined) {
      const kept = Math.min(less, this.reservedTo - claim.asked);
      next.cost += kept;
      this.reserved += kept;
      this.bucket.spend(kept);
    }
  }

  /**
   * Takes `cost` tokens as soon as they are there; returns when that is, and what gives them back, but for as much as was
   * promised since, up to the last reservation: its time counts on that. So does x/time/rate.
   */
  reserve(claimant: Claimant): { readonly time: number; readonly cancel: () => void } {
    const { bucket, line } = this;
    const claim = claimant.value as Claim;
    const { cost } = claim;
    if (bucket.unlimited) return { time: this.clock.now(), cancel: NOTHING };
    if (line.size > 0) this.serve();
    const now = this.clock.now();
    bucket.see(now);
    if (line.size === 0) bucket.rest(now);
    // The one in whose turn it is called comes before it, where others wait; else that one asks anew.
    const first = line.size > 0 ? (this.stood?.cost ?? 0) : 0;
    const time = Math.max(now, bucket.timeOf(this.pending + first + cost));
    bucket.spend(cost);
    const { promised, unpromised } = this;
    let asked = cost;
    for (const { value } of line.all()) {
      const { alarm, place, cost } = value as Claim;
      if (alarm !== undefined && place >= this.unpromised) asked += cost;
    }
    this.unpromised = this.places;
    // What is there is not promised; at rate 0 nothing is to come.
    if (time < Infinity) this.promised += Math.min(asked, Math.max(0, -this.tokens));
    const end = this.promised;
    if (line.size > 0) {
      claim.at = now;
      this.enter(claimant);
      this.reservedTo = claim.asked;
      this.reserved += cost;
    }
    let held = true;
    const cancel = (): void => {
      if (!held) return;
      held = false;
      if (time < this.clock.now()) return;
      const given = Math.min(cost, Math.max(0, cost - (this.promised - end)));
      if (this.promised === end) {
        this.promised = promised;
        this.unpromised = unpromised;
      }
      this.giveBack(claimant, given);
    };
    return { time, cancel };
  }

  /** The alarm of the first in line has rung. */
  readonly ring = (): void => {
    if (this.armed?.isSetBack) this.bucket.ranOn(this.armed);
    this.serve();
  };

  /** Serves the first in line while there is enough for them, from one place at a time. */
  readonly serve = (): void => {
    if (this.serving) return; // whoever runs it looks again at who is first
    this.serving = true;
    try {
      while (this.serveFirst());
    } finally {
      this.serving = false; // even if the clock has failed
      this.watch();
    }
  };

  /**
   * All who could have been served by now are, before the bucket changes as of now, which it returns. But in somebody's
   * turn, its timer being late, there may be others: then their tokens are kept.
   */
  catchUp(): number {
    this.serve();
    const now = this.clock.now();
    this.bucket.see(now);
    if (!this.serving) this.bucket.rest(now);
    return now;
  }

  /** Whoever waits for more than there will ever be is turned away, before anybody is served. */
  turnAway(): void {
    for (const claimant of this.line.all()) {
      const claim = claimant.value as Claim;
      if (claim.alarm === undefined) continue;
      try {
        this.check(claim.cost);
      } catch (error) {
        // Who was turned away before may have led others to leave.
        if (!this.line.remove(claimant)) continue;
        this.strike(claim);
        claimant.fail(error);
      }
    }
  }

  /** Takes what the one whose turn it is asked for. */
  readonly admit = ({ cost }: Claim): void => this.take(cost);

  private take(cost: number): void {
    const { bucket } = this;
    bucket.spend(cost, bucket.timeOf(cost - this.reserved));
    this.endTurn(cost);
  }

  /** Whoever had the turn has taken what it takes: before anything follows from that, the rest is kept. */
  private endTurn(taken: number): void {
    const { stood } = this;
    this.stood = undefined;
    if (stood !== undefined) this.keep(stood, stood.cost - taken);
  }

  /** The time of one who waits. */
  private now({ value }: Claimant): number {
    return ((value as Claim).alarm as DueAlarm).clock.now();
  }

  /** When one who is first in line, and came at `at`, can have `cost` tokens. */
  private timeOf(cost: number, at: number, now: number): number {
    const { bucket } = this;
    bucket.see(now);
    bucket.rest(at);
    return bucket.timeOf(cost - this.reserved);
  }

  /** Reservations that nobody waits before any more leave the line. */
  private passReserved(): void {
    for (let first; (first = this.line.head) !== undefined;) {
      const { alarm, cost } = first.value as Claim;
      if (alarm !== undefined) return;
      this.reserved -= cost;
      this.line.remove(first);
    }
  }

  private serveFirst(): boolean {
    const first = firstOf(this.line, ({ value }) => this.left(value as Claim));
    if (first === undefined) return false;
    const claim = first.value as Claim;
    const { cost, at, alarm } = claim;
    if (alarm === undefined) {
      this.passReserved();
      return true;
    }
    const now = this.now(first);
    const time = this.timeOf(cost, Math.min(at, now), now);
    if (time > now) return false;
    this.turnAt = time;
    this.bucket.rest(time); // it may take nothing: those behind had no turn before
    this.uncount(claim);
    this.line.remove(first);
    this.turn = first;
    this.stood = { ...claim }; // it may stand in line anew meanwhile
    first.wake();
    this.turn = undefined;
    this.endTurn(0);
    return true;
  }

  private uncount({ cost }: Claim): void {
    this.pending = --this.waiting === 0 ? 0 : this.pending - cost;
  }

  /** Keeps the alarm of the first in line set, and no other. */
  private watch(): void {
    if (this.serving) return;
    const first = this.line.head;
    const alarm = first?.value?.alarm;
    if (this.armed !== alarm) this.armed?.stop();
    this.armed = alarm;
    if (first === undefined || alarm === undefined) return;
    const now = this.now(first);
    const { cost, at } = first.value as Claim;
    const time = this.timeOf(cost, Math.min(at, now), now);
    if (time > now && !alarm.isSetFor(time)) this.bucket.rest(now);
    alarm.setFor(time);
  }

  /** The first reservation behind a claim. */
  private reservedBehind({ place }: Claim): Claim | undefined {
    const all = this.reserved > 0 ? this.line.all() : [];
    return all
      .map(({ value }) => value as Claim)
      .find((claim) => claim.alarm === undefined && claim.place > place);
  }

  /** Gives back `given` tokens of what a reservation took. */
  private giveBack(claimant: Claimant, given: number): void {
    this.catchUp();
    this.bucket.giveBack(given);
    if (claimant.list !== undefined) {
      (claimant.value as Claim).cost -= given;
      this.reserved -= given;
    }
    this.serve();
  }
}
