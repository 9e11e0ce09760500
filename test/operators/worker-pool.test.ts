import { AsyncLocalStorage } from 'node:async_hooks';
import { EMPTY, Observable, Subject, from, of, throwError, type Subscriber } from 'rxjs';
import { pullFrom, StageMeter, workerPool } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
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

it('options that are not as stated are refused at the call', () => {
  const bad = (options: object) => () => workerPool(1, of, options);
  expect(bad({ scheduler: {} })).toThrow('Expected `scheduler.schedule` to be a function');
  expect(bad({ ordered: 'yes' })).toThrow('Expected `ordered` to be a boolean, got "yes"');
  expect(bad({ requireDemand: 1 })).toThrow('Expected `requireDemand` to be a boolean, got 1');
});
