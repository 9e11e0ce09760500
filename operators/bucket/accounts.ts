import { NotedLine } from '../../src/line/noted-line.js';
import { valueAt } from '../../src/line/ring.js';
import type { Bucket } from '../../src/rate/bucket.js';

/** The bucket of one key, or of all values where there are no keys. */
export class Account {
  /** How many of its values are in line. */
  waiting = 0;
  /** The latest look through the line that found it short. */
  shortIn = 0;
  previous: Account = this;
  next: Account = this;

  constructor(
    readonly bucket: Bucket,
    readonly key?: unknown,
  ) {}
}

/** What stands beside a value in line. */
export interface Entry {
  readonly account: Account;
  readonly cost: number;
  /** Since when it has a place: when it came, or where all were taken, when one became free. */
  at: number;
}

/** Counts the values of each account that are in line. */
export class AccountLine<T> extends NotedLine<T, Entry> {
  override take(): T {
    this.left(0);
    return super.take();
  }

  override takeAt(index: number): T {
    this.left(index);
    return super.takeAt(index);
  }

  protected override add(value: T, note: unknown): void {
    if (note !== undefined) (note as Entry).account.waiting++;
    super.add(value, note);
  }

  private left(index: number): void {
    const entry = this.notes && valueAt(this.notes, index);
    if (entry !== undefined) entry.account.waiting--;
  }
}

/**
 * An account for each key. One that is full again is as good as none: it is forgotten when the next value
 * comes, whatever its key; at once, if its own value took nothing. Behind one that still owes, or of which values
 * wait, those stay for as long that have taken tokens since.
 *
 * Invariant: they stand in a ring, in the order in which they were last asked for; it closes at `end`.
 */
export class Accounts {
  private readonly byKey = new Map<unknown, Account>();
  private readonly end: Account;

  constructor(private readonly open: () => Bucket) {
    this.end = new Account(open());
  }

  /** How many are kept. */
  get size(): number {
    return this.byKey.size;
  }

  of(key: unknown, time: number): Account {
    this.forgetFull(time);
    let account = this.byKey.get(key);
    if (account === undefined) this.byKey.set(key, (account = new Account(this.open(), key)));
    else unlink(account);
    const { end } = this;
    account.previous = end.previous;
    account.next = end;
    end.previous.next = end.previous = account;
    return account;
  }

  /** Does `act` to the bucket of each. */
  each(act: (bucket: Bucket) => void): void {
    for (const { bucket } of this.byKey.values()) act(bucket);
  }

  private forgetFull(time: number): void {
    const { end } = this;
    while (this.forget(end.next, time));
    this.forget(end.previous, time); // its value may have been dropped
  }

  /** Whether there was one, and it could be forgotten. */
  private forget(account: Account, time: number): boolean {
    if (account === this.end || account.waiting > 0 || !account.bucket.isFullAt(time)) return false;
    this.byKey.delete(account.key);
    unlink(account);
    return true;
  }
}

function unlink(account: Account): void {
  account.previous.next = account.next;
  account.next.previous = account.previous;
}
