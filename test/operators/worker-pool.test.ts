import { AsyncLocalStorage } from 'node:async_hooks';
import {
  BehaviorSubject,
  EMPTY,
  NEVER,
  Observable,
  Subject,
  concat,
  config,
  from,
  fromEvent,
  map,
  merge,
  mergeMap,
  of,
  queueScheduler,
  takeUntil,
  takeWhile,
  tap,
  throwError,
  timer,
  type Subscriber,
} from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  StageMeter,
  TaskTimeoutError,
  bufferedChannel,
  demandOf,
  pullFrom,
  workerPool,
  type Demand,
  type TaskContext,
  type WorkerPoolOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it, vi } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
import { HandClock } from '../support/hand-clock.js';
import { LateClock } from '../support/late-clock.js';
import { later } from '../support/later.js';

function run<T>(source: Observable<T>) {
  const seen: { values: T[]; ends: unknown[] } = { values: [], ends: [] };
  const subscription = source.subscribe({
    next: (value) => seen.values.push(value),
    error: (error: unknown) => seen.ends.push(error),
    complete: () => seen.ends.push('complete'),
  });
  return Object.assign(seen, { subscription });
}

describe('what onTaskError puts in the place of a task', () => {
  it.each([
    ['a promise that rejects', async (error: unknown): Promise<number> => Promise.reject(error)],
    ['an Observable that errors', (error: unknown) => throwError(() => error)],
  ])('errors the pipe if it fails itself: %s', async (_, onTaskError) => {
    let calls = 0;
    const seen = run(
      pullFrom([1, 2]).pipe(
        workerPool(
          1,
          async (n: number): Promise<number> => Promise.reject(new Error(`task ${n}`)),
          {
            onTaskError: (error) => {
              calls++;
              return onTaskError(error);
            },
          },
        ),
      ),
    );
    await later();
    expect([seen.ends, calls]).toEqual([[new Error('task 1')], 1]);
  });
});

describe('ordered, with keyBy', () => {
  it('gives the results in the order of the values, though later ones may start before', async () => {
    const started: string[] = [];
    const seen = run(
      from(['a1', 'a2', 'b1', 'b2']).pipe(
        workerPool(
          2,
          async (value) => {
            started.push(value);
            await later();
            return value;
          },
          { keyBy: (value) => value[0], ordered: true },
        ),
      ),
    );
    for (let i = 0; i < 20; i++) await later();
    expect(started.slice(0, 2)).toEqual(['a1', 'b1']);
    expect([seen.values, seen.ends]).toEqual([['a1', 'a2', 'b1', 'b2'], ['complete']]);
  });

  it('does not stall, whatever the keys and however long tasks take', async () => {
    for (let seed = 1; seed <= 200; seed++) {
      let state = seed;
      const roll = (sides: number) => (state = (state * 48_271) % 2_147_483_647) % sides;
      const values = Array.from({ length: 30 }, (_, n) => ({ n, key: roll(3) }));
      const open: Subscriber<number>[] = [];
      const seen = run(
        from(values).pipe(
          workerPool(
            1 + roll(3),
            ({ n }) => {
              if (roll(4) === 0) return n % 5 === 0 ? EMPTY : of(n);
              return new Observable<number>((subscriber) => {
                open.push(Object.assign(subscriber, { n }));
              });
            },
            { keyBy: ({ key }) => key, ordered: true, queue: roll(5) },
          ),
        ),
      );
      while (open.length > 0) {
        const [task] = open.splice(roll(open.length), 1) as [Subscriber<number> & { n: number }];
        task.next(task.n);
        task.complete();
      }
      expect(seen.ends).toEqual(['complete']);
      expect(seen.values).toEqual(seen.values.toSorted((a, b) => a - b));
    }
  });
});

it('ordered, with keyBy: a limit that is lowered holds up nothing that those which have ended wait for', () => {
  const limit = new Subject<number>();
  const source = new Subject<string>();
  const tasks = new Map<string, Subject<string>>();
  const started: string[] = [];
  const seen = run(
    source.pipe(
      workerPool(
        limit,
        (value) => {
          const task = new Subject<string>();
          started.push(value);
          tasks.set(value, task);
          return task;
        },
        { ordered: true, keyBy: (value) => value[0] },
      ),
    ),
  );
  const end = (value: string) => {
    tasks.get(value)?.next(value);
    tasks.get(value)?.complete();
  };
  limit.next(4);
  for (const value of ['a1', 'a2', 'b1', 'c1', 'd1', 'e1']) source.next(value);
  expect(started).toEqual(['a1', 'b1', 'c1', 'd1']);
  limit.next(2);
  for (const value of ['a1', 'b1']) end(value);
  expect(started).toHaveLength(4); // two are at work, as many as may be
  end('c1');
  expect(started.slice(4)).toEqual(['a2']);
  end('d1');
  expect(started).toHaveLength(5); // they wait for a2, which is at work
  for (const value of ['a2', 'e1']) end(value);
  source.complete();
  expect([seen.values, seen.ends]).toEqual([['a1', 'a2', 'b1', 'c1', 'd1', 'e1'], ['complete']]);
});

