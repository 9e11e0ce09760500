import { later } from '../support/later.js';
import { long } from '../support/proof.js';

/** How many cycles are run, and how much each of them may leave behind. */
export interface Scale {
  /** How many cycles go before what is measured, and how many are measured at first. */
  readonly cycles: number;
  /** How many bytes a cycle may leave behind, on average. */
  readonly bound: number;
}

/**
 * What is seen of no subscription kept, which takes 100 bytes at least: what the engine keeps for itself, code and
 * what it has seen, is some 10 for each of so few cycles, and now and then 50.
 */
export const SHORT: Scale = { cycles: 600, bound: 64 };

/** What is seen of not even a slot kept in an array, which grows by 5 bytes at least for each value. */
export const LONG: Scale = { cycles: 100_000, bound: 1 };

export const SCALE = long ? LONG : SHORT;

/** How often the cycles are doubled, until the engine has all it keeps for itself. */
const ROUNDS = 4;

/** How many collections it takes until the engine has forgotten the code that only began the tests. */
let collections = 8;

/**
 * How many bytes each cycle of `batch` leaves behind: the heap after a round of them less the heap before it,
 * over all cycles of the round.
 *
 * Each round has as many cycles as all before it together: so whatever grows by doubling grows within it, and
 * no round passes between two steps of a Set or an array. What is left is left in the next round too; so where
 * it is more than may be, the next one is asked, and the least counts. So is it where the heap has shrunk: whatever
 * else went may have been more than what is left.
 */
export async function retainedBy(
  batch: (cycles: number) => Promise<void> | void,
  { cycles, bound }: Scale = SCALE,
): Promise<number> {
  await batch(cycles);
  for (; collections > 0; collections--) await heapUsed();
  let retained = Infinity;
  let before = await heapUsed();
  for (let i = 0, size = cycles; i < ROUNDS && retained >= bound; i++, size *= 2) {
    await batch(size);
    let after = await heapUsed();
    // What finalizers let go is there until the next collection.
    if (after - before >= bound * size) after = await heapUsed();
    const shrunk = after < before && i < ROUNDS - 1;
    if (!shrunk) retained = Math.min(retained, Math.max(0, after - before) / size);
    before = after;
  }
  return retained;
}

async function heapUsed(): Promise<number> {
  if (globalThis.gc === undefined) throw new Error('Expected node to run with --expose-gc');
  await later();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
