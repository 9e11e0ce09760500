import { Observable, type ObservableInput, type Subscriber } from 'rxjs';
import type { Demand } from '../../src/line/demand.js';
import type { OnDrop, Overflow } from '../../src/line/line.js';
import { TalliedLine, type Tally } from '../../src/line/tallied-line.js';
import { Inlet, type Failure, type Receiver } from '../stage/inlet.js';
import { Outlet, type Pump } from '../stage/outlet.js';
import { quietly } from '../stage/unhandled.js';
import type { Fanning } from './fanning.js';

/** A lane's channel. It may park as long as all lanes together have parked fewer than `maxParked`. */
export class LaneLine<T> extends TalliedLine<T> {
  constructor(overflow: Overflow, maxParked: number, onDrop: OnDrop<T>, tally: Tally) {
    super(overflow, maxParked, onDrop);
    this.tally = tally;
  }

  protected override mayPark(): boolean {
    return this.tally.parked < this.maxParked;
  }
}

/**
 * A channel, the pipe that reads it, and the inlet for what comes out of that pipe.
 *
 * ```
 *           its pipe subscribes             its pipe has completed, or all is over
 *   unread ─────────────────────▶ read ─────────────────────────────────────────▶ ended
 *     ▲── leaves it (`retry`) ─────┘
 * ```
 *
 * Invariant: `out` leads to who reads, and is `undefined` while nobody does.
 */
export class Lane<T, R> implements Receiver<R>, Pump {
  /** What its pipe reads. */
  readonly values: Observable<T>;
  out: Outlet<T> | undefined = undefined;
  ended = false;
  /** Whether who read it last could say wait. */
  linked = false;
  /** How many turns it has to come. */
  turns = 0;
  private reader: Subscriber<T> | undefined = undefined;
  private results: Inlet<R> | undefined = undefined;

  constructor(
    private readonly fanning: Fanning<T, R>,
    readonly index: number,
    readonly line: LaneLine<T>,
  ) {
    this.values = new Observable((reader) => fanning.attach(this, reader));
  }

  // ---- for the route -------------------------------------------------------------------------

  /** How many values would go straight from hand to hand. */
  get direct(): number {
    const { out } = this;
    return out === undefined || this.line.length > 0 || this.fanning.occupied ? 0 : out.room;
  }

  /** How many values find a place whatever the other lanes take: what is below may be shared. */
  get sure(): number {
    const { line } = this;
    return this.direct === Infinity ? Infinity : Math.max(0, line.tally.places - line.length);
  }

  get hasRoom(): boolean {
    return this.line.length < this.line.tally.places || this.direct > 0;
  }

  /** How many values wait in it. */
  get waiting(): number {
    return this.line.length;
  }

  /** How many values its pipe has room for. */
  get below(): number {
    return this.out === undefined ? 0 : this.out.room;
  }

  /** How many values wait in it, and in what its pipe leads to. */
  get load(): number {
    return this.line.length + (this.out?.demand?.waiting ?? 0);
  }

  // ---- its pipe ------------------------------------------------------------------------------

  /** Merges what its pipe gives into what is below. */
  begin(pipe: ObservableInput<R>, below: Subscriber<R>): void {
    this.results = new Inlet(this, 'below', below);
    this.results.follow(pipe);
  }

  read(reader: Subscriber<T>, demand: Demand | undefined): void {
    const out = new Outlet<T>(reader, demand);
    this.out = out;
    this.reader = reader;
    this.linked = demand !== undefined;
    reader.add(() => {
      if (this.out === out) this.out = this.reader = undefined;
      out.giveUp();
    });
  }

  /** Has itself served when there is room below, for as long as something waits for that. */
  waitBelow(): void {
    this.out?.attend(this, this.line.length > 0 || this.fanning.isAwaited);
  }

  pump(): void {
    this.fanning.serve(this);
  }

  receive(result: R): void {
    if (!this.ended) this.fanning.resulted(result);
  }

  sourceEnded(failure?: Failure): void {
    if (this.ended) return; // all is over, and it is about to be let go
    if (failure === undefined) this.fanning.laneEnded(this);
    else this.fanning.fail(failure.error);
  }

  /** Lets its pipe go. */
  close(): void {
    const { reader, results } = this;
    this.ended = true;
    quietly(() => results?.unsubscribe());
    quietly(() => reader?.unsubscribe());
  }
}
