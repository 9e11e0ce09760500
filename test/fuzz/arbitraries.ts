import fc from 'fast-check';
import {
  ENDLESS,
  asyncShapes,
  callbacksIn,
  lanePipes,
  stockNames,
  subscriberKinds,
  type Beat,
  type Consumer,
  type End,
  type Inside,
  type Limit,
  type Link,
  type Pipe,
  type Policy,
  type Source,
  type Stage,
  type StageOf,
  type Stock,
  type Task,
  type Within,
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

/** `a`, or now and then `b`. */
const rarely = <A, B>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>, weight = 7): fc.Arbitrary<A | B> =>
  fc.oneof({ arbitrary: a, weight }, { arbitrary: b, weight: 1 });

const none = fc.constant(undefined);

const requireDemand = rarely(none, fc.boolean(), 5);

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
    arbitrary: fc.record({
      kind: fc.constant('switched' as const),
      gaps,
      heeds: rarely(fc.constant(true), fc.constant(false), 4),
      end,
      requireDemand,
    }),
    weight: 2,
  },
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
      requireDemand,
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('own' as const), count: nat(14), end: endsSoon }),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant('async' as const),
      shape: fc.constantFrom(...asyncShapes),
      delays: fc.array(nat(3), { maxLength: 12, size: 'max' }),
      end,
    }),
    weight: 2,
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

const either = fc.oneof(pulled, pushing);

const left: fc.Arbitrary<Source> = fc.record({
  kind: fc.constant('until' as const),
  at: nat(12),
  source: pulled,
});

/** `merges` is how often it is several of `parts`. */
const sourceOf = (parts: fc.Arbitrary<Source>, merges: number): fc.Arbitrary<Source> =>
  fc.oneof(
    { arbitrary: pulled, weight: 6 },
    { arbitrary: pushing, weight: 6 },
    {
      arbitrary: fc.record({
        kind: fc.constant('merge' as const),
        sources: fc.array(parts, { minLength: 2, maxLength: 3 }),
      }),
      weight: merges,
    },
  );

// ---- stages ----------------------------------------------------------------------------------

const policy = {
  overflow: fc.constantFrom(undefined, 'block', 'drop-oldest', 'drop-newest', 'error'),
  maxParked: fc.oneof(
    { arbitrary: none, weight: 4 },
    { arbitrary: fc.constant(Infinity), weight: 1 },
    { arbitrary: nat(3), weight: 1 },
  ),
  errors: fc.constantFrom(undefined, 'drain', 'immediate'),
  requireDemand,
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

const beats: fc.Arbitrary<Beat> = fc.tuple(
  from(1, 4),
  fc.oneof({ arbitrary: fc.constant(ENDLESS), weight: 4 }, { arbitrary: from(1, 9), weight: 1 }),
);

const buffered = fc
  .tuple(
    stage('bufferedChannel', {
      capacity: nat(3),
      pace: none,
      credit: none,
      yieldEvery: none,
    }),
    fc.constantFrom(undefined, undefined, undefined, 'pace' as const, 'credit' as const),
    beats,
    fc.constantFrom(undefined, undefined, 0, 1),
  )
  .map(([made, which, beat, yieldEvery]): Stage => {
    const paced = which === 'pace' ? { yieldEvery } : {};
    return which === undefined ? made : { ...made, [which]: beat, ...paced };
  });

const task: fc.Arbitrary<Task> = fc.record({
  kind: fc.oneof(
    { arbitrary: fc.constant('timer' as const), weight: 8 },
    { arbitrary: fc.constant('sync' as const), weight: 3 },
    {
      arbitrary: fc.constantFrom('several' as const, 'burst' as const, 'none' as const),
      weight: 3,
    },
    { arbitrary: fc.constant('promise' as const), weight: 3 },
    { arbitrary: fc.constantFrom('pull' as const, 'never' as const), weight: 1 },
  ),
  frames: from(1, 4),
  spread: nat(3),
  fails: fc.oneof({ arbitrary: fc.constant(0), weight: 4 }, { arbitrary: from(2, 5), weight: 1 }),
});

/** Options of which each is given, or not; at times none at all. */
const someOf = (
  each: Readonly<Record<string, fc.Arbitrary<number>>>,
): fc.Arbitrary<Readonly<Record<string, number | undefined>> | undefined> =>
  rarely(
    fc.record(Object.fromEntries(Object.entries(each).map(([name, one]) => [name, maybe(one, 2)]))),
    none,
    9,
  );

const windowed = {
  min: fc.constantFrom(1, 2),
  max: fc.constantFrom(3, 4),
  initial: fc.constantFrom(2, 3),
  window: nat(3),
  samples: from(1, 2),
};

const probing = { probe: fc.constantFrom(1, 2, Infinity) };

const limitBy = (
  kind: 'gradient2' | 'vegas' | 'aimd',
  own: Readonly<Record<string, fc.Arbitrary<number>>>,
): fc.Arbitrary<Limit> =>
  fc.record({
    kind: fc.constant(kind),
    options: someOf({ ...windowed, ...own }),
    outcome: fc.boolean(),
  });

const limit: fc.Arbitrary<Limit> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant('told' as const),
      steps: fc.array(fc.tuple(nat(6), fc.oneof(nat(3), fc.constant(2))), { maxLength: 5 }),
      ends: fc.boolean(),
    }),
    weight: 3,
  },
  {
    arbitrary: limitBy('gradient2', {
      ...probing,
      tolerance: fc.constantFrom(1, 2),
      queueSize: from(1, 2),
      smoothing: fc.constantFrom(0.5, 1),
      longWindow: from(1, 3),
    }),
    weight: 1,
  },
  {
    arbitrary: limitBy('vegas', {
      ...probing,
      alpha: fc.constantFrom(0.5, 1),
      beta: fc.constantFrom(1, 2),
    }),
    weight: 1,
  },
  {
    arbitrary: limitBy('aimd', { backoff: fc.constantFrom(0.5, 0.8), timeout: from(1, 3) }),
    weight: 1,
  },
);

