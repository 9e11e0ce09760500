import type { Observable, Subscriber } from 'rxjs';
import type { Demand } from '../../src/line/demand.js';
import type { DropReason, OnDrop } from '../../src/line/line.js';
import { RoomWaiters, dismiss, hasMissed, needsLook } from '../../src/line/waiters.js';
import type { BroadcastOptions } from '../broadcast.js';
import { Inlet, type Failure, type Receiver } from '../stage/inlet.js';
import type { StageOptions } from '../stage/options.js';
import { Outlet } from '../stage/outlet.js';
import { quietly } from '../stage/unhandled.js';
import { Branch } from './branch.js';
import { Copies } from './copies.js';

/** A value that is being given to those who were there when it came: `served` of them have it. */
class Giving<T> {
  served = 0;
  /** The one that came after it, while it was being given. */
  later: Giving<T> | undefined = undefined;

  constructor(
    readonly value: T,
    readonly to: readonly Branch<T>[],
  ) {}

  get isOver(): boolean {
    return this.served === this.to.length;
  }

  next(): Branch<T> {
    return this.to[this.served++] as Branch<T>;
  }

  /** Whether `branch` is yet to get it. */
  isFor(branch: Branch<T>): boolean {
    return this.to.includes(branch, this.served);
  }
}

/**
 * One subscription to the source, and the branches that it is shared among.
 *
 * ```
 *             enough have subscribed           the source has ended, or all have left
 *   gathering ──────────────────────▶ running ───────────────────────────────────────▶ over
 *       └────────────────────────── all have left ──────────────────────────────────────┘
 * ```
 *
 * Invariants:
 * - a value is given to everyone who was there when it came, and in the same order to each: what comes
 *   while others are being given (from the `oldest` to the `latest`) first puts those in line with who is yet to get them;
 * - `branches` is never changed, but replaced;
 * - what a branch holds when the connection is over, it delivers at its own pace.
 */
export class Connection<T> implements Receiver<T>, Demand {
  readonly capacity: number;
  readonly copies: Copies;
  arrived = 0;
  /** Where the chain goes on for those who listen below, while the source is being subscribed. */
  linkBelow: object | undefined = undefined;
  private state: 'gathering' | 'running' | 'over' = 'gathering';
  private branches: readonly Branch<T>[] = [];
  private oldest: Giving<T> | undefined = undefined;
  private latest: Giving<T> | undefined = undefined;
  private readonly waitsForAll: boolean;
  private readonly branchOptions: StageOptions<T>;
  private readonly waiters = new RoomWaiters(() => this.available);
  /** As the branches were told last. */
  private wasAwaited = false;
  private readonly inlet = new Inlet<T>(this, this);

  constructor(
    private readonly source: Observable<T>,
    private readonly options: BroadcastOptions<T>,
    readonly linkName: string,
    /** Called when it is over: who subscribes from then on begins anew. */
    private readonly reset: () => void,
  ) {
    const { capacity = 0, overflow = 'block', meter, onDrop } = options;
    this.capacity = capacity;
    this.copies = new Copies(capacity);
    this.waitsForAll = overflow === 'block';
    this.branchOptions = {
      ...options,
      meter: undefined,
      onDrop: (value: T, reason: DropReason) => {
        this.copies.dropped++;
        (onDrop as OnDrop<T> | undefined)?.(value, reason);
      },
    };
    meter?.follow(this.copies);
  }

  // ---- subscribers -----------------------------------------------------------------------------

  join(subscriber: Subscriber<T>, demand: Demand | undefined): void {
    const { minSubscribers = 1 } = this.options;
    const out = new Outlet(subscriber, demand);
    const branch = new Branch(this, this.capacity, this.branchOptions, out);
    branch.release = () => this.leave(branch);
    this.become([...this.branches, branch]);
    subscriber.add(() => branch.dispose());
    if (this.state === 'running') {
      this.freed();
    } else if (this.state === 'gathering' && this.branches.length >= minSubscribers) {
      this.state = 'running';
      this.linkBelow = subscriber;
      this.inlet.follow(this.source);
      this.linkBelow = undefined;
    }
  }

