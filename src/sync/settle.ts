/** Calls `act` and goes on with what comes of it: at once, or when its promise settles. */
export function settle<R>(
  act: () => R | PromiseLike<R>,
  done: (result: R) => void,
  failed: (error: unknown) => void,
): void {
  let result: R | PromiseLike<R>;
  let later: boolean;
  try {
    result = act();
    later = typeof (Object(result) as Partial<PromiseLike<R>>).then === 'function';
  } catch (error) {
    failed(error);
    return;
  }
  // Through a promise of the host's own: another's may call back twice, or at once.
  if (later) void Promise.resolve(result).then(done, failed);
  else done(result as R);
}
