import { Subject, takeUntil } from 'rxjs';
import { bufferedChannel, pullFrom } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';

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
