/** What a law may go by. Times are in milliseconds. */
export interface DelayState {
  /** The delay in force. */
  readonly delay: number;
  readonly minDelay: number;
  readonly maxDelay: number;
  /** How many values may wait below before the delay grows. */
  readonly target: number;
}

/**
 * The delay, in milliseconds, that follows from how many values wait below. What it returns is kept
 * between `minDelay` and `maxDelay`.
 */
export type DelayLaw = (waiting: number, state: DelayState) => number;

/** `minDelay` up to `target`, then in a straight line up to `maxDelay` at twice `target`. */
export const linearLaw: DelayLaw = (waiting, { minDelay, maxDelay, target }) =>
  waiting <= target
    ? minDelay
    : minDelay + (maxDelay - minDelay) * Math.min(1, waiting / target - 1);

/**
 * Additive increase and multiplicative decrease of the rate, after TCP's congestion avoidance (Chiu
 * and Jain, 1989): while no more than `target` wait, each reading adds one value per `maxDelay`; while
 * more wait, and do not become fewer, each halves the rate.
 */
export function aimdLaw(): DelayLaw {
  let before = 0;
  return (waiting, { delay, maxDelay, target }) => {
    const shrinks = waiting < before;
    before = waiting;
    if (waiting <= target) return 1 / (1 / delay + 1 / maxDelay);
    // The least that it grows to is for a `minDelay` of 0, which cannot be doubled.
    return shrinks ? delay : Math.max(2 * delay, maxDelay / 64);
  };
}
