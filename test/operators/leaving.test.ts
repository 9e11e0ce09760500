import { NEVER, Observable, Subject, map, merge, takeUntil, type Subscriber } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  StageMeter,
  adaptiveThrottle,
  backpressure,
  batchWithTimeout,
  broadcast,
  bufferedChannel,
  conflate,
  fanOut,
  leakyBucket,
  toAsyncIterable,
  workerPool,
  type DropReason,
  type StageOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
import { later } from '../support/later.js';

/*
 * Whoever leaves has what is held dropped and told of, whatever the source makes of it as it is let go: nothing is
 * given to one who has left, as if it had been taken.
 */

type Stage = (options: StageOptions<number>) => (source: Observable<number>) => Observable<number>;

const stages: Readonly<Record<string, Stage>> = {
  'bufferedChannel(2)': (options) => bufferedChannel(2, options),
  'bufferedChannel(0)': (options) => bufferedChannel(0, options),
  workerPool: (options) => workerPool(1, (n: number) => [n], { ...options, queue: 1 }),
  batchWithTimeout: (options) => (source) =>
    source.pipe(
      batchWithTimeout(1, Infinity, { ...options, queue: 1 }),
      map(([n]) => n!),
    ),
  leakyBucket: (options) => leakyBucket(1, 0, { ...options, queue: 2 }),
  adaptiveThrottle: (options) =>
    adaptiveThrottle({ ...options, minDelay: 0, maxDelay: 0, target: 1, queue: 2 }),
  conflate: (options) => conflate((_, n: number) => n, options),
  fanOut: (options) => fanOut(1, (lane) => lane, { ...options, queue: 2 }),
  broadcast: (options) => broadcast({ ...options, capacity: 2 }),
};

describe.each(Object.entries(stages))('what %s holds as its consumer leaves', (_, stage) => {
  /** A source whose teardown calls `left`, below it `below`, and what became of the values 1 and 2. */
  const leave = (
    left: (ticks: Subject<void>) => void,
    below: (source: Observable<number>) => Observable<number> = (source) => source,
  ) => {
    const ticks = new Subject<void>();
    const got: number[] = [];
    const dropped: number[] = [];
    const source = new Observable<number>((subscriber) => {
      subscriber.next(1);
      subscriber.next(2);
      return () => left(ticks);
    });
    const subscription = source
      .pipe(stage({ onDrop: (value) => dropped.push(value) }), below, takeOn(ticks))
      .subscribe((value) => got.push(value));
    subscription.unsubscribe();
    return { got, dropped };
  };

  const held = leave(() => {}).dropped;

  it('is something', () => {
    expect(held).not.toEqual([]);
  });

  it('is dropped though the consumer asks for more', () => {
    expect(leave((ticks) => ticks.next())).toEqual({ got: [], dropped: held });
  });

  it('is dropped though what is below is told that it may pass something on', () => {
    const credit = new Subject<number>();
    const paced = (source: Observable<number>) =>
      source.pipe(bufferedChannel(0, { credit, requireDemand: true }));
    expect(leave(() => credit.next(2), paced)).toEqual({ got: [], dropped: held });
  });

  it('is dropped though it stands beside another that is let go first', () => {
    const beside = (left: (ticks: Subject<void>) => void) => {
      const ticks = new Subject<void>();
      const dropped: number[] = [];
      const other = new Observable<number>(() => () => left(ticks));
      const values = new Observable<number>((subscriber) => {
        subscriber.next(1);
        subscriber.next(2);
      });
      merge(other, values.pipe(stage({ onDrop: (value) => dropped.push(value) })))
        .pipe(bufferedChannel(0), takeOn(ticks))
        .subscribe()
        .unsubscribe();
      return dropped;
    };
    expect(beside((ticks) => ticks.next())).toEqual(beside(() => {}));
  });
});

it('what has completed lets go of its subscriber: what that led to is still taken', () => {
  const ticks = new Subject<void>();
  const got: unknown[] = [];
  const source = new Observable<number>((subscriber) => {
    subscriber.next(1);
    subscriber.next(2);
    subscriber.complete();
    subscriber.unsubscribe();
  });
  source
    .pipe(bufferedChannel(2), takeOn(ticks))
    .subscribe({ next: (n) => got.push(n), complete: () => got.push('|') });
  for (let n = 0; n < 2; n++) ticks.next();
  expect(got).toEqual([1, 2, '|']);
});

it('what a teardown throws as a loop is left, the promise of `return()` rejects with', async () => {
  const broken = new Observable<number>((subscriber) => {
    subscriber.next(1);
    return () => {
      throw new Error('teardown');
    };
  });
  const iterator = toAsyncIterable(broken)[Symbol.asyncIterator]();
  await iterator.next();
  const left = iterator.return?.();
  await expect(left).rejects.toMatchObject({ errors: [new Error('teardown')] });
});

