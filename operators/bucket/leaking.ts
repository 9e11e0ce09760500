import { asyncScheduler } from 'rxjs';
import { checkNumber } from '../../src/check.js';
import { DueAlarm, type Clock } from '../../src/clock.js';
import { Ring, valueAt } from '../../src/line/ring.js';
import { Bucket, every } from '../../src/rate/bucket.js';
import type { LeakyBucketOptions } from '../leaky-bucket.js';
import { Buffering } from '../stage/buffering.js';
import type { Outlet } from '../stage/outlet.js';
import { schedulerClock } from '../stage/scheduler-clock.js';
import { Account, AccountLine, Accounts, type Entry } from './accounts.js';
import { Share } from './share.js';

/**
 * The rule of `leakyBucket`: the first value in line whose bucket holds its cost goes out, once the shared
 * limiter grants it too, while there is room below. Tokens are taken for what goes out, and for nothing
 * else.
 *
 * What waits for tokens alone goes as of the time when they were there, even when the timer came late,
 * and so does what a source that was held back sends then: being late costs nothing, and earns nothing.
 * What waited for room below, or for its turn in the limiter, has waited for tokens of its account only
 * since then.
 *
 * Invariants:
 * - of one account, only the first value in line may go;
 * - `due` is when the next value in line, or what waits above a queue without places, has the tokens of
 *   its account; `Infinity` while that is not what it waits for. The alarm is set for then alone;
 * - it stands in the line of the limiter only while a value, or a source that waits, needs its tokens.
 */
export class Leaking<T> extends Buffering<T, AccountLine<T>> {
  private readonly notes = new Ring<Entry>();
  private readonly clock: Clock;
  private readonly alarm: DueAlarm;
  private readonly account: Account;
  private readonly accounts: Accounts | undefined;
  private readonly share: Share | undefined;
  private readonly keyBy: ((value: T) => unknown) | undefined;
  private readonly costOf: ((value: T) => number) | undefined;
  private due = Infinity;
  /** When it looked what is due. */
  private lookedAt = -Infinity;
  /** The time as of which the stage works off what is late; `Infinity` when it does not. */
  private asOf = Infinity;
  /** Since when there is room below, or the limiter has tokens, as far as it was seen that there were none. */
  private openSince = -Infinity;
  private shut = false;
  /** How often it has looked through the line. */
  private looks = 0;
  /** When a value of any key has its tokens. */
  private anyDue = -Infinity;

  constructor(
    private readonly burst: number,
    private readonly interval: number,
    private readonly options: LeakyBucketOptions<T>,
    out: Outlet<T>,
  ) {
    const { queue = burst, scheduler = asyncScheduler, keyBy, cost, limiter } = options;
    super(queue, options, out, AccountLine);
    this.line.notes = this.notes;
    this.clock = schedulerClock(scheduler);
    this.alarm = new DueAlarm(this.clock, this.ring);
    const flow = every(interval);
    const open = (): Bucket => new Bucket(burst, flow);
    this.account = new Account(open());
    this.accounts = keyBy && new Accounts(open);
    this.keyBy = keyBy;
    this.costOf = cost === undefined && limiter === undefined ? undefined : this.checkedCost;
    this.share = limiter && new Share(limiter.queue, this.clock, this.turn, () => this.pump());
  }

  /** What could go straight on counts only where there are no places. */
  protected override get room(): number {
    if (this.capacity > 0) return Math.max(0, this.capacity - this.line.length);
    if (this.busy || this.line.length > 0 || this.out.room <= 0) return 0;
    const { share } = this;
    const now = this.clock.now();
    return this.dueOfAny(now) <= now && share?.has(this.foreseen, this.stamp(now)) !== false
      ? 1
      : 0;
  }

  protected override accept(value: T): void {
    const { keyBy } = this;
    if (keyBy === undefined) this.price(value);
    else this.ask(value, keyBy, (key) => this.price(value, key));
  }

  private price(value: T, key?: unknown): void {
    const { costOf } = this;
    if (costOf === undefined) this.admit(value, key, 1);
    else this.ask(value, costOf, (cost) => this.admit(value, key, cost));
  }

  private admit(value: T, key: unknown, cost: number): void {
    const { accounts } = this;
    const now = this.clock.now();
    const account = accounts === undefined ? this.account : accounts.of(key, this.stamp(now));
    if (this.busy || account.waiting > 0 || !this.takes(account.bucket, cost, now)) {
      this.hold(value, { account, cost, at: this.stamp(now) });
      return;
    }
    this.handOn(value);
  }

  protected override work(): void {
    const { line, notes } = this;
    const now = this.clock.now();
    if (!this.waiters.waking) this.asOf = Math.min(now, this.due);
    this.lookedAt = now;
    this.due = Infinity;
    const { dropped } = line;
    const look = ++this.looks;
    let index = 0;
    // Where one is dropped from inside, what stands at an index has changed; then it is called again.
    while (index < line.length && line.dropped === dropped && this.isOpen(now)) {
      const { account, cost, at } = valueAt(notes, index);
      const { bucket } = account;
      const due = account.shortIn === look ? Infinity : this.timeOf(bucket, cost, at, now);
      if (due > now) {
        account.shortIn = look;
        this.due = Math.min(this.due, due);
        if (this.accounts === undefined || ++index >= this.capacity) break;
        continue;
      }
      if (!this.isGranted(cost, due)) break;
      this.take(bucket, cost, due);
      const value = line.takeAt(index);
      this.giveFreePlace(due);
      this.send(value);
    }
  }

  /** Of several accounts, a value that was parked has its tokens not before it has a place. */
  private giveFreePlace(time: number): void {
    const last = Math.max(1, this.capacity) - 1;
    if (this.accounts === undefined || this.line.length <= last) return;
    const entry = valueAt(this.notes, last);
    entry.at = Math.max(entry.at, time);
  }

