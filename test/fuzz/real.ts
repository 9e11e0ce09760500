import {
  EMPTY,
  Observable,
  Subject,
  defer,
  identity,
  map,
  merge,
  mergeMap,
  pipe,
  repeat,
  take,
  takeUntil,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type SchedulerLike,
  type Subscriber,
} from 'rxjs';
import { Channel, RateLimiter } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import type { AdaptiveLimit, DropReason, StageOptions, TaskContext } from 'rxjs-sluice/operators';
import { OUTSIDE, type Bench } from './bench.js';
import {
  SAYS,
  TASK_ERROR,
  costOf,
  gathered,
  keyBy,
  notifier,
  outcomeOf,
  ownLaw,
  projectOf,
  replacement,
  tellingOf,
  weightOf,
  type PullSome,
} from './callbacks.js';
import type { Kit, Place } from './kit.js';
import type { Operators } from '../support/library-copy.js';
import { whenRoom } from '../support/when-room.js';
import type { Stage, StageOf } from './pipe.js';
import { show, type Value } from './values.js';
import { Watched, hasRoom, noting, type Reader } from './watched.js';

type Options = StageOptions<Value> & { readonly scheduler: ReturnType<Bench['timeOf']> };

const RIVAL = `${OUTSIDE}rival`;

/** A source that may wait for room; `atHand` ones can be read as soon as there is some. */
interface WaitingSource extends Reader {
  readonly name: string;
  readonly atHand: boolean;
}

/** Pipes of the library's own operators, or of a copy of them, each stage of which is watched. */
export class RealKit implements Kit {
  /** From the consumer up. */
  readonly watched: Watched[] = [];
  private readonly sources = new Set<WaitingSource>();

  private limiter: RateLimiter | undefined;

  constructor(private readonly library: Operators) {}

  pull: Kit['pull'] = (input, { name, bench, onLink, requireDemand }) => {
    const values = this.library.pullFrom(input as Iterable<Value>, {
      onLink,
      requireDemand,
      onDrop: (value, reason) => bench.wasDropped(name, value, reason),
    });
    return this.waiting(values, name, Symbol.iterator in input);
  };

  own: Kit['own'] = (input, { name }) =>
    this.waiting(
      new Observable((subscriber) => {
        const iterator = input[Symbol.iterator]();
        ownLoop(iterator, subscriber, this.library.demandOf(subscriber));
      }),
      name,
      true,
    );

  private waiting(values: Observable<Value>, name: string, atHand = false): Observable<Value> {
    const { sources, library } = this;
    return noting(values, sources, (subscriber) => ({
      name,
      atHand,
      demand: library.demandOf(subscriber),
    }));
  }

  /** Who should go on, for there is room: nobody, at rest. */
  standing({ time }: Bench): string[] {
    // What has room by its time tells of it when its timer rings, or that of those it shares a limiter with.
    const tellers = this.watched.map(({ name }) => name).concat(RIVAL);
    if (time.ringing.some((owner) => tellers.includes(owner))) return [];
    const sources = [...this.sources].filter((source) => source.atHand && hasRoom(source));
    const stages = this.watched.filter(({ standsStill }) => standsStill);
    return [...sources, ...stages].map(({ name }) => name);
  }

  backpressure: Kit['backpressure'] = (switches, { name, onLink, requireDemand }) =>
    pipe(
      this.library.backpressure({
        pause: () => switches.pause(),
        resume: () => switches.resume(),
        onLink,
        requireDemand,
      }),
      (values) => this.waiting(values, name),
    );

  explain: Kit['explain'] = (onLink) => (source) =>
    this.library.explain(source, (report) => {
      this.library.describeLink(report);
      onLink(report);
    });

  /** Who keeps something going for those above, though nobody is there who may wait: nobody, at rest. */
  get idling(): string[] {
    const { watched, sources } = this;
    if (sources.size > 0 || watched.some(({ mayWait }) => mayWait)) return [];
    const idle = watched.filter(({ stage, keepsGoing }) => stage.op !== 'workerPool' && keepsGoing);
    return idle.map(({ name }) => name);
  }

