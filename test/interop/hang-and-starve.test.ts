import {
  NEVER,
  Subject,
  concat,
  filter,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  race,
  range,
  repeat,
  retry,
  switchMap,
  take,
  takeUntil,
  timer,
  toArray,
  zip,
  type MonoTypeOperatorFunction,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  batchWithTimeout,
  broadcast,
  bufferedChannel,
  fanOut,
  leakyBucket,
  pullFrom,
  StageMeter,
  toAsyncIterable,
  unlinked,
  workerPool,
} from 'rxjs-sluice/operators';
import { describe, expect, it, vi } from 'vitest';
import { HandClock } from '../support/hand-clock.js';
import { later } from '../support/later.js';

function counted() {
  const source = {
    pulled: 0,
    returned: 0,
    *[Symbol.iterator]() {
      try {
        for (;;) yield source.pulled++;
      } finally {
        source.returned++;
      }
    },
  };
  return source;
}

it('take above a draining pool releases an endless source in the same turn', () => {
  const source = counted();
  const gate = new Subject<number>();
  pullFrom(source)
    .pipe(
      take(3),
      workerPool(1, () => gate),
    )
    .subscribe();
  expect([source.pulled, source.returned]).toEqual([2, 0]);
  gate.complete();
  expect([source.pulled, source.returned]).toEqual([3, 1]);
});

it('takeUntil above and below releases it too', () => {
  for (const above of [true, false]) {
    const source = counted();
    const stop = new Subject<void>();
    const cut = takeUntil<number>(stop);
    const pool = workerPool(2, (_: number) => NEVER);
    pullFrom(source)
      .pipe(above ? cut : map((n) => n), pool, above ? map((n) => n) : cut)
      .subscribe();
    stop.next();
    expect([source.pulled, source.returned]).toEqual([4, 1]);
  }
});

it('two rendezvous stages in a row pull one value at a time', () => {
  const source = counted();
  const ticks = new Subject<void>();
  const seen: number[] = [];
  pullFrom(source)
    .pipe(bufferedChannel(0), bufferedChannel(0), takeOn(ticks))
    .subscribe((n) => seen.push(n));
  expect(source.pulled).toBe(0);
  ticks.next();
  ticks.next();
  expect([seen, source.pulled]).toEqual([[0, 1], 2]);
});

it('1,000 asynchronous inners into a stage of 10: none starves, at most 10 are held', async () => {
  const meter = new StageMeter();
  async function* inner(id: number) {
    for (let i = 0; i < 3; i++) {
      await Promise.resolve();
      yield id;
    }
  }
  const pipe = range(0, 1000).pipe(
    mergeMap((id) => pullFrom(inner(id))),
    bufferedChannel(10, { meter }),
    workerPool(2, async (id) => id),
    toArray(),
  );
  const seen = await lastValueFrom(pipe);
  expect(seen.length).toBe(3000);
  expect(new Set(seen).size).toBe(1000);
  expect(meter.maxHeld).toBeLessThanOrEqual(10);
});

it.each([3, 1000])(
  'one pulled value that expands into %i is held whole, and no second one',
  async (times) => {
    const meter = new StageMeter();
    const expand = (n: number) => Array.from({ length: times }, () => n);
    const pipe = pullFrom([1, 2, 3, 4]).pipe(
      mergeMap(expand),
      bufferedChannel(2, { meter }),
      workerPool(1, async (n) => n, { queue: 0 }),
      toArray(),
    );
    expect((await lastValueFrom(pipe)).length).toBe(4 * times);
    expect(meter.maxHeld).toBeLessThanOrEqual(1 + times);
  },
);

it('a pool whose project returns a pipe with stages of its own', async () => {
  const pipe = pullFrom([1, 2, 3]).pipe(
    workerPool(2, (n) =>
      pullFrom([n, n * 10]).pipe(
        bufferedChannel(1),
        workerPool(1, async (m) => m),
      ),
    ),
    toArray(),
  );
  expect((await lastValueFrom(pipe)).sort((a, b) => a - b)).toEqual([1, 2, 3, 10, 20, 30]);
});

/** Sends each value in a turn of its own. */
async function* slow<T>(values: Iterable<T>) {
  for (const value of values) {
    await later();
    yield value;
  }
}

