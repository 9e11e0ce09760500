import { Line, type DropReason } from '../../src/line/line.js';
import type { Outlet } from './outlet.js';
import type { StageOptions } from './options.js';
import { Stage, type LineKind } from './stage.js';

/**
 * The plainest rule: the oldest goes first, while there is room below. A value that finds nothing
 * before it and room below passes from hand to hand.
 */
export class Buffering<T, L extends Line<T> = Line<T>> extends Stage<T, T, L> {
  protected inWork = 0;

  constructor(
    readonly capacity: number,
    options: StageOptions<T>,
    out: Outlet<T>,
    Kind: LineKind<T, L> = Line as LineKind<T, never>,
  ) {
    super(options, out, Kind);
  }

  protected get places(): number {
    return this.capacity;
  }

  protected get room(): number {
    const { length } = this.line;
    const free = Math.max(0, this.capacity - length);
    return length === 0 && !this.busy ? free + this.outgoing : free;
  }

  /** A rendezvous has room when the demand below has: whoever waits for it waits for that. */
  protected get blocked(): boolean {
    return this.line.length > 0 || this.waiters.size > 0;
  }

  /** How many values may be passed on now. */
  protected get outgoing(): number {
    return this.out.room;
  }

  protected accept(value: T): void {
    if (this.busy || this.line.length > 0 || this.outgoing <= 0) {
      this.store(value);
      if (this.busy || this.outgoing > 0) this.pump();
      else this.settle();
      return;
    }
    this.handOn(value);
  }

  /** Passes a value from hand to hand; what comes meanwhile is worked off after it. */
  protected handOn(value: T): void {
    this.busy = true;
    this.missed = false;
    this.send(value);
    this.busy = false;
    if (this.missed || this.waiters.size > 0) this.pump();
  }

  protected work(): void {
    while (this.line.length > 0 && this.outgoing > 0) this.send(this.line.take());
  }

  protected send(value: T): void {
    this.delivered++;
    this.out.target.next(value);
  }

  protected halt(_reason: DropReason): void {}
}