  takeOn: Kit['takeOn'] = (ticks) => takeOn(ticks);

  unlinked: Kit['unlinked'] = () => this.library.unlinked();

  stage: Kit['stage'] = (stage, place) => {
    const { name, level, bench, onLink } = place;
    const watched = new Watched(stage, place, new this.library.StageMeter(name));
    this.watched.push(watched);
    const { overflow, maxParked, errors, requireDemand } = stage;
    const alsoDropping = bench.calling('onDrop', () => {});
    const options: Options = {
      overflow,
      maxParked,
      errors,
      requireDemand,
      onLink,
      meter: watched.meter,
      onDrop: (value: Value, reason: DropReason) => {
        watched.drops(value, reason);
        alsoDropping();
      },
      scheduler: bench.timeOf(name, level),
    };
    return pipe(
      tap((value) => watched.comes(value)),
      this.made(stage, options, place, watched),
      stage.op === 'fanOut' || stage.op === 'broadcast'
        ? identity
        : (values) => watched.readBy(values, this.library.demandOf),
      tap({
        subscribe: () => watched.begins(),
        next: (value) => watched.goes(value),
        error: () => watched.ends(),
        complete: () => watched.completes(),
        unsubscribe: () => watched.ends(),
      }),
    );
  };

  private made(
    stage: Stage,
    options: Options,
    place: Place,
    watched: Watched,
  ): MonoTypeOperatorFunction<Value> {
    const { library } = this;
    const { bench } = place;
    switch (stage.op) {
      case 'bufferedChannel': {
        const { capacity, pace, credit, yieldEvery } = stage;
        return library.bufferedChannel(capacity, {
          ...options,
          pace: pace && notifier(pace, SAYS.pace, place),
          credit: credit && notifier(credit, SAYS.credit, place),
          yieldEvery,
        });
      }
      case 'workerPool':
        return this.pool(stage, options, place);
      case 'batchWithTimeout': {
        const { size, timeout, timer, queue, maxWeight } = stage;
        const weigh = maxWeight === undefined ? undefined : bench.calling('weigh', weightOf);
        return library.batchWithTimeout<Value>(size, timeout, {
          ...options,
          timer,
          queue,
          maxWeight,
          weigh,
        });
      }
      case 'leakyBucket': {
        const { capacity, interval, queue, costs, keys, limited } = stage;
        return library.leakyBucket<Value>(capacity, interval, {
          ...options,
          queue,
          cost: costs && bench.calling('cost', costOf(costs, capacity)),
          keyBy: keys === undefined ? undefined : bench.calling('keyBy', keyBy(keys)),
          limiter: limited ? this.limiterOf(bench) : undefined,
        });
      }
      case 'adaptiveThrottle':
        return this.throttle(stage, options, place);
      case 'conflate':
        return pipe(
          map((value): Value => [value]),
          library.conflate<Value>(bench.calling('reduce', gathered), options),
        );
      case 'fanOut':
        return this.fanned(stage, options, place, watched);
      case 'broadcast':
        return this.shared(stage, options, place, watched);
      case 'toAsyncIterable': {
        const { capacity, requireDemand } = stage;
        const { onLink } = options;
        return (source) =>
          defer(() => {
            const onDrop = watched.dropsOfThis();
            const iterable = library.toAsyncIterable(source, { ...options, capacity, onDrop });
            return library.pullFrom(iterable, { onDrop, onLink, requireDemand });
          });
      }
      case 'intoChannel':
        return this.through(stage, options, (value, reason) => watched.drops(value, reason));
    }
  }

  private throttle(
    { minDelay, maxDelay, target, queue, law, feedback, heard }: StageOf<'adaptiveThrottle'>,
    options: Options,
    place: Place,
  ): MonoTypeOperatorFunction<Value> {
    const { name, bench } = place;
    return this.library.adaptiveThrottle({
      ...options,
      minDelay,
      maxDelay,
      target,
      queue,
      law: law === 'of its own' ? bench.calling('law', ownLaw) : law,
      feedback: feedback && notifier(feedback, SAYS.feedback, place),
      onDelay: heard
        ? bench.calling('onDelay', (ms: number) => bench.wasHeard(`${name}: ${ms} ms`))
        : undefined,
    });
  }