async function* hanging(): AsyncGenerator<never> {
  await new Promise(() => {});
}

it('merged with a slow and a hanging source, a fast one keeps neither out, and stays bounded', async () => {
  const meter = new StageMeter();
  const fast = Array.from({ length: 100 }, (_, n) => `fast ${n}`);
  const others = ['slow 0', 'slow 1', 'slow 2'];
  const pipe = merge(pullFrom(hanging()), pullFrom(fast), pullFrom(slow(others))).pipe(
    bufferedChannel(2, { meter }),
    workerPool(1, async (value) => (await later(), value)),
    take(103),
    toArray(),
  );
  const seen = await lastValueFrom(pipe);
  expect(seen.filter((value) => fast.includes(value))).toEqual(fast);
  expect(seen.filter((value) => others.includes(value))).toEqual(others);
  expect(seen.indexOf('slow 2')).toBeLessThan(50);
  expect(meter.maxHeld).toBe(2);
});

it.each<[string, () => Observable<unknown>, unknown[]]>([
  ['repeat', () => pullFrom([1, 2]).pipe(repeat(3)), [1, 2, 1, 2, 1, 2]],
  [
    'race, won by the one that is ready',
    () => race(pullFrom(hanging()), pullFrom(slow('ab')), pullFrom([1, 2])),
    [1, 2],
  ],
  [
    'race, beside one that hangs',
    () => race(pullFrom(hanging()), pullFrom(slow('ab'))),
    ['a', 'b'],
  ],
  [
    'zip',
    () => zip(pullFrom([1, 2, 3]), pullFrom(slow('abc'))),
    [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ],
  ],
])('%s goes on to its end above a rendezvous and a pool', async (_, source, expected) => {
  const pipe = source().pipe(
    bufferedChannel(0),
    workerPool(1, async (value) => value, { queue: 0 }),
    toArray(),
  );
  expect(await lastValueFrom(pipe)).toEqual(expected);
});

it('retry, concat and switchMap open and release their sources', async () => {
  let attempts = 0;
  function* failing() {
    yield attempts;
    if (++attempts < 3) throw new Error('again');
  }
  const pool = workerPool(1, async (n: number) => n);
  const retried = pullFrom({ [Symbol.iterator]: failing }).pipe(retry(5), pool, toArray());
  expect(await lastValueFrom(retried)).toEqual([0, 1, 2]);
  const joined = concat(pullFrom([1, 2]), pullFrom([3])).pipe(pool, toArray());
  expect(await lastValueFrom(joined)).toEqual([1, 2, 3]);

  const inners = [counted(), counted(), counted()];
  const outer = new Subject<number>();
  const subscription = outer
    .pipe(
      switchMap((i) => pullFrom(inners[i] ?? [])),
      workerPool(1, () => NEVER, { queue: 1 }),
    )
    .subscribe();
  for (const i of [0, 1, 2]) outer.next(i);
  expect(inners.map(({ pulled, returned }) => [pulled, returned])).toEqual([
    [2, 1],
    [0, 0],
    [0, 0],
  ]);
  subscription.unsubscribe();
});

it('ordered: a second worker that pulls an endless source waits for its turn', () => {
  const endless = counted();
  const first = new Subject<number>();
  const seen: number[] = [];
  pullFrom([0, 1])
    .pipe(
      workerPool(2, (n) => (n === 0 ? first : pullFrom(endless)), { ordered: true }),
      take(4),
    )
    .subscribe((n) => seen.push(n));
  expect(endless.pulled).toBe(1);
  first.next(-1);
  first.complete();
  expect([seen, endless.returned]).toEqual([[-1, 0, 1, 2], 1]);
});

it('a filter that rejects everything gives the event loop its turns', async () => {
  const source = counted();
  const turns: number[] = [];
  const subscription = pullFrom(source)
    .pipe(
      filter(() => false),
      bufferedChannel(1),
      workerPool(1, async (n) => n),
    )
    .subscribe();
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    turns.push(source.pulled);
  }
  subscription.unsubscribe();
  expect(turns[0]).toBeGreaterThanOrEqual(1024);
  expect(turns[2]).toBeGreaterThan(turns[0] ?? Infinity);
  expect(source.returned).toBe(1);
});