const pool = stage('workerPool', {
  concurrency: fc.oneof(
    { arbitrary: from(1, 3), weight: 7 },
    { arbitrary: fc.constant(Infinity), weight: 1 },
    { arbitrary: limit, weight: 3 },
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
  onTaskError: fc.constantFrom(undefined, 'fail', 'skip', 'skip', 'replace'),
});

const batch = stage('batchWithTimeout', {
  size: from(1, 4),
  timeout: fc.oneof(
    { arbitrary: nat(6), weight: 5 },
    { arbitrary: fc.constant(Infinity), weight: 1 },
  ),
  timer: fc.constantFrom(undefined, 'first', 'idle'),
  queue: maybe(nat(2), 2),
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
  costs: rarely(
    fc.constantFrom(undefined, undefined, undefined, 'whole', 'halves'),
    fc.constant('too much' as const),
    9,
  ),
  limited: rarely(fc.constant(false), fc.constant(true), 8),
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
    queue: maybe(nat(3), 3),
    law: fc.constantFrom(undefined, 'linear', 'aimd', 'of its own'),
    feedback: rarely(none, beats, 3),
    heard: fc.boolean(),
  }),
);

/** Nothing can overflow: it takes no policy. */
const conflated = stage('conflate', {}).map((one): Stage => ({
  ...one,
  overflow: undefined,
  maxParked: undefined,
}));

const fan = stage('fanOut', {
  lanes: from(1, 3),
  by: fc.constantFrom(undefined, 'round-robin', 'least-loaded', 'key'),
  queue: maybe(nat(2), 3),
  pipes: fc.array(
    rarely(
      fc.constantFrom('plain', 'bufferedChannel(1)', 'workerPool(1)'),
      fc.constantFrom(...lanePipes),
      2,
    ),
    { minLength: 1, maxLength: 2 },
  ),
});

const broad = stage('broadcast', {
  capacity: maybe(nat(3), 3),
  subscribers: fc
    .array(rarely(fc.constant('plain' as const), fc.constantFrom(...subscriberKinds), 1), {
      maxLength: 2,
    })
    .map((others) => ['plain' as const, ...others]),
});

const iterable = stage('toAsyncIterable', { capacity: maybe(nat(2), 2) });

const through = stage('intoChannel', {
  capacity: nat(2),
  drops: fc.constantFrom(undefined, 'block', 'drop-oldest', 'drop-newest', 'error'),
  close: fc.constantFrom(undefined, true, false),
});

/** A channel, a bucket or a throttle without places: what is below rules. A pace may be heard at once. */
const rendezvous = fc
  .tuple(fc.oneof(buffered, bucket, throttle), fc.boolean())
  .map(([one, atOnce]): Stage => {
    if (one.op !== 'bufferedChannel') return { ...one, queue: 0 } as Stage;
    const pace = one.pace && ([one.pace[0], one.pace[1], atOnce] as const);
    return { ...one, capacity: 0, pace };
  });

