/** `requireDemand` is set, and nothing below the stage can say wait. */
export class DemandRequiredError extends Error {
  override readonly name = 'DemandRequiredError';
  readonly code = 'ERR_DEMAND_REQUIRED';

  constructor(
    /** The stage or source that found no demand. */
    readonly stage: string,
  ) {
    super(
      `${stage} found nothing below it that can say wait. End the pipe in \`workerPool\` or ` +
        '`toAsyncIterable`; `explain(pipe)` shows where the link is cut.',
    );
  }
}
