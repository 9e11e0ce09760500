import { describe, expect, it } from 'vitest';
import { LazySignal } from '../../src/sync/lazy-signal.js';

/** Whether the signal is read before it is aborted for the first time, between the two times, or after both. */
describe.each([0, 1, 2])('a lazy signal that is read after %i aborts', (before) => {
  const abortWith = (...reasons: readonly unknown[]) => {
    const lazy = new LazySignal();
    reasons.forEach((reason, n) => {
      if (n === before) expect(lazy.signal.aborted).toBe(n > 0);
      lazy.abort(reason);
    });
    return lazy;
  };

  it.each(['first', undefined])('keeps the first reason: %j', (reason) => {
    const { aborted, signal } = abortWith(reason, 'second');
    expect([aborted, signal.aborted]).toEqual([true, true]);
    if (reason === undefined) expect(signal.reason).toHaveProperty('name', 'AbortError');
    else expect(signal.reason).toBe(reason);
  });
});
