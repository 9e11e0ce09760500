/** Does nothing: in the place of a callback that nobody gave. */
export const NOTHING = (): void => {};

/** What a callback throws where nobody can catch it is for the host to tell. */
export function report(error: unknown): void {
  void Promise.reject(error);
}
