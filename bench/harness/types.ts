/** How one sample is to be taken; a quick one has zeros for the times, and is one run. */
export interface Job {
  readonly count: number;
  readonly expected: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** The library; another of JavaScript, stock RxJS and Node among them; Go; or the least that any can do. */
export type Side = 'ours' | 'peer' | 'go' | 'limit';

/** What a sample tells: a figure; or several, by name, of which a section shows one. */
export type Sample = number | Readonly<Record<string, number>>;

/** One way of doing what its section measures. */
export interface Contender {
  readonly name: string;
  readonly side: Side;
  /** How values pass (`calls`, `promises`, `for await`, …). Equals do the same kind of work. */
  readonly kind?: string;
  /** How much there is of what its section varies, or which way of it: rows of two scales are not compared. */
  readonly scale?: string;
  /** Values per run, where it differs from the section's. */
  readonly count?: number;
  /** Called once before the rounds; answers why the contender cannot run here, if it cannot. */
  prepare?(): Promise<string | undefined>;
  /** Takes one sample, in the section's unit; rejects when a run's result is not `job.expected`. */
  sample(job: Job): Promise<Sample>;
}

/**
 * What a contender is judged by: its figure itself; with `against`, the ratio of the two contenders' figures;
 * with `beyond`, by how much its figure exceeds the other's. It has to be at most (or, when `strictly`,
 * below) the limit, and no less than `least`; where there is no limit, it is only shown.
 */
export interface Goal {
  readonly contender: string;
  readonly against?: string;
  readonly beyond?: string;
  readonly limit?: number;
  readonly least?: number;
  readonly strictly?: boolean;
}

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly count: number;
  /** The checksum that every run over `count` values has to give. */
  expected(count: number): number;
  /** Sections that have the very same contenders share their samples. */
  readonly contenders: readonly Contender[];
  /** Which figure it shows, where a sample has several. */
  readonly shows?: string;
  readonly goals: readonly Goal[];
  /** The figure than which none is better, and how near two are that are level; else less is better. */
  readonly best?: { readonly figure: number; readonly within: number };
  /** Every sample gives the same: one is enough. */
  readonly exact?: boolean;
}

/** Do the two do the same kind of work, on the same scale? */
export const areEqual = (one: Contender, other: Contender): boolean =>
  one.kind !== undefined && one.kind === other.kind && one.scale === other.scale;
