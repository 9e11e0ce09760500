import { Observable, Subject, concat, config, merge, of, throwError } from 'rxjs';
import {
  StageMeter,
  batchWithTimeout,
  bufferedChannel,
  demandOf,
  pullFrom,
} from 'rxjs-sluice/operators';
import { takeOn } from 'rxjs-sluice/marbles';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../support/hand-clock.js';

/** A producer of one's own that sends one value each time it is told of room. */
const oneForEachResume = (count: number) =>
  new Observable<number>((subscriber) => {
    const demand = demandOf(subscriber);
    let next = 0;
    const go = (): void => {
      subscriber.next(next++);
      if (next < count) demand?.onAvailable(go);
      else subscriber.complete();
    };
    demand?.onAvailable(go);
  });

describe('a producer that sends one value for each time it is told of room', () => {
  it('is told as often as there is room', () => {
    const meter = new StageMeter();
    const values: number[] = [];
    const ticks = new Subject<void>();
    oneForEachResume(100)
      .pipe(bufferedChannel(10, { meter }), takeOn(ticks))
      .subscribe((value) => values.push(value));
    expect(meter.held).toBe(10);
    for (let n = 0; n < 5; n++) ticks.next();
    expect([values, meter.held]).toEqual([[0, 1, 2, 3, 4], 10]);
  });

  it('fills a batch that waits for nothing else', () => {
    const batches: number[][] = [];
    oneForEachResume(10)
      .pipe(batchWithTimeout(5, Infinity))
      .subscribe((batch) => batches.push(batch));
    expect(batches).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
    ]);
  });
});

describe('a pace', () => {
  const run = (pace: Observable<unknown> | Iterable<unknown>) => {
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source.pipe(bufferedChannel(1, { pace })).subscribe({
      next: (value) => seen.push(value),
      error: (error) => seen.push(['error', error]),
    });
    source.next(1);
    return seen;
  };

  it('is not heard any more once it was let go, though it goes on in the same turn', () => {
    const late = concat(
      of('x'),
      throwError(() => 'late'),
    );
    expect(run(late)).toEqual([1]);
  });

  it('may be endless and synchronous', () => {
    function* endless() {
      for (;;) yield 'x';
    }
    expect(run(endless())).toEqual([1]);
  });

  it('that is no input is refused at the call', () => {
    expect(() => bufferedChannel(1, { pace: 5 as never })).toThrow(
      'Expected `pace` to be an ObservableInput, got 5',
    );
    expect(() => bufferedChannel(1, { credit: {} as never })).toThrow(
      'Expected `credit` to be an ObservableInput, got Object',
    );
  });
});

it('whoever asks for room after the end does not keep it from completing', () => {
  const credit = new Subject<number>();
  const seen: unknown[] = [];
  new Observable<number>((subscriber) => {
    const demand = demandOf(subscriber);
    subscriber.next(1);
    subscriber.complete();
    demand?.onAvailable(() => seen.push('resumed'));
  })
    .pipe(bufferedChannel(1, { credit }))
    .subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete') });
  credit.next(5);
  expect(seen).toEqual([1, 'complete']);
});

it('a rendezvous listens to its pace no longer when whoever waits above it gives up', () => {
  const pace = new Subject<void>();
  let giveUp: (() => void) | undefined;
  new Observable<number>((subscriber) => {
    giveUp = demandOf(subscriber)?.onAvailable(() => expect.fail('it has given up'));
  })
    .pipe(bufferedChannel(0, { pace }))
    .subscribe();
  expect(pace.observed).toBe(true);
  giveUp?.();
  expect(pace.observed).toBe(false);
});

describe('a pace that throws', () => {
  it('out of its `subscribe` errors the pipe, not the source', () => {
    const pace = new Observable<void>();
    pace.subscribe = () => {
      throw 'subscribe';
    };
    const source = new Subject<number>();
    const seen: unknown[] = [];
    source
      .pipe(bufferedChannel(1, { pace }))
      .subscribe({ error: (error: unknown) => seen.push(error) });
    expect(() => source.next(1)).not.toThrow();
    expect([seen, source.observed]).toEqual([['subscribe'], false]);
  });

  it('in its teardown does not keep what is held from being dropped; the hook hears', async () => {
    const pace = new Observable<void>(() => () => {
      throw 'teardown';
    });
    const source = new Subject<number>();
    const dropped: number[] = [];
    const heard = await new Promise((resolve) => {
      config.onUnhandledError = resolve;
      const onDrop = (value: number) => void dropped.push(value);
      const subscription = source.pipe(bufferedChannel<number>(2, { pace, onDrop })).subscribe();
      source.next(1);
      source.next(2);
      subscription.unsubscribe();
    });
    config.onUnhandledError = null;
    expect(dropped).toEqual([1, 2]);
    expect((heard as { errors: unknown[] }).errors).toEqual(['teardown']);
  });
});

it('one emission of a pace with time to spend releases what several sources that wait send', () => {
  const pace = new Subject<void>();
  const seen: number[] = [];
  merge(pullFrom([1, 2]), pullFrom([3, 4]))
    .pipe(bufferedChannel(0, { pace, yieldEvery: 1, scheduler: new HandClock() }))
    .subscribe((n) => seen.push(n));
  pace.next();
  expect(seen.toSorted()).toEqual([1, 2, 3, 4]);
});
