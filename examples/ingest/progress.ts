/** How far a job is. */
export interface Progress {
  readonly read: number;
  readonly written: number;
  readonly batches: number;
  readonly inFlight: number;
  /** How many records there will be, as far as can be told. */
  readonly expected: number;
  /** Records written. */
  readonly perSecond: number;
  readonly heapBytes: number;
  readonly stages: readonly StageProgress[];
}

export interface StageProgress {
  readonly name: string;
  readonly held: number;
  readonly capacity: number;
}
