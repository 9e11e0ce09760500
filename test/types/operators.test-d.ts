import { ReadableStream as NodeWebStream } from 'node:stream/web';
import { Channel, RateLimiter } from 'rxjs-sluice';
import {
  adaptiveThrottle,
  aimd,
  backpressure,
  batchWithTimeout,
  broadcast,
  bufferedChannel,
  conflate,
  fanOut,
  gradient2,
  intoChannel,
  leakyBucket,
  pullFrom,
  StageMeter,
  toAsyncIterable,
  unlinked,
  vegas,
  workerPool,
  type AdaptiveLimit,
} from 'rxjs-sluice/operators';
import { EMPTY, map, of, type Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';

// No annotation stands at any call: what a type is follows from what goes in.

describe('pullFrom', () => {
  it('takes the element type of every kind of input', () => {
    expectTypeOf(pullFrom([1, 2])).toEqualTypeOf<Observable<number>>();
    expectTypeOf(pullFrom(new Set(['a']))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(pullFrom(new Channel<boolean>(1))).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(pullFrom(new ReadableStream<Date>())).toEqualTypeOf<Observable<Date>>();
    expectTypeOf(pullFrom(new NodeWebStream<Date>())).toEqualTypeOf<Observable<Date>>();
    async function* letters() {
      yield 'a' as const;
    }
    expectTypeOf(pullFrom(letters())).toEqualTypeOf<Observable<'a'>>();
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- a value of any type
    const one = <I>(): I => null as never;
    const either = pullFrom(one<number[] | AsyncIterable<string>>());
    expectTypeOf(either).toEqualTypeOf<Observable<number | string>>();
    expectTypeOf(pullFrom(one<number[] | string>())).toEqualTypeOf<Observable<number | string>>();
    const same = pullFrom(one<ReadableStream<number> | number[]>());
    expectTypeOf(same).toEqualTypeOf<Observable<number>>();
  });

  it('leaves promises in an iterable as values', () => {
    expectTypeOf(pullFrom([Promise.resolve(1)])).toEqualTypeOf<Observable<Promise<number>>>();
  });

  it('refuses what cannot be pulled', () => {
    // @ts-expect-error -- a number is no source
    pullFrom(1);
  });
});

describe('adaptiveThrottle, backpressure and conflate', () => {
  it('keep the element type', () => {
    const numbers = of(1);
    const limits = { minDelay: 1, maxDelay: 2, target: 3 };
    const call = (): void => {};
    expectTypeOf(numbers.pipe(adaptiveThrottle(limits))).toEqualTypeOf<Observable<number>>();
    expectTypeOf(
      numbers.pipe(adaptiveThrottle({ ...limits, onDrop: (value) => value.toFixed() })),
    ).toEqualTypeOf<Observable<number>>();
    expectTypeOf(numbers.pipe(backpressure({ pause: call, resume: call }))).toEqualTypeOf<
      Observable<number>
    >();
    expectTypeOf(numbers.pipe(conflate((sum, n) => sum + n))).toEqualTypeOf<Observable<number>>();
  });

  it('refuse what has no place there', () => {
    // @ts-expect-error -- the limits are not optional
    adaptiveThrottle({ minDelay: 1 });
    // @ts-expect-error -- both switches are needed
    backpressure({ pause: () => {} });
    // @ts-expect-error -- nothing overflows
    conflate((a: number) => a, { overflow: 'error' });
  });
});

describe('workerPool', () => {
  it('infers what its project gives, from any ObservableInput', () => {
    expectTypeOf(pullFrom([1, 2]).pipe(workerPool(2, async (n) => String(n)))).toEqualTypeOf<
      Observable<string>
    >();
    expectTypeOf(of(1).pipe(workerPool(2, (n) => of(n, String(n))))).toEqualTypeOf<
      Observable<number | string>
    >();
    expectTypeOf(of(1).pipe(workerPool(2, (n) => [n > 0]))).toEqualTypeOf<Observable<boolean>>();
    expectTypeOf(of(1).pipe(workerPool(2, () => EMPTY))).toEqualTypeOf<Observable<never>>();
  });

  it('infers the union of what a project may give', () => {
    const pool = workerPool(2, (n: number) => (n > 0 ? Promise.resolve(n) : of('none')));
    expectTypeOf(of(1).pipe(pool)).toEqualTypeOf<Observable<number | string>>();
  });

  it('gives its project the value, its index, its worker and a signal', () => {
    of('a').pipe(
      workerPool(2, async (value, { index, worker, signal }) => {
        expectTypeOf(value).toEqualTypeOf<string>();
        expectTypeOf(index).toEqualTypeOf<number>();
        expectTypeOf(worker).toEqualTypeOf<number>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      }),
    );
  });

  it('knows the value in the options too', () => {
    of({ id: 1 }).pipe(
      workerPool(2, async ({ id }) => id, {
        keyBy: ({ id }) => id,
        onDrop: (value) => expectTypeOf(value).toEqualTypeOf<{ id: number }>(),
        meter: new StageMeter('pool'),
      }),
    );
  });

  it('adds what onTaskError puts in place of a result', () => {
    const pipe = of(1).pipe(
      workerPool(2, async (n) => n, {
        onTaskError: (error, value) => {
          expectTypeOf(error).toEqualTypeOf<unknown>();
          expectTypeOf(value).toEqualTypeOf<number>();
          return of('failed');
        },
      }),
    );
    expectTypeOf(pipe).toEqualTypeOf<Observable<number | string>>();
    expectTypeOf(of(1).pipe(workerPool(2, async (n) => n, { onTaskError: 'skip' }))).toEqualTypeOf<
      Observable<number>
    >();
  });

  it('infers the same under a concurrency that moves, and tells `outcome` of the value', () => {
    const judged = of({ id: 1 }).pipe(
      workerPool(gradient2({ max: 8 }), async ({ id }) => String(id), {
        outcome: (error, value) => {
          expectTypeOf(error).toEqualTypeOf<unknown>();
          expectTypeOf(value).toEqualTypeOf<{ id: number }>();
          return value.id > 0 ? 'ignore' : undefined;
        },
      }),
    );
    expectTypeOf(judged).toEqualTypeOf<Observable<string>>();
    expectTypeOf(of(1).pipe(workerPool(of(2, 0, 4), (n) => [n]))).toEqualTypeOf<
      Observable<number>
    >();
    for (const make of [gradient2, vegas, aimd]) {
      expectTypeOf(make()).toEqualTypeOf<AdaptiveLimit>();
    }
  });

  it('refuses a concurrency that is no number, and an outcome that is none', () => {
    // @ts-expect-error -- its Observable is of numbers
    of(1).pipe(workerPool(of('2'), (n) => [n]));
    // @ts-expect-error -- 'failed' is no outcome
    of(1).pipe(workerPool(vegas(), (n) => [n], { outcome: () => 'failed' }));
    // @ts-expect-error -- aimd goes by no latency, and probes none
    aimd({ probe: 3 });
  });

  it('refuses a project that gives no ObservableInput', () => {
    // @ts-expect-error -- a number is no ObservableInput
    of(1).pipe(workerPool(2, (n) => n));
  });
});

describe('a callback that takes more than the value', () => {
  interface Job {
    readonly id: number;
    readonly payload: string;
  }
  const jobs = of<Job>({ id: 1, payload: 'a' });
  const idOf = ({ id }: { readonly id: number }) => id;
  const options = { onDrop: (value: unknown) => value };

  it('does not widen it', () => {
    expectTypeOf(
      jobs.pipe(workerPool(2, async (job) => job.payload, { keyBy: idOf, ...options })),
    ).toEqualTypeOf<Observable<string>>();
    expectTypeOf(
      jobs.pipe(
        workerPool(vegas(), async (job) => job, {
          outcome: (_: unknown, value: unknown) => (value ? 'success' : 'ignore'),
          onTaskError: (_: unknown, value: unknown) => of(value ? 1 : 2),
        }),
      ),
    ).toEqualTypeOf<Observable<Job | number>>();
    expectTypeOf(
      jobs.pipe(batchWithTimeout(2, 10, { maxWeight: 9, weigh: idOf, ...options })),
    ).toEqualTypeOf<Observable<Job[]>>();
    expectTypeOf(
      jobs.pipe(leakyBucket(2, 10, { cost: idOf, keyBy: idOf, ...options })),
    ).toEqualTypeOf<Observable<Job>>();
    expectTypeOf(
      jobs.pipe(fanOut(2, (lane) => lane.pipe(map(({ payload }) => payload)), { by: idOf })),
    ).toEqualTypeOf<Observable<string>>();
    expectTypeOf(pullFrom(['a'], options)).toEqualTypeOf<Observable<string>>();
  });
});

describe('bufferedChannel', () => {
  it('keeps the element type', () => {
    expectTypeOf(of('a').pipe(bufferedChannel(4))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(
      of('a').pipe(bufferedChannel(4, { overflow: 'drop-newest', pace: of(0) })),
    ).toEqualTypeOf<Observable<string>>();
  });

  it('counts credit in numbers', () => {
    // @ts-expect-error -- credit is an Observable of numbers
    of('a').pipe(bufferedChannel(4, { credit: of('one') }));
  });
});

describe('fanOut', () => {
  it('infers what the pipes of its lanes give, from any ObservableInput', () => {
    expectTypeOf(of(1).pipe(fanOut(2, (lane) => lane))).toEqualTypeOf<Observable<number>>();
    expectTypeOf(of(1).pipe(fanOut(2, (lane) => lane.pipe(map(String))))).toEqualTypeOf<
      Observable<string>
    >();
    expectTypeOf(of(1).pipe(fanOut(2, async () => 'a'))).toEqualTypeOf<Observable<string>>();
    expectTypeOf(
      of(1).pipe(fanOut(2, (lane, index) => (index > 0 ? lane : of('none')))),
    ).toEqualTypeOf<Observable<number | string>>();
  });

  it('knows the value in the options too', () => {
    of({ id: 1 }).pipe(
      fanOut(2, (lane) => lane.pipe(workerPool(1, async ({ id }) => id)), {
        by: ({ id }) => id,
        onDrop: (value) => expectTypeOf(value).toEqualTypeOf<{ id: number }>(),
        meter: new StageMeter('lanes'),
      }),
    );
  });

  it('takes a key that is the same in every process, and no other', () => {
    of('a').pipe(fanOut(2, (lane) => lane, { by: (value) => (value === '' ? null : value) }));
    // @ts-expect-error -- an object is another each time
    of('a').pipe(fanOut(2, (lane) => lane, { by: (value) => ({ value }) }));
    // @ts-expect-error -- there is no such way
    of('a').pipe(fanOut(2, (lane) => lane, { by: 'random' }));
  });
});

describe('broadcast', () => {
  it('keeps the element type', () => {
    expectTypeOf(of('a').pipe(broadcast())).toEqualTypeOf<Observable<string>>();
    expectTypeOf(
      of('a').pipe(
        broadcast({
          capacity: 4,
          minSubscribers: 2,
          overflow: 'drop-oldest',
          onDrop: (value) => expectTypeOf(value).toEqualTypeOf<string>(),
        }),
      ),
    ).toEqualTypeOf<Observable<string>>();
  });
});

describe('batchWithTimeout', () => {
  it('gives arrays of the element type', () => {
    expectTypeOf(of(1).pipe(batchWithTimeout(10, 100))).toEqualTypeOf<Observable<number[]>>();
  });

  it('weighs values of the element type', () => {
    of('a').pipe(
      batchWithTimeout(10, 100, {
        maxWeight: 1_000,
        weigh: (value) => {
          expectTypeOf(value).toEqualTypeOf<string>();
          return value.length;
        },
      }),
    );
  });
});

describe('leakyBucket', () => {
  it('keeps the element type', () => {
    expectTypeOf(of('a').pipe(leakyBucket(4, 100))).toEqualTypeOf<Observable<string>>();
    const limiter = new RateLimiter({ rate: 10 });
    expectTypeOf(
      of('a').pipe(leakyBucket(4, 100, { queue: 0, overflow: 'drop-newest', limiter })),
    ).toEqualTypeOf<Observable<string>>();
  });

  it('knows the value in the options too', () => {
    const pipe = of({ id: 1, size: 2 }).pipe(
      leakyBucket(4, 100, {
        keyBy: ({ id }) => id,
        cost: ({ size }) => size,
        onDrop: (value) => expectTypeOf(value).toEqualTypeOf<{ id: number; size: number }>(),
      }),
    );
    expectTypeOf(pipe).toEqualTypeOf<Observable<{ id: number; size: number }>>();
    // @ts-expect-error -- a cost is a number
    of('a').pipe(leakyBucket(4, 100, { cost: (value) => value }));
    // @ts-expect-error -- a rate is no limiter
    of('a').pipe(leakyBucket(4, 100, { limiter: 10 }));
  });
});

describe('the ends of a pipe', () => {
  it('keep the element type', () => {
    expectTypeOf(toAsyncIterable(of(1), { capacity: 2 })).toExtend<AsyncIterable<number>>();
    expectTypeOf(of(1).pipe(unlinked())).toEqualTypeOf<Observable<number>>();
  });

  it('send into channels that take the element type, and into no others', () => {
    of(1).pipe(intoChannel(new Channel<number>()));
    of(1).pipe(intoChannel(new Channel<number | string>()));
    // @ts-expect-error -- it takes strings only
    of(1).pipe(intoChannel(new Channel<string>()));
  });
});
