import { DueAlarm, type Clock } from '../../src/clock.js';
import { Waiter } from '../../src/line/waiters.js';
import { claimOf, type Claimant, type TokenQueue } from '../../src/rate/token-queue.js';

/**
 * One pipe's share in a limiter: its place in the line of all who use it. It has one place at most, for
 * the next value, so that pipes are served in turn, one value each.
 */
export class Share {
  private readonly claimant: Claimant;

  /**
   * @param turn - its turn has come, and the tokens are there since the time given; to take them, `take`.
   * @param refused - it has been put out of the line: there will never be as many as it stood for.
   */
  constructor(
    private readonly queue: TokenQueue,
    clock: Clock,
    turn: (since: number) => void,
    refused: () => void,
  ) {
    queue.lend(clock);
    const claim = claimOf(0, new DueAlarm(clock, queue.ring));
    this.claimant = new Waiter(() => turn(queue.turnAt), refused, undefined, claim);
  }

  /** The most that anything may cost. */
  get most(): number {
    return this.queue.bucket.burst;
  }

  /** Whether it stands in line. */
  get stands(): boolean {
    return this.claimant.list !== undefined;
  }

  /** Throws a `RangeError` for a cost that there will never be enough for. */
  check(cost: number): void {
    this.queue.check(cost);
  }

  /** Whether `take` would do it. */
  has(cost: number, since: number): boolean {
    return this.queue.couldTake(this.claimant, cost, since);
  }

  /** Takes `cost` tokens for what has waited for them since `since`, if they are there and it is its turn. */
  take(cost: number, since: number): boolean {
    return this.queue.takeFor(this.claimant, cost, since);
  }

  /** Stands in line for `cost` tokens; what comes of a turn, as of that. */
  stand(cost: number, since: number): void {
    const { serving, turnAt } = this.queue;
    this.queue.join(this.claimant, cost, serving ? Math.min(since, turnAt) : since);
  }

  leave(): void {
    this.queue.leave(this.claimant);
  }
}
