import fc from 'fast-check';
import {
  ENDLESS,
  stockNames,
  type Consumer,
  type End,
  type Link,
  type Pipe,
  type Policy,
  type Source,
  type Stage,
  type StageOf,
  type Stock,
  type Task,
} from './pipe.js';
import { printed } from './print.js';

/** `arbitrary`, or nothing: the one as often as the other, or so many times as often. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 1 }, { arbitrary, weight });

const nat = (max: number): fc.Arbitrary<number> => fc.nat(max);
const from = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });

const end: fc.Arbitrary<End> = fc.oneof(
  { arbitrary: fc.constant('complete' as const), weight: 4 },
  { arbitrary: fc.constant('error' as const), weight: 2 },
  { arbitrary: fc.constant('never' as const), weight: 2 },
);

const endsSoon = fc.constantFrom('complete', 'complete', 'error');

/** Gaps of no time make bursts. */
const gaps = fc.array(
  fc.oneof({ arbitrary: fc.constant(0), weight: 3 }, { arbitrary: nat(5), weight: 2 }),
  { maxLength: 14, size: 'max' },
);

const frames = gaps.map((each) => {
  let at = 0;
  return each.map((gap) => (at += gap));
});

// ---- sources ---------------------------------------------------------------------------------

const pushing: fc.Arbitrary<Source> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant('hot' as const), at: frames, end }),
    weight: 5,
  },
  { arbitrary: fc.record({ kind: fc.constant('cold' as const), gaps, end }), weight: 2 },
  {
    arbitrary: fc.record({ kind: fc.constant('sync' as const), count: nat(12), end }),
    weight: 2,
  },
);

const pulled: fc.Arbitrary<Source> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('pull' as const),
      count: fc.oneof({ arbitrary: nat(14), weight: 5 }, { arbitrary: from(40, 80), weight: 1 }),
      end: endsSoon,
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('slow' as const),
      delays: fc.array(nat(3), { maxLength: 12, size: 'max' }),
      end,
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('channel' as const),
      capacity: nat(3),
      at: frames,
      end,
    }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('inner' as const),
      counts: fc.array(nat(6), { maxLength: 4 }),
    }),
    weight: 1,
  },
);

const source: fc.Arbitrary<Source> = fc.oneof(
  { arbitrary: pulled, weight: 6 },
  { arbitrary: pushing, weight: 6 },
  {
    arbitrary: fc.record({
      kind: fc.constant('merge' as const),
      sources: fc.array(fc.oneof(pulled, pushing), { minLength: 2, maxLength: 3 }),
    }),
    weight: 1,
  },
);

// ---- stages ----------------------------------------------------------------------------------

const policy = {
  overflow: fc.constantFrom('block', 'block', 'drop-oldest', 'drop-newest', 'error'),
  maxParked: fc.oneof({ arbitrary: fc.constant(99), weight: 5 }, { arbitrary: nat(3), weight: 1 }),
  errors: fc.constantFrom('drain', 'drain', 'immediate'),
} satisfies { readonly [Name in keyof Policy]: fc.Arbitrary<Policy[Name]> };

const stage = <Op extends Stage['op']>(
  op: Op,
  own: {
    readonly [Name in Exclude<keyof StageOf<Op>, 'op' | keyof Policy>]: fc.Arbitrary<
      StageOf<Op>[Name]
    >;
  },
): fc.Arbitrary<Stage> =>
  fc.record({ op: fc.constant(op), ...own, ...policy }) as unknown as fc.Arbitrary<Stage>;

const beats = fc.tuple(
  from(1, 4),
  fc.oneof({ arbitrary: fc.constant(ENDLESS), weight: 4 }, { arbitrary: from(1, 9), weight: 1 }),
);

const buffered = fc
  .tuple(
    stage('bufferedChannel', {
      capacity: nat(3),
      pace: fc.constant(undefined),
      credit: fc.constant(undefined),
    }),
    fc.constantFrom(undefined, undefined, undefined, 'pace' as const, 'credit' as const),
    beats,
  )
  .map(([made, which, beat]): Stage => (which === undefined ? made : { ...made, [which]: beat }));

