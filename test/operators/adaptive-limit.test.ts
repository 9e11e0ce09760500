import fc from 'fast-check';
import {
  BehaviorSubject,
  EMPTY,
  NEVER,
  Subject,
  from,
  fromEvent,
  map,
  of,
  repeat,
  takeUntil,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  StageMeter,
  aimd,
  gradient2,
  pullFrom,
  vegas,
  workerPool,
  type AdaptiveLimit,
  type LimitSample,
  type TaskContext,
  type WorkerPoolOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
import { HandClock } from '../support/hand-clock.js';
import { later } from '../support/later.js';

/** Tells a limit of tasks by hand, one after the other, all of them in use as far as it goes. */
class Tasks {
  now = 0;

  constructor(readonly limit: AdaptiveLimit) {}

  /** One that ends now. */
  end(latencyMs: number, how: Partial<LimitSample> = {}): number {
    const { limit, now } = this;
    limit.sample({
      startedAt: now - latencyMs,
      latencyMs,
      inFlight: limit.limit,
      dropped: false,
      ...how,
    });
    return limit.limit;
  }

  /** One that starts now, takes its time and ends. */
  run(latencyMs: number, how: Partial<LimitSample> = {}): number {
    this.now += latencyMs;
    return this.end(latencyMs, how);
  }

  /** As many as may run at a time: a probe, or the first window after one, of a limit that wants one sample. */
  fill(latencyMs: number): number {
    for (let left = this.limit.limit; left > 1; left--) this.run(latencyMs);
    return this.run(latencyMs);
  }
}

/** Each task is a window. */
const each = { window: 0, samples: 1 };
const unprobed = { ...each, probe: Infinity };

describe.each([
  ['gradient2', gradient2],
  ['vegas', vegas],
  ['aimd', aimd],
] as const)('%s', (_, make) => {
  it('begins with 20, or with what is nearest in its bounds, or as it is told', () => {
    expect([make().limit, make().max]).toEqual([20, 200]);
    expect(make({ max: 8 }).limit).toBe(8);
    expect(make({ min: 30 }).limit).toBe(30);
    expect(make({ initial: 3 }).limit).toBe(3);
  });

  it('never leaves its bounds, is always whole, and limit$ tells each change once', () => {
    const task = fc.record({
      latencyMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
      waitMs: fc.double({ min: -50, max: 2000, noNaN: true }),
      inFlight: fc.integer({ min: 1, max: 40 }),
      dropped: fc.boolean(),
    });
    const bounds = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 9, max: 30 }));
    fc.assert(
      fc.property(bounds, fc.array(task, { maxLength: 200 }), ([min, max], tasks) => {
        const limit = make({ min, max, initial: 9, window: 100, samples: 2 });
        const told: number[] = [];
        limit.limit$.subscribe((n) => told.push(n));
        let now = 0;
        for (const { waitMs, ...sample } of tasks) {
          now += waitMs;
          limit.sample({ ...sample, startedAt: now });
          expect(limit.limit).toBe(told.at(-1));
        }
        expect(told[0]).toBe(9);
        expect(told.every((n) => Number.isInteger(n) && n >= min && n <= max)).toBe(true);
        expect(told.every((n, i) => n !== told[i - 1])).toBe(true);
      }),
    );
  });

  it('grows only while at least half of it is in use', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 10 }));
    for (let i = 0; i < 9; i++) expect(tasks.run(100, { inFlight: 4 })).toBe(10);
    for (let i = 0; i < 9; i++) tasks.run(100, { inFlight: 5 });
    expect(tasks.limit.limit).toBeGreaterThan(10);
  });

  it('is lowered by a drop, in use or not', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 100 }));
    expect(tasks.run(1, { dropped: true, inFlight: 1 })).toBeLessThan(100);
  });

  it('moves once in a window, which lasts as long as is said and has as many tasks', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 10, window: 1000, samples: 5 }));
    const moves: number[] = [];
    tasks.limit.limit$.subscribe(() => moves.push(tasks.now));
    for (let i = 0; i < 40; i++) tasks.run(100);
    // Windows end with the first task at 1,000 ms and more; one that changes little may change nothing.
    expect(moves.length).toBeGreaterThan(1);
    expect(moves.every((at) => at % 1000 === 0)).toBe(true);
    const few = new Tasks(make({ ...unprobed, initial: 10, samples: 5 }));
    const after: number[] = [];
    for (let i = 0; i < 20; i++) after.push(few.run(100));
    const changed = after.flatMap((n, i) => (n === (after[i - 1] ?? 10) ? [] : [i + 1]));
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((count) => count % 5 === 0)).toBe(true);
  });

  it('one drop is enough for a window, once its time is up', () => {
    const tasks = new Tasks(make({ initial: 100, window: 1000, samples: 99 }));
    tasks.run(1);
    tasks.now += 500;
    expect(tasks.end(1, { dropped: true })).toBe(100);
    tasks.now += 500;
    expect(tasks.end(1)).toBeLessThan(100);
  });

  it('a window is not shorter than its tasks take', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 100, samples: 2 }));
    tasks.run(50);
    const level = tasks.run(50);
    tasks.end(50);
    tasks.now += 40;
    expect(tasks.end(50, { dropped: true })).toBe(level);
    tasks.now += 10;
    expect(tasks.end(50)).toBeLessThan(level);
  });

  it('a window begins where the last one ended, though nothing ran for a while', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 100, window: 1000 }));
    const level = tasks.run(1000);
    tasks.now += 990;
    expect(tasks.run(10, { dropped: true })).toBeLessThan(level);
  });

  it('a task counts that began before the first that ended', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 100, samples: 2 }));
    tasks.now = 100;
    expect(tasks.end(10)).toBe(100);
    tasks.now = 200;
    expect(tasks.end(200, { dropped: true })).toBeLessThan(100);
  });

  it('a clock that is set back holds nothing up', () => {
    const tasks = new Tasks(make({ initial: 100, window: 1000, samples: 1 }));
    tasks.now = 1e9;
    tasks.run(10);
    tasks.now = 0;
    tasks.run(10);
    tasks.now += 1000;
    expect(tasks.run(10, { dropped: true })).toBeLessThan(100);
  });

  it('whoever hears of a change may bring about the next: all hear them in order', () => {
    const tasks = new Tasks(make({ ...unprobed, initial: 100 }));
    const told: number[][] = [[], []];
    tasks.limit.limit$.subscribe((n) => {
      told[0]!.push(n);
      if (n < 100 && told[0]!.length < 4) tasks.run(1, { dropped: true });
    });
    tasks.limit.limit$.subscribe((n) => told[1]!.push(n));
    tasks.run(1, { dropped: true });
    expect(told[0]).toHaveLength(4);
    expect(told[1]).toEqual(told[0]);
    expect(told[0]).toEqual(told[0]!.toSorted((a, b) => b - a));
  });
});

