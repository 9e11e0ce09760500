import type { Observable, ObservableInput, Subscriber } from 'rxjs';
import { Line, MAX_PARKED, type DropReason, type OnDrop } from '../../src/line/line.js';
import { Ring } from '../../src/line/ring.js';
import { Tally } from '../../src/line/tallied-line.js';
import { dismiss } from '../../src/line/waiters.js';
import type { FanOutOptions } from '../fan-out.js';
import type { Failure } from '../stage/inlet.js';
import { findDemand } from '../stage/operate.js';
import { Outlet } from '../stage/outlet.js';
import { Stage } from '../stage/stage.js';
import { LaneTakenError } from './errors.js';
import { laneOf } from './hash.js';
import { Lane, LaneLine } from './lane.js';
import { ByKey, LeastLoaded, RoundRobin, type Route } from './route.js';

/**
 * The rule of `fanOut`: each value goes to one lane, and from there on as the pipe of that lane has room.
 * What the pipes give goes straight down: they link to what is below by themselves.
 *
 * Invariants:
 * - values wait in the lanes alone, and `tally` is what those hold;
 * - a lane that holds values and is read has a turn in `turns`, stands in `heldUp`, or waits for room;
 * - the demand is that of the lanes as the route sees them; a place in hand (`tally.spare`) is taken by
 *   the first value that finds none in its lane.
 */
export class Fanning<T, R> extends Stage<T, R> {
  readonly capacity: number;
  private readonly lanes: readonly Lane<T, R>[];
  private readonly route: Route<Lane<T, R>>;
  private readonly tally: Tally;
  /** The lanes that are to be served: each once for a value, so that values go in order of arrival. */
  private readonly turns = new Ring<Lane<T, R>>();
  /** The lanes whose wait for room below is to begin, or to be given up, when the work is done. */
  private readonly heldUp = new Ring<Lane<T, R>>();
  private readonly toLane: ((value: T) => number) | undefined;
  /** As the lanes were told last. */
  private wasAwaited = false;

  constructor(
    count: number,
    private readonly pipe: (values: Observable<T>, index: number) => ObservableInput<R>,
    private readonly options: FanOutOptions<T>,
    private readonly subscriber: Subscriber<R>,
  ) {
    super(options, new Outlet(subscriber, undefined), Line);
    const { by, queue = 1, overflow = 'block', maxParked = MAX_PARKED } = options;
    const keyed = typeof by === 'function';
    const tally = new Tally(queue, keyed ? 1 : 0);
    const onDrop: OnDrop<T> = (value, reason) => this.line.drop(value, reason);
    const lanes = Array.from(
      { length: count },
      (_, index) => new Lane(this, index, new LaneLine(overflow, maxParked, onDrop, tally)),
    );
    this.capacity = count * queue + tally.spare;
    this.tally = tally;
    this.lanes = lanes;
    this.toLane = keyed ? (value) => laneOf(by(value), count) : undefined;
    this.route = new (keyed ? ByKey : by === 'least-loaded' ? LeastLoaded : RoundRobin)(
      lanes,
      tally,
    );
  }

  /** Whether foreign code runs: what comes now waits in line. */
  get occupied(): boolean {
    return this.busy;
  }

  // ---- the rule ------------------------------------------------------------------------------

  override get waiting(): number {
    return this.tally.waiting;
  }
  override get parked(): number {
    return this.tally.parked;
  }
  override get linked(): boolean {
    return this.lanes.every(({ linked }) => linked);
  }

  protected get places(): number {
    return this.capacity;
  }

  protected get inWork(): number {
    return this.tally.waiting;
  }

  protected get room(): number {
    return this.route.room;
  }

  /** Each lane waits for itself. */
  protected readonly blocked = false;

  protected override get drained(): boolean {
    return this.route.open === 0;
  }

  override start(): void {
    for (const lane of this.lanes) {
      if (this.state === 'over') return;
      this.call(() => lane.begin(this.pipe(lane.values, lane.index), this.subscriber));
    }
  }

  protected accept(value: T): void {
    const { toLane } = this;
    if (toLane === undefined) this.send(value);
    else this.ask(value, toLane, (index) => this.send(value, index));
  }

