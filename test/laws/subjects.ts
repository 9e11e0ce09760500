import {
  EMPTY,
  NEVER,
  catchError,
  concat,
  filter,
  from,
  map,
  merge,
  mergeMap,
  pipe,
  startWith,
  of,
  tap,
  throwError,
  timer,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { Channel, RateLimiter } from 'rxjs-sluice';
import {
  adaptiveThrottle,
  aimd,
  backpressure,
  batchWithTimeout,
  broadcast,
  bufferedChannel,
  conflate,
  explain,
  fanOut,
  gradient2,
  intoChannel,
  leakyBucket,
  pullFrom,
  toAsyncIterable,
  unlinked,
  vegas,
  workerPool,
  type AdaptiveLimit,
  type BroadcastOptions,
  type FanOutOptions,
  type LeakyBucketOptions,
  type StageOptions,
  type WorkerPoolOptions,
} from 'rxjs-sluice/operators';
import type { HandClock } from '../support/hand-clock.js';

/** Numbers in, the same numbers out, alone or in batches. */
export type Operator = OperatorFunction<number, number | number[]>;
export type Options = StageOptions<number>;

/** What a test can see of what runs inside a subject. */
export interface Inside {
  readonly clock: HandClock;
  /** The signals of the first tasks, by their values. */
  readonly signals: Map<number, AbortSignal>;
}

/** An operator under the laws. */
export interface Specimen {
  readonly title: string;
  /** The exported functions of which it is made; the options are those of the first. */
  readonly made: readonly string[];
  readonly make: (options: Options, inside: Inside) => Operator;
  /** The most values of a source that waits that it may hold. */
  readonly holds: number;
  /** Values of one line come out in the order in which they came. Default: all of them. */
  readonly lineOf?: (value: number) => unknown;
  /** Its values pass through promises, by nature. */
  readonly async?: true;
  /** It subscribes its source at the first demand, not before. */
  readonly lazy?: true;
  /** Demand is found below it, whoever consumes it. */
  readonly bringsDemand?: true;
  /** No demand is found through it: nobody above waits. */
  readonly cuts?: true;
  /** Values that are not delivered: their task fails. */
  readonly fails?: (value: number) => boolean;
  /** Each value comes out so many times, and what is counted is the copies. Default 1. */
  readonly copies?: number;
  /** What it holds is one, whatever comes: nothing can overflow, and what is dropped is dropped together. */
  readonly combines?: true;
  /** It listens to something all the time, which runs by the clock. */
  readonly listens?: true;
  /** It runs by the clock. */
  readonly timed?: true;
  /** Its first tasks go on until time does. */
  readonly running?: true;
  /** The same operator, to be seen to do something exactly so many milliseconds after a value. */
  readonly after?: (ms: number, options: Options, inside: Inside) => Operator;
  /** The same operator with callbacks of a user, each of which fails by calling what it is given. */
  readonly callbacks?: Readonly<
    Record<string, (fail: () => never, options: Options, inside: Inside) => Operator>
  >;
  /** Calls with bad arguments, and what they throw. */
  readonly refuses?: readonly (readonly [call: () => unknown, message: string])[];
}

const pool = (
  title: string,
  project: (value: number, inside: Inside) => Observable<number> | Promise<number>,
  more: WorkerPoolOptions<number, Observable<number>> = {},
  traits: Partial<Specimen> = {},
): Specimen => ({
  title: `workerPool(2, ${title})`,
  made: ['workerPool'],
  holds: 4,
  make: (options, inside) =>
    workerPool(
      2,
      (value: number, context) => {
        if (inside.signals.size < 99) inside.signals.set(value, context.signal);
        return project(value, inside);
      },
      { ...options, ...more, scheduler: inside.clock },
    ),
  ...traits,
});

const fanned = (
  title: string,
  lanes: number,
  more: FanOutOptions<number>,
  traits: Pick<Specimen, 'holds'> & Partial<Specimen>,
  lane: (values: Observable<number>) => Observable<number> = (values) => values,
): Specimen => ({
  title: `fanOut(${lanes}, ${title})`,
  made: ['fanOut'],
  make: (options) => fanOut(lanes, lane, { ...options, ...more }),
  ...traits,
});

/** Several subscribers, which take their turns at one consumer; it hears of the source's error when all have. */
const shared = (
  title: string,
  subscribers: number,
  more: BroadcastOptions<number>,
  traits: Pick<Specimen, 'holds'> & Partial<Specimen>,
): Specimen => ({
  title: `broadcast(${title}) to ${subscribers}`,
  made: ['broadcast'],
  copies: subscribers,
  make: (options) => (source) => {
    const failures: unknown[] = [];
    const output = source.pipe(
      tap({ error: (error) => failures.push(error) }),
      broadcast({ ...options, ...more, minSubscribers: subscribers }),
      catchError((error: unknown) => (failures.includes(error) ? EMPTY : throwError(() => error))),
    );
    return concat(
      merge(...Array.from({ length: subscribers }, () => output)),
      from(failures).pipe(mergeMap((error) => throwError(() => error))),
    );
  },
  ...traits,
});

const bucket = (
  capacity: number,
  interval: number,
  more: () => LeakyBucketOptions<number>,
  { queue = capacity, ...shown }: Readonly<Record<string, number | string>> & { queue?: number },
  traits: Partial<Specimen> = {},
): Specimen => ({
  title: `leakyBucket(${capacity}, ${interval}), queue ${queue} ${JSON.stringify(shown)}`,
  made: ['leakyBucket'],
  holds: queue,
  timed: true,
  make: (options, { clock }) =>
    leakyBucket<number>(capacity, interval, { ...options, ...more(), scheduler: clock }),
  ...traits,
});

/** A bucket that a value which came before all others has emptied, and its limiter. */
const drained =
  (
    capacity: number,
    of: (ms: number) => readonly [interval: number, more: LeakyBucketOptions<number>],
  ): NonNullable<Specimen['after']> =>
  (ms, options, { clock }) => {
    const [interval, more] = of(ms);
    return pipe(
      startWith(-1),
      leakyBucket<number>(capacity, interval, { ...options, ...more, scheduler: clock }),
      filter((n) => n >= 0),
    );
  };

/** One value in so many milliseconds. */
const oneIn = (ms: number): RateLimiter => new RateLimiter({ rate: 1000 / ms, burst: 1 });

/** Ends after 1, 2 or 3 ms, so that tasks overtake each other. */
const later = (value: number, { clock }: Inside): Observable<number> =>
  timer(3 - (value % 3), clock).pipe(map(() => value));

/** A pool of at most 3 workers, under a limit that moves while it runs. */
const moving = (
  title: string,
  limit: (inside: Inside) => Observable<number> | AdaptiveLimit,
  traits: Partial<Specimen> = {},
  more: WorkerPoolOptions<number> = {},
): Specimen => ({
  title: `workerPool(${title})`,
  made: ['workerPool'],
  holds: 6,
  timed: true,
  lineOf: (n) => n,
  make: (options, inside) =>
    workerPool(
      limit(inside),
      (value: number, { signal }) => {
        if (inside.signals.size < 99) inside.signals.set(value, signal);
        return later(value, inside);
      },
      { ...options, ...more, scheduler: inside.clock },
    ),
  ...traits,
});

const quick = { max: 3, initial: 2, window: 1, samples: 1, probe: 2 };

const refusal = (value: unknown, what: string, name: string): string =>
  `Expected \`${name}\` to be ${what}, got ${String(value)}`;

export const subjects: readonly Specimen[] = [
  ...[0, 1, 3].map((capacity): Specimen => ({
    title: `bufferedChannel(${capacity})`,
    made: ['bufferedChannel'],
    holds: capacity,
    make: (options) => bufferedChannel<number>(capacity, options),
    refuses: [
      [() => bufferedChannel(NaN), refusal(NaN, 'an integer ≥ 0', 'capacity')],
      [() => bufferedChannel(-1), refusal(-1, 'an integer ≥ 0', 'capacity')],
      [
        () => bufferedChannel(1, { pace: NEVER, credit: NEVER }),
        refusal('Observable', 'absent beside `pace`', 'credit').replace('Observable', 'Object'),
      ],
    ],
  })),
  {
    title: 'bufferedChannel(3, { pace })',
    made: ['bufferedChannel'],
    holds: 3,
    timed: true,
    make: (options, { clock }) =>
      bufferedChannel<number>(3, { ...options, pace: timer(1, 1, clock) }),
  },
  {
    title: 'bufferedChannel(3, { credit })',
    made: ['bufferedChannel'],
    holds: 3,
    timed: true,
    listens: true,
    make: (options, { clock }) =>
      bufferedChannel<number>(3, { ...options, credit: timer(1, 2, clock).pipe(map(() => 2)) }),
  },
  {
    title: 'bufferedChannel(3, { pace, yieldEvery })',
    made: ['bufferedChannel'],
    holds: 3,
    timed: true,
    make: (options, { clock }) =>
      bufferedChannel<number>(3, {
        ...options,
        pace: timer(1, 1, clock),
        yieldEvery: 1,
        scheduler: clock,
      }),
    refuses: [
      [
        () => bufferedChannel(1, { pace: NEVER, yieldEvery: NaN }),
        refusal(NaN, 'a number of milliseconds ≥ 0', 'yieldEvery'),
      ],
      [
        () => bufferedChannel(1, { yieldEvery: 1 }),
        refusal(1, 'given together with `pace`', 'yieldEvery'),
      ],
    ],
  },
  {
    title: 'conflate',
    made: ['conflate'],
    holds: 1,
    combines: true,
    make: ({ onDrop, ...options }) =>
      pipe(
        map((value: number) => [value]),
        conflate((all, [some]) => (all.push(some!), all), {
          ...options,
          // As it came, where a test gives something that is no function.
          onDrop:
            typeof onDrop === 'function'
              ? (all, reason) => all.forEach((value) => onDrop(value, reason))
              : onDrop,
        }),
      ),
    callbacks: {
      reduce: (fail, options) => conflate<number>(fail, options),
    },
    refuses: [[() => conflate(1 as never), refusal(1, 'a function', 'reduce')]],
  },
  ...[0, 1, 4].map((queue): Specimen => ({
    title: `adaptiveThrottle({ queue: ${queue} })`,
    made: ['adaptiveThrottle'],
    holds: queue,
    timed: true,
    make: (options, { clock }) =>
      adaptiveThrottle<number>({
        ...options,
        minDelay: 1,
        maxDelay: 3,
        target: 1,
        queue,
        scheduler: clock,
      }),
    after: (ms, options, { clock }) =>
      pipe(
        startWith(-1),
        adaptiveThrottle({
          ...options,
          minDelay: ms,
          maxDelay: ms,
          target: 1,
          scheduler: clock,
        }),
        filter((n) => n >= 0),
      ),
    callbacks: {
      law: (fail, options) =>
        pipe(
          adaptiveThrottle({ ...options, minDelay: 0, maxDelay: 1, target: 1, law: fail }),
          bufferedChannel(1),
        ),
      onDelay: (fail, options) =>
        adaptiveThrottle({ ...options, minDelay: 0, maxDelay: 1, target: 1, onDelay: fail }),
    },
    refuses: (
      [
        [{ minDelay: -1 }, -1, 'a number of milliseconds ≥ 0', 'minDelay'],
        [
          { maxDelay: Infinity },
          Infinity,
          'a finite number of milliseconds ≥ `minDelay`',
          'maxDelay',
        ],
        [{ maxDelay: 0 }, 0, 'a finite number of milliseconds ≥ `minDelay`', 'maxDelay'],
        [{ target: 0 }, 0, 'an integer ≥ 1', 'target'],
        [{ law: 'pid' }, '"pid"', '"linear", "aimd" or a function', 'law'],
        [{ onDelay: 1 }, 1, 'a function', 'onDelay'],
        [{ feedback: 1 }, 1, 'an ObservableInput', 'feedback'],
        [{ queue: 0.5 }, 0.5, 'an integer ≥ 0', 'queue'],
        [{ scheduler: {} }, undefined, 'a function', 'scheduler.schedule'],
      ] as const
    ).map(([wrong, got, what, name]) => [
      () => adaptiveThrottle({ minDelay: 1, maxDelay: 2, target: 1, ...wrong } as never),
      refusal(got, what, name),
    ]),
  })),
  pool('of, { ordered }', (n) => of(n), { ordered: true }),
  pool(
    'of',
    (n) => of(n),
    {},
    {
      callbacks: {
        project: (fail, options) => workerPool(2, fail, options),
        keyBy: (fail, options) => workerPool(2, (n: number) => of(n), { ...options, keyBy: fail }),
        onTaskError: (fail, options) =>
          workerPool(
            2,
            (): Observable<number> => {
              throw new Error('task');
            },
            {
              ...options,
              onTaskError: fail,
            },
          ),
      },
      refuses: [
        [() => workerPool(0, of), refusal(0, 'an integer ≥ 1 or Infinity', 'concurrency')],
        [() => workerPool(2, of, { queue: -1 }), refusal(-1, 'an integer ≥ 0', 'queue')],
        [() => workerPool(2, 'of' as never), refusal('"of"', 'a function', 'project')],
        [() => workerPool(2, of, { keyBy: 1 as never }), refusal(1, 'a function', 'keyBy')],
        [
          () => workerPool(2, of, { taskTimeout: NaN }),
          refusal(NaN, 'a number of milliseconds ≥ 0', 'taskTimeout'),
        ],
        [
          () => workerPool(2, of, { onTaskError: 'retry' as never }),
          refusal('"retry"', '"fail", "skip" or a function', 'onTaskError'),
        ],
      ],
    },
  ),
  pool('timer', later, {}, { timed: true, running: true, lineOf: (n) => n }),
  pool('timer, { ordered }', later, { ordered: true }, { timed: true, running: true }),
  pool(
    'timer, { keyBy }',
    later,
    { keyBy: (n) => n % 2 },
    { timed: true, running: true, lineOf: (n) => n % 2 },
  ),
  pool('async', async (n) => n, {}, { async: true, lineOf: (n) => n }),
  pool('async, { ordered }', async (n) => n, { ordered: true }, { async: true }),
  pool(
    "timer that fails, { onTaskError: 'skip' }",
    (n, inside) =>
      later(n, inside).pipe(
        map(() => {
          if (n % 5 === 2) throw new Error(`task ${n}`);
          return n;
        }),
      ),
    { onTaskError: 'skip' },
    { timed: true, lineOf: (n) => n, fails: (n) => n % 5 === 2 },
  ),
  pool(
    "timer, { taskTimeout, onTaskError: 'skip' }",
    later,
    { taskTimeout: 2.5, onTaskError: 'skip' }, // never at the very moment at which one ends
    {
      timed: true,
      running: true,
      lineOf: (n) => n,
      fails: (n) => n % 3 === 0,
      after: (ms, options, { clock }) =>
        workerPool(1, () => NEVER, {
          ...options,
          taskTimeout: ms,
          onTaskError: 'skip',
          scheduler: clock,
        }),
    },
  ),
  fanned(
    "…, { by: 'round-robin' }",
    2,
    { by: 'round-robin' },
    {
      holds: 2,
      lineOf: (n) => n % 2,
      callbacks: { lane: (fail) => fanOut(2, fail) },
      refuses: [
        [() => fanOut(0, of), refusal(0, 'an integer ≥ 1', 'lanes')],
        [() => fanOut(Infinity, of), refusal(Infinity, 'an integer ≥ 1', 'lanes')],
        [() => fanOut(2, 'of' as never), refusal('"of"', 'a function', 'lane')],
        [() => fanOut(2, of, { queue: -1 }), refusal(-1, 'an integer ≥ 0', 'queue')],
        [
          () => fanOut(2, of, { by: 'random' as never }),
          refusal('"random"', '"round-robin", "least-loaded" or a function', 'by'),
        ],
      ],
    },
  ),
  fanned('…, { queue: 0 }', 3, { queue: 0 }, { holds: 0, lineOf: (n) => n % 3 }),
  fanned(
    "…, { by: 'least-loaded', queue: 2 }",
    3,
    { by: 'least-loaded', queue: 2 },
    { holds: 6, lineOf: (n) => n },
  ),
  fanned(
    "…, { by: 'least-loaded', queue: 0 }",
    2,
    { by: 'least-loaded', queue: 0 },
    { holds: 0, lineOf: (n) => n },
  ),
  fanned(
    '…, { by: key }',
    3,
    { by: (n) => `key ${n % 5}`, queue: 2 },
    {
      holds: 7,
      lineOf: (n) => n % 5,
      callbacks: {
        key: (fail, options) => fanOut(2, (values) => values, { ...options, by: fail }),
      },
    },
  ),
  fanned(
    '…, { by: key, queue: 0 }',
    2,
    { by: (n) => n % 4, queue: 0 },
    { holds: 1, lineOf: (n) => n % 4 },
  ),
  fanned(
    'a stage in each lane',
    2,
    { queue: 1 },
    { holds: 2, lineOf: (n) => n % 2, bringsDemand: true },
    (values) => values.pipe(bufferedChannel(0)),
  ),
  shared(
    '{ capacity: 3 }',
    1,
    { capacity: 3 },
    {
      holds: 3,
      refuses: [
        [() => broadcast({ capacity: -1 }), refusal(-1, 'an integer ≥ 0', 'capacity')],
        [() => broadcast({ minSubscribers: 0 }), refusal(0, 'an integer ≥ 1', 'minSubscribers')],
      ],
    },
  ),
  shared('{ capacity: 0 }', 1, { capacity: 0 }, { holds: 0 }),
  // One consumer takes both copies: one of them may have to wait.
  shared('{ capacity: 0 }', 2, { capacity: 0 }, { holds: 1, lineOf: (n) => n }),
  shared('{ capacity: 1 }', 2, { capacity: 1 }, { holds: 2, lineOf: (n) => n }),
  shared('{ capacity: 3 }', 3, { capacity: 3 }, { holds: 9, lineOf: (n) => n }),
  moving(
    'an Observable',
    ({ clock }) => timer(0, 1, clock).pipe(map((n) => [3, 0, 2, 1][n % 4]!)),
    {
      listens: true,
      refuses: [
        [() => workerPool({} as never, of), refusal('Object', 'an ObservableInput', 'concurrency')],
        [
          () => workerPool(NEVER, of, { outcome: () => 'ignore' }),
          refusal('Function', 'given with an adaptive limit', 'outcome'),
        ],
        [
          () => workerPool(aimd(), of, { outcome: 1 as never }),
          refusal(1, 'a function', 'outcome'),
        ],
        ...(
          [
            [{ limit$: 1 }, 1, 'an ObservableInput', 'concurrency.limit$'],
            [{ max: 0 }, 0, 'an integer ≥ 1 or Infinity', 'concurrency.max'],
            [{ sample: 1 }, 1, 'a function', 'concurrency.sample'],
          ] as const
        ).map(
          ([wrong, got, what, name]) =>
            [
              () =>
                workerPool({ limit: 1, limit$: NEVER, max: 1, sample: of, ...wrong } as never, of),
              refusal(got, what, name),
            ] as const,
        ),
      ],
      callbacks: {
        outcome: (fail, options) =>
          workerPool(aimd(), (n: number) => of(n), { ...options, outcome: fail }),
        'limit.sample': (fail, options) =>
          workerPool(
            { limit: 1, limit$: of(1), max: 1, sample: fail },
            (n: number) => of(n),
            options,
          ),
      },
    },
  ),
  moving(
    'an Observable, { ordered }',
    ({ clock }) => timer(0, 2, clock).pipe(map((n) => [1, 3, 0][n % 3]!)),
    { listens: true, lineOf: () => 'all' },
    { ordered: true },
  ),
  moving('gradient2()', () => gradient2(quick), {
    made: ['workerPool', 'gradient2'],
    refuses: (
      [
        [{ min: 0 }, 0, 'an integer ≥ 1', 'min'],
        [{ min: 3, max: 2 }, 2, 'an integer ≥ 3', 'max'],
        [{ max: 2, initial: 3 }, 3, 'an integer from 1 to 2', 'initial'],
        [{ window: Infinity }, Infinity, 'a finite number of milliseconds ≥ 0', 'window'],
        [{ samples: 0 }, 0, 'an integer ≥ 1', 'samples'],
        [{ probe: 0 }, 0, 'an integer ≥ 1 or Infinity', 'probe'],
        [{ tolerance: 0.9 }, 0.9, 'a finite number ≥ 1', 'tolerance'],
        [{ queueSize: 0 }, 0, 'an integer ≥ 1', 'queueSize'],
        [{ smoothing: 0 }, 0, 'a number > 0 and ≤ 1', 'smoothing'],
        [{ longWindow: NaN }, NaN, 'an integer ≥ 1', 'longWindow'],
      ] as const
    ).map(([wrong, got, what, name]) => [() => gradient2(wrong), refusal(got, what, name)]),
  }),
  moving('vegas()', () => vegas(quick), {
    made: ['workerPool', 'vegas'],
    refuses: [
      [() => vegas({ alpha: 0 }), refusal(0, 'a number > 0', 'alpha')],
      [() => vegas({ alpha: 4, beta: 3 }), refusal(3, 'a finite number ≥ 1 and ≥ `alpha`', 'beta')],
    ],
  }),
  moving(
    'aimd()',
    () => aimd({ ...quick, timeout: 2 }),
    {
      made: ['workerPool', 'aimd'],
      refuses: [
        [() => aimd({ backoff: 1 }), refusal(1, 'a number ≥ 0.5 and < 1', 'backoff')],
        [() => aimd({ timeout: 0 }), refusal(0, 'a number of milliseconds > 0', 'timeout')],
      ],
    },
    { outcome: (_, n) => (n % 7 === 3 ? 'dropped' : undefined) },
  ),
  {
    title: 'batchWithTimeout(3, 2)',
    made: ['batchWithTimeout'],
    holds: 3,
    timed: true,
    make: (options, { clock }) => batchWithTimeout<number>(3, 2, { ...options, scheduler: clock }),
    after: (ms, options, { clock }) =>
      batchWithTimeout<number>(9, ms, { ...options, scheduler: clock }),
    callbacks: {
      weigh: (fail, options) =>
        batchWithTimeout<number>(3, 2, { ...options, weigh: fail, maxWeight: 9 }),
    },
    refuses: [
      [() => batchWithTimeout(0, 1), refusal(0, 'an integer ≥ 1', 'size')],
      [() => batchWithTimeout(1, -1), refusal(-1, 'a number of milliseconds ≥ 0', 'timeout')],
      [
        () => batchWithTimeout(1, 1, { timer: 'last' as never }),
        refusal('"last"', 'one of "first", "idle"', 'timer'),
      ],
      [
        () => batchWithTimeout(1, 1, { maxWeight: 2 }),
        refusal(undefined, 'given together with `maxWeight`', 'weigh'),
      ],
      [
        () => batchWithTimeout(1, 1, { maxWeight: 2, weigh: 1 as never }),
        refusal(1, 'a function', 'weigh'),
      ],
    ],
  },
  {
    title: "batchWithTimeout(3, 2, { timer: 'idle', maxWeight: 5, queue: 2 })",
    made: ['batchWithTimeout'],
    holds: 5,
    timed: true,
    make: (options, { clock }) =>
      batchWithTimeout<number>(3, 2, {
        ...options,
        timer: 'idle',
        weigh: (n) => 1 + (n % 3),
        maxWeight: 5,
        queue: 2,
        scheduler: clock,
      }),
    after: (ms, options, { clock }) =>
      batchWithTimeout<number>(9, ms, { ...options, timer: 'idle', scheduler: clock }),
  },
  bucket(
    1,
    2,
    () => ({}),
    {},
    {
      after: drained(1, (ms) => [ms, {}]),
      callbacks: {
        cost: (fail, options) => leakyBucket(2, 1, { ...options, cost: fail }),
        keyBy: (fail, options) => leakyBucket(2, 1, { ...options, keyBy: fail }),
      },
      refuses: [
        [() => leakyBucket(0, 1), refusal(0, 'an integer ≥ 1', 'capacity')],
        [() => leakyBucket(1, -1), refusal(-1, 'a number of milliseconds ≥ 0', 'interval')],
        [() => leakyBucket(1, 1, { queue: -1 }), refusal(-1, 'an integer ≥ 0', 'queue')],
        [() => leakyBucket(1, 1, { cost: 1 as never }), refusal(1, 'a function', 'cost')],
        [() => leakyBucket(1, 1, { keyBy: 1 as never }), refusal(1, 'a function', 'keyBy')],
        [() => leakyBucket(1, 1, { limiter: 1 as never }), refusal(1, 'a RateLimiter', 'limiter')],
        [
          () => leakyBucket(1, 1, { scheduler: {} as never }),
          refusal(undefined, 'a function', 'scheduler.schedule'),
        ],
      ],
    },
  ),
  bucket(
    3,
    2,
    () => ({ queue: 0 }),
    { queue: 0 },
    { after: drained(1, (ms) => [ms, { queue: 0 }]) },
  ),
  bucket(
    3,
    1,
    () => ({ queue: 4, cost: (n: number) => n % 3 }),
    { queue: 4, cost: 'n => n % 3' },
    { after: drained(2, (ms) => [ms, { queue: 4, cost: (n) => (n < 0 ? 2 : 1) }]) },
  ),
  bucket(
    3,
    1,
    () => ({ queue: 0, cost: (n: number) => 1 + (n % 3) / 2 }),
    { queue: 0, cost: 'n => 1 + (n % 3) / 2' },
    { after: drained(1, (ms) => [2 * ms, { queue: 0, cost: (n) => (n < 0 ? 1 : 0.5) }]) },
  ),
  bucket(
    1,
    0,
    () => ({ limiter: new RateLimiter({ rate: 500, burst: 2 }) }),
    { limiter: 'RateLimiter(500, 2)' },
    { after: drained(1, (ms) => [0, { limiter: oneIn(ms) }]) },
  ),
  bucket(
    2,
    1,
    () => ({ queue: 0, limiter: new RateLimiter({ rate: 500 }), cost: () => 1 }),
    { queue: 0, limiter: 'RateLimiter(500)', cost: '() => 1' },
    { after: drained(2, (ms) => [1, { queue: 0, limiter: oneIn(ms), cost: () => 1 }]) },
  ),
  bucket(
    1,
    3,
    () => ({ queue: 4, keyBy: (n: number) => n % 2 }),
    { queue: 4, keyBy: 'n => n % 2' },
    {
      lineOf: (n) => n % 2,
      after: drained(1, (ms) => [ms, { queue: 4, keyBy: () => 'one' }]),
    },
  ),
  bucket(
    1,
    2,
    () => ({ queue: 0, keyBy: (n: number) => n % 2, limiter: new RateLimiter({ rate: 1000 }) }),
    { queue: 0, keyBy: 'n => n % 2', limiter: 'RateLimiter(1000)' },
    {
      lineOf: (n) => n % 2,
      after: drained(1, (ms) => [ms, { queue: 0, keyBy: (n) => n, limiter: oneIn(ms) }]),
    },
  ),
  {
    title: 'intoChannel, and pullFrom',
    made: ['intoChannel', 'pullFrom'],
    holds: 0,
    bringsDemand: true,
    make: (options) => (source) => {
      const channel = new Channel<number>();
      const sent = source.pipe(intoChannel(channel, options));
      const received = pullFrom(channel, { onDrop: options.onDrop as never });
      // The channel passes the error on, behind what it holds; but at once where that is asked for.
      return merge(
        received,
        options.errors === 'immediate' ? sent : sent.pipe(catchError(() => EMPTY)),
      );
    },
    refuses: [
      [() => intoChannel({} as never), refusal(undefined, 'a function', 'channel.trySend')],
      [() => intoChannel(new Channel(), { close: 1 as never }), refusal(1, 'a boolean', 'close')],
    ],
  },
  {
    title: 'toAsyncIterable, and pullFrom',
    made: ['toAsyncIterable', 'pullFrom'],
    holds: 2,
    lazy: true,
    async: true,
    bringsDemand: true,
    make: (options) => (source) =>
      pullFrom(toAsyncIterable(source, { capacity: 2, ...options }), {
        onDrop: options.onDrop as never,
      }),
    refuses: [
      [() => toAsyncIterable(NEVER, { capacity: 0.5 }), refusal(0.5, 'an integer ≥ 0', 'capacity')],
      [
        () => pullFrom(1 as never),
        refusal(1, 'an iterable, async iterable, stream or channel', 'input'),
      ],
    ],
  },
  // What holds nothing itself, before a stage that counts what it passes on.
  {
    title: 'backpressure',
    made: ['bufferedChannel', 'backpressure'],
    holds: 1,
    make: (options) =>
      pipe(
        backpressure<number>({ pause: () => {}, resume: () => {} }),
        bufferedChannel(1, options),
      ),
  },
  {
    title: 'unlinked',
    made: ['bufferedChannel', 'unlinked'],
    holds: 1,
    cuts: true,
    make: (options) => pipe(unlinked<number>(), bufferedChannel(1, options)),
  },
  {
    title: 'explain',
    made: ['bufferedChannel', 'explain'],
    holds: 1,
    make: (options) => (source) =>
      explain(source.pipe(bufferedChannel<number>(1, options)), () => {}),
  },
];

/** Exported functions that are no operators. */
export const others = ['demandOf', 'describeLink'];