describe('gradient2', () => {
  it('moves by `smoothing` of the way to gradient × limit + queueSize', () => {
    const tasks = new Tasks(gradient2(unprobed));
    // 20 + 0.2 × 4, and so on, in whole tasks.
    expect([1, 2, 3, 4, 5].map(() => tasks.run(100))).toEqual([20, 21, 22, 23, 24]);
    // The usual is 100 + 500 × 2 / 601; 1.5 times that over 600 is under 0.5: 24 + 0.2 × (12 + 4 − 24).
    expect(tasks.run(600)).toBe(22);
  });

  it('takes a latency within the tolerance for usual', () => {
    const tasks = new Tasks(gradient2({ ...unprobed, tolerance: 2, queueSize: 10, smoothing: 1 }));
    tasks.run(100);
    expect(tasks.run(199)).toBe(40);
    // 201 over about 100.5 is more than twice it, by little.
    expect(tasks.run(250)).toBeLessThan(50);
  });

  /** The limit is at once `gradient × limit + 1`. */
  const sharp = { ...each, initial: 100, tolerance: 1, queueSize: 1, smoothing: 1 };

  it('without probes, the usual latency is an average over longWindow windows', () => {
    const tasks = new Tasks(gradient2({ ...sharp, probe: Infinity, longWindow: 3 }));
    expect(tasks.run(100)).toBe(101);
    expect(tasks.run(200)).toBe(76); // halfway, at 150, which is 3/4 of 200
  });

  it('without probes, forgets an overload sooner than by the average', () => {
    const tasks = new Tasks(gradient2({ ...sharp, probe: Infinity, longWindow: 1e9 }));
    tasks.run(1000);
    expect(tasks.run(100)).toBe(102);
    expect(tasks.run(1200)).toBe(77); // a tenth less than 1000, and that is 3/4 of 1200
  });

  it('with probes, the usual latency is what they see', () => {
    const tasks = new Tasks(gradient2({ ...sharp, longWindow: 1 }));
    tasks.run(100);
    expect(tasks.fill(200)).toBe(101);
    expect(tasks.fill(100)).toBe(102); // no less than half of it
    expect(tasks.run(250)).toBe(82); // 200 is 4/5 of it
  });

  it('a window with a drop is one of gradient 0.5', () => {
    const tasks = new Tasks(gradient2({ ...unprobed, smoothing: 1 }));
    expect(tasks.run(1, { dropped: true })).toBe(14);
  });
});

