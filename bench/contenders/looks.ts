import { sumTo } from '../harness/sums.js';
import type { Contender, Job, Side } from '../harness/types.js';
import type { Item, Reader } from './readers.js';

/** What is seen when a task starts. */
export interface Look {
  readonly pulled: number;
  readonly retainedMb: number;
}

/** The task in which it is looked. */
export const looksAt = 1_000;

/** Looks at the 1,000th task of so many. */
export function atThousandth(name: string, side: Side, reader: Reader): Contender {
  return {
    name,
    side,
    kind: 'a pool',
    sample: async (job) => {
      await warmUp(reader, looksAt, job);
      const [look] = await lookAt([looksAt], reader, job.count);
      return { ...look! };
    },
  };
}

/** How much more is retained at the last task of so many than at the 1,000th. */
export function growth(name: string, side: Side, reader: Reader): Contender {
  return {
    name,
    side,
    kind: 'a pool',
    sample: async (job) => {
      await warmUp(reader, Infinity, job);
      const looks = await lookAt([looksAt, job.count], reader, Infinity);
      return looks.at(-1)!.retainedMb - looks[0]!.retainedMb;
    },
  };
}

/** Once at least: it makes what the engine keeps once per process, compiled code above all. */
async function warmUp(reader: Reader, count: number, { warmUpMs }: Job): Promise<void> {
  const end = performance.now() + warmUpMs;
  do await lookAt([looksAt], reader, count);
  while (performance.now() < end);
}

/** Ends at the last look: `mergeMap` would take a minute to work off a million. */
async function lookAt(at: readonly number[], reader: Reader, count: number): Promise<Look[]> {
  let pulled = 0;
  let over = false;
  function* items(): Generator<Item> {
    for (let id = 1; id <= count && !over; id += 1) {
      pulled += 1;
      yield { id };
    }
  }
  const looks: Look[] = [];
  let started = 0;
  let sum = 0;
  let done = (): void => {};
  const end = new Promise<void>((resolve) => (done = resolve));
  const last = at[at.length - 1]!;
  const before = heapInUse();
  const task = async (item: Item): Promise<Item> => {
    started += 1;
    if (started <= last) sum += item.id;
    if (at.includes(started)) looks.push({ pulled, retainedMb: heapInUse() - before });
    if (started === last) done();
    // A source without an end must leave the event loop a turn.
    if (started % looksAt === 0) await new Promise((resolve) => setImmediate(resolve));
    return item;
  };
  const stop = await reader(items(), task);
  await end;
  over = true;
  stop();
  if (sum !== sumTo(last)) {
    throw new Error(`Expected the checksum ${sumTo(last)}, got ${sum}`);
  }
  return looks;
}

function heapInUse(): number {
  if (!globalThis.gc) throw new Error('Expected node to be started with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
