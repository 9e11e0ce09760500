import { map, merge, mergeMap, of, pipe, throwError, timer, type Observable } from 'rxjs';
import { RateLimiter } from 'rxjs-sluice';
import {
  adaptiveThrottle,
  aimd,
  backpressure,
  batchWithTimeout,
  bufferedChannel,
  conflate,
  explain,
  fanOut,
  leakyBucket,
  pullFrom,
  workerPool,
  type WorkerPoolOptions,
} from 'rxjs-sluice/operators';
import { subjects, type Inside, type Specimen } from '../laws/subjects.js';
import type { Strike } from './strike.js';
import type { Exercise } from './trial.js';

const specimen = (title: string, traits: Partial<Specimen> = {}): Specimen => ({
  title,
  made: [],
  holds: 0,
  make: () => {
    throw new Error('It is made by its exercise');
  },
  ...traits,
});

const later = (value: number, { clock }: Inside): Observable<number> =>
  timer(3 - (value % 3), clock).pipe(map(() => value));

const exercise = (
  seat: string,
  make: Exercise['make'],
  traits: Partial<Specimen> = {},
): Exercise => ({ seat, specimen: specimen(seat, traits), make });

const throttle = { minDelay: 1, maxDelay: 3, target: 1 };

const pooled = (
  seat: string,
  more: (
    strike: Strike,
    inside: Inside,
  ) => WorkerPoolOptions<number, Observable<number>> & {
    readonly project?: (value: number) => Observable<number> | Promise<number>;
  },
  traits: Partial<Specimen> = {},
): Exercise =>
  exercise(
    seat,
    (strike, options, inside) => {
      const { project = (n: number) => later(n, inside), ...rest } = more(strike, inside);
      return workerPool(2, project, { ...options, ...rest, scheduler: inside.clock });
    },
    traits,
  );

const throttled: readonly Exercise[] = [
  exercise('adaptiveThrottle.options.law', (strike, options, { clock }) =>
    adaptiveThrottle<number>({
      ...options,
      ...throttle,
      law: strike.before((waiting: number) => waiting),
      scheduler: clock,
    }),
  ),
  exercise('adaptiveThrottle.options.onDelay', (strike, options, { clock }) => {
    let reading = 0;
    return adaptiveThrottle<number>({
      ...options,
      ...throttle,
      law: () => 1 + (reading++ % 3),
      onDelay: strike.before(() => {}),
      scheduler: clock,
    });
  }),
];

const batched: readonly Exercise[] = [
  exercise('batchWithTimeout.options.weigh', (strike, options, { clock }) =>
    batchWithTimeout<number>(3, 2, {
      ...options,
      weigh: strike.before((n: number) => 1 + (n % 3)),
      maxWeight: 4,
      queue: 1,
      scheduler: clock,
    }),
  ),
];

const conflated: readonly Exercise[] = [
  exercise(
    'conflate.reduce',
    (strike, { onDrop, ...options }) =>
      pipe(
        map((value: number) => [value]),
        conflate(
          strike.before((all: number[], [some]: number[]) => [...all, some!]),
          {
            ...options,
            onDrop: (all, reason) =>
              all.forEach((value) =>
                (onDrop as never as (value: number, reason: unknown) => void)(value, reason),
              ),
          },
        ),
      ),
    { combines: true },
  ),
];

const fanned: readonly Exercise[] = [
  exercise('fanOut.lane', (strike, options) =>
    fanOut(
      3,
      strike.before((values: Observable<number>) => values),
      options,
    ),
  ),
  exercise('fanOut.options.by', (strike, options) =>
    fanOut(3, (values: Observable<number>) => values, {
      ...options,
      by: strike.before((n: number) => n % 5),
    }),
  ),
  exercise('fanOut.options.by', (strike, options) =>
    fanOut(2, (values: Observable<number>) => values, {
      ...options,
      by: strike.before((n: number) => n % 4),
      queue: 0,
    }),
  ),
];

const leaked: readonly Exercise[] = [
  exercise('leakyBucket.options.cost', (strike, options, { clock }) =>
    leakyBucket<number>(3, 1, {
      ...options,
      cost: strike.before((n: number) => n % 4),
      scheduler: clock,
    }),
  ),
  exercise('leakyBucket.options.cost', (strike, options, { clock }) =>
    leakyBucket<number>(3, 1, {
      ...options,
      cost: strike.before((n: number) => n % 3),
      keyBy: (n) => n % 2,
      limiter: new RateLimiter({ rate: 500, burst: 2 }),
      queue: 2,
      scheduler: clock,
    }),
  ),
  exercise('leakyBucket.options.keyBy', (strike, options, { clock }) =>
    leakyBucket<number>(2, 1, {
      ...options,
      keyBy: strike.before((n: number) => n % 3),
      scheduler: clock,
    }),
  ),
];