describe('vegas', () => {
  it('by the queue it reckons: under a step grows by beta, under alpha by a step, over beta shrinks', () => {
    const tasks = new Tasks(vegas(unprobed));
    expect(tasks.run(100)).toBe(26); // no queue
    expect(tasks.run(108)).toBe(27); // 26 × 8 / 108 = 1.9
    expect(tasks.run(112)).toBe(28); // 2.9
    expect(tasks.run(120)).toBe(28); // 4.7, between alpha 3 and beta 6
    expect(tasks.run(140)).toBe(27); // 8
    expect(tasks.run(1, { dropped: true })).toBe(26);
  });

  it('a queue of just a step grows it by beta, one of just alpha or beta leaves it as it is', () => {
    const after = (queue: number) => {
      const tasks = new Tasks(vegas({ ...unprobed, initial: 10 }));
      expect(tasks.run(16 - queue)).toBe(16);
      return tasks.run(16); // 16 × (1 − least / 16) is what waits
    };
    expect([0, 1, 2, 3, 6, 7].map(after)).toEqual([22, 22, 17, 16, 16, 15]);
  });

  it('tasks that take no time wait for nothing', () => {
    const tasks = new Tasks(vegas(unprobed));
    expect([tasks.run(0), tasks.run(0)]).toEqual([26, 32]);
  });

  it('alpha and beta may be given, and grow with the limit else', () => {
    const tight = new Tasks(vegas({ ...unprobed, alpha: 1, beta: 2 }));
    tight.run(100);
    expect([tight.run(107), tight.run(120)]).toEqual([22, 21]); // 22 × 7 / 107 = 1.4; 3.7
    const wide = new Tasks(vegas({ ...unprobed, initial: 100 }));
    expect(wide.run(100)).toBe(120); // by a fifth
    expect(wide.run(108)).toBe(122); // 8.9 < 12, by two: the decimal logarithm of 120
    expect(wide.run(120)).toBe(122); // 20.3, between 12.2 and 24.4
    const large = new Tasks(vegas({ ...unprobed, alpha: 10 }));
    expect(large.run(100)).toBe(30); // beta is alpha at least
    const small = new Tasks(vegas({ ...unprobed, beta: 2 }));
    expect([small.run(100), small.run(113)]).toEqual([22, 21]); // alpha is beta at most: 2.5 is over
  });

  it('without probes, the least latency is the least of all windows', () => {
    const tasks = new Tasks(vegas(unprobed));
    tasks.run(100);
    tasks.run(50);
    expect(tasks.run(100)).toBe(31); // 32 × 50 / 100 = 16
  });

  it('with probes, it is what the first saw; of what a later one sees, one half counts', () => {
    const tasks = new Tasks(vegas({ ...each, probe: 2 }));
    tasks.run(100);
    expect(tasks.fill(80)).toBe(26); // the first
    expect(tasks.fill(100)).toBe(26); // 26 × 20 / 100 = 5.2
    tasks.run(100);
    expect(tasks.fill(40)).toBe(26); // the second
    expect(tasks.fill(75)).toBe(26); // 26 × 15 / 75 = 5.2
  });

  it('with probes, no other window counts, however fast', () => {
    const tasks = new Tasks(vegas(each));
    tasks.run(100);
    tasks.fill(100);
    tasks.fill(50);
    expect([tasks.limit.limit, tasks.run(100)]).toEqual([32, 38]);
  });

  it('a probe may see no latency at all', () => {
    const tasks = new Tasks(vegas(each));
    tasks.run(100);
    expect(tasks.fill(0)).toBe(26);
    expect(tasks.fill(100)).toBe(25); // all of it is queue
  });

  it('a probe that sees nothing but drops tells nothing of latency', () => {
    const tasks = new Tasks(vegas(each));
    tasks.run(100);
    expect(tasks.run(1, { dropped: true })).toBe(25);
    expect([tasks.fill(100), tasks.run(200)]).toEqual([31, 30]); // 31 × 100 / 200 = 15.5
  });
});

