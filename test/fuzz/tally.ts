/** What can happen to a pipe that is tried. */
export const happenings = [
  'full',
  'parked',
  'dropping',
  'cut off while holding',
  'made to wait',
  'timed',
  'completed',
  'errored',
  'left',
  'foretold',
] as const;

export type Happening = (typeof happenings)[number];

/** Of how many pipes each was seen. */
export class Tally {
  pipes = 0;
  private readonly counts = new Map<Happening, number>();

  add(seen: ReadonlySet<Happening>): void {
    this.pipes++;
    for (const happening of seen) this.counts.set(happening, this.of(happening) + 1);
  }

  of(happening: Happening): number {
    return this.counts.get(happening) ?? 0;
  }

  /** In percent of the pipes. */
  share(happening: Happening): number {
    return (100 * this.of(happening)) / this.pipes;
  }

  toString(): string {
    return happenings.map((one) => `${one} ${this.share(one).toFixed(1)} %`).join(', ');
  }
}