const pools: readonly Exercise[] = [
  pooled('workerPool.project', (strike) => ({ project: strike.before((n: number) => of(n)) })),
  pooled('workerPool.project', (strike, inside) => ({
    project: strike.before((n: number) => later(n, inside)),
    ordered: true,
    keyBy: (n) => n % 3,
  })),
  pooled('workerPool.project', (strike) => ({ project: strike.before(async (n: number) => n) }), {
    async: true,
  }),
  pooled('workerPool.options.keyBy', (strike) => ({ keyBy: strike.before((n: number) => n % 3) })),
  pooled('workerPool.options.keyBy', (strike) => ({
    keyBy: strike.before((n: number) => n % 3),
    ordered: true,
    queue: 1,
  })),
  pooled('workerPool.options.onTaskError', (strike, inside) => ({
    project: (n: number) =>
      later(n, inside).pipe(
        map(() => {
          if (n % 2 === 1) throw new Error(`task ${n}`);
          return n;
        }),
      ),
    onTaskError: strike.before((_: unknown, n: number) => of(n)),
  })),
  pooled('workerPool.options.onTaskError', (strike) => ({
    project: (n: number) => throwError(() => new Error(`task ${n}`)),
    onTaskError: strike.before((_: unknown, n: number) => of(n)),
    ordered: true,
  })),
  exercise('workerPool.options.outcome', (strike, options, inside) =>
    workerPool(
      aimd({ max: 3, initial: 2, window: 1, samples: 1 }),
      (n: number) => later(n, inside),
      {
        ...options,
        outcome: strike.before((_: unknown, n: number) =>
          n % 4 === 3 ? ('dropped' as const) : undefined,
        ),
        scheduler: inside.clock,
      },
    ),
  ),
  exercise('workerPool.concurrency.sample', (strike, options, inside) =>
    workerPool(
      { limit: 2, limit$: of(2), max: 3, sample: strike.before(() => {}) },
      (n: number) => later(n, inside),
      { ...options, scheduler: inside.clock },
    ),
  ),
  exercise(
    'workerPool.concurrency.sample',
    (strike, options, inside) =>
      workerPool(
        { limit: 2, limit$: of(2), max: 3, sample: strike.before(() => {}) },
        async (n: number) => n,
        { ...options, scheduler: inside.clock },
      ),
    { async: true },
  ),
];

/** What stands before a stage, and holds nothing itself: the stage counts what it passes on. */
const passing: readonly Exercise[] = [
  exercise('backpressure.options.pause', (strike, options) =>
    pipe(
      backpressure<number>({ pause: strike.hit, resume: () => {} }),
      bufferedChannel(2, { ...options, errors: 'immediate' }),
    ),
  ),
  exercise('backpressure.options.resume', (strike, options) =>
    pipe(
      backpressure<number>({ pause: () => {}, resume: strike.hit }),
      bufferedChannel(2, { ...options, errors: 'immediate' }),
    ),
  ),
  exercise('backpressure.options.onLink', (strike, options) =>
    pipe(
      backpressure<number>({ pause: () => {}, resume: () => {}, onLink: strike.hit }),
      bufferedChannel(2, { ...options, errors: 'immediate' }),
    ),
  ),
  exercise(
    'explain.onLink',
    (strike, options) => (source) => explain(source.pipe(bufferedChannel(2, options)), strike.hit),
  ),
  exercise('pullFrom.options.onLink', (strike, options) =>
    pipe(
      mergeMap((n: number) => merge(of(n), pullFrom<number>([], { onLink: strike.hit }))),
      bufferedChannel(2, { ...options, errors: 'immediate' }),
    ),
  ),
];

/** What every stage is told beside its own: of each subject of the laws. */
const shared = subjects.flatMap((subject): Exercise[] => {
  const { made, make } = subject;
  const name = made[0]!;
  const exercises: Exercise[] = [
    {
      seat: `${name}.options.onDrop`,
      specimen: subject,
      make: (strike, options, inside) =>
        make({ ...options, onDrop: strike.after(options.onDrop as never) }, inside),
    },
  ];
  if (name !== 'intoChannel' && name !== 'toAsyncIterable') {
    exercises.push({
      seat: `${name}.options.onLink`,
      specimen: subject,
      make: (strike, options, inside) =>
        make({ ...options, onLink: strike.before(() => {}) }, inside),
    });
  }
  return exercises;
});

export const exercises: readonly Exercise[] = [
  ...throttled,
  ...batched,
  ...conflated,
  ...fanned,
  ...leaked,
  ...pools,

  ...passing,
  ...shared,
];
