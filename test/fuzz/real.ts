import { map, merge, pipe, tap, type MonoTypeOperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import type { DropReason, StageOptions } from 'rxjs-sluice/operators';
import type { Bench } from './bench.js';
import {
  costOf,
  gathered,
  keyBy,
  notifier,
  projectOf,
  replacement,
  weightOf,
  type PullSome,
} from './callbacks.js';
import type { Kit, Place } from './kit.js';
import type { Operators } from '../support/library-copy.js';
import type { Stage, StageOf } from './pipe.js';
import type { Value } from './values.js';
import { Watched } from './watched.js';

type Options = StageOptions<Value> & { readonly scheduler: ReturnType<Bench['timeOf']> };

/** Pipes of the library's own operators, or of a copy of them, each stage of which is watched. */
export class RealKit implements Kit {
  /** From the consumer up. */
  readonly watched: Watched[] = [];

  constructor(private readonly library: Operators) {}

  pull: Kit['pull'] = (input, { name, bench }) =>
    this.library.pullFrom(input as Iterable<Value>, {
      onDrop: (value, reason) => bench.wasDropped(name, value, reason),
    });

  takeOn: Kit['takeOn'] = (ticks) => takeOn(ticks);

  unlinked: Kit['unlinked'] = () => this.library.unlinked();

  stage: Kit['stage'] = (stage, place) => {
    const { name, level, bench } = place;
    const watched = new Watched(stage, place, new this.library.StageMeter(name));
    this.watched.push(watched);
    const { overflow, maxParked, errors } = stage;
    const options: Options = {
      overflow,
      maxParked,
      errors,
      meter: watched.meter,
      onDrop: (value: Value, reason: DropReason) => watched.drops(value, reason),
      scheduler: bench.timeOf(name, level),
    };
    return pipe(
      tap((value) => watched.comes(value)),
      this.made(stage, options, place),
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
    { name, level, bench }: Place,
  ): MonoTypeOperatorFunction<Value> {
    const { library } = this;
    switch (stage.op) {
      case 'bufferedChannel': {
        const [pace, credit] = [stage.pace, stage.credit].map(
          (given) => given && notifier(given, name, level, bench),
        );
        return library.bufferedChannel(stage.capacity, { ...options, pace, credit });
      }
      case 'workerPool':
        return this.pool(stage, options, name, level, bench);
      case 'batchWithTimeout': {
        const { size, timeout, timer, queue, maxWeight } = stage;
        const weigh = maxWeight === undefined ? undefined : weightOf;
        return library.batchWithTimeout<Value>(size, timeout, {
          ...options,
          timer,
          queue,
          maxWeight,
          weigh,
        });
      }
      case 'leakyBucket':
        return library.leakyBucket(stage.capacity, stage.interval, {
          ...options,
          queue: stage.queue,
          cost: stage.costs ? costOf(stage.capacity) : undefined,
          keyBy: stage.keys === undefined ? undefined : keyBy(stage.keys),
        });
      case 'adaptiveThrottle': {
        const { minDelay, maxDelay, target, queue } = stage;
        return library.adaptiveThrottle({ ...options, minDelay, maxDelay, target, queue });
      }
      case 'conflate':
        return pipe(
          map((value): Value => [value]),
          library.conflate<Value>(gathered, options),
        );
      case 'fanOut':
        return this.fanned(stage, options, name, level, bench);
      case 'broadcast': {
        const { capacity, subscribers } = stage;
        const shared = library.broadcast<Value>({
          ...options,
          capacity,
          minSubscribers: subscribers,
        });
        return (source) => {
          const copies = source.pipe(shared);
          return merge(...Array.from({ length: subscribers }, () => copies));
        };
      }
    }
  }

  private pool(
    { concurrency, task, ordered, queue, keys, taskTimeout, onTaskError }: StageOf<'workerPool'>,
    options: Options,
    name: string,
    level: number,
    bench: Bench,
  ) {
    const project = projectOf(task, bench, `${name} tasks`, level);
    const pull: PullSome = (values) => this.library.pullFrom(values);
    return this.library.workerPool(concurrency, (value: Value) => project(value, pull), {
      ...options,
      ordered,
      queue,
      keyBy: keys === undefined ? undefined : keyBy(keys),
      taskTimeout,
      onTaskError:
        onTaskError === 'replace' ? (_: unknown, value: Value) => replacement(value) : onTaskError,
    });
  }

  private fanned(
    { lanes, by, queue, lane }: StageOf<'fanOut'>,
    options: Options,
    name: string,
    level: number,
    bench: Bench,
  ): MonoTypeOperatorFunction<Value> {
    const { library } = this;
    const { onDrop, scheduler } = options;
    const task = { kind: 'timer', frames: 1, spread: 2, fails: 0 } as const;
    const project = projectOf(task, bench, `${name} tasks`, level);
    return library.fanOut(
      lanes,
      (values) =>
        lane === 'plain'
          ? values
          : lane === 'bufferedChannel(1)'
            ? values.pipe(library.bufferedChannel(1, { onDrop }))
            : values.pipe(
                library.workerPool(1, (value) => project(value, library.pullFrom), {
                  onDrop,
                  scheduler,
                }),
              ),
      { ...options, queue, by: by === 'key' ? keyBy(5) : by },
    );
  }
}
