export function isThenable<R>(value: unknown): value is PromiseLike<R> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

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
    later = isThenable(result);
  } catch (error) {
    failed(error);
    return;
  }
  // Through a promise of the host's own: another's may call back twice, or at once.
  if (later) void Promise.resolve(result).then(done, failed);
  else done(result as R);
}
