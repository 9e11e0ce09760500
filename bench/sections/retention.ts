import { from, mergeMap, take, type Observable, type OperatorFunction } from 'rxjs';
import { pullFrom, workerPool } from '../../operators/index.js';
import { sumBelow } from '../harness/sums.js';
import type { Contender, Job, Section } from '../harness/types.js';

const concurrency = 8;
const queue = concurrency;
const looksAt = 1_000;

interface Item {
  readonly id: number;
}

interface Look {
  readonly pulled: number;
  readonly retainedMb: number;
}

type Source = (items: Iterable<Item>) => Observable<Item>;
type Pool = (task: (item: Item) => Promise<Item>) => OperatorFunction<Item, Item>;

/** How far a pool reads ahead of its tasks. */
export const pulledAhead: Section = {
  id: 'pulled',
  title: 'Objects pulled from an iterable of 1,000,000 when the 1,000th task starts',
  unit: 'values',
  ...sectionOf((look) => look.pulled, looksAt + concurrency + queue),
};

/** What that costs in memory, everything unreachable being collected first. */
export const retained: Section = {
  id: 'retained',
  title: 'Heap retained when the 1,000th of 1,000,000 tasks starts',
  unit: 'MB',
  ...sectionOf((look) => look.retainedMb, 1),
};

function sectionOf(figure: (look: Look) => number, limit: number) {
  const pool = 'pullFrom | workerPool(8, async)';
  return {
    count: 1_000_000,
    expected: () => sumBelow(looksAt),
    contenders: [
      contender(
        'from | mergeMap(async, 8)',
        (items) => from(items),
        (task) => mergeMap(task, concurrency),
        figure,
      ),
      contender(
        pool,
        (items) => pullFrom(items),
        (task) => workerPool(concurrency, task),
        figure,
      ),
    ],
    goals: [{ contender: pool, limit }],
  };
}

function contender(
  name: string,
  source: Source,
  pool: Pool,
  figure: (look: Look) => number,
): Contender {
  return {
    name,
    // The first look makes what the engine keeps once per process, compiled code above all.
    sample: async (job) => {
      await lookAtThousandth(source, pool, { ...job, count: looksAt });
      return figure(await lookAtThousandth(source, pool, job));
    },
  };
}

/** Ends after the 1,000th result: `mergeMap` would take a minute to work off the rest. */
function lookAtThousandth(source: Source, pool: Pool, { count, expected }: Job): Promise<Look> {
  let pulled = 0;
  function* items() {
    for (let id = 0; id < count; id += 1) {
      pulled += 1;
      yield { id };
    }
  }
  let look: Look | undefined;
  let started = 0;
  let sum = 0;
  const before = heapInUse();
  const task = async (item: Item) => {
    started += 1;
    if (started === looksAt) look = { pulled, retainedMb: heapInUse() - before };
    return item;
  };
  return new Promise((resolve, reject) => {
    source(items())
      .pipe(pool(task), take(looksAt))
      .subscribe({
        next: ({ id }) => {
          sum += id;
        },
        error: reject,
        complete: () => {
          if (sum !== expected) reject(new Error(`Expected the checksum ${expected}, got ${sum}`));
          else if (!look) reject(new Error(`Expected ${looksAt} tasks, got ${started}`));
          else resolve(look);
        },
      });
  });
}

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

function collectGarbage(): void {
  if (!globalThis.gc) throw new Error('Expected node to be started with --expose-gc');
  globalThis.gc();
}