  private leave(branch: Branch<T>): void {
    for (let at = this.oldest; at !== undefined; at = at.later) {
      if (at.isFor(branch)) branch.miss(at.value);
    }
    this.become(this.branches.filter((other) => other !== branch));
    if (this.branches.length > 0) this.freed();
    else if (this.state !== 'over') this.end();
  }

  private become(branches: readonly Branch<T>[]): void {
    this.branches = branches;
    this.copies.noteSubscribers(branches);
  }

  private end(): void {
    this.state = 'over';
    dismiss(this.waiters);
    this.reset();
    quietly(() => this.inlet.unsubscribe());
  }

  // ---- values ----------------------------------------------------------------------------------

  receive(value: T): void {
    this.arrived++;
    const { branches, latest } = this;
    if (branches.length === 1 && latest === undefined) {
      (branches[0] as Branch<T>).receive(value); // nobody is behind another
    } else {
      const giving = new Giving(value, branches);
      // First: what is dropped for those before it may lead to more.
      this.latest = giving;
      if (latest === undefined) this.oldest = giving;
      else latest.later = giving;
      this.lineUp(giving);
      while (!giving.isOver) giving.next().receive(value);
      while (this.oldest?.isOver) this.oldest = this.oldest.later;
      if (this.oldest === undefined) this.latest = undefined;
    }
    this.freed();
  }

  sourceEnded(failure?: Failure): void {
    this.lineUp();
    if (this.state === 'over') return;
    this.end();
    for (const branch of this.branches) branch.sourceEnded(failure);
  }

  /** How many values some are yet to get that others have. */
  private get unserved(): number {
    let count = 0;
    for (let at = this.oldest; at !== undefined; at = at.later) if (!at.isOver) count++;
    return count;
  }

  /** Puts what is being given in line with those who are yet to get it; what came before `last`, if that is given. */
  private lineUp(last?: Giving<T>): void {
    for (let at = this.oldest; at !== last && at !== undefined; at = at.later) {
      while (!at.isOver) at.next().lineUp(at.value);
    }
  }

  // ---- the demand of all -----------------------------------------------------------------------

  /** Of all; where a slow one may lose values, at least of whoever has nothing left and can take. */
  get available(): number {
    const { branches } = this;
    if (this.state !== 'running') return 0;
    let room = Infinity;
    let direct = 0;
    for (const branch of branches) {
      room = Math.min(room, branch.available);
      if (!this.waitsForAll) direct = Math.max(direct, branch.direct);
    }
    room = Math.max(room, direct);
    // What is being given takes a place with those who are yet to get it.
    return Math.max(0, room - this.unserved);
  }

  /** With the one who is furthest behind. */
  get waiting(): number {
    return this.branches.reduce((most, { waiting }) => Math.max(most, waiting), 0);
  }

  onAvailable(resume: () => void): () => void {
    const giveUp = this.waiters.add(resume);
    if (needsLook(this.waiters, this.unserved === 0)) this.wake();
    return () => {
      if (giveUp() && !this.isAwaited) this.freed();
    };
  }

  private get isAwaited(): boolean {
    return this.waiters.size > 0;
  }

  /** Whether room below a branch that holds nothing is waited for: one that has places shows room by itself. */
  get needsRoomBelow(): boolean {
    return this.isAwaited && (this.capacity === 0 || !this.waitsForAll);
  }

  /** A branch may have room. */
  freed(): void {
    if ((this.isAwaited || this.wasAwaited) && this.unserved === 0) this.wake();
  }

  /** Wakes those above, then has the branches wait below for the rest of them, which may make room at once. */
  private wake(): void {
    const { waiters } = this;
    do {
      waiters.wake();
      this.wasAwaited = this.isAwaited;
      for (const branch of this.branches) branch.waitBelow();
    } while (hasMissed(waiters));
  }
}