it('ordered, with keyBy: the first in line goes on as the input of the last task at work comes to wait', () => {
  const limit = new BehaviorSubject(2);
  const [slow, later] = [new Subject<string>(), new Subject<void>()];
  const tasks: Record<string, Observable<string>> = {
    a1: slow,
    b1: later.pipe(mergeMap(() => pullFrom(['b1.1', 'b1.2']))),
    a2: of('a2'),
  };
  const seen = run(
    pullFrom(['a1', 'a2', 'b1']).pipe(
      workerPool(limit, (value) => tasks[value] ?? EMPTY, { ordered: true, keyBy: ([key]) => key }),
    ),
  );
  limit.next(1);
  slow.complete();
  expect(seen.values).toEqual([]); // b1 is at work, before which a2 has to go out
  later.next();
  expect(seen.values).toEqual(['a2', 'b1.1', 'b1.2']);
});

it('ordered, with keyBy: a limit that is lowered holds up nothing that those whose input waits stand behind', () => {
  const limit = new BehaviorSubject(3);
  const slow = new Subject<string>();
  const started: string[] = [];
  const seen = run(
    pullFrom(['a1', 'a2', 'b1', 'c1', 'c2', 'd1']).pipe(
      workerPool(
        limit,
        (value) => {
          started.push(value);
          return value === 'a1' ? slow : pullFrom([`${value}.1`, `${value}.2`]);
        },
        { ordered: true, keyBy: (value) => value[0], queue: 3 },
      ),
    ),
  );
  expect(started).toEqual(['a1', 'b1', 'c1']);
  limit.next(1);
  expect(started).toHaveLength(3); // a1 is at work
  slow.next('a1');
  slow.complete();
  expect(started).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'd1']);
  expect(seen.values).toEqual([
    'a1',
    ...['a2', 'b1', 'c1', 'c2', 'd1'].flatMap((v) => [`${v}.1`, `${v}.2`]),
  ]);
  expect(seen.ends).toEqual(['complete']);
});

it('ordered, with keyBy: nothing starts under a limit of 0', () => {
  const limit = new Subject<number>();
  const seen = run(
    merge(of('a1', 'b1'), NEVER).pipe(
      workerPool(limit, (value) => of(value), {
        ordered: true,
        keyBy: (value) => value[0],
        queue: 2,
      }),
    ),
  );
  limit.next(0);
  expect(seen.values).toEqual([]);
  limit.next(1);
  expect(seen.values).toEqual(['a1', 'b1']);
});

describe('ordered, with keyBy, a limit that is lowered', () => {
  const bed = (options: WorkerPoolOptions<string, Observable<string>>) => {
    const limit = new Subject<number>();
    const source = new Subject<string>();
    const tasks = new Map<string, Subject<string>>();
    const project = (value: string) => {
      const task = new Subject<string>();
      tasks.set(value, task);
      return task;
    };
    const pool = workerPool(limit, project, { ordered: true, keyBy: ([key]) => key, ...options });
    const seen = run(source.pipe(pool));
    const end = (value: string) => {
      tasks.get(value)?.next(value);
      tasks.get(value)?.complete();
    };
    return { limit, source, tasks, seen, end };
  };

  it('has the first in line begin, though the line has no places', () => {
    const { limit, source, tasks, seen, end } = bed({ queue: 0 });
    limit.next(3);
    for (const value of ['a1', 'a2', 'b1']) source.next(value);
    limit.next(1);
    end('b1');
    end('a1');
    source.complete();
    expect([...tasks.keys()]).toEqual(['a1', 'b1', 'a2']);
    end('a2');
    expect([seen.values, seen.ends]).toEqual([['a1', 'a2', 'b1'], ['complete']]);
  });

  it('lets a result go whose turn has come as the value before it was dropped', () => {
    const { limit, source, seen, end } = bed({ queue: 1, overflow: 'drop-oldest' });
    limit.next(3);
    for (const value of ['a1', 'a2', 'b1']) source.next(value);
    limit.next(0);
    end('b1');
    end('a1');
    expect(seen.values).toEqual(['a1']);
    source.next('c1'); // in the place of a2
    expect(seen.values).toEqual(['a1', 'b1']);
  });
});

