import {
  NEVER,
  Observable,
  Subject,
  merge,
  mergeMap,
  of,
  takeUntil,
  type OperatorFunction,
  type Subscriber,
} from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  batchWithTimeout,
  demandOf,
  fanOut,
  leakyBucket,
  pullFrom,
  StageMeter,
  workerPool,
  type Demand,
  type DropReason,
  type StageOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';

/*
 * What a callback leads to that is asked about a value which has come: that value stands before whatever the source
 * does meanwhile.
 */

/** An operator whose callback is `asked` about each value. */
type Asking = (
  asked: (value: number) => void,
  options: StageOptions<number>,
) => OperatorFunction<number, number | number[]>;

const asking: Readonly<Record<string, Asking>> = {
  'keyBy of workerPool': (asked, options) =>
    workerPool(3, (n: number) => of(n), { ...options, keyBy: asked }),
  'weigh of batchWithTimeout': (asked, options) =>
    batchWithTimeout<number>(2, Infinity, {
      ...options,
      maxWeight: 9,
      weigh: (n) => {
        asked(n);
        return 1;
      },
    }),
  'cost of leakyBucket': (asked, options) =>
    leakyBucket<number>(3, 1, {
      ...options,
      cost: (n) => {
        asked(n);
        return 1;
      },
    }),
  'keyBy of leakyBucket': (asked, options) =>
    leakyBucket<number>(3, 1, { ...options, keyBy: asked }),
  'by of fanOut': (asked, options) =>
    fanOut(2, (lane: Observable<number>) => lane, {
      ...options,
      by: (n) => {
        asked(n);
        return n;
      },
    }),
};

/** Adds to `told` what `output` gives, and how it ends. */
function listen(output: Observable<number | number[]>, told: unknown[]): void {
  output.subscribe({
    next: (value) => told.push(...[value].flat()),
    error: (error) => told.push(error),
    complete: () => told.push('|'),
  });
}

describe.each(Object.entries(asking))('%s', (_, make) => {
  const bed = (asked: (source: Subject<number>) => void, options: StageOptions<number> = {}) => {
    const source = new Subject<number>();
    const told: unknown[] = [];
    const operator = make((n) => n === 2 && asked(source), {
      ...options,
      onDrop: (value, reason: DropReason) => told.push([value, reason]),
    });
    listen(source.pipe(operator), told);
    source.next(1);
    source.next(2);
    return told;
  };

  it('in which the source completes: the value is delivered first', () => {
    expect(bed((source) => source.complete())).toEqual([1, 2, '|']);
  });

  it('in which the source fails: the value is delivered first', () => {
    expect(bed((source) => source.error('broken'))).toEqual([1, 2, 'broken']);
  });

  it("in which the source fails, under errors: 'immediate': the value is dropped with what is held, or was delivered", () => {
    const told = bed((source) => source.error('broken'), { errors: 'immediate' });
    expect(told.filter((one) => one !== 'broken').map((one) => [one].flat()[0])).toEqual([1, 2]);
    expect(told).toContain('broken');
  });

  it('in which the source pushes and completes: all is delivered', () => {
    const told = bed((source) => {
      source.next(3);
      source.complete();
    });
    expect([...told.slice(0, 3)].sort()).toEqual([1, 2, 3]);
    expect(told.slice(3)).toEqual(['|']);
  });

  it('in which a source begins that can wait: that leaves the value its place', () => {
    const begin = new Subject<void>();
    const pushed = new Subject<number>();
    const pulled = begin.pipe(mergeMap(() => pullFrom(Array.from({ length: 99 }, (_, n) => n))));
    const meter = new StageMeter();
    const operator = make((n) => n === -1 && begin.next(), { meter });
    merge(pulled, pushed).pipe(operator, takeOn(NEVER)).subscribe();
    pushed.next(-1);
    expect(meter.held).toBeGreaterThan(1);
    expect(meter.parked).toBe(0);
  });
});

describe('a value that a callback is asked about as the pipe fails', () => {
  /** A pool whose tasks all wait for `task`. */
  const bed = (keyBy: (n: number, task: Subject<never>) => unknown) => {
    const dropped: unknown[] = [];
    const source = new Subject<number>();
    const task = new Subject<never>();
    source
      .pipe(
        workerPool(2, () => task, {
          keyBy: (n) => keyBy(n, task),
          onDrop: (value, reason) => dropped.push([value, reason]),
        }),
      )
      .subscribe({ error: () => {} });
    return { source, dropped };
  };

  it('is dropped for that', () => {
    const { source, dropped } = bed((n, task) => {
      if (n === 3) task.error('task');
      return n;
    });
    for (const n of [1, 2, 3]) source.next(n);
    expect(dropped).toEqual([1, 2, 3].map((n) => [n, 'error']));
  });

  it('is dropped for that, too, if the callback then throws; the hook hears what', async () => {
    const { source, dropped } = bed((n, task) => {
      if (n === 1) return n;
      task.error('task');
      throw new Error('late');
    });
    source.next(1);
    expect(await unhandledBy(() => source.next(2))).toEqual([new Error('late')]);
    expect(dropped).toEqual([1, 2].map((n) => [n, 'error']));
  });
});

describe('by of fanOut, whose lanes all end as it is asked', () => {
  const bed = (alsoDoes: (source: Subject<number>) => void) => {
    const told: unknown[] = [];
    const source = new Subject<number>();
    const over = new Subject<void>();
    const by = (n: number): number => {
      if (n === 2) {
        alsoDoes(source);
        over.next();
      }
      return n;
    };
    const onDrop = (value: number, reason: DropReason) => told.push([value, reason]);
    listen(source.pipe(fanOut(2, (lane) => lane.pipe(takeUntil(over)), { by, onDrop })), told);
    source.next(1);
    source.next(2);
    return told;
  };

  it('does not complete while it holds the value', () => {
    expect(bed(() => {})).toEqual([1, [2, 'cancelled'], '|']);
  });

  it('fails with its source', () => {
    expect(bed((source) => source.error('broken'))).toEqual([1, [2, 'cancelled'], 'broken']);
  });
});

it('wakes nobody, and shows no room, once the source has ended', () => {
  let above!: Subscriber<string>;
  let demand!: Demand;
  const source = new Observable<string>((subscriber) => {
    above = subscriber;
    demand = demandOf(subscriber) as Demand;
  });
  const task = new Subject<never>();
  const log: string[] = [];
  source
    .pipe(
      workerPool(1, () => task, {
        queue: 0,
        keyBy: (value) => {
          if (value === 'a') return value;
          above.complete();
          task.complete();
          log.push(`room for ${demand.available}`);
          return value;
        },
      }),
    )
    .subscribe();
  above.next('a');
  demand.onAvailable(() => log.push('resumed'));
  above.next('b');
  expect(log).toEqual(['room for 0']);
});
