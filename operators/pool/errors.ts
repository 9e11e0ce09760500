/** A task took longer than `taskTimeout`. */
export class TaskTimeoutError extends Error {
  override readonly name = 'TaskTimeoutError';
  readonly code = 'ERR_TASK_TIMEOUT';

  constructor(
    /** The value whose task it was. */
    readonly value: unknown,
    /** How long it was given, in milliseconds. */
    readonly timeoutMs: number,
  ) {
    super(
      `A task took longer than ${timeoutMs} ms. Its signal has aborted; raise \`taskTimeout\`?`,
    );
  }
}