it('ordered, with keyBy: a value that keyBy pushes has its place before the one it is asked about', async () => {
  const source = new Subject<number>();
  const seen = run(
    source.pipe(
      workerPool(1, async (n) => n, {
        ordered: true,
        keyBy: (n) => {
          if (n === 1) source.next(2);
          return n;
        },
      }),
    ),
  );
  source.next(1);
  source.next(3);
  source.complete();
  await later();
  expect([seen.values, seen.ends]).toEqual([[2, 1, 3], ['complete']]);
});

it('a pool has held at most what its tasks have and what waits, together', () => {
  const source = new Subject<number>();
  const meter = new StageMeter();
  run(source.pipe(workerPool(2, () => NEVER, { meter })));
  for (const n of [0, 1, 2]) source.next(n);
  expect(meter.maxHeld).toBe(3);
});

describe('a pool that is being stopped', () => {
  it('starts no task and emits nothing for what an abort leads to elsewhere', () => {
    const source = new Subject<number>();
    const inners = [new Subject<number>(), new Subject<number>()];
    const started: number[] = [];
    const meter = new StageMeter();
    const dropped: number[] = [];
    const seen = run(
      source.pipe(
        workerPool(
          2,
          (n, { signal }) => {
            started.push(n);
            signal.addEventListener('abort', () => {
              inners[1 - n]?.next(10 + n);
              inners[1 - n]?.complete();
            });
            return inners[n] ?? of(n);
          },
          { meter, onDrop: (value) => dropped.push(value) },
        ),
      ),
    );
    for (const n of [0, 1, 2]) source.next(n);
    seen.subscription.unsubscribe();
    expect([started, seen.values, dropped]).toEqual([[0, 1], [], [0, 1, 2]]);
    expect([meter.received, meter.dropped, meter.delivered, meter.held]).toEqual([3, 3, 0, 0]);
  });
});

it('a pool keeps no value of a task that has ended', async () => {
  const source = new Subject<object>();
  const refs: WeakRef<object>[] = [];
  const { subscription } = run(source.pipe(workerPool(Infinity, async () => 0)));
  (() => {
    for (let n = 0; n < 100; n++) {
      const value = { n };
      refs.push(new WeakRef(value));
      source.next(value);
    }
  })();
  await later();
  await later();
  globalThis.gc?.();
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
  subscription.unsubscribe();
});

describe('a callback that ends the pipe', () => {
  it('in keyBy: the value is dropped, and its task never starts', () => {
    const source = new Subject<number>();
    const meter = new StageMeter();
    const dropped: unknown[] = [];
    const started: number[] = [];
    const levels: number[] = [];
    const subscription = source
      .pipe(
        workerPool(
          2,
          (n: number) => {
            started.push(n);
            return new Observable<number>();
          },
          {
            meter,
            onDrop: (value, reason) => dropped.push([value, reason]),
            keyBy: (n) => {
              levels.push(meter.received - meter.delivered - meter.dropped - meter.held);
              if (n === 2) subscription.unsubscribe();
              return n;
            },
          },
        ),
      )
      .subscribe();
    source.next(1);
    source.next(2);
    expect([started, dropped]).toEqual([
      [1],
      [
        [1, 'unsubscribed'],
        [2, 'unsubscribed'],
      ],
    ]);
    expect([meter.held, meter.dropped, levels]).toEqual([0, 2, [0, 0]]);
  });

  it('and throws, in keyBy: the value is dropped too, and the hook hears the error', async () => {
    const source = new Subject<number>();
    const dropped: unknown[] = [];
    const { subscription } = run(
      source.pipe(
        workerPool(1, () => new Observable<number>(), {
          onDrop: (value: number, reason) => dropped.push([value, reason]),
          keyBy: () => {
            subscription.unsubscribe();
            throw new Error('too late');
          },
        }),
      ),
    );
    expect(await unhandledBy(() => source.next(1))).toEqual([new Error('too late')]);
    expect(dropped).toEqual([[1, 'unsubscribed']]);
  });
});

