import { Readable } from 'node:stream';
import {
  BehaviorSubject,
  NEVER,
  Subject,
  config,
  filter,
  lastValueFrom,
  of,
  range,
  retry,
  take,
  takeUntil,
  toArray,
} from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, leakyBucket, pullFrom, workerPool } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
import { HandClock } from '../support/hand-clock.js';

it('a generator that ends the pipe from inside is let go when it has come back', () => {
  const stop = new Subject<void>();
  const log: string[] = [];
  function* numbers() {
    try {
      yield 1;
      stop.next();
      log.push('goes on');
      yield 2;
      log.push('too far');
    } finally {
      log.push('let go');
    }
  }
  const dropped: unknown[] = [];
  const values: number[] = [];
  pullFrom(numbers(), { onDrop: (value, reason) => dropped.push([value, reason]) })
    .pipe(takeUntil(stop), bufferedChannel(2))
    .subscribe((n) => values.push(n));
  expect(log).toEqual(['goes on', 'let go']);
  expect([values, dropped]).toEqual([[1], [[2, 'unsubscribed']]]);
});

it('an async iterator that ends the pipe from inside its next is let go once', async () => {
  const stop = new Subject<void>();
  let returned = 0;
  const iterable: AsyncIterable<number> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        stop.next();
        return Promise.resolve({ done: false, value: 1 });
      },
      return: () => {
        returned++;
        return Promise.resolve({ done: true, value: undefined });
      },
    }),
  };
  pullFrom(iterable).pipe(takeUntil(stop), bufferedChannel(2)).subscribe();
  await new Promise((resolve) => setImmediate(resolve));
  expect(returned).toBe(1);
});

it('an iterator that gives no object errors the pipe, as a `for` loop would', () => {
  const seen: unknown[] = [];
  const iterable = { [Symbol.iterator]: () => ({ next: () => undefined as never }) };
  pullFrom(iterable).subscribe({ error: (error: unknown) => seen.push(error) });
  expect(seen).toEqual([new TypeError('Expected `next()` to be an object, got undefined')]);
});

