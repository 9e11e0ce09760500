import { later } from '../support/later.js';
import { long } from '../support/proof.js';

/** How many cycles there are in a batch. */
export const CYCLES = long ? 100_000 : 600;

/**
 * How many bytes a batch may leave behind: 67 for each of its cycles in the short form, where a
 * subscription that is over takes 100; 10 for each in the long one. The engine has what it keeps for itself, code and what it
 * has seen, of the batches before.
 */
export const BOUND = long ? 1_000_000 : 40_000;

/** How many cycles there are before anything is measured. */
const WARM = Math.min(CYCLES, 5_000);

/** How many batches may pass until the engine has all it keeps for itself. */
const TRIES = 5;

/**
 * What stays of `batch`: the heap after it less the heap before it, after one to warm up. What each batch leaves
 * is left by the next one too; so where it is more than may be, the next ones are asked, and the least counts.
 */
export async function retainedBy(batch: (cycles: number) => Promise<void>): Promise<number> {
  await batch(WARM);
  let retained = Infinity;
  let before = await heapUsed();
  for (let i = 0; i < TRIES && retained >= BOUND; i++) {
    await batch(CYCLES);
    const after = await heapUsed();
    retained = Math.min(retained, Math.max(0, after - before));
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