describe('aimd', () => {
  it('adds one, or takes a tenth and at least one', () => {
    const tasks = new Tasks(aimd({ ...each, initial: 20 }));
    expect([tasks.run(1), tasks.run(1), tasks.run(1, { dropped: true })]).toEqual([21, 22, 19]);
    const few = new Tasks(aimd({ ...each, initial: 2 }));
    expect([few.run(1, { dropped: true }), few.run(1, { dropped: true })]).toEqual([1, 1]);
    const half = new Tasks(aimd({ ...each, backoff: 0.5 }));
    expect(half.run(1, { dropped: true })).toBe(10);
    const hardly = new Tasks(
      aimd({ ...each, backoff: 1 - Number.EPSILON / 2, max: 2000, initial: 1024 }),
    );
    expect(hardly.run(1, { dropped: true })).toBe(1023);
  });

  it('takes a task for dropped that takes longer than `timeout`', () => {
    const tasks = new Tasks(aimd({ ...each, timeout: 50 }));
    expect([tasks.run(50), tasks.run(51)]).toEqual([21, 18]);
  });
});

describe.each([
  ['gradient2', gradient2],
  ['vegas', vegas],
] as const)('a probe of %s', (_, make) => {
  it('lowers the limit to a quarter for a window, of tasks that began since', () => {
    const tasks = new Tasks(make({ ...each, initial: 20, probe: 2 }));
    const quarter = Math.floor(new Tasks(make(unprobed)).run(100) / 4);
    expect(tasks.run(100)).toBe(quarter);
    for (let i = 0; i < 9; i++) expect(tasks.end(100)).toBe(quarter); // they began before
    const back = tasks.fill(100);
    expect(back).toBeGreaterThanOrEqual(20);
    // Those that began under the probe tell nothing of the full limit.
    tasks.now += 1;
    for (let i = 0; i < 99; i++) expect(tasks.end(10)).toBe(back);
    tasks.fill(100);
    expect(tasks.run(100)).toBeLessThan(back / 2);
  });

  it('lasts until `samples` tasks have ended for each in progress, as does the window after it', () => {
    const tasks = new Tasks(make({ window: 0, samples: 3, initial: 16 }));
    const change = (count: number): number => {
      const before = tasks.limit.limit;
      for (let i = 1; i < count; i++) expect(tasks.run(100)).toBe(before);
      expect(tasks.run(100)).not.toBe(before);
      return tasks.limit.limit;
    };
    const probed = change(3);
    expect(probed).toBeLessThan(10);
    const full = change(3 * probed);
    expect(full).toBeGreaterThanOrEqual(16);
    change(3 * full);
    change(3);
  });

  it('never goes below `min`', () => {
    const tasks = new Tasks(make({ ...each, min: 10 }));
    expect(tasks.run(100)).toBe(10);
  });

  it('waits while the limit is not in use', () => {
    const tasks = new Tasks(make({ ...each, probe: 1 }));
    for (let i = 0; i < 9; i++) expect(tasks.run(100, { inFlight: 1 })).toBe(20);
  });

  it('lets nothing pass unnoticed: a drop in it counts', () => {
    const tasks = new Tasks(make({ ...each, initial: 100 }));
    tasks.run(100, { dropped: true });
    tasks.run(100, { dropped: true });
    expect(tasks.limit.limit).toBeLessThan(100);
  });
});

/** A limit of 2 to begin with and 3 at most, that says what it hears. */
class Heard implements AdaptiveLimit {
  readonly max = 3;
  readonly samples: LimitSample[] = [];
  private readonly level = new BehaviorSubject(2);
  readonly limit$ = this.level.asObservable();

  get limit(): number {
    return this.level.value;
  }

  move(limit: number): void {
    this.level.next(limit);
  }

  sample(sample: LimitSample): void {
    this.samples.push(sample);
  }
}