it('a `next()` that waits as a loop is left is done, though a teardown throws', async () => {
  const broken = new Observable<number>(() => () => {
    throw new Error('teardown');
  });
  const iterator = toAsyncIterable(broken)[Symbol.asyncIterator]();
  const waiting = iterator.next();
  const left = iterator.return?.();
  await expect(left).rejects.toMatchObject({ errors: [new Error('teardown')] });
  // What had not been answered by now never would be.
  await expect(Promise.race([waiting, later()])).resolves.toEqual({ done: true });
});

it.each(['pause', 'resume'])(
  'what `%s` throws when it has left goes to the hook',
  async (which) => {
    const source = new Subject<number>();
    const task = new Subject<number>();
    const leave = () => {
      subscription.unsubscribe();
      throw new Error(which);
    };
    const switches = { pause: () => {}, resume: () => {}, [which]: leave };
    const pool = workerPool(1, (_: number) => task, { queue: 0 });
    const subscription = source.pipe(backpressure(switches), pool).subscribe();
    const heard = await unhandledBy(() => {
      source.next(1);
      task.complete();
    });
    expect(heard).toEqual([new Error(which)]);
  },
);

it.each(Object.entries(stages))(
  'what the teardown of a source throws that completes as it is subscribed goes to the hook: %s',
  async (_, stage) => {
    const broken = new Observable<number>((subscriber) => {
      subscriber.complete();
      return () => {
        throw new Error('teardown');
      };
    });
    const ends: string[] = [];
    const heard = await unhandledBy(() => {
      broken.pipe(stage({})).subscribe({ complete: () => ends.push('|') });
    });
    expect([ends, heard.length]).toEqual([['|'], 1]);
  },
);

it.each(Object.entries(stages))(
  'what the source sends as the pipe below hears that it is left is dropped with the rest: %s',
  (_, stage) => {
    const source = new Subject<number>();
    const stop = new Subject<void>();
    const dropped: number[] = [];
    // It is listened to while somebody waits for room, and sends once more when that ends.
    const pace = new Observable<void>(() => () => source.next(3));
    const left = source.pipe(
      stage({ onDrop: (value, reason) => reason === 'unsubscribed' && dropped.push(value) }),
      takeUntil(stop),
    );
    const got: number[] = [];
    merge(left, NEVER)
      .pipe(bufferedChannel(0, { pace }))
      .subscribe((value) => got.push(value));
    source.next(1);
    stop.next();
    expect(got).toEqual([]);
    expect(dropped.toSorted()).toEqual([1, 3]);
  },
);

describe('what runs beside the source, and ends as that is let go, is heard no more:', () => {
  /** Requests and their answers go over one connection, which is the source: who leaves it closes it. */
  const connection = (closes: (answer: Subscriber<string>) => void) => {
    const answers = new Set<Subscriber<string>>();
    const requests = new Observable<string>((subscriber) => {
      subscriber.next('a');
      return () => [...answers].forEach(closes);
    });
    const ask = () =>
      new Observable<string>((answer) => {
        answers.add(answer);
        return () => void answers.delete(answer);
      });
    return { requests, ask };
  };

  it.each<[string, (answer: Subscriber<string>) => void]>([
    ['answers', (answer) => answer.next('partial')],
    ['ends', (answer) => answer.complete()],
    ['fails', (answer) => answer.error(new Error('closed'))],
  ])('a task that %s', async (_, closes) => {
    const { requests, ask } = connection(closes);
    const meter = new StageMeter();
    const told: unknown[] = [];
    const onDrop = (value: string, reason: DropReason) => told.push([value, reason]);
    const heard = await unhandledBy(() => {
      requests
        .pipe(workerPool(1, ask, { meter, onDrop }))
        .subscribe((value) => told.push(value))
        .unsubscribe();
    });
    expect([told, heard]).toEqual([[['a', 'unsubscribed']], []]);
    expect([meter.delivered, meter.dropped]).toEqual([0, 1]);
  });

  it('a task that fails as another has failed', async () => {
    const answers: Subscriber<string>[] = [];
    const requests = new Observable<string>((subscriber) => {
      for (const value of 'ab') subscriber.next(value);
      return () => answers[1]?.error('closed');
    });
    const errors: unknown[] = [];
    const ask = () => new Observable<string>((answer) => void answers.push(answer));
    requests.pipe(workerPool(2, ask)).subscribe({ error: (error) => errors.push(error) });
    const heard = await unhandledBy(() => answers[0]?.error('first'));
    expect([errors, heard]).toEqual([['first'], []]);
  });

  it('a lane whose pipe holds a value', () => {
    const pace = new Subject<void>();
    const told: unknown[] = [];
    const meter = new StageMeter();
    const source = new Observable<number>((subscriber) => {
      subscriber.next(1);
      return () => pace.next();
    });
    const onDrop = (value: number, reason: DropReason) => told.push([value, reason]);
    source
      .pipe(fanOut(1, (lane) => lane.pipe(bufferedChannel(1, { pace, meter, onDrop }))))
      .subscribe((value) => told.push(value))
      .unsubscribe();
    expect([told, meter.delivered]).toEqual([[[1, 'unsubscribed']], 0]);
  });
});