describe('a web stream is unlocked', () => {
  const streamOf = (...chunks: number[]) =>
    new ReadableStream<number>({
      pull(controller) {
        const next = chunks.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
    });

  it('at its end', async () => {
    const stream = streamOf(1, 2);
    expect(await lastValueFrom(pullFrom(stream).pipe(toArray()))).toEqual([1, 2]);
    expect(stream.locked).toBe(false);
  });

  it('when it fails: who tries again hears why', async () => {
    let reads = 0;
    const stream = new ReadableStream<number>({
      pull() {
        reads++;
        throw new Error('broken');
      },
    });
    const read = lastValueFrom(pullFrom(stream).pipe(retry(2)));
    await expect(read).rejects.toEqual(new Error('broken'));
    expect([reads, stream.locked]).toEqual([1, false]);
  });

  it('when it is left, though a read is under way', async () => {
    let cancelled = 0;
    const stream = new ReadableStream<number>({
      cancel: () => {
        cancelled++;
      },
    });
    const heard = await unhandledBy(() => pullFrom(stream).subscribe().unsubscribe());
    expect([heard, cancelled, stream.locked]).toEqual([[], 1, false]);
  });
});

it('a thenable that calls back twice gives its value once', () => {
  let left = 2;
  const next = () => ({
    then(resolve: (result: unknown) => void) {
      const result = { done: left === 0, value: left-- };
      resolve(result);
      resolve(result);
    },
  });
  const seen: unknown[] = [];
  pullFrom({
    [Symbol.asyncIterator]: () => ({ next }),
  } as never as AsyncIterable<number>).subscribe({
    next: (value) => seen.push(value),
    complete: () => seen.push('complete'),
  });
  expect(seen).toEqual([2, 1, 'complete']);
});

it('a thenable that calls back with another gives what that one does', () => {
  const values: number[] = [];
  let n = 0;
  const thenable = (what: unknown) => ({ then: (back: (what: unknown) => void) => back(what) });
  const next = () => thenable(thenable({ done: ++n > 2, value: n })) as never;
  pullFrom<number>({ [Symbol.asyncIterator]: () => ({ next }) })
    .pipe(take(9))
    .subscribe((value) => values.push(value));
  expect(values).toEqual([1, 2]);
});

it('a thenable that calls back with what cannot be asked whether it is another fails', () => {
  const errors: unknown[] = [];
  const result = {
    get then(): never {
      throw new Error('getter');
    },
  };
  const next = () => ({ then: (back: (result: unknown) => void) => back(result) }) as never;
  pullFrom({ [Symbol.asyncIterator]: () => ({ next }) }).subscribe({
    error: (error) => errors.push(error),
  });
  expect(errors).toEqual([new Error('getter')]);
});

it('a promise of another kind that calls back twice gives its value once', async () => {
  class Twice<T> extends Promise<T> {
    static override get [Symbol.species]() {
      return Promise;
    }
    override then(...hear: never[]): never {
      void super.then(...hear);
      return super.then(...hear) as never;
    }
  }
  let n = 0;
  const next = () => Twice.resolve({ done: ++n > 2, value: n }) as never;
  const all = pullFrom<number>({ [Symbol.asyncIterator]: () => ({ next }) });
  expect(await lastValueFrom(all.pipe(toArray()))).toEqual([1, 2]);
});

it('an iterator whose thenable ends the pipe as it calls back is let go once', () => {
  let returned = 0;
  const iterator = {
    next: () => ({
      then: (resolve: (result: unknown) => void) => resolve({ done: false, value: 1 }),
    }),
    return: () => returned++,
  };
  pullFrom({ [Symbol.asyncIterator]: () => iterator } as never as AsyncIterable<number>)
    .pipe(take(1))
    .subscribe();
  expect(returned).toBe(1);
});

it('never waits for a turn as long as values reach the demand below', () => {
  let count = 0;
  pullFrom(Array.from({ length: 5000 }, (_, n) => n))
    .pipe(bufferedChannel(2), takeOn(range(0, 9999)))
    .subscribe(() => count++);
  expect(count).toBe(5000);
});

it('never waits for a turn while values come between those that never reach the demand below, however many', () => {
  let count = 0;
  pullFrom(Array.from({ length: 5000 }, (_, n) => n))
    .pipe(
      filter((n) => n % 2 === 0),
      workerPool(2, (n) => of(n)),
    )
    .subscribe(() => count++);
  expect(count).toBe(2500);
});

describe('the turn that a fruitless loop gives is taken back when the pipe is left, where the host has', () => {
  const real = globalThis as Record<string, unknown>;

  it.each([
    [['setImmediate', 'clearImmediate'], true],
    [['setImmediate'], false], // then it comes, and does nothing
    [['setTimeout', 'clearTimeout'], true],
  ])('%j', (names, takesBack) => {
    const turns: (() => void)[] = [];
    const takenBack: unknown[] = [];
    const [set = '', clear] = names;
    const all = ['setImmediate', 'clearImmediate', 'setTimeout', 'clearTimeout'];
    const kept = all.map((name) => [name, real[name]] as const);
    for (const name of all) real[name] = undefined;
    real[set] = (task: () => void) => turns.push(task);
    if (clear !== undefined) real[clear] = (turn: unknown) => takenBack.push(turn);
    let read = 0;
    function* endless() {
      for (;;) yield read++;
    }
    try {
      const subscription = pullFrom(endless())
        .pipe(
          filter((n) => n === 0),
          bufferedChannel(1),
          takeOn(of('x')),
        )
        .subscribe();
      const first = read;
      turns[0]?.();
      expect([read, turns.length, takenBack]).toEqual([first + 1024, 2, []]);
      subscription.unsubscribe();
      turns[1]?.();
      expect(read).toBe(first + 1024);
    } finally {
      for (const [name, value] of kept) real[name] = value;
    }
    expect(takenBack).toEqual(takesBack ? [2] : []);
  });
});

describe('an async iterable that is left', () => {
  const iterable = (more: object) => {
    const calls: string[] = [];
    const iterator = {
      next: () => new Promise<never>(() => {}),
      return: () => {
        calls.push('return');
        return Promise.resolve({ done: true as const, value: undefined });
      },
    };
    return { calls, input: { [Symbol.asyncIterator]: () => iterator, ...more } };
  };
  const leave = (input: AsyncIterable<number>) =>
    unhandledBy(() => pullFrom(input).subscribe().unsubscribe());

  it.each([{}, { read: () => null }, { destroy: () => {} }])(
    'is told by its iterator: %o is no Node stream',
    async (more) => {
      const { calls, input } = iterable(more);
      expect(await leave(input)).toEqual([]);
      expect(calls).toEqual(['return']);
    },
  );

  it('is destroyed where it is like a Node stream, and listened to as far as it can be', async () => {
    const heard: string[] = [];
    for (const more of [
      {},
      { on: (event: string) => heard.push(`on ${event}`) },
      {
        once: (event: string, hear: () => void) => {
          heard.push(`once ${event}`);
          hear();
        },
      },
      { closed: true, on: () => expect.fail('it has no errors any more') },
    ]) {
      const destroy = () => heard.push('destroy');
      const { calls, input } = iterable({ read: () => null, destroy, ...more });
      expect(await leave(input)).toEqual([]);
      expect(calls).toEqual([]);
    }
    const destroyed = ['destroy', 'on error', 'destroy', 'once close', 'destroy', 'destroy'];
    expect(heard).toEqual(destroyed);
  });

  it('as a Node stream has no listener left when it is closed', async () => {
    const stream = new Readable({ read() {} });
    pullFrom(stream).pipe(takeOn(NEVER)).subscribe().unsubscribe();
    expect(stream.listenerCount('error')).toBe(1);
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.listenerCount('error')).toBe(0);
  });
});