function bed(
  project: (
    n: number,
    clock: HandClock,
    context: TaskContext,
  ) => Observable<number> | Promise<number>,
  options: WorkerPoolOptions<number, Observable<number>> = {},
) {
  const clock = new HandClock();
  const limit = new Heard();
  const source = new Subject<number>();
  const meter = new StageMeter();
  const ends: unknown[] = [];
  const values: number[] = [];
  const started: number[] = [];
  const run = (n: number, context: TaskContext) => {
    started.push(n);
    return project(n, clock, context);
  };
  const subscription = source
    .pipe(workerPool(limit, run, { meter, scheduler: clock, ...options }))
    .subscribe({
      next: (n) => values.push(n),
      error: (error: unknown) => ends.push(error),
      complete: () => ends.push('complete'),
    });
  return { clock, limit, source, meter, ends, values, started, subscription };
}

const lasting = (n: number, clock: HandClock) => timer(n, clock).pipe(map(() => n));

describe('a pool tells its limit', () => {
  it('when a task began, how long it took by the scheduler, and how many were in progress', () => {
    const { clock, limit, source } = bed(lasting);
    clock.advance(5);
    source.next(30);
    clock.advance(10);
    source.next(40);
    clock.advance(50);
    expect(limit.samples).toEqual([
      { startedAt: 5, latencyMs: 30, inFlight: 1, dropped: false },
      { startedAt: 15, latencyMs: 40, inFlight: 2, dropped: false },
    ]);
  });

  it('of promises too', async () => {
    const { limit, source } = bed(async (n) => n);
    source.next(1);
    await later();
    expect(limit.samples).toEqual([{ startedAt: 0, latencyMs: 0, inFlight: 1, dropped: false }]);
  });

  it('nothing of an error, but of a timeout that the task was dropped', () => {
    const { clock, limit, source } = bed((n) => (n === 1 ? throwError(() => 'error') : NEVER), {
      onTaskError: 'skip',
      taskTimeout: 20,
    });
    source.next(1);
    source.next(2);
    expect(limit.samples).toEqual([]);
    clock.advance(20);
    expect(limit.samples).toEqual([{ startedAt: 0, latencyMs: 20, inFlight: 1, dropped: true }]);
  });

  it('of a timeout that the task was dropped, though its input completes as its signal aborts', () => {
    const { clock, limit, source } = bed(
      (_, __, { signal }) => NEVER.pipe(takeUntil(fromEvent(signal, 'abort'))),
      { onTaskError: 'skip', taskTimeout: 20 },
    );
    source.next(1);
    clock.advance(20);
    expect(limit.samples.map(({ dropped }) => dropped)).toEqual([true]);
  });

  it('what `outcome` says; where it says nothing, the default', () => {
    const asked: unknown[] = [];
    const said = { 1: 'dropped', 2: 'success', 11: 'ignore' } as const;
    const { limit, source, clock } = bed(
      (n, by) => (n < 10 ? throwError(() => `error ${n}`) : lasting(n, by)),
      {
        onTaskError: 'skip',
        outcome: (error, value) => {
          asked.push([error, value]);
          return said[value as keyof typeof said];
        },
      },
    );
    for (const n of [1, 2, 3, 11, 12]) source.next(n);
    clock.advance(12);
    expect(asked).toEqual([
      ['error 1', 1],
      ['error 2', 2],
      ['error 3', 3],
      [undefined, 11],
      [undefined, 12],
    ]);
    expect(limit.samples.map(({ latencyMs, dropped }) => [latencyMs, dropped])).toEqual([
      [0, true],
      [0, false],
      [12, false],
    ]);
  });

  it('before the pipe fails for the task', () => {
    const { limit, source, ends } = bed(() => throwError(() => 'busy'), {
      outcome: () => 'dropped',
    });
    source.next(1);
    expect([limit.samples.length, ends]).toEqual([1, ['busy']]);
  });

  it('once, where onTaskError puts something in the place of a task', () => {
    const { limit, source, values } = bed(() => throwError(() => 'busy'), {
      outcome: () => 'dropped',
      onTaskError: (_, n) => of(n),
    });
    source.next(7);
    expect([values, limit.samples.length]).toEqual([[7], 1]);
  });

  it('nothing of tasks that are given up with the pipe', () => {
    const { clock, limit, source, subscription } = bed(lasting);
    source.next(5);
    subscription.unsubscribe();
    clock.advance(9);
    expect(limit.samples).toEqual([]);
  });

  it('of the task alone: results that wait to be taken take no time, and are not in progress', () => {
    const clock = new HandClock();
    const limit = new Heard();
    const ticks = new Subject<void>();
    pullFrom([10, 10, 10])
      .pipe(
        workerPool(limit, (n) => lasting(n, clock), { scheduler: clock }),
        takeOn(ticks),
      )
      .subscribe();
    clock.advance(100);
    expect(limit.samples).toHaveLength(2);
    ticks.next();
    clock.advance(100);
    expect(limit.samples).toEqual([
      { startedAt: 0, latencyMs: 10, inFlight: 1, dropped: false },
      { startedAt: 0, latencyMs: 10, inFlight: 2, dropped: false },
      { startedAt: 100, latencyMs: 10, inFlight: 1, dropped: false },
    ]);
  });

  it('nothing where the clock was set back meanwhile', () => {
    let now = 100;
    const task = new Subject<number>();
    const scheduler = { now: () => now, schedule: () => EMPTY.subscribe() };
    const { limit, source } = bed(() => task, { scheduler });
    source.next(1);
    now = 50;
    task.complete();
    expect(limit.samples).toEqual([]);
  });
});

