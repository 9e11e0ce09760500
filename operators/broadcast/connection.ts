import type { Observable, Subscriber } from 'rxjs';
import type { Demand } from '../../src/line/demand.js';
import type { DropReason, OnDrop } from '../../src/line/line.js';
import { RoomWaiters, dismiss, needsLook } from '../../src/line/waiters.js';
import type { BroadcastOptions } from '../broadcast.js';
import { Inlet, type Failure, type Receiver } from '../stage/inlet.js';
import type { StageOptions } from '../stage/options.js';
import { Outlet } from '../stage/outlet.js';
import { quietly } from '../stage/unhandled.js';
import { Branch } from './branch.js';
import { Copies } from './copies.js';

const NONE: readonly never[] = [];

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
 * - a value is given to everyone who was there when it came, and in the same order to each: where the
 *   next comes while one is being given (`served` of `serving` have it), that one is put in line with the others first;
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
  private branches: readonly Branch<T>[] = NONE;
  private serving: readonly Branch<T>[] = NONE;
  private served = 0;
  private value: T | undefined = undefined;
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
    if (this.isGiving && this.serving.includes(branch, this.served))
      branch.due.push(this.value as T);
    branch.missAll();
    this.become(this.branches.filter((other) => other !== branch));
    if (this.branches.length === 0) this.end();
    else if (!branch.handsOn) this.freed();
  }

  private become(branches: readonly Branch<T>[]): void {
    this.branches = branches;
    this.copies.noteSubscribers(branches);
  }

  private end(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    dismiss(this.waiters);
    this.reset();
    quietly(() => this.inlet.unsubscribe());
  }

  // ---- values ----------------------------------------------------------------------------------

  receive(value: T): void {
    this.arrived++;
    const { branches } = this;
    const someAreBehind = this.isGiving;
    if (branches.length === 1 && !someAreBehind) {
      (branches[0] as Branch<T>).receive(value);
    } else {
      this.putOff();
      // Before they catch up: what is dropped for that may lead to more.
      this.value = value;
      this.serving = branches;
      this.served = 0;
      if (someAreBehind) this.catchUp();
      while (this.isGiving) this.nextServed().receive(value);
      this.serving = NONE;
      this.value = undefined;
    }
    this.freed();
  }

  sourceEnded(failure?: Failure): void {
    this.putOff();
    this.catchUp();
    this.end();
    for (const branch of this.branches) branch.sourceEnded(failure);
  }

  /** Whether some are yet to get a value that others have. */
  private get isGiving(): boolean {
    return this.served < this.serving.length;
  }

  private nextServed(): Branch<T> {
    return this.serving[this.served++] as Branch<T>;
  }

  /** What is being given is due to those who are yet to get it. */
  private putOff(): void {
    while (this.isGiving) this.nextServed().due.push(this.value as T);
  }

  /** Puts in line what is due. */
  private catchUp(): void {
    for (const branch of this.branches) branch.catchUp();
  }

  // ---- the demand of all -----------------------------------------------------------------------

  /** Of all; where a slow one may lose values, at least of whoever has nothing left and can take. */
  get available(): number {
    const { branches } = this;
    if (this.state !== 'running') return 0;
    let room = Infinity;
    let direct = 0;
    for (const branch of branches) {
      room = Math.min(room, branch.available - branch.due.length);
      if (!this.waitsForAll) direct = Math.max(direct, branch.direct - branch.due.length);
    }
    room = Math.max(room, direct);
    // What is being given takes a place with those who are yet to get it.
    return Math.max(0, this.isGiving ? room - 1 : room);
  }

  /** With the one who is furthest behind. */
  get waiting(): number {
    return this.branches.reduce((most, { waiting }) => Math.max(most, waiting), 0);
  }

  onAvailable(resume: () => void): () => void {
    const giveUp = this.waiters.add(resume);
    if (needsLook(this.waiters, !this.isGiving)) this.wake();
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
    if ((this.isAwaited || this.wasAwaited) && !this.isGiving) this.wake();
  }

  /** Wakes those above, then has the branches wait below for the rest of them, which may make room at once. */
  private wake(): void {
    this.waiters.wake();
    this.wasAwaited = this.isAwaited;
    for (const branch of this.branches) branch.waitBelow();
  }
}