  private send(value: T, index = -1): void {
    const lane = this.route.next(index);
    if (lane === undefined || lane.ended) {
      this.line.drop(value, 'cancelled');
    } else if (lane.direct > 0) {
      this.busy = true;
      this.missed = false;
      this.delivered++;
      (lane.out as Outlet<T>).target.next(value);
      this.busy = false;
      if (this.missed || this.waiters.size > 0) this.pump();
    } else {
      this.put(value, lane);
      this.serve(lane);
    }
  }

  protected work(): void {
    const { turns } = this;
    while (turns.length > 0) {
      const lane = turns.shift();
      lane.turns--;
      if (lane.line.length > 0) this.passOn(lane);
      else if (this.state === 'ending') lane.out?.target.complete();
    }
  }

  protected override cease(): void {
    // All have ended before the first pipe is let go: what that leads to elsewhere is not listened to.
    for (const lane of this.lanes) lane.ended = true;
    for (const lane of this.lanes) lane.close();
  }

  protected halt(reason: DropReason): void {
    for (const { line } of this.lanes) line.clear(reason);
  }

  protected override end(failure: Failure | undefined): void {
    for (const lane of this.lanes) this.giveTurn(lane);
    super.end(failure);
  }

  /** While nothing is at work: a lane that is told of room at once must be able to use it. */
  override waitBelow(): void {
    const { isAwaited, wasAwaited, heldUp } = this;
    this.wasAwaited = isAwaited;
    if (isAwaited || wasAwaited) for (const lane of this.lanes) lane.waitBelow();
    while (heldUp.length > 0) heldUp.shift().waitBelow();
  }

  /**
   * Whether lanes wait below for those above: without places, they have room when their pipes have. Where a place in
   * hand is taken, only the lane that has the value counts, and waits for itself.
   */
  get isAwaited(): boolean {
    const { places, spare } = this.tally;
    return places + spare === 0 && this.waiters.size > 0;
  }

  // ---- what a lane tells -----------------------------------------------------------------------

  /** Its pipe subscribes to it. */
  attach(lane: Lane<T, R>, reader: Subscriber<T>): void {
    this.call(() => {
      if (!this.admits(lane, reader)) return;
      const demand = findDemand(reader, `lane ${lane.index} of ${this.linkName}`, this.options);
      if (this.admits(lane, reader)) lane.read(reader, demand); // it still does, having told of the link
    });
    this.serve(lane);
  }

  /** Whether the lane can be read; else tells `reader` why. */
  private admits(lane: Lane<T, R>, reader: Subscriber<T>): boolean {
    const { ended, out, index } = lane;
    if (ended) reader.complete();
    else if (out !== undefined) reader.error(new LaneTakenError(index));
    else return true;
    return false;
  }

  /** It may be able to pass something on. */
  serve(lane: Lane<T, R>): void {
    this.giveTurn(lane);
    this.pump();
  }

  resulted(result: R): void {
    this.out.target.next(result);
  }

  /** Its pipe has completed: it takes no more values, and what waits in it is dropped. */
  laneEnded(lane: Lane<T, R>): void {
    lane.close();
    if (--this.route.open === 0 && this.state === 'open') {
      this.state = 'ending';
      dismiss(this.waiters);
    }
    lane.line.clear('cancelled');
    this.pump();
  }

  // --------------------------------------------------------------------------------------------

  private giveTurn(lane: Lane<T, R>): void {
    if (lane.turns > 0 && lane.turns >= lane.line.length) return;
    lane.turns++;
    this.turns.push(lane);
  }

  private put(value: T, { line }: Lane<T, R>): void {
    const { places, beyond, spare } = this.tally;
    const inHand = beyond === 0 || line.length > places ? spare : 0;
    this.stored(line.put(value, places + inHand));
  }

  private passOn(lane: Lane<T, R>): void {
    const { line, out } = lane;
    if (out === undefined) return;
    if (out.room <= 0) {
      this.heldUp.push(lane);
      return;
    }
    this.delivered++;
    out.target.next(line.take());
    if (lane.turns === 0 && (line.length > 0 || this.state === 'ending')) this.giveTurn(lane);
    if (out.waits) this.heldUp.push(lane); // what it waits for may be gone
  }
}