it('a channel that is left while nothing is awaited from it is left alone', async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  const leave = () =>
    pullFrom(channel).pipe(bufferedChannel(0), takeOn(NEVER)).subscribe().unsubscribe();
  expect(await unhandledBy(leave)).toEqual([]);
  expect(channel.length).toBe(1);
});

it('what a Node stream fails with when it is left, before it was read, goes to the hook', async () => {
  const stream = new Readable({ read() {}, destroy: (_, callback) => callback(new Error('late')) });
  const heard = await new Promise((resolve) => {
    config.onUnhandledError = resolve;
    pullFrom(stream, {}).pipe(takeOn(NEVER)).subscribe().unsubscribe();
  });
  config.onUnhandledError = null;
  expect([heard, stream.destroyed]).toEqual([new Error('late'), true]);
});

describe('is told of room while it begins to wait for it, and goes on', () => {
  it('where a pace releases as soon as it is asked', () => {
    const seen: unknown[] = [];
    pullFrom('abc')
      .pipe(bufferedChannel(0, { pace: new BehaviorSubject(0) }))
      .subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
    expect(seen).toEqual(['a', 'b', 'c', 'complete']);
  });

  it('where the clock goes on between two looks', () => {
    for (let step = 0.25; step <= 4; step += 0.25) {
      const time = new HandClock();
      let looks = 0;
      const scheduler = {
        now: () => time.now() + step * looks++,
        schedule: time.schedule.bind(time),
      };
      const went: number[] = [];
      pullFrom([1, 2, 3, 4])
        .pipe(leakyBucket(1, 1, { queue: 0, scheduler }))
        .subscribe((n) => went.push(n));
      for (let ms = 0; ms < 10 && time.armed > 0; ms++) time.advance(1);
      expect([step, went]).toEqual([step, [1, 2, 3, 4]]);
    }
  });
});
