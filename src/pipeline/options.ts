import { checkBoolean, checkSignal } from '../check.js';

/** What every pipeline can be told. */
export interface PipelineOptions {
  /**
   * Ends the pipeline: it receives nothing more, and what it sends to is closed with `signal.reason`,
   * behind what that holds.
   */
  readonly signal?: AbortSignal | undefined;
  /**
   * What becomes of a channel that is received from when the pipeline ends before it. Default false: it is
   * left as it is, and others can go on with it. True: it is cancelled, with the reason of the end.
   */
  readonly cancel?: boolean | undefined;
}

/** Throws for options that no pipeline takes. */
export function checkPipelineOptions({ signal, cancel = false }: PipelineOptions): void {
  checkSignal('signal', signal);
  checkBoolean('cancel', cancel);
}
