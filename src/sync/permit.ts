import { DISPOSE } from './dispose.js';

/**
 * What was acquired. Give it back by calling it, or let `using` do so at the end of the block; the
 * second time is a no-op.
 */
export interface Permit extends Disposable {
  (): void;
}

/** Makes a permit of what gives back, and what it is given for that. */
export function permit(giveBack: () => void): Permit;
export function permit<A>(giveBack: (what: A) => void, what: A): Permit;
export function permit<A>(giveBack: (what: A) => void, what?: A): Permit {
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    giveBack(what as A);
  };
  (release as Partial<Record<typeof DISPOSE, () => void>>)[DISPOSE] = release;
  return release as Permit;
}