  protected override settle(): void {
    super.settle();
    if (!this.busy) this.watch();
    if (!this.waiters.waking) this.asOf = Infinity;
  }

  protected override halt(): void {
    this.alarm.stop();
    this.share?.leave();
  }

  private hold(value: T, entry: Entry): void {
    const { line } = this;
    const { dropped } = line;
    this.store(value, entry);
    // Behind another of its account it changes nothing.
    if (this.busy || entry.account.waiting <= 1 || line.dropped !== dropped) this.pump();
  }

  /** Whether there is room below; takes note of when there was none. */
  private isOpen(now: number): boolean {
    if (this.out.room <= 0) {
      this.shut = true;
    } else if (this.shut) {
      this.shut = false;
      this.openSince = now;
    }
    return !this.shut;
  }

  // ---- tokens ----------------------------------------------------------------------------------

  private readonly checkedCost = (value: T): number => {
    const { cost: costOf } = this.options;
    const cost = costOf === undefined ? 1 : costOf(value);
    const most = this.interval === 0 ? Infinity : this.burst;
    checkNumber('cost', cost, `a number from 0 to ${most}`, (cost) => cost >= 0 && cost <= most);
    this.share?.check(cost);
    return cost;
  };

  /** What a value that has not come yet may cost, of a bucket that holds `burst` tokens. */
  private most(burst: number): number {
    return this.options.cost === undefined ? 1 : burst;
  }

  /** What it may cost for all that holds tokens for it. */
  private get foreseen(): number {
    const own = this.interval === 0 ? Infinity : this.burst;
    return this.most(Math.min(own, this.share?.most ?? Infinity));
  }

  /** When a value that came at `at` has the tokens of its account. */
  private timeOf(bucket: Bucket, cost: number, at: number, now: number): number {
    bucket.see(now);
    bucket.rest(Math.min(Math.max(at, this.openSince), now));
    return bucket.timeOf(cost);
  }

  /** Takes the tokens of a value that comes now, before which nothing waits, if it may go straight on. */
  private takes(bucket: Bucket, cost: number, now: number): boolean {
    const { share, accounts, waiters } = this;
    if (this.out.room <= 0) return false;
    if (share === undefined && accounts === undefined && !waiters.waking) {
      return bucket.tryTake(now, cost);
    }
    const at = this.stamp(now);
    const due = this.timeOf(bucket, cost, at, now);
    if (due > now || share?.take(cost, due) === false) return false;
    this.take(bucket, cost, due);
    return true;
  }

  private take(bucket: Bucket, cost: number, time: number): void {
    bucket.spend(cost, time);
    if (this.asOf < time) this.asOf = time;
    if (this.accounts !== undefined && this.capacity === 0) {
      this.anyDue = Math.max(this.anyDue, bucket.timeOf(this.most(this.burst)));
    }
  }

  /** Takes the tokens from the limiter; where it has none, this stage stands in its line. */
  private isGranted(cost: number, since: number): boolean {
    const { share } = this;
    if (share === undefined || share.take(cost, since)) return true;
    this.alarm.stop();
    this.stand(share, cost, since);
    return false;
  }

  /** Stands in the line of the limiter, which may take less by now than when the value came. */
  private stand(share: Share, cost: number, since: number): void {
    this.call(() => share.check(cost));
    if (this.state !== 'over') share.stand(cost, since);
  }

  /** The limiter has tokens for it since `since`. */
  private readonly turn = (since: number): void => {
    this.due = this.openSince = since;
    this.pump();
  };

  // ---- time ------------------------------------------------------------------------------------

  /** When a value came that comes now: one that was held back above, when it was let go. */
  private stamp(now: number): number {
    return this.waiters.waking ? Math.min(now, this.asOf) : now;
  }

  /** When a value has its tokens of which nothing is known yet, but that it would come at `at`. */
  private dueOfAny(now: number, at = this.stamp(now)): number {
    const { accounts, account } = this;
    if (accounts === undefined) return this.timeOf(account.bucket, this.foreseen, at, now);
    const latest = now + this.most(this.burst) * this.interval;
    if (this.anyDue > latest) {
      // The clock was set back: it takes no longer than to fill a bucket.
      accounts.each((bucket) => bucket.see(now));
      this.anyDue = latest;
    }
    return this.anyDue;
  }

  /** Keeps the alarm set for what waits for the tokens of its account, and leaves the limiter if nothing does. */
  private watch(): void {
    const { share } = this;
    const open = !this.out.isShut;
    if (!open) this.shut = true;
    if (this.line.length === 0) {
      const asked = this.capacity === 0 && this.waiters.size > 0;
      this.due = Infinity;
      if (!asked) share?.leave();
      else if (open) this.watchForAny();
    }
    if (share?.stands || !open || this.state === 'over') this.due = Infinity;
    this.alarm.setFor(this.due, this.lookedAt);
  }

  private readonly ring = (): void => {
    const { account, accounts, alarm } = this;
    if (alarm.isSetBack) {
      account.bucket.ranOn(alarm);
      accounts?.each((bucket) => bucket.ranOn(alarm));
      this.anyDue += this.clock.now() - alarm.due;
    }
    this.pump();
  };

  /** A source waits above a queue without places: since what was late was to be worked off, if that has come about now. */
  private watchForAny(): void {
    const { share } = this;
    const now = this.clock.now();
    const at = Math.min(now, this.asOf);
    this.lookedAt = now;
    this.due = this.dueOfAny(now, at);
    if (this.due <= now && share !== undefined) this.stand(share, this.foreseen, at);
  }
}
