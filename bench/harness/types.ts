/** How one sample is to be taken. The defaults are `standardJob`; tests pass zeros for the times. */
export interface Job {
  readonly count: number;
  readonly expected: number;
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** One way of doing what its section measures. */
export interface Contender {
  readonly name: string;
  /** Values per run, where it differs from the section's. */
  readonly count?: number;
  /** Called once before the rounds; answers why the contender cannot run here, if it cannot. */
  prepare?(): Promise<string | undefined>;
  /** Takes one sample, in the section's unit; rejects when a run's result is not `job.expected`. */
  sample(job: Job): Promise<number>;
}

/**
 * What a contender is judged by: its figure itself, or, with `against`, the ratio of the two
 * contenders' figures. It has to be at most (or, when `strictly`, below) the limit, and no less than
 * `least`; where there is no limit, it is only shown.
 */
export interface Goal {
  readonly contender: string;
  readonly against?: string;
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
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}