/** Those without a model: so often, beside the others. */
const stages = (unmodelled: number): fc.Arbitrary<Stage> =>
  fc.oneof(
    { arbitrary: rendezvous, weight: unmodelled - 1 },
    { arbitrary: buffered, weight: 9 },
    { arbitrary: pool, weight: 9 },
    { arbitrary: batch, weight: 6 },
    { arbitrary: bucket, weight: 6 },
    { arbitrary: throttle, weight: 3 },
    { arbitrary: conflated, weight: 3 },
    { arbitrary: fan, weight: unmodelled },
    { arbitrary: broad, weight: unmodelled },
    { arbitrary: iterable, weight: unmodelled },
    { arbitrary: through, weight: unmodelled },
  );

// ---- the whole ---------------------------------------------------------------------------------

const stocks: fc.Arbitrary<Stock> = fc.record({
  op: fc.constantFrom(...stockNames),
  n: from(1, 6),
});

/** One to five stages, and stock operators between them. */
const linksOf = (one: fc.Arbitrary<Stage>): fc.Arbitrary<readonly Link[]> =>
  fc
    .tuple(
      fc.array(fc.tuple(fc.array(stocks, { maxLength: 2 }), one), {
        minLength: 1,
        maxLength: 5,
        size: 'small',
      }),
      fc.array(stocks, { maxLength: 1 }),
    )
    .map(([pairs, last]) => [...pairs.flatMap(([before, one]) => [...before, one]), ...last])
    .map(sharedByOne);

/**
 * Of several buckets in a row with one limiter, the upper takes the token that was the lower's room: then
 * that has none for what the upper sends. So one of a pipe shares it, with a pipe beside this one.
 */
function sharedByOne(links: readonly Link[]): readonly Link[] {
  const isLimited = (link: Link): boolean => 'limited' in link && link.limited;
  const first = links.findIndex(isLimited);
  return links.map((link, i) =>
    i > first && isLimited(link) ? { ...link, limited: false } : link,
  );
}

const asking = <Does extends 'ask' | 'ask ahead'>(does: Does) =>
  fc.record({ at: nat(6), does: fc.constant(does), every: from(1, 5) });

/** `asks` is how it may ask from inside, and how often that is, beside the others. */
const consumer = (asks: fc.Arbitrary<Inside>, weight: number): fc.Arbitrary<Consumer> =>
  fc.record({
    ticks: maybe(
      fc.record({
        at: frames,
        allFrom: from(10, 50),
      }),
      4,
    ),
    leavesAt: fc.oneof(
      { arbitrary: fc.constant(60), weight: 4 },
      { arbitrary: nat(30), weight: 1 },
    ),
    inside: fc.oneof(
      { arbitrary: none, weight: 6 },
      {
        arbitrary: fc.record({ at: nat(4), does: fc.constantFrom('leave', 'push', 'throw') }),
        weight: 1,
      },
      { arbitrary: asks, weight },
    ),
  });

function among({ one, ...rest }: WithinOne, links: readonly Link[]): Within {
  const callbacks = callbacksIn(links);
  return { ...rest, callback: callbacks[one % callbacks.length]! };
}

/** Pipes, which print as programs. */
const pipesOf = (
  source: fc.Arbitrary<Source>,
  one: fc.Arbitrary<Stage>,
  consumer: fc.Arbitrary<Consumer>,
  more: {
    readonly creeps?: fc.Arbitrary<number | undefined>;
    readonly within?: fc.Arbitrary<WithinOne | undefined>;
  } = {},
): fc.Arbitrary<Pipe> =>
  fc
    .record({
      source,
      links: linksOf(one),
      consumer,
      limiter: fc.record({ interval: from(1, 3), burst: from(1, 3), rival: nat(5) }),
      first: fc.constantFrom('above', 'below'),
      ...more,
    })
    .map(({ within, ...pipe }): Pipe =>
      within === undefined ? pipe : { ...pipe, within: among(within, pipe.links) },
    )
    .map((pipe) => Object.defineProperty(pipe, fc.toStringMethod, { value: () => printed(pipe) }));

export const pipes = pipesOf(sourceOf(either, 1), stages(1), consumer(asking('ask'), 1));

/** Of those callbacks that there are, the one of this number, counted anew from the first when there are fewer. */
type WithinOne = Omit<Within, 'callback'> & { readonly one: number };

const within: fc.Arbitrary<WithinOne> = fc.record({
  one: nat(60),
  at: nat(4),
  every: from(1, 4),
  does: fc.constantFrom('push', 'end', 'ask', 'leave', 'throw'),
});

/**
 * Most have an operator that only the laws know; many a rendezvous, a source that is left before the others, a
 * consumer or a callback that does something in the midst of something else, or a clock that creeps.
 */
export const lawfulPipes = pipesOf(
  sourceOf(fc.oneof(either, left), 4),
  stages(12),
  consumer(fc.oneof(asking('ask'), asking('ask ahead')), 5),
  { creeps: maybe(from(1, 7), 1), within: maybe(within, 1) },
);
