/** The key under which a subscriber carries its demand; the same in every copy of this library. */
export const DEMAND: unique symbol = Symbol.for('rxjs-sluice.demand.v1') as never;

/**
 * How much a bounded stage, or a channel, can take. It is a level, never a count of requests: read
 * it before each value; it stays true through operators that drop, add or merge values.
 */
export interface Demand {
  /** How many values it may hold. */
  readonly capacity: number;
  /** Free places, and what can be handed straight on; 0 = wait. Never negative. */
  readonly available: number;
  /** How many values wait in it, parked ones included; may exceed `capacity`. */
  readonly waiting: number;
  /** How many values it ever received; only grows. */
  readonly arrived: number;
  /**
   * Calls `resume` once, when there is room; at once where there is room already. Whoever waits is
   * resumed in order. Returns a function that gives up the wait.
   */
  onAvailable(resume: () => void): () => void;
}