const task: fc.Arbitrary<Task> = fc.record({
  kind: fc.oneof(
    { arbitrary: fc.constant('timer' as const), weight: 8 },
    { arbitrary: fc.constant('sync' as const), weight: 3 },
    {
      arbitrary: fc.constantFrom('several' as const, 'burst' as const, 'none' as const),
      weight: 3,
    },
    { arbitrary: fc.constantFrom('pull' as const, 'never' as const), weight: 1 },
  ),
  frames: from(1, 4),
  spread: nat(3),
  fails: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, { arbitrary: from(2, 5), weight: 1 }),
});

const pool = stage('workerPool', {
  concurrency: fc.oneof(
    { arbitrary: from(1, 3), weight: 9 },
    { arbitrary: fc.constant(Infinity), weight: 1 },
  ),
  task,
  ordered: fc.boolean(),
  queue: maybe(nat(3)),
  keys: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 2 },
    { arbitrary: from(1, 4), weight: 1 },
  ),
  taskTimeout: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 4 },
    { arbitrary: from(1, 5), weight: 1 },
  ),
  onTaskError: fc.constantFrom('fail', 'skip', 'skip', 'replace'),
});

const batch = stage('batchWithTimeout', {
  size: from(1, 4),
  timeout: fc.oneof(
    { arbitrary: nat(6), weight: 5 },
    { arbitrary: fc.constant(Infinity), weight: 1 },
  ),
  timer: fc.constantFrom('first', 'idle'),
  queue: nat(2),
  maxWeight: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 3 },
    { arbitrary: from(1, 6), weight: 1 },
  ),
});

const bucket = stage('leakyBucket', {
  capacity: from(1, 3),
  interval: fc.oneof(
    { arbitrary: from(1, 5), weight: 8 },
    { arbitrary: fc.constantFrom(0, 1.5, Infinity), weight: 1 },
  ),
  queue: maybe(nat(3)),
  costs: fc.constantFrom(false, false, true),
  keys: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 2 },
    { arbitrary: from(1, 3), weight: 1 },
  ),
});

const throttle = fc.tuple(nat(3), nat(5)).chain(([minDelay, more]) =>
  stage('adaptiveThrottle', {
    minDelay: fc.constant(minDelay),
    maxDelay: fc.constant(minDelay + more),
    target: from(1, 3),
    queue: nat(3),
  }),
);

const fan = stage('fanOut', {
  lanes: from(1, 3),
  by: fc.constantFrom('round-robin', 'least-loaded', 'key'),
  queue: nat(2),
  lane: fc.constantFrom('plain', 'bufferedChannel(1)', 'workerPool(1)'),
});

const broad = stage('broadcast', { capacity: nat(3), subscribers: from(1, 3) });

const anyStage: fc.Arbitrary<Stage> = fc.oneof(
  { arbitrary: buffered, weight: 6 },
  { arbitrary: pool, weight: 6 },
  { arbitrary: batch, weight: 4 },
  { arbitrary: bucket, weight: 4 },
  { arbitrary: throttle, weight: 2 },
  { arbitrary: stage('conflate', {}), weight: 2 },
  { arbitrary: fan, weight: 1 },
  { arbitrary: broad, weight: 1 },
);

// ---- the whole ---------------------------------------------------------------------------------

const stocks: fc.Arbitrary<Stock> = fc.record({
  op: fc.constantFrom(...stockNames),
  n: from(1, 6),
});

/** One to five stages, and stock operators between them. */
const links: fc.Arbitrary<readonly Link[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.array(stocks, { maxLength: 2 }), anyStage), {
      minLength: 1,
      maxLength: 5,
      size: 'small',
    }),
    fc.array(stocks, { maxLength: 1 }),
  )
  .map(([pairs, last]) => [...pairs.flatMap(([before, one]) => [...before, one]), ...last]);

const consumer: fc.Arbitrary<Consumer> = fc.record({
  ticks: maybe(
    fc.record({
      at: frames,
      allFrom: from(10, 50),
    }),
    4,
  ),
  leavesAt: fc.oneof({ arbitrary: fc.constant(60), weight: 4 }, { arbitrary: nat(30), weight: 1 }),
  inside: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 6 },
    {
      arbitrary: fc.record({ at: nat(4), does: fc.constantFrom('leave', 'push', 'throw') }),
      weight: 1,
    },
  ),
});

/** Pipes, which print as programs. */
export const pipes: fc.Arbitrary<Pipe> = fc
  .record({ source, links, consumer, first: fc.constantFrom('above', 'below') })
  .map((pipe) => Object.defineProperty(pipe, fc.toStringMethod, { value: () => printed(pipe) }));
