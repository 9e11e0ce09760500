import { Readable } from 'node:stream';
import { from, mergeMap, type Observable } from 'rxjs';
import { pullFrom, workerPool } from '../../operators/index.js';
import { concurrency } from './pool-tasks.js';

/** Objects, so that what is kept of them can be seen on the heap. */
export interface Item {
  readonly id: number;
}

export type ItemTask = (item: Item) => Promise<Item>;

/** Begins to read the items and to run the task on each, and to drop the results; returns what ends it. */
export type Reader = (items: Iterable<Item>, task: ItemTask) => Promise<() => void>;

const subscribed = (results: Observable<Item>): Promise<() => void> => {
  const subscription = results.subscribe();
  return Promise.resolve(() => subscription.unsubscribe());
};

function iterated(results: AsyncIterable<Item>): Promise<() => void> {
  let over = false;
  void (async () => {
    for await (const _ of results) if (over) break;
  })();
  return Promise.resolve(() => (over = true));
}

export const withMergeMap: Reader = (items, task) =>
  subscribed(from(items).pipe(mergeMap(task, concurrency)));

export const withWorkerPool: Reader = (items, task) =>
  subscribed(pullFrom(items).pipe(workerPool(concurrency, task)));

/** So many loops over one iterator. */
export const withLoops: Reader = (items, task) => {
  let over = false;
  const loop = async (): Promise<void> => {
    for (const item of items) {
      if (over) return;
      await task(item);
    }
  };
  for (let index = 0; index < concurrency; index += 1) void loop();
  return Promise.resolve(() => (over = true));
};

/** It keeps every result for the array that it answers. */
export const withPMap: Reader = async (items, task) => {
  const { default: pMap } = await import('p-map');
  const end = new AbortController();
  pMap(items, task, { concurrency, signal: end.signal }).catch(() => {});
  return () => end.abort();
};

export const withPMapIterable: Reader = async (items, task) => {
  const { pMapIterable } = await import('p-map');
  return iterated(pMapIterable(items, task, { concurrency }));
};

/** It reads the whole before it begins. */
export const withPLimit: Reader = async (items, task) => {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(concurrency);
  void limit.map(items, task);
  return () => limit.clearQueue();
};

/** As its documentation tells to bound it. */
export const withPQueue: Reader = async (items, task) => {
  const { default: PQueue } = await import('p-queue');
  const queue = new PQueue({ concurrency });
  let over = false;
  void (async () => {
    for (const item of items) {
      if (over) return;
      await queue.onSizeLessThan(concurrency);
      void queue.add(() => task(item));
    }
  })();
  return () => (over = true);
};

export const withReadable: Reader = (items, task) =>
  iterated(Readable.from(items).map(task, { concurrency }));

/** It holds the values for which no inner is free in an array. */
export const withIx: Reader = async (items, task) => {
  const ix = await import('ix/asynciterable');
  const { flatMap } = await import('ix/asynciterable/operators');
  const inner = (item: Item) => ix.from<Item>([task(item)] as Iterable<Item>);
  return iterated(ix.from(items).pipe(flatMap(inner, concurrency)));
};

export const withEffect: Reader = async (items, task) => {
  const { Effect, Fiber, Stream } = await import('effect');
  const fiber = Effect.runFork(
    Stream.fromIterable(items, { chunkSize: 1 }).pipe(
      Stream.mapEffect((item) => Effect.promise(() => task(item)), { concurrency }),
      Stream.runDrain,
    ),
  );
  return () => void Effect.runPromise(Fiber.interrupt(fiber));
};