it('return() is called once, though a next() hangs; what comes later goes to onDrop', async () => {
  let arrive = (_: IteratorResult<string>): void => {};
  const iterator = {
    next: () => new Promise<IteratorResult<string>>((resolve) => (arrive = resolve)),
    return: vi.fn(async () => ({ done: true, value: undefined }) as const),
  };
  const onDrop = vi.fn();
  const subscription = pullFrom({ [Symbol.asyncIterator]: () => iterator }, { onDrop }).subscribe();
  subscription.unsubscribe();
  expect(iterator.return).toHaveBeenCalledTimes(1);
  arrive({ done: false, value: 'late' });
  await Promise.resolve();
  await Promise.resolve();
  expect(onDrop.mock.calls).toEqual([['late', 'unsubscribed']]);
  expect(iterator.return).toHaveBeenCalledTimes(1);
});

it('a source that throws, as it is opened or read, errors the pipe', () => {
  const errors: unknown[] = [];
  const observer = { error: (error: unknown) => errors.push(error) };
  const opening = {
    [Symbol.iterator]: (): Iterator<number> => {
      throw 'as opened';
    },
  };
  function* reading() {
    yield 1;
    throw 'as read';
  }
  pullFrom(opening).pipe(bufferedChannel(1)).subscribe(observer);
  pullFrom(reading()).pipe(bufferedChannel(1)).subscribe(observer);
  expect(errors).toEqual(['as opened', 'as read']);
});

it('a channel that is pulled from stays open, and loses nothing to a consumer that left', async () => {
  const channel = new Channel<number>();
  const reading = toAsyncIterable(pullFrom(channel))[Symbol.asyncIterator]();
  const first = reading.next();
  expect(channel.trySend(1)).toBe(true);
  expect((await first).value).toBe(1);
  const second = reading.next();
  await reading.return?.();
  expect((await second).done).toBe(true);
  expect([channel.closed, channel.trySend(2)]).toEqual([false, false]);
});

describe('a notifier that can wait, above a pool that is full', () => {
  /** The notifier says stop after 20 ms; the pool below, of which one task takes 3, has been full till then. */
  function stopped(cut: MonoTypeOperatorFunction<string>) {
    const clock = new HandClock();
    const source = counted();
    const seen: unknown[] = [];
    const after = <T>(ms: number) =>
      workerPool(1, (value: T) => timer(ms, clock).pipe(map(() => value)), { queue: 1 });
    pullFrom(source)
      .pipe(takeUntil(pullFrom(['stop']).pipe(after(20), cut)), after(3))
      .subscribe({ next: (n) => seen.push(n), complete: () => seen.push('|') });
    clock.advance(19);
    expect([seen, source.pulled, source.returned]).toEqual([[0, 1, 2, 3, 4, 5], 8, 0]);
    return { clock, source, seen };
  }

  it('is heard at once where its link is cut; what is held goes on', () => {
    const { clock, source, seen } = stopped(unlinked());
    clock.advance(1);
    expect([source.pulled, source.returned]).toEqual([8, 1]);
    clock.advance(5);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, '|']);
  });

  it('waits for its turn to find room there where it is not, and comes to it', () => {
    const { clock, source, seen } = stopped((notifier) => notifier);
    clock.advance(1);
    expect([source.pulled, source.returned]).toEqual([8, 0]);
    clock.advance(4); // of the two places that came free, the source has had the first
    expect([source.pulled, source.returned]).toEqual([9, 1]);
    clock.advance(10);
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, '|']);
  });
});

describe('a pool that sends into the channel it is pulled from', () => {
  /** A tree: each of its 15 numbers below 8 leads to two more. */
  async function run(send: (jobs: Channel<number>, n: number) => unknown) {
    const jobs = new Channel<number>(2);
    const done: number[] = [];
    jobs.trySend(1);
    const work = async (n: number) => {
      for (const next of n < 8 ? [2 * n, 2 * n + 1] : []) await send(jobs, next);
      return n;
    };
    const subscription = pullFrom(jobs)
      .pipe(workerPool(2, work, { queue: 0 }))
      .subscribe((n) => done.push(n));
    for (let i = 0; i < 50; i++) await later();
    return { jobs, done: done.sort((a, b) => a - b), subscription };
  }

  it('stalls once all its workers wait there, as in Go', async () => {
    const { jobs, done, subscription } = await run((jobs, n) => jobs.send(n));
    expect([done, jobs.length, jobs.waiting]).toEqual([[1, 2], 2, 4]);
    subscription.unsubscribe();
  });

  it('does not where they send in the background', async () => {
    const { done } = await run((jobs, n) => void jobs.send(n));
    expect(done).toEqual(Array.from({ length: 15 }, (_, n) => n + 1));
  });
});