describe('a pool under a limit', () => {
  it('has a queue for as many values as the limit can ever be, but where that is told', () => {
    const { meter, limit } = bed(lasting);
    expect(meter.capacity).toBe(2 + 3);
    limit.move(1);
    expect(meter.capacity).toBe(1 + 3);
    expect(bed(lasting, { queue: 7 }).meter.capacity).toBe(2 + 7);
  });

  it('has no queue where that can be Infinity, but where it is told', () => {
    const meter = new StageMeter();
    const limit = { limit: 2, limit$: of(2), max: Infinity, sample: () => {} };
    const capacity = (options: { queue?: number }): number => {
      of(1)
        .pipe(workerPool(limit, of, { meter, ...options }))
        .subscribe();
      return meter.capacity;
    };
    expect([capacity({}), capacity({ queue: 7 })]).toEqual([2, 2 + 7]);
  });

  it('reads `limit` when it hears of a change, whatever it hears', () => {
    const meter = new StageMeter();
    const limit = { limit: 2, limit$: of(9), max: 3, sample: () => {} };
    of(1)
      .pipe(workerPool(limit, of, { meter }))
      .subscribe();
    expect(meter.capacity).toBe(2 + 3);
  });

  it('shows as much room as there is, and is pulled on when the limit is raised', () => {
    const limit = new Heard();
    let pulled = 0;
    const counted = (function* () {
      for (;;) yield pulled++;
    })();
    pullFrom(counted)
      .pipe(workerPool(limit, () => NEVER))
      .subscribe();
    expect(pulled).toBe(2 + 3);
    limit.move(3);
    expect(pulled).toBe(3 + 3);
    limit.move(1);
    limit.move(3);
    expect(pulled).toBe(3 + 3);
  });

  it('goes by it before the next start: what the end of a task leads to counts for that', () => {
    const { clock, limit, source, started } = bed(lasting);
    limit.sample = () => limit.move(1);
    for (const n of [10, 20, 30, 40]) source.next(n);
    clock.advance(10);
    expect(started).toEqual([10, 20]);
    clock.advance(10);
    expect(started).toEqual([10, 20, 30]);
    clock.advance(30);
    expect(started).toEqual([10, 20, 30, 40]);
  });

  it('starts what a failure makes room for, while something else takes the place of the task', () => {
    const { clock, limit, source, started } = bed(() => NEVER, {
      taskTimeout: 10,
      onTaskError: () => NEVER,
    });
    limit.sample = () => limit.move(3);
    for (const n of [1, 2, 3]) source.next(n);
    expect(started).toEqual([1, 2]);
    clock.advance(10);
    expect(started).toEqual([1, 2, 3]);
  });

  it('wakes the source for it', () => {
    const clock = new HandClock();
    const limit = new Heard();
    limit.sample = () => limit.move(3);
    let pulled = 0;
    const counted = (function* () {
      for (;;) yield pulled++;
    })();
    pullFrom(counted)
      .pipe(
        workerPool(limit, () => NEVER, {
          queue: 0,
          scheduler: clock,
          taskTimeout: 10,
          onTaskError: () => NEVER,
        }),
      )
      .subscribe();
    expect(pulled).toBe(2);
    clock.advance(10);
    expect(pulled).toBe(3);
  });

  it('goes on from where it was when it is subscribed again', () => {
    const limit = aimd({ ...each, initial: 2, min: 1, max: 9 });
    const told: number[] = [];
    limit.limit$.subscribe((n) => told.push(n));
    from([1, 2])
      .pipe(
        workerPool(limit, (n) => of(n)),
        repeat(3),
      )
      .subscribe();
    expect(told).toEqual([2, 3]); // one at a time is half of 2, not of 3
  });

  it('may share it with another: each runs as many, and both tell of theirs', () => {
    const clock = new HandClock();
    const limit = aimd({ ...each, initial: 2, max: 9 });
    const running = [0, 0];
    const pools = running.map((_, i) =>
      from([10, 10, 10, 10, 10]).pipe(
        workerPool(
          limit,
          (n) => {
            running[i]!++;
            return lasting(n, clock);
          },
          { scheduler: clock },
        ),
      ),
    );
    for (const pool of pools) pool.subscribe();
    expect(running).toEqual([2, 2]);
    clock.advance(10);
    // Four tasks of ten ms ended: four windows, of which those in use count.
    expect(limit.limit).toBeGreaterThan(2);
    expect(running).toEqual([5, 5]);
  });

  it.each(['outcome', 'sample'])('%s may push: what comes waits for its turn', (where) => {
    const push = () => {
      if (it.started.length < 3) it.source.next(5);
    };
    const it: ReturnType<typeof bed> = bed(lasting, {
      outcome: () => {
        if (where === 'outcome') push();
        return 'success';
      },
    });
    if (where === 'sample') it.limit.sample = push;
    it.source.next(5);
    it.clock.advance(50);
    expect([it.values, it.meter.held]).toEqual([[5, 5, 5], 0]);
  });

  it.each(['outcome', 'sample'])('%s may unsubscribe: the result is dropped', async (where) => {
    const dropped: unknown[] = [];
    const it: ReturnType<typeof bed> = bed(async (n) => n, {
      onDrop: (n, reason) => dropped.push([n, reason]),
      outcome: () => {
        if (where === 'outcome') it.subscription.unsubscribe();
        return 'success';
      },
    });
    if (where === 'sample') it.limit.sample = () => it.subscription.unsubscribe();
    it.source.next(5);
    await later();
    expect([it.values, it.ends, dropped]).toEqual([[], [], [[5, 'unsubscribed']]]);
    expect([it.meter.received, it.meter.dropped, it.meter.held]).toEqual([1, 1, 0]);
  });

  it('what `outcome` pushes does not start before the limit has heard of the task', () => {
    const it: ReturnType<typeof bed> = bed(lasting, {
      outcome: () => {
        it.source.next(6);
        return 'success';
      },
    });
    it.limit.sample = () => it.limit.move(0);
    it.source.next(5);
    it.clock.advance(5);
    expect(it.started).toEqual([5]);
    it.limit.move(1);
    expect(it.started).toEqual([5, 6]);
  });

  it('nothing follows from a failure when `outcome` has unsubscribed', async () => {
    let asked = 0;
    const it: ReturnType<typeof bed> = bed(() => throwError(() => 'busy'), {
      outcome: () => {
        it.subscription.unsubscribe();
        return 'dropped';
      },
      onTaskError: () => {
        asked++;
        return EMPTY;
      },
    });
    expect(await unhandledBy(() => it.source.next(1))).toEqual([]);
    expect([asked, it.ends, it.meter.dropped]).toEqual([0, [], 1]);
  });

  it('fails where `outcome` says what is none', () => {
    const { source, ends } = bed((n) => of(n), { outcome: (): never => 'fine' as never });
    source.next(1);
    expect(ends).toEqual([
      new TypeError(
        'Expected `outcome(error, value)` to be one of "success", "ignore", "dropped", got "fine"',
      ),
    ]);
  });

  it('measures nothing where it is a number, or an Observable of numbers', () => {
    let read = 0;
    const scheduler = { now: () => read++, schedule: () => EMPTY.subscribe() };
    for (const concurrency of [2, of(2)]) {
      from([1, 2, 3])
        .pipe(workerPool(concurrency, (n) => of(n), { scheduler }))
        .subscribe();
    }
    expect(read).toBe(0);
  });
});

