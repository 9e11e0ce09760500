import type { DropReason } from '../../src/line/line.js';
import { TalliedLine } from '../../src/line/tallied-line.js';
import { Buffering } from '../stage/buffering.js';
import type { StageOptions } from '../stage/options.js';
import type { Outlet } from '../stage/outlet.js';
import type { Copies } from './copies.js';
import type { Connection } from './connection.js';

/**
 * The channel of one subscriber: the plain rule, except that those above wait for room in all of them
 * together, at the connection.
 */
export class Branch<T> extends Buffering<T, TalliedLine<T>> {
  /** What others got before it, and it is yet to get; or what comes as it is being left. */
  readonly due: T[] = [];
  /** What was due when it left. */
  private forgone!: readonly T[];
  private readonly copies: Copies;

  constructor(
    private readonly connection: Connection<T>,
    capacity: number,
    options: StageOptions<T>,
    out: Outlet<T>,
  ) {
    super(capacity, options, out, TalliedLine);
    this.copies = this.line.tally = connection.copies;
  }

  override receive(value: T): void {
    if (this.state !== 'open') {
      this.due.push(value); // `leave` comes next, or has counted it already
    } else if (this.line.length > 0 && this.passesOn) {
      this.lineUp(value);
      this.pump();
    } else {
      this.copies.received++;
      super.receive(value);
    }
  }

  /** As `receive`, but passes nothing on yet. */
  private lineUp(value: T): void {
    this.copies.received++;
    this.line.arrived++;
    if (this.passesOn) {
      this.line.put(value, Infinity);
      this.noteHeld();
    } else {
      this.store(value);
    }
  }

  /** Whether one more would go on at once with what was lined up: it needs no place. */
  private get passesOn(): boolean {
    return !this.busy && this.line.length < this.outgoing;
  }

  /** Lines up what is due. */
  catchUp(): void {
    while (this.state === 'open' && this.due.length > 0) this.lineUp(this.due.shift() as T);
  }

  /** It leaves before it gets what is due: whatever comes to be due from now on has been counted. */
  missAll(): void {
    this.forgone = this.due.splice(0);
  }

  /** What it has forgone comes and is dropped behind what it holds, so that it never holds more than it may. */
  protected override halt(reason: DropReason): void {
    const { line, copies } = this;
    line.clear(reason);
    for (const value of this.forgone) {
      copies.received++;
      line.drop(value, reason);
    }
  }

  /** Whether a value is on its way to who reads it: where that is left meanwhile, the room below is not free yet. */
  get handsOn(): boolean {
    return this.busy;
  }

  /** How many values would go straight from hand to hand. */
  get direct(): number {
    return this.line.length === 0 && !this.busy ? this.outgoing : 0;
  }

  protected override get blocked(): boolean {
    return this.line.length > 0 || this.connection.needsRoomBelow;
  }

  protected override settle(): void {
    super.settle();
    this.connection.freed();
  }

  protected override send(value: T): void {
    this.copies.delivered++;
    super.send(value);
  }

  protected override noteHeld(): void {
    this.copies.noteHeld();
  }
}