  private pool(stage: StageOf<'workerPool'>, options: Options, place: Place) {
    const { concurrency, task, ordered, queue, keys, taskTimeout, onTaskError } = stage;
    const { name, level, bench } = place;
    const pull: PullSome = (values) => this.library.pullFrom(values);
    const started = projectOf(task, bench, `${name} tasks`, level);
    const project = bench.calling('project', (value: Value, context: TaskContext) =>
      started(value, pull, context),
    );
    const hears = typeof concurrency === 'object' && concurrency.kind !== 'told';
    return this.library.workerPool(this.limitOf(stage, place), project, {
      ...options,
      ordered,
      queue,
      keyBy: keys === undefined ? undefined : bench.calling('keyBy', keyBy(keys)),
      taskTimeout,
      outcome: hears && concurrency.outcome ? bench.calling('outcome', outcomeOf) : undefined,
      onTaskError:
        onTaskError === 'replace'
          ? bench.calling('onTaskError', (_: unknown, value: Value) => replacement(value))
          : onTaskError,
    });
  }

  private limitOf(
    { concurrency }: StageOf<'workerPool'>,
    place: Place,
  ): number | Observable<number> | AdaptiveLimit {
    if (typeof concurrency === 'number') return concurrency;
    return concurrency.kind === 'told'
      ? tellingOf(concurrency, place)
      : this.library[concurrency.kind](concurrency.options);
  }

  /** The limiter of the pipe. Another one, beside it, has values of its own to let through. */
  private limiterOf(bench: Bench): RateLimiter {
    if (this.limiter !== undefined) return this.limiter;
    const { interval, burst, rival } = bench.pipe.limiter;
    const limiter = new RateLimiter({ rate: 1000 / interval, burst });
    this.limiter = limiter;
    const scheduler = bench.timeOf(RIVAL, 0);
    scheduler.schedule(() => {
      this.library
        .pullFrom(Array<Value>(rival).fill(0))
        .pipe(this.library.leakyBucket(1, 0, { limiter, scheduler }))
        .subscribe();
    });
    return limiter;
  }

  private fanned(
    { lanes, by, queue, pipes }: StageOf<'fanOut'>,
    options: Options,
    { name, level, bench }: Place,
    watched: Watched,
  ): MonoTypeOperatorFunction<Value> {
    const { library } = this;
    const { onDrop, scheduler } = options;
    const task = { kind: 'timer', frames: 1, spread: 2, fails: 0 } as const;
    const project = projectOf(task, bench, `${name} tasks`, level);
    const ticks = oneByOne(bench, bench.timeOf(`${name} notifier`, level + 0.5));
    const flows = (kind: (typeof pipes)[number]): MonoTypeOperatorFunction<Value> => {
      switch (kind) {
        case 'plain':
          return (values) => values;
        case 'bufferedChannel(1)':
          return library.bufferedChannel(1, { onDrop });
        case 'workerPool(1)':
          return library.workerPool(
            1,
            (value, context) => project(value, library.pullFrom, context),
            { onDrop, scheduler },
          );
        case 'takeOn':
          return takeOn(ticks);
        case 'bufferedChannel(0), takeOn':
          return pipe(library.bufferedChannel(0, { onDrop }), takeOn(ticks));
        case 'take(2)':
          return take(2);
        case 'take(2), repeat(2)':
          return pipe(take(2), repeat(2));
        case 'fails at 3':
          return map((value, i) => {
            if (i === 3) throw TASK_ERROR;
            return value;
          });
      }
    };
    return library.fanOut(
      lanes,
      (values, lane) =>
        watched.readBy(values, library.demandOf).pipe(flows(pipes[lane % pipes.length] ?? 'plain')),
      { ...options, queue, by: by === 'key' ? bench.calling('by', keyBy(5)) : by },
    );
  }

