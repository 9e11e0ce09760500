import { Line } from './line.js';

/**
 * What several lines with equally many places hold together.
 *
 * Invariant: each figure is the sum over all lines that keep this tally.
 */
export class Tally {
  /** How many values wait. */
  waiting = 0;
  /** How many of them stand beyond the places of their line. */
  beyond = 0;

  constructor(
    /** The places of each line. */
    readonly places: number,
    /** How many places more there are, for whichever line needs them first. */
    readonly spare = 0,
  ) {}

  /** How many values have no place at all. */
  get parked(): number {
    return Math.max(0, this.beyond - this.spare);
  }
}

/** A line that keeps a tally with others. */
export class TalliedLine<T> extends Line<T> {
  tally!: Tally;

  override take(): T {
    const { tally } = this;
    tally.waiting--;
    if (this.length > tally.places) tally.beyond--;
    return super.take();
  }

  protected override add(value: T, note: unknown): void {
    const { tally } = this;
    super.add(value, note);
    tally.waiting++;
    if (this.length > tally.places) tally.beyond++;
  }
}
