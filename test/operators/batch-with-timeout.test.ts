import { NEVER, Observable, Subject, queueScheduler } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  adaptiveThrottle,
  batchWithTimeout,
  bufferedChannel,
  demandOf,
  StageMeter,
  toAsyncIterable,
  type Demand,
} from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';
import { HandClock } from '../support/hand-clock.js';

it('a consumer that unsubscribes with batches waiting gets no more, and each of them is dropped once', () => {
  const source = new Subject<number>();
  const meter = new StageMeter();
  const dropped: number[] = [];
  const batches: number[][] = [];
  const subscription = source
    .pipe(
      batchWithTimeout<number>(1, 100, {
        queue: 10,
        meter,
        onDrop: (value) => dropped.push(value),
      }),
    )
    .subscribe((batch) => {
      batches.push(batch);
      source.next(2);
      source.next(3);
      subscription.unsubscribe();
    });
  source.next(1);
  expect([batches, dropped]).toEqual([[[1]], [2, 3]]);
  expect([meter.received, meter.delivered, meter.dropped, meter.held]).toEqual([3, 1, 2, 0]);
});

it('a value whose weigh ends the pipe is dropped, and counted as held while it is weighed', () => {
  const source = new Subject<number>();
  const meter = new StageMeter();
  const dropped: number[] = [];
  const held: number[] = [];
  const subscription = source
    .pipe(
      batchWithTimeout<number>(9, 100, {
        maxWeight: 99,
        weigh: (n) => {
          held.push(meter.held);
          if (n === 2) subscription.unsubscribe();
          return 1;
        },
        meter,
        onDrop: (value) => dropped.push(value),
      }),
    )
    .subscribe();
  source.next(1);
  source.next(2);
  expect([dropped, held, meter.held, meter.dropped]).toEqual([[1, 2], [1, 2], 0, 2]);
});

it('shows no room behind a full batch, though the rendezvous below has room by now and has not said so', () => {
  const clock = new HandClock();
  const source = new Subject<number>();
  const dropped: number[] = [];
  const batches: number[][] = [];
  let demand: Demand | undefined;
  let room: number | undefined;
  // Set first, so it rings before the timer of the throttle.
  clock.schedule(() => {
    room = demand?.available;
    if (room !== 0) source.next(3);
  }, 5);
  new Observable<number>((subscriber) => {
    demand = demandOf(subscriber);
    return source.subscribe(subscriber);
  })
    .pipe(
      batchWithTimeout<number>(1, Infinity, {
        overflow: 'drop-oldest',
        onDrop: (value) => dropped.push(value),
      }),
      adaptiveThrottle({ minDelay: 5, maxDelay: 5, target: 1, queue: 0, scheduler: clock }),
    )
    .subscribe((batch) => batches.push(batch));
  source.next(1);
  source.next(2);
  clock.advance(5);
  expect([batches, dropped, room]).toEqual([[[1], [2]], [], 0]);
});

it('shows room for the batches that could go straight on, too', () => {
  const rooms: (number | undefined)[] = [];
  const source = new Observable<number>((subscriber) => {
    rooms.push(demandOf(subscriber)?.available);
    subscriber.next(1);
    rooms.push(demandOf(subscriber)?.available);
  });
  source.pipe(batchWithTimeout(3, Infinity), bufferedChannel(2), takeOn(NEVER)).subscribe();
  source.pipe(batchWithTimeout(3, Infinity)).subscribe();
  expect(rooms).toEqual([9, 8, Infinity, Infinity]);
});

it('a batch that onDrop asks for is no heavier than may be, and goes when the value is in line', async () => {
  const source = new Subject<number>();
  const asked: Promise<IteratorResult<number[], unknown>>[] = [];
  const batches: AsyncIterator<number[]> = toAsyncIterable(
    source.pipe(
      batchWithTimeout<number>(2, Infinity, {
        overflow: 'drop-oldest',
        maxWeight: 5,
        weigh: (n) => n,
        onDrop: () => asked.push(batches.next()),
      }),
    ),
  )[Symbol.asyncIterator]();
  asked.push(batches.next());
  for (const n of [2, 2, 1, 1, 100]) source.next(n);
  asked.push(batches.next());
  const given = await Promise.all(asked);
  expect(given.map(({ value }) => value)).toEqual([[2, 2], [1], [100]]);
});

it('under a scheduler that runs at once each value goes at once', () => {
  const source = new Subject<number>();
  const batches: number[][] = [];
  source
    .pipe(batchWithTimeout<number>(10, 0, { scheduler: queueScheduler }))
    .subscribe((batch) => batches.push(batch));
  for (const n of [1, 2, 3]) source.next(n);
  expect(batches).toEqual([[1], [2], [3]]);
});

it.each(['5', 0, NaN])('a most of weight of %o is refused at the call', (maxWeight) => {
  const bad = { maxWeight: maxWeight as number, weigh: () => 1 };
  const shown = typeof maxWeight === 'string' ? `"${maxWeight}"` : String(maxWeight);
  expect(() => batchWithTimeout(1, 1, bad)).toThrow(
    new RangeError(`Expected \`maxWeight\` to be a number > 0, got ${shown}`),
  );
});