  private shared(
    { capacity, subscribers }: StageOf<'broadcast'>,
    options: Options,
    { name, level, bench }: Place,
    watched: Watched,
  ): MonoTypeOperatorFunction<Value> {
    const { library } = this;
    const here = subscribers.filter((kind) => kind !== 'late').length;
    const share = library.broadcast<Value>({
      ...options,
      capacity,
      minSubscribers: here === 1 ? undefined : here,
    });
    const time = bench.timeOf(`${name} notifier`, level + 0.5);
    const ticks = oneByOne(bench, time);
    return (source) =>
      defer(() => {
        let over = false;
        const end = (): void => void (over = true);
        const came: Value[] = [];
        const all = source.pipe(
          tap({ next: (value) => came.push(value), complete: end, error: end }),
          share,
        );
        /** What one subscriber gets: of what came, in its order. */
        const copies = defer(() => {
          let next = 0;
          return watched.readBy(all, library.demandOf).pipe(
            tap((value) => {
              next = came.indexOf(value, next) + 1;
              if (next === 0) bench.fault(`${name}: a subscriber got ${show(value)} out of turn`);
            }),
          );
        });
        const flows = {
          plain: copies,
          'bufferedChannel(1)': copies.pipe(library.bufferedChannel(1, { onDrop: options.onDrop })),
          unlinked: copies.pipe(library.unlinked()),
          late: timer(3, time).pipe(mergeMap(() => (over ? EMPTY : copies))),
          until: copies.pipe(takeUntil(timer(4, time))),
          'take(2)': copies.pipe(take(2)),
          takeOn: copies.pipe(takeOn(ticks)),
          'bufferedChannel(0), takeOn': copies.pipe(
            library.bufferedChannel(0, { onDrop: options.onDrop }),
            takeOn(ticks),
          ),
        };
        return merge(...subscribers.map((kind) => flows[kind]));
      });
  }

  private through(
    { capacity, drops, close }: StageOf<'intoChannel'>,
    { onLink, ...options }: Options,
    /** What a channel drops is told to whoever closes it: what that throws is theirs. */
    onDrop: (value: Value, reason: DropReason) => void,
  ): MonoTypeOperatorFunction<Value> {
    const { library } = this;
    const { requireDemand } = options;
    return (source) =>
      new Observable((subscriber) => {
        const channel = new Channel<Value>(capacity, { overflow: drops, onDrop });
        library.pullFrom(channel, { onDrop, onLink, requireDemand }).subscribe(subscriber);
        if (subscriber.closed) return; // nobody would read what is sent
        // It may be left while it is being subscribed.
        const left = new Subject<void>();
        subscriber.add(() => left.next());
        subscriber.add(() => channel.cancel());
        source
          .pipe(library.intoChannel(channel, { ...options, close }), takeUntil(left))
          .subscribe({
            error: (error: unknown) => channel.close(error),
            complete: () => channel.close(),
          });
      });
  }
}

/** When one value after the other is taken, and one more whenever that is asked for from inside. */
const oneByOne = (bench: Bench, time: SchedulerLike): Observable<unknown> =>
  new Observable((subscriber) => {
    bench.asks.push(() => subscriber.next(undefined));
    return timer(0, 2, time).subscribe(subscriber);
  });

/** As the documentation of `demandOf` shows it. */
function ownLoop(
  iterator: Iterator<Value>,
  subscriber: Subscriber<Value>,
  demand: ReturnType<Operators['demandOf']>,
): void {
  let ended = false;
  const produce = (): void => {
    while (!subscriber.closed && !ended) {
      if (demand?.available === 0) {
        whenRoom(subscriber, demand, produce);
        return;
      }
      let result;
      try {
        result = iterator.next();
      } catch (error) {
        ended = true;
        subscriber.error(error);
        return;
      }
      ended = result.done === true;
      if (result.done) subscriber.complete();
      else subscriber.next(result.value);
    }
  };
  subscriber.add(() => {
    if (!ended) iterator.return?.();
    ended = true;
  });
  produce();
}