describe('a teardown that throws', () => {
  const inner = (throws: boolean) =>
    new Observable<number>(() => () => {
      if (throws) throw new Error('teardown');
    });

  it('in a task keeps no other task from being given up', async () => {
    const source = new Subject<number>();
    const meter = new StageMeter();
    const dropped: number[] = [];
    const signals: AbortSignal[] = [];
    const { subscription } = run(
      source.pipe(
        workerPool(
          3,
          (n, { signal }) => {
            signals.push(signal);
            return inner(n === 0);
          },
          { meter, onDrop: (value) => dropped.push(value) },
        ),
      ),
    );
    for (let n = 0; n < 4; n++) source.next(n);
    const heard = await unhandledBy(() => subscription.unsubscribe());
    expect(heard).toHaveLength(1);
    expect([dropped, meter.held]).toEqual([[0, 1, 2, 3], 0]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
  });

  it('in a task does not hold up the error of another', async () => {
    const source = new Subject<number>();
    const failing = new Subject<number>();
    const seen = run(source.pipe(workerPool(2, (n) => (n === 0 ? inner(true) : failing))));
    source.next(0);
    source.next(1);
    const heard = await unhandledBy(() => failing.error('task error'));
    expect([seen.ends, heard.length]).toEqual([['task error'], 1]);
  });

  it('in what onTaskError gives does not fail the pipe', async () => {
    const failing = new Subject<number>();
    const replacement = new Observable<number>((subscriber) => {
      subscriber.next(1);
      subscriber.complete();
      return () => {
        throw new Error('teardown');
      };
    });
    const seen = run(
      concat(of(0), NEVER).pipe(workerPool(1, () => failing, { onTaskError: () => replacement })),
    );
    const heard = await unhandledBy(() => failing.error('task error'));
    expect([seen.values, seen.ends, heard.length]).toEqual([[1], [], 1]);
  });

  it('above does not hold up completion, and is not thrown into the source', async () => {
    const source = new Observable<number>((subscriber) => {
      subscriber.add(() => {
        throw new Error('teardown');
      });
      subscriber.next(1);
      subscriber.complete();
    });
    let seen: { values: number[]; ends: unknown[] } | undefined;
    const heard = await unhandledBy(() => {
      seen = run(source.pipe(workerPool(1, (n) => of(n))));
    });
    expect([seen?.values, seen?.ends, heard.length]).toEqual([[1], ['complete'], 1]);
  });
});

describe('tasks whose time is up together', () => {
  /** Two workers, of which the second begins the next task: 3 runs on it, and 4 on the first. */
  const bed = (
    failed: (value: number, tasks: Map<number, Subject<number>>) => void,
    instead: Observable<number> = EMPTY,
  ) => {
    const clock = new HandClock();
    const source = new Subject<number>();
    const tasks = new Map<number, Subject<number>>();
    const signals = new Map<number, AbortSignal>();
    const project = (n: number, { signal }: TaskContext) => {
      const task = new Subject<number>();
      tasks.set(n, task);
      signals.set(n, signal);
      return task;
    };
    const onTaskError = (_: unknown, n: number) => {
      failed(n, tasks);
      return instead;
    };
    let ahead = 0;
    const scheduler = { now: () => clock.now() + ahead, schedule: clock.schedule.bind(clock) };
    const seen = run(
      source.pipe(workerPool(2, project, { taskTimeout: 10, onTaskError, scheduler })),
    );
    source.next(1);
    source.next(2);
    for (const n of [1, 2]) tasks.get(n)?.complete();
    return { clock, source, signals, seen, goAhead: (ms: number) => (ahead += ms) };
  };

  it('fail in the order in which they began', () => {
    const failed: number[] = [];
    const { clock, source } = bed((n) => failed.push(n));
    source.next(3);
    source.next(4);
    clock.advance(10);
    expect(failed).toEqual([3, 4]);
  });

  it('fail so too where the timer is late', () => {
    const failed: number[] = [];
    const { clock, source, goAhead } = bed((n) => failed.push(n));
    source.next(3);
    clock.advance(5);
    source.next(4);
    goAhead(100);
    clock.advance(5);
    expect(failed).toEqual([3, 4]);
  });

  it('end in peace where the failure of another leads to their end', () => {
    const failed: number[] = [];
    const { clock, source, signals, seen } = bed((n, tasks) => {
      failed.push(n);
      tasks.get(4)?.next(40);
      tasks.get(4)?.complete();
    });
    source.next(3);
    source.next(4);
    clock.advance(10);
    expect([failed, seen.values, seen.ends]).toEqual([[3], [40], []]);
    expect([3, 4].map((n) => signals.get(n)?.aborted)).toEqual([true, false]);
  });

  it('leave alone what begins in the place of one that has ended: it has its own time', () => {
    const failed: number[] = [];
    const { clock, source } = bed((n, tasks) => {
      failed.push(n);
      tasks.get(4)?.complete();
    });
    for (const n of [3, 4, 5]) source.next(n);
    clock.advance(19);
    expect(failed).toEqual([3]);
    clock.advance(1);
    expect(failed).toEqual([3, 5]);
  });

  it('leave alone those that end with the pipe', () => {
    const { clock, source, signals, seen } = bed(() => {
      throw new Error('on error');
    });
    for (const n of [3, 4]) source.next(n);
    clock.advance(10);
    expect([seen.ends, signals.get(4)?.reason]).toEqual([
      [new Error('on error')],
      expect.objectContaining({ name: 'AbortError' }),
    ]);
  });

  it.each([
    ['fail', [], [new TaskTimeoutError(1, 0)]],
    ['skip', [], ['complete']],
    [(_: unknown, n: number) => of(-n), [-1, -2], ['complete']],
  ] as const)(
    'of none, under a scheduler that runs at once, never begin: %s',
    (onTaskError, values, ends) => {
      const project = vi.fn((n: number) => of(n));
      const options = { taskTimeout: 0, scheduler: queueScheduler, onTaskError };
      const seen = run(of(1, 2).pipe(workerPool(1, project, options)));
      expect([seen.values, seen.ends, project.mock.calls]).toEqual([values, ends, []]);
    },
  );

  it('leave alone what onTaskError has put in the place of one that has failed', () => {
    const failed: number[] = [];
    const { clock, source, seen } = bed((n, tasks) => {
      failed.push(n);
      tasks.get(4)?.error('task error');
    }, NEVER);
    for (const n of [3, 4]) source.next(n);
    clock.advance(10);
    expect([failed, seen.ends]).toEqual([[3, 4], []]);
  });
});

it('the time of a task is not put off by a clock that is set back', () => {
  const clock = new LateClock();
  const ended: number[] = [];
  of(1, 2)
    .pipe(workerPool(2, () => NEVER, { taskTimeout: 10, onTaskError: 'skip', scheduler: clock }))
    .subscribe({ complete: () => ended.push(clock.passed) });
  clock.advance(5);
  clock.back = 1000;
  clock.advance(1000);
  expect([ended, clock.made]).toEqual([[20], 2]);
});

describe('no timer is set any more', () => {
  const timed = { taskTimeout: 10, onTaskError: () => NEVER } as const;

  it.each([
    ['by an Observable', () => of('result')],
    ['by a promise', async () => 'result'],
  ])('when the tasks have ended, %s, and their results wait', async (_, task) => {
    const scheduler = new HandClock();
    of(1, 2)
      .pipe(workerPool(2, task as () => Observable<string>, { ...timed, scheduler }), takeOn(NEVER))
      .subscribe();
    await later();
    expect(scheduler.armed).toBe(0);
  });

  it('when the tasks have failed, and something else is in their place', () => {
    const scheduler = new HandClock();
    const fail = () => throwError(() => 'task error');
    of(1, 2)
      .pipe(workerPool(2, fail, { ...timed, scheduler }))
      .subscribe();
    expect(scheduler.armed).toBe(0);
  });

  it('when one of two has ended, the other has its time still', () => {
    const scheduler = new HandClock();
    const failed: unknown[] = [];
    of(EMPTY, NEVER)
      .pipe(workerPool(2, (task) => task, { taskTimeout: 10, scheduler }))
      .subscribe({ error: () => failed.push(scheduler.now()) });
    scheduler.advance(10);
    expect([failed, scheduler.armed]).toEqual([[10], 0]);
  });
});

describe('a task that is given up', () => {
  it('is not heard any more: what its promise comes to is not the next one’s', async () => {
    const clock = new HandClock();
    const settle: (() => void)[] = [];
    const project = (n: number) =>
      new Promise<number>((resolve, reject) => {
        settle.push(() => {
          if (n === 2) reject(new Error('too late'));
          else resolve(10 * n);
        });
      });
    const dropped: number[] = [];
    const seen = run(
      from([1, 2, 3]).pipe(
        workerPool(1, project, {
          taskTimeout: 5,
          onTaskError: 'skip',
          scheduler: clock,
          onDrop: (n) => dropped.push(n),
        }),
      ),
    );
    clock.advance(10);
    settle[0]?.();
    settle[1]?.();
    await later();
    expect([seen.values, seen.ends, dropped]).toEqual([[], [], [1, 2]]);
    settle[2]?.();
    await later();
    expect([seen.values, seen.ends]).toEqual([[30], ['complete']]);
  });

  it.each([
    ['skip', ['b', 'c'], ['complete'], [['a', 'task-error']]],
    ['fail', [], [new TaskTimeoutError('a', 50)], ['a', 'b', 'c'].map((value) => [value, 'error'])],
  ] as const)(
    "as its time is up, has failed, though its input completes as its signal aborts: '%s'",
    (onTaskError, values, ends, drops) => {
      const clock = new HandClock();
      const dropped: unknown[] = [];
      const seen = run(
        from(['a', 'b', 'c']).pipe(
          workerPool(
            1,
            (value, { signal }) =>
              timer(value === 'a' ? 1000 : 10, clock).pipe(
                map(() => value),
                takeUntil(fromEvent(signal, 'abort')),
              ),
            {
              taskTimeout: 50,
              onTaskError,
              scheduler: clock,
              onDrop: (value, reason) => dropped.push([value, reason]),
            },
          ),
        ),
      );
      clock.advance(100);
      expect([seen.values, seen.ends, dropped]).toEqual([values, ends, drops]);
    },
  );

  it('as its time is up, and ends the pipe in its teardown, is dropped with that; its signal aborts', () => {
    const clock = new HandClock();
    const source = new Subject<number>();
    const dropped: unknown[] = [];
    const signals: AbortSignal[] = [];
    const { subscription } = run(
      source.pipe(
        workerPool(
          1,
          (_, { signal }) => {
            signals.push(signal);
            return new Observable<number>(() => () => subscription.unsubscribe());
          },
          {
            taskTimeout: 5,
            onTaskError: 'skip',
            scheduler: clock,
            onDrop: (n, reason) => dropped.push([n, reason]),
          },
        ),
      ),
    );
    source.next(1);
    source.next(2);
    clock.advance(5);
    expect(dropped).toEqual([1, 2].map((n) => [n, 'unsubscribed']));
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('is not told of room any more, nor shown any', () => {
    const clock = new HandClock();
    const told: number[] = [];
    const demands: (Demand | undefined)[] = [];
    const ticks = new Subject<void>();
    const project = (n: number) =>
      new Observable<number>((subscriber) => {
        const demand = demandOf(subscriber);
        demands.push(demand);
        subscriber.next(n);
        demand?.onAvailable(() => told.push(n));
      });
    const seen = run(
      from([1, 2]).pipe(
        workerPool(1, project, { taskTimeout: 5, onTaskError: 'skip', scheduler: clock }),
        takeOn(ticks),
      ),
    );
    clock.advance(5); // the result of the first waits
    expect(demands[0]?.available).toBe(0);
    ticks.next();
    ticks.next();
    expect([seen.values, told]).toEqual([[1, 2], [2]]);
    clock.advance(5);
    expect([seen.ends, demands[1]?.available]).toEqual([['complete'], 0]);
  });

  it.each(['an Observable', 'a promise'])(
    'by its project, is not waited for: %s',
    async (input) => {
      const source = new Subject<number>();
      let subscribed = 0;
      const heard: unknown[] = [];
      const limit = {
        limit: 1,
        limit$: concat(of(1), NEVER),
        max: 1,
        sample: (sample: unknown) => heard.push(sample),
      };
      const { subscription } = run(
        source.pipe(
          workerPool(limit, () => {
            subscription.unsubscribe();
            if (input === 'a promise') return Promise.resolve(1);
            return new Observable<number>(() => {
              subscribed++;
            });
          }),
        ),
      );
      source.next(1);
      await later();
      expect([subscribed, heard]).toEqual([0, []]);
    },
  );
});

it('a pool that is over keeps no value, though its meter is kept', async () => {
  const meter = new StageMeter();
  const source = new Subject<object>();
  const { subscription } = run(source.pipe(workerPool(1, () => NEVER, { meter })));
  const ref = (() => {
    const value = {};
    source.next(value);
    return new WeakRef(value);
  })();
  subscription.unsubscribe();
  await later();
  globalThis.gc?.();
  expect([ref.deref(), meter.received]).toEqual([undefined, 1]);
});

it('a pool that is over keeps no result that was not taken, though its meter is kept', async () => {
  const meter = new StageMeter();
  const task = new Subject<object>();
  const source = new Subject<number>();
  const pool = workerPool(1, () => task, { meter });
  const { subscription } = run(source.pipe(pool, takeOn(NEVER)));
  source.next(1);
  const ref = (() => {
    const result = {};
    task.next(result);
    return new WeakRef(result);
  })();
  subscription.unsubscribe();
  await later();
  globalThis.gc?.();
  expect([ref.deref(), meter.received]).toEqual([undefined, 1]);
});

describe.each([false, true])('results (ordered: %s)', (ordered) => {
  it('that find room are not parked, however many a task gives at once', () => {
    const seen = run(of(1, 2).pipe(workerPool(1, (n) => of(n, n, n), { ordered, maxParked: 0 })));
    expect([seen.values, seen.ends]).toEqual([[1, 1, 1, 2, 2, 2], ['complete']]);
  });

  it('of one task keep their order, though there was room before the pool heard of it', () => {
    const room = new BehaviorSubject(0);
    const [first, second] = [new Subject<string>(), new Subject<string>()];
    const pool = (task: Subject<string>) =>
      concat(of(0), NEVER).pipe(workerPool(1, () => task, { ordered }));
    const seen = run(
      merge(pool(first).pipe(tap(() => second.next('y'))), pool(second)).pipe(
        workerPool(room, (result) => of(result), { queue: 0 }),
      ),
    );
    first.next('a');
    second.next('x');
    room.next(3);
    expect(seen.values).toEqual(['x', 'y', 'a']); // they pass it before it is through
  });

  it('that wait behind the last one that is wanted are not sent', async () => {
    const task = new Subject<string>();
    const stopped: unknown[] = [];
    config.onStoppedNotification = (notification) => stopped.push(notification);
    concat(of(0), NEVER)
      .pipe(
        workerPool(1, () => task, { ordered }),
        takeWhile((result) => result !== 'b', true),
      )
      .subscribe((result) => {
        if (result === 'a') for (const next of ['b', 'c']) task.next(next);
      });
    task.next('a');
    await new Promise((resolve) => setTimeout(resolve));
    config.onStoppedNotification = null;
    expect(stopped).toEqual([]);
  });
});

it('an input that has ended is told of no more room, and its wait is not kept', async () => {
  const ticks = new Subject<void>();
  const source = new Subject<number>();
  const resumed: number[] = [];
  const waits: WeakRef<object>[] = [];
  const project = (n: number) =>
    new Observable<number>((subscriber) => {
      const resume = () => void resumed.push(n);
      waits.push(new WeakRef(resume));
      subscriber.next(n);
      demandOf(subscriber)?.onAvailable(resume);
      if (n < 100) subscriber.complete();
    });
  const { subscription } = run(source.pipe(workerPool(1, project), takeOn(ticks)));
  for (let n = 0; n <= 100; n++) {
    source.next(n);
    ticks.next();
  }
  ticks.next();
  expect(resumed).toEqual([100]);
  await later();
  globalThis.gc?.();
  expect(waits.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
  subscription.unsubscribe();
});

it('an input sees a demand for one result', () => {
  const levels: unknown[] = [];
  const input = new Observable<number>((subscriber) => {
    const demand = demandOf(subscriber);
    const note = () =>
      levels.push([demand?.capacity, demand?.available, demand?.waiting, demand?.arrived]);
    note();
    subscriber.next(1);
    note();
  });
  of(0)
    .pipe(
      workerPool(1, () => input),
      takeOn(NEVER),
    )
    .subscribe();
  expect(levels).toEqual([
    [1, 1, 0, 0],
    [1, 0, 1, 1],
  ]);
});

it('an ordered pool asks for room below only once the first in turn has a result', () => {
  const pace = new Subject<void>();
  const source = new Subject<number>();
  const tasks = [new Subject<number>(), new Subject<number>()];
  source
    .pipe(
      workerPool(2, (n) => tasks[n] ?? EMPTY, { ordered: true }),
      bufferedChannel(0, { pace }),
    )
    .subscribe();
  source.next(0);
  source.next(1);
  tasks[1]?.next(1);
  expect(pace.observed).toBe(false);
  tasks[0]?.next(0);
  expect(pace.observed).toBe(true);
});

describe('the async context', () => {
  it('is that of the subscription, also behind a replacement that another context has led to', async () => {
    const store = new AsyncLocalStorage<string>();
    const source = new Subject<number>();
    const inner = new Subject<number>();
    const contexts: unknown[] = [];
    store.run('subscription', () =>
      run(
        source.pipe(
          workerPool(
            1,
            (n) => {
              contexts.push(store.getStore());
              return n === 0 ? inner : of(n);
            },
            {
              onTaskError: async () => {
                contexts.push(store.getStore());
                return 0;
              },
            },
          ),
        ),
      ),
    );
    store.run('push', () => {
      source.next(0);
      source.next(1);
    });
    store.run('inner', () => inner.error('task error'));
    await later();
    expect(contexts).toEqual(['subscription', 'subscription', 'subscription']);
  });

  it('is that of the subscription, whoever pushes when the pool is idle again', async () => {
    const store = new AsyncLocalStorage<string>();
    const source = new Subject<number>();
    const contexts: unknown[] = [];
    const task = async (): Promise<void> => void contexts.push(store.getStore());
    store.run('subscription', () => run(source.pipe(workerPool(1, task))));
    for (const n of [1, 2]) {
      store.run('push', () => source.next(n));
      await later();
    }
    expect(contexts).toEqual(['subscription', 'subscription']);
  });

  it('is that of who pushes, or ends the task before it, on a Node without `getBuiltinModule`', () => {
    const store = new AsyncLocalStorage<string>();
    const source = new Subject<number>();
    const inner = new Subject<number>();
    const contexts: unknown[] = [];
    const project = () => {
      contexts.push(store.getStore());
      return inner;
    };
    vi.stubGlobal('process', {});
    store.run('subscription', () => run(source.pipe(workerPool(1, project))));
    vi.unstubAllGlobals(); // at once: others need it
    store.run('push', () => {
      source.next(0);
      source.next(1);
    });
    store.run('end', () => inner.complete());
    expect(contexts).toEqual(['push', 'end']);
  });

  describe('is none where the host has none:', () => {
    it.each([
      ['a browser', undefined],
      ["a bundler's stand-in for Node", {}],
      ['a host without node:async_hooks', { getBuiltinModule: () => undefined }],
    ])('%s', (_, process) => {
      vi.stubGlobal('process', process);
      const seen = run(of(1, 2).pipe(workerPool(1, (n) => of(10 * n))));
      vi.unstubAllGlobals(); // at once: others need it
      expect([seen.values, seen.ends]).toEqual([[10, 20], ['complete']]);
    });
  });
});

it('what a project throws after it has ended the pipe goes to the hook', async () => {
  const source = new Subject<number>();
  const { subscription } = run(
    source.pipe(
      workerPool(1, (): Observable<number> => {
        subscription.unsubscribe();
        throw new Error('too late');
      }),
    ),
  );
  expect(await unhandledBy(() => source.next(1))).toEqual([new Error('too late')]);
});

describe('an option that is not as stated is refused at the call:', () => {
  const number = 'a number of milliseconds ≥ 0';
  const integer = 'an integer ≥ 0';
  it.each<[name: string, options: object, what: string, shown: string]>([
    [
      'overflow',
      { overflow: 'wait' },
      'one of "block", "drop-oldest", "drop-newest", "error"',
      '"wait"',
    ],
    ['onDrop', { onDrop: 1 }, 'a function', '1'],
    ['queue', { queue: -1 }, integer, '-1'],
    ['queue', { queue: Infinity }, integer, 'Infinity'],
    ['maxParked', { maxParked: 0.5 }, `${integer} or Infinity`, '0.5'],
    ['errors', { errors: 'drop' }, 'one of "drain", "immediate"', '"drop"'],
    ['onLink', { onLink: {} }, 'a function', 'Object'],
    ['requireDemand', { requireDemand: 1 }, 'a boolean', '1'],
    ['meter', { meter: {} }, 'a StageMeter', 'Object'],
    ['scheduler.schedule', { scheduler: {} }, 'a function', 'undefined'],
    ['taskTimeout', { taskTimeout: -1 }, number, '-1'],
    ['taskTimeout', { taskTimeout: '5' }, number, '"5"'],
    ['keyBy', { keyBy: 'id' }, 'a function', '"id"'],
    ['ordered', { ordered: 'yes' }, 'a boolean', '"yes"'],
    ['onTaskError', { onTaskError: 'drop' }, '"fail", "skip" or a function', '"drop"'],
    ['outcome', { outcome: 'dropped' }, 'a function', '"dropped"'],
    ['outcome', { outcome: () => {} }, 'given with an adaptive limit', 'Function'],
  ])('%s, %o', (name, options, what, shown) => {
    const message = `Expected \`${name}\` to be ${what}, got ${shown}`;
    expect(() => workerPool(1, of, options)).toThrow(message);
  });

  const limit = { limit: 1, limit$: of(1), max: 1, sample: () => {} };
  it.each<[name: string, concurrency: unknown, what: string, shown: string]>([
    ['concurrency', 0, 'an integer ≥ 1 or Infinity', '0'],
    ['concurrency', 1.5, 'an integer ≥ 1 or Infinity', '1.5'],
    ['concurrency', '2', 'an integer ≥ 1 or Infinity', '"2"'],
    ['concurrency', undefined, 'an integer ≥ 1 or Infinity', 'undefined'],
    ['concurrency', {}, 'an ObservableInput', 'Object'],
    ['concurrency.limit$', { ...limit, limit$: 1 }, 'an ObservableInput', '1'],
    ['concurrency.max', { ...limit, max: 0 }, 'an integer ≥ 1 or Infinity', '0'],
    ['concurrency.sample', { ...limit, sample: undefined }, 'a function', 'undefined'],
  ])('%s: %o', (name, concurrency, what, shown) => {
    const message = `Expected \`${name}\` to be ${what}, got ${shown}`;
    expect(() => workerPool(concurrency as number, of)).toThrow(message);
  });

  it('project, none', () => {
    expect(() => workerPool(1, undefined as never)).toThrow(
      'Expected `project` to be a function, got undefined',
    );
  });

  it('and what is just within it is taken', () => {
    for (const options of [
      { queue: 0, maxParked: 0, taskTimeout: 0 },
      { maxParked: Infinity, taskTimeout: Infinity },
      { onTaskError: 'fail', errors: 'drain', overflow: 'block', ordered: false },
    ] as const) {
      expect(() => workerPool(1, of, options)).not.toThrow();
    }
    expect(() => workerPool({ ...limit, max: Infinity }, of)).not.toThrow();
  });
});
