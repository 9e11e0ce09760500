import { WaitList, type Waiter } from '../line/waiters.js';

/** Somebody who waits for an `R`. */
export type Seeker<R> = Waiter<never, R>;

/** What is under way to become an `R`: a resource that is being created or checked. */
export interface Prospect<R> {
  /** Who hears of it if nothing comes of it. */
  seeker: Seeker<R> | undefined;
}

/**
 * Those who wait for a resource, each with what is under way for them. Whatever becomes ready goes to the
 * first; that something is under way for one decides only who hears of its failure, and whether more
 * is needed.
 *
 * Invariants:
 * - what is under way and who waits stand in pairs; `prospects` has those of one side, `seeker` of the other;
 * - those with something under way stand before those without, of whom `needy` is the first;
 * - nothing is spare, under way for nobody, while somebody has nothing.
 */
export class PoolQueue<R> extends WaitList<never, R> {
  private needy: Seeker<R> = this.end;
  private readonly prospects = new Map<Seeker<R>, Prospect<R>>();
  private readonly spare = new Set<Prospect<R>>();

  /** Whether somebody waits for whom nothing is under way; those whose signal has aborted leave. */
  anyNeedy(): boolean {
    for (let { needy } = this; needy.signal?.aborted; { needy } = this) {
      this.remove(needy);
      needy.fail();
    }
    return this.needy !== this.end;
  }

  override push(seeker: Seeker<R>): void {
    super.push(seeker);
    if (!this.anyNeedy()) this.needy = seeker;
    this.useSpare();
  }

  /** Whoever leaves, what was under way for them comes to another. */
  override remove(seeker: Seeker<R>): boolean {
    if (seeker.list !== this) return false;
    if (this.needy === seeker) this.needy = seeker.next;
    super.remove(seeker);
    const prospect = this.prospects.get(seeker);
    this.prospects.delete(seeker);
    if (prospect !== undefined) this.offer(prospect);
    return true;
  }

  /** Something is under way: for the first who has nothing, else for whoever comes. */
  offer(prospect: Prospect<R>): void {
    const { needy } = this;
    if (needy === this.end) {
      prospect.seeker = undefined;
      this.spare.add(prospect);
    } else {
      this.needy = needy.next;
      this.pair(needy, prospect);
    }
  }

  /**
   * Something is no longer under way. Whoever it was for, who still waits, gets what the last one has, so
   * that those who came later are those who have nothing.
   */
  withdraw(prospect: Prospect<R>): Seeker<R> | undefined {
    const { seeker } = prospect;
    if (seeker === undefined) {
      this.spare.delete(prospect);
      return undefined;
    }
    const last = this.needy.previous;
    const other = this.prospects.get(last) as Prospect<R>;
    prospect.seeker = undefined;
    if (last !== seeker) this.pair(seeker, other);
    this.prospects.delete(last);
    this.needy = last;
    this.useSpare();
    return seeker;
  }

  private pair(seeker: Seeker<R>, prospect: Prospect<R>): void {
    prospect.seeker = seeker;
    this.prospects.set(seeker, prospect);
  }

  private useSpare(): void {
    if (this.spare.size === 0 || !this.anyNeedy()) return;
    const [prospect] = this.spare as Iterable<Prospect<R>> as [Prospect<R>];
    this.spare.delete(prospect);
    this.offer(prospect);
  }
}
