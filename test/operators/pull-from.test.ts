import { Readable } from 'node:stream';
import { BehaviorSubject, NEVER, Subject, config, takeUntil } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, leakyBucket, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
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
