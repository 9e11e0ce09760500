/** What a meter counts. */
export interface Counts {
  readonly name?: string;
  readonly received: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly held: number;
}

/** A stage has lost a value, or made one up. */
export class ConservationError extends Error {
  override readonly name = 'ConservationError';
  readonly code = 'ERR_CONSERVATION';

  constructor(
    /** The counts as they were. */
    readonly counts: Counts,
  ) {
    const { name = '', received, delivered, dropped, held } = counts;
    super(
      `${name === '' ? 'The stage' : name} received ${received}, but delivered ${delivered} + dropped ` +
        `${dropped} + held ${held} = ${delivered + dropped + held}`,
    );
  }
}

/**
 * Checks that received = delivered + dropped + held, for one meter or several.
 *
 * ```ts
 * import { of } from 'rxjs';
 * import { verifyConservation } from 'rxjs-sluice/marbles';
 * import { bufferedChannel, StageMeter } from 'rxjs-sluice/operators';
 *
 * const meter = new StageMeter('input');
 * of(1, 2, 3).pipe(bufferedChannel(1, { meter })).subscribe();
 * verifyConservation(meter);
 * ```
 *
 * @throws {ConservationError} for the first meter of which it does not hold.
 */
export function verifyConservation(...meters: readonly Counts[]): void {
  for (const meter of meters) {
    const { received, delivered, dropped, held } = meter;
    if (received !== delivered + dropped + held) throw new ConservationError(meter);
  }
}