it.each([
  ['bufferedChannel', bufferedChannel<number>(2)],
  ['workerPool', workerPool(1, (n: number) => [n], { queue: 1 })],
  ['workerPool, ordered', workerPool(1, (n: number) => [n], { queue: 1, ordered: true })],
  ['batchWithTimeout', batchWithTimeout<number>(1, Infinity, { queue: 1 })],
  ['leakyBucket', leakyBucket<number>(1, 0, { queue: 2 })],
  ['fanOut', fanOut(1, (lane: Observable<number>) => lane, { queue: 2 })],
  ['broadcast', broadcast<number>({ capacity: 2 })],
] as [string, OperatorFunction<number, unknown>][])(
  'a source that has its consumer ask for more, as it is told of room, leaves nothing waiting: %s',
  async (_, stage) => {
    const ticks = new Subject<void>();
    let asks = false;
    let count = 0;
    const read = (): number => {
      if (asks) {
        asks = false;
        ticks.next();
      }
      return count++;
    };
    function* atOnce() {
      while (count < 9) yield read();
    }
    async function* inTime() {
      while (count < 9) yield await Promise.resolve(read());
    }
    for (const source of [atOnce, inTime]) {
      count = 0;
      const got: unknown[] = [];
      const subscription = pullFrom<number>(source())
        .pipe(stage, takeOn(ticks))
        .subscribe((value) => got.push(value));
      for (let i = 0; i < 9; i++) await later();
      asks = true;
      ticks.next();
      for (let i = 0; i < 9; i++) await later();
      expect([asks, got.length]).toEqual([false, 2]);
      ticks.next();
      expect(got.length).toBe(3);
      subscription.unsubscribe();
    }
  },
);

describe('a consumer that has another one ask, from inside, leaves nothing waiting', () => {
  const rendezvous = [
    ['bufferedChannel', bufferedChannel<number>(0)],
    ['broadcast', broadcast<number>()],
    ['fanOut', fanOut(1, (lane: Observable<number>) => lane, { queue: 0 })],
  ] as const;

  /** Takes all that comes, the first and the other in turns; at `value` the other asks for the first, too. */
  function taken(
    value: number,
    build: (ticks: readonly Subject<void>[], got: (n: number) => void) => void,
  ): number[] {
    const ticks = [new Subject<void>(), new Subject<void>()];
    const all: number[] = [];
    build(ticks, (n) => {
      all.push(n);
      if (n === value) ticks[0]!.next();
    });
    for (let i = 0; i < 3; i++) ticks[1]!.next();
    for (let i = 0; i < 20; i++) for (const tick of ticks) tick.next();
    return all.toSorted((a, b) => a - b);
  }

  it.each(rendezvous)('of a broadcast, behind a rendezvous: %s', (_, stage) => {
    for (const value of [0, 1, 2, 3]) {
      const all = taken(value, ([first, other], got) => {
        const shared = pullFrom([0, 1, 2, 3]).pipe(broadcast({ capacity: 1, minSubscribers: 2 }));
        shared.pipe(stage, takeOn(first!)).subscribe((n) => got(n + 10));
        shared.pipe(takeOn(other!)).subscribe(got);
      });
      expect(all).toEqual([0, 1, 2, 3, 10, 11, 12, 13]);
    }
  });

  it.each(rendezvous)('of another lane, behind a rendezvous: %s', (_, stage) => {
    for (const value of [1, 3, 5]) {
      const all = taken(value, (ticks, got) => {
        const lane = (values: Observable<number>, i: number) =>
          (i === 0 ? values.pipe(stage) : values).pipe(takeOn(ticks[i]!));
        pullFrom([0, 1, 2, 3, 4, 5]).pipe(fanOut(2, lane)).subscribe(got);
      });
      expect(all).toEqual([0, 1, 2, 3, 4, 5]);
    }
  });
});