describe('an option that is not as stated is refused at the call:', () => {
  const finite = 'a finite number';
  it.each([
    ['min', '0', 'an integer ≥ 1', () => aimd({ min: 0 })],
    ['max', '4', 'an integer ≥ 5', () => aimd({ min: 5, max: 4 })],
    ['max', 'Infinity', 'an integer ≥ 1', () => aimd({ max: Infinity })],
    ['initial', '1', 'an integer from 2 to 9', () => aimd({ min: 2, max: 9, initial: 1 })],
    ['initial', '10', 'an integer from 2 to 9', () => aimd({ min: 2, max: 9, initial: 10 })],
    ['initial', '2.5', 'an integer from 2 to 9', () => aimd({ min: 2, max: 9, initial: 2.5 })],
    ['window', '"5"', `${finite} of milliseconds ≥ 0`, () => aimd({ window: '5' as never })],
    ['window', '-1', `${finite} of milliseconds ≥ 0`, () => aimd({ window: -1 })],
    ['window', 'Infinity', `${finite} of milliseconds ≥ 0`, () => aimd({ window: Infinity })],
    ['samples', '0', 'an integer ≥ 1', () => aimd({ samples: 0 })],
    ['probe', '0', 'an integer ≥ 1 or Infinity', () => vegas({ probe: 0 })],
    ['backoff', '"0.5"', 'a number ≥ 0.5 and < 1', () => aimd({ backoff: '0.5' as never })],
    ['backoff', '0.4', 'a number ≥ 0.5 and < 1', () => aimd({ backoff: 0.4 })],
    ['backoff', '1', 'a number ≥ 0.5 and < 1', () => aimd({ backoff: 1 })],
    ['timeout', '"5"', 'a number of milliseconds > 0', () => aimd({ timeout: '5' as never })],
    ['timeout', '0', 'a number of milliseconds > 0', () => aimd({ timeout: 0 })],
    ['tolerance', '"5"', `${finite} ≥ 1`, () => gradient2({ tolerance: '5' as never })],
    ['tolerance', '0.9', `${finite} ≥ 1`, () => gradient2({ tolerance: 0.9 })],
    ['tolerance', 'NaN', `${finite} ≥ 1`, () => gradient2({ tolerance: NaN })],
    ['tolerance', 'Infinity', `${finite} ≥ 1`, () => gradient2({ tolerance: Infinity })],
    ['queueSize', '0', 'an integer ≥ 1', () => gradient2({ queueSize: 0 })],
    ['smoothing', '"1"', 'a number > 0 and ≤ 1', () => gradient2({ smoothing: '1' as never })],
    ['smoothing', '0', 'a number > 0 and ≤ 1', () => gradient2({ smoothing: 0 })],
    ['smoothing', '1.1', 'a number > 0 and ≤ 1', () => gradient2({ smoothing: 1.1 })],
    ['longWindow', '0', 'an integer ≥ 1', () => gradient2({ longWindow: 0 })],
    ['alpha', '"5"', 'a number > 0', () => vegas({ alpha: '5' as never })],
    ['alpha', '0', 'a number > 0', () => vegas({ alpha: 0 })],
    ['beta', '"5"', `${finite} ≥ 1 and ≥ \`alpha\``, () => vegas({ beta: '5' as never })],
    ['beta', '0.5', `${finite} ≥ 1 and ≥ \`alpha\``, () => vegas({ alpha: 0.5, beta: 0.5 })],
    ['beta', '2', `${finite} ≥ 1 and ≥ \`alpha\``, () => vegas({ alpha: 3, beta: 2 })],
    ['beta', 'Infinity', `${finite} ≥ 1 and ≥ \`alpha\``, () => vegas({ beta: Infinity })],
  ])('%s, %s', (name, shown, what, call) => {
    expect(call).toThrow(new RangeError(`Expected \`${name}\` to be ${what}, got ${shown}`));
  });

  it('and what is just within it is taken', () => {
    expect(aimd({ min: 3, max: 3, backoff: 0.5, timeout: Infinity }).limit).toBe(3);
    expect(gradient2({ tolerance: 1, queueSize: 1, smoothing: 1, longWindow: 1 }).limit).toBe(20);
    expect(vegas({ initial: 200, samples: 1, probe: 1, beta: 1 }).limit).toBe(200);
    expect(vegas({ min: 20, initial: 20, alpha: 1, beta: 1 }).limit).toBe(20);
  });
});
