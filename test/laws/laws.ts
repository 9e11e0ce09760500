import {
  EMPTY,
  NEVER,
  Observable,
  Subject,
  concat,
  from,
  mergeMap,
  of,
  range,
  take,
  takeUntil,
  throwError,
} from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import { bufferedChannel, demandOf, pullFrom, type Demand } from 'rxjs-sluice/operators';
import { expect } from 'vitest';
import { later } from '../support/later.js';
import { Bed, naturals, roomWhenAsked, unhandledBy } from './bed.js';
import { plant, through } from './planted.js';
import { subjects, type Inside, type Operator, type Options, type Specimen } from './subjects.js';

export interface Law {
  readonly number: number;
  readonly says: string;
  /** Whether it says anything of this specimen. Default: of each. */
  readonly applies?: (specimen: Specimen) => boolean;
  /** Rejects where the specimen breaks the law. */
  readonly check: (specimen: Specimen) => Promise<void>;
  /** An operator with one thing wrong with it, for which it must reject. */
  readonly broken: Specimen;
}

/** The subjects of which a law says something. */
export const subjectsOf = ({ applies = () => true }: Law): readonly Specimen[] =>
  subjects.filter(applies);

const passesDemand = ({ cuts }: Specimen) => !cuts;

type Make = (fail: () => never, options: Options, inside: Inside) => Operator;

const failing = (count: number) =>
  concat(
    from(naturals(count)),
    throwError(() => 'source error'),
  );

/** Pseudo-random, the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => (state = (state * 48_271) % 2_147_483_647) % sides;
}

/** Each value as often as it comes out. */
const copied = ({ copies = 1 }: Specimen, values: readonly number[]) =>
  values.flatMap((n) => Array<number>(copies).fill(n));

const all = (specimen: Specimen, count: number) => copied(specimen, naturals(count));

const arrived = (specimen: Specimen, count: number) =>
  all(specimen, count).filter((n) => !specimen.fails?.(n));

export const laws: readonly Law[] = [
  {
    number: 1,
    says: 'at every instant received = delivered + dropped + held, by the meter and by counters outside, under every policy and end',
    async check(specimen) {
      const { copies = 1 } = specimen;
      for (const overflow of ['block', 'drop-oldest', 'drop-newest', 'error'] as const) {
        for (const end of ['unsubscribe', 'complete', 'error', 'error at once'] as const) {
          const roll = dice(overflow.length * 7 + end.length);
          const source = new Subject<number>();
          const errors = end === 'error at once' ? 'immediate' : 'drain';
          const bed = await new Bed(specimen, { options: { overflow, errors } }).begin(source);
          let sent = 0;
          for (let i = 0; i < 60; i++) {
            if (roll(3) > 0) {
              if (source.observed) sent++;
              source.next(i);
            } else await bed.step();
            verifyConservation(bed.meter);
            expect(bed.meter.received).toBe(sent * copies);
            if (!specimen.async) expect(bed.meter.dropped).toBe(bed.dropped.length);
          }
          if (end === 'unsubscribe') bed.subscription.unsubscribe();
          else if (end === 'complete') source.complete();
          else source.error('source error');
          await bed.steps(end === 'unsubscribe' ? 0 : 80 * copies);
          verifyConservation(bed.meter);
          expect(bed.meter.held).toBe(0);
          expect(bed.accounted).toHaveLength(sent * copies);
          expect(new Set(bed.accounted).size).toBe(sent);
          if (end !== 'unsubscribe') expect(bed.ends).toHaveLength(1);
        }
      }
    },
    broken: plant((options) => bufferedChannel(3, { ...options, onDrop: undefined })),
  },
  {
    number: 1,
    says: 'each dropped value is heard of with the reason',
    async check(specimen) {
      const source = new Subject<number>();
      const bed = await new Bed(specimen).begin(source);
      for (const n of naturals(40)) {
        if (n === 20) await bed.step();
        source.next(n);
      }
      await bed.turn();
      bed.subscription.unsubscribe();
      expect(bed.accounted).toEqual(all(specimen, 40));
      expect(bed.reasons).toEqual(['unsubscribed']);
    },
    broken: plant((options) =>
      bufferedChannel(3, {
        ...options,
        onDrop: (value) => options.onDrop?.(value as never, 'error'),
      }),
    ),
  },
  {
    number: 2,
    says: 'a source that waits never makes it hold more than its capacity',
    applies: passesDemand,
    async check(specimen) {
      const bed = new Bed(specimen).run(pullFrom(naturals(50)));
      await bed.steps(160);
      expect(bed.meter.maxHeld).toBeLessThanOrEqual(specimen.holds);
      expect(bed.values.toSorted((a, b) => a - b)).toEqual(arrived(specimen, 50));
      expect(bed.ends).toEqual(['complete']);
    },
    broken: plant((options) => bufferedChannel(9, options)),
  },
  {
    number: 2,
    says: 'nor do 100 asynchronous ones, each of which keeps one value in hand at most; nobody starves',
    applies: passesDemand,
    async check(specimen) {
      let pulled = 0;
      async function* one(n: number) {
        pulled++;
        yield await Promise.resolve(n);
      }
      const bed = new Bed(specimen).run(
        from(naturals(100)).pipe(mergeMap((n) => pullFrom(one(n)))),
      );
      for (let i = 0; i < 320; i++) {
        bed.ticks.next();
        await later();
        bed.clock.advance(1);
      }
      await later();
      expect(pulled).toBe(100);
      expect(bed.meter.maxHeld).toBeLessThanOrEqual(specimen.holds);
      expect(bed.values.toSorted((a, b) => a - b)).toEqual(arrived(specimen, 100));
    },
    broken: plant((options) => bufferedChannel(9, options)),
  },
  {
    number: 2,
    says: 'but for what one pulled value expands into',
    applies: passesDemand,
    async check(specimen) {
      const bed = new Bed(specimen).run(
        pullFrom(naturals(20)).pipe(mergeMap((n) => [3 * n, 3 * n + 1, 3 * n + 2])),
      );
      await bed.steps(200);
      const { holds, copies = 1 } = specimen;
      expect(bed.meter.maxHeld).toBeLessThanOrEqual(holds + 2 * copies);
      expect(bed.values.toSorted((a, b) => a - b)).toEqual(arrived(specimen, 60));
    },
    broken: plant((options) => bufferedChannel(9, options)),
  },
  {
    number: 3,
    says: 'first in, first out, but where an option says otherwise',
    async check(specimen) {
      const { lineOf = () => 'all' } = specimen;
      const source = new Subject<number>();
      const bed = await new Bed(specimen).begin(source);
      for (const n of naturals(40)) {
        source.next(n);
        if (n % 3 === 0) await bed.step();
      }
      source.complete();
      await bed.steps(120);
      for (const line of new Set(naturals(40).map(lineOf))) {
        const inLine = bed.values.filter((n) => lineOf(n) === line);
        expect(inLine).toEqual(arrived(specimen, 40).filter((n) => lineOf(n) === line));
      }
    },
    broken: plant((_, sound) => {
      let kept: number | undefined;
      return through(sound(), (value, next) => {
        if (kept === undefined) kept = value;
        else {
          next(value);
          next(kept);
          kept = undefined;
        }
      });
    }),
  },
  {
    number: 4,
    says: 'completion and error come once, after all that is held, and nothing after them',
    async check(specimen) {
      for (const [source, end] of [
        [from(naturals(10)), 'complete'],
        [failing(10), 'source error'],
        [EMPTY, 'complete'],
      ] as const) {
        const bed = await new Bed(specimen).begin(source);
        await bed.steps(60);
        const expected = source === EMPTY ? [] : arrived(specimen, 10);
        expect(bed.values.toSorted((a, b) => a - b)).toEqual(expected);
        expect(bed.ends).toEqual([end]);
        expect(bed.reasons.filter((reason) => reason !== 'task-error')).toEqual([]);
      }
    },
    broken: plant((options) => bufferedChannel(3, { ...options, errors: 'immediate' })),
  },
  {
    number: 4,
    says: "with errors: 'immediate' an error comes at once, and what is held is dropped for it",
    async check(specimen) {
      const bed = await new Bed(specimen, { options: { errors: 'immediate' } }).begin(failing(10));
      if (specimen.lazy) await bed.step();
      expect(bed.ends).toEqual(['source error']);
      expect([bed.accounted, bed.meter.held]).toEqual([all(specimen, 10), 0]);
      expect(bed.reasons).toEqual(['error']);
    },
    broken: plant((options) => bufferedChannel(3, { ...options, errors: 'drain' })),
  },
  {
    number: 4,
    says: 'it completes in the turn of its last value, without further demand',
    async check(specimen) {
      const bed = new Bed(specimen, { demand: false }).run(of(1));
      for (let i = 0; i < 5; i++) {
        bed.clock.advance(1);
        await bed.turn();
      }
      expect([bed.values, bed.ends]).toEqual([copied(specimen, [1]), ['complete']]);
    },
    broken: plant((_, sound) => (source) => concat(source.pipe(sound()), NEVER)),
  },
  {
    number: 5,
    says: 'unsubscribing releases the source, aborts the signals of tasks and stops timers, in the same turn, whatever is held',
    async check(specimen) {
      for (const held of [0, 1, 3, 20]) {
        const source = new Subject<number>();
        const bed = await new Bed(specimen).begin(source);
        for (const n of naturals(held)) source.next(n);
        await bed.turn();
        bed.subscription.unsubscribe();
        expect([source.observed, bed.clock.armed, bed.meter.held]).toEqual([false, 0, 0]);
        for (const [value] of bed.dropped) expect(bed.signals.get(value)?.aborted).not.toBe(false);
        const aborted = [...bed.signals.values()].filter((signal) => signal.aborted);
        if (specimen.running && held > 0) expect(aborted).not.toEqual([]);
        const values = bed.values.length;
        await bed.steps(5);
        expect(bed.values.length).toBe(values);
      }
    },
    broken: plant(
      (options) => (source) =>
        new Observable((subscriber) => {
          source.pipe(bufferedChannel(3, options)).subscribe((value) => subscriber.next(value));
        }),
    ),
  },
  {
    number: 5,
    says: 'a source that waits for room is released too, its iterator closed once',
    applies: passesDemand,
    async check(specimen) {
      let returned = 0;
      function* many() {
        try {
          for (let n = 0; n < 1e5; n++) yield n;
        } finally {
          returned++;
        }
      }
      const bed = new Bed(specimen).run(pullFrom(many()));
      await bed.turn();
      await bed.step();
      expect(returned).toBe(0);
      bed.subscription.unsubscribe();
      expect(returned).toBe(1);
      await bed.steps(3);
      expect(returned).toBe(1);
    },
    broken: plant(
      (options) => (source) =>
        new Observable((subscriber) => {
          source.pipe(bufferedChannel(3, options)).subscribe((value) => subscriber.next(value));
        }),
    ),
  },
  {
    number: 5,
    says: 'take and takeUntil, above and below it, release the source in the same turn',
    async check(specimen) {
      const stop = new Subject<void>();
      const three = all(specimen, 3);

      const taken = new Subject<number>();
      const above = new Bed(specimen, { demand: false }).run(taken.pipe(take(3)));
      for (const n of naturals(9)) taken.next(n);
      expect(taken.observed).toBe(false);

      const stopped = new Subject<number>();
      const until = new Bed(specimen, { demand: false }).run(stopped.pipe(takeUntil(stop)));
      for (const n of naturals(3)) stopped.next(n);
      stop.next();
      expect(stopped.observed).toBe(false);

      for (const bed of [above, until]) {
        await bed.turn();
        await bed.steps(20);
        expect([bed.accounted, bed.ends]).toEqual([three, ['complete']]);
      }

      const cut = new Subject<number>();
      let observed: boolean | undefined;
      const below = new Bed(specimen, {
        demand: false,
        below: (output) =>
          new Observable((subscriber) =>
            output.pipe(take(1)).subscribe({
              next: (value) => subscriber.next(value),
              complete: () => {
                observed = cut.observed;
                subscriber.complete();
              },
            }),
          ),
      }).run(cut);
      for (const n of naturals(9)) cut.next(n);
      await below.turn();
      await below.steps(5);
      expect([below.ends, cut.observed, below.clock.armed]).toEqual([['complete'], false, 0]);
      expect(observed).toBeDefined();

      const ended = new Subject<number>();
      const cutUntil = new Bed(specimen, { below: (o) => o.pipe(takeUntil(stop)) }).run(ended);
      for (const n of naturals(9)) ended.next(n);
      stop.next();
      expect([ended.observed, cutUntil.clock.armed, cutUntil.meter.held]).toEqual([false, 0, 0]);
    },
    broken: plant(
      (options) => (source) =>
        new Observable((subscriber) => {
          source.pipe(bufferedChannel(3, options)).subscribe({
            next: (value) => subscriber.next(value),
            complete: () => subscriber.complete(),
          });
        }),
    ),
  },
  {
    number: 6,
    says: 'no value waits for a promise, a microtask or a timer of the host; time comes from the scheduler alone',
    async check(specimen) {
      const used = new Set<string>();
      const restore = [
        spyOn(globalThis, 'setTimeout', used),
        spyOn(globalThis, 'setInterval', used),
        spyOn(globalThis, 'setImmediate', used),
        spyOn(Date, 'now', used),
        spyOn(performance, 'now', used),
        ...(specimen.async
          ? []
          : [spyOn(globalThis, 'queueMicrotask', used), spyOn(Promise.prototype, 'then', used)]),
      ];
      const bed = new Bed(specimen);
      try {
        bed.run(pullFrom(naturals(20)));
        for (let i = 0; i < (specimen.async ? 0 : 80); i++) {
          bed.ticks.next();
          bed.clock.advance(1);
        }
        for (let i = 0; i < (specimen.async ? 200 : 0); i++) {
          bed.ticks.next();
          await Promise.resolve();
        }
      } finally {
        for (const undo of restore) undo();
      }
      expect(bed.values.toSorted((a, b) => a - b)).toEqual(arrived(specimen, 20));
      expect([bed.ends, [...used]]).toEqual([['complete'], []]);
    },
    broken: plant((_, sound) =>
      through(sound(), (value, next) => {
        void Promise.resolve().then(() => next(value));
      }),
    ),
  },
  {
    number: 7,
    says: 'while nothing waits for one, there is no timer',
    async check(specimen) {
      const source = new Subject<number>();
      const bed = await new Bed(specimen, { demand: false }).begin(source);
      const idle = bed.clock.armed;
      for (const n of naturals(7)) source.next(n);
      for (let i = 0; i < 20; i++) {
        await bed.turn();
        bed.clock.advance(1);
      }
      expect(bed.accounted).toEqual(all(specimen, 7));
      // What `credit` is told is banked, and what a limit is told stays: they are listened to all the time.
      if (!specimen.listens) expect([idle, bed.clock.armed]).toEqual([0, 0]);
      if (!specimen.timed) expect(bed.clock.made).toBe(0);
    },
    broken: {
      ...plant((options) => bufferedChannel(3, options)),
      make: (options, { clock }) => {
        clock.schedule(() => {}, 1000);
        return bufferedChannel<number>(3, options);
      },
    },
  },
  {
    number: 7,
    says: 'deadlines do not drift, and may lie beyond 2^31 − 1 ms',
    applies: ({ after }) => after !== undefined,
    async check({ after, ...specimen }) {
      for (const [ms, times] of [
        [7, 1000],
        [2 ** 31 + 5, 2],
      ] as const) {
        const source = new Subject<number>();
        const bed = await new Bed(specimen, {
          demand: false,
          make: (options, inside) => after!(ms, options, inside),
        }).begin(source);
        for (let n = 0; n < times; n++) {
          source.next(n);
          bed.clock.advance(ms - 1);
          expect(bed.accounted).toHaveLength(n);
          bed.clock.advance(1);
          expect(bed.accounted).toHaveLength(n + 1);
        }
        expect(bed.clock.longest).toBeLessThan(2 ** 31);
        expect(bed.clock.armed).toBe(0);
      }
    },
    broken: {
      ...plant((options) => bufferedChannel(3, options)),
      after:
        (ms, options, { clock }) =>
        (source) =>
          source.pipe(
            bufferedChannel(3, options),
            mergeMap(
              (n) =>
                new Observable<number>((subscriber) =>
                  clock.schedule(() => subscriber.next(n), ms + 1),
                ),
            ),
          ),
    },
  },
  {
    number: 8,
    says: 'a consumer may push and complete from inside next; what it pushes waits for its turn',
    async check(specimen) {
      const source = new Subject<number>();
      const bed = new Bed(specimen, {
        demand: false,
        consume: (n) => {
          if (n < 50) for (const next of [n * 10 + 1, n * 10 + 3, n * 10 + 4]) source.next(next);
          else source.complete();
        },
      }).run(source);
      for (const n of [1, 3, 4]) source.next(n);
      for (let i = 0; i < 60; i++) {
        await bed.turn();
        bed.clock.advance(1);
      }
      expect(bed.ends).toEqual(['complete']);
      const order = [11, 13, 14].filter((n) => !specimen.fails?.(n));
      const before = bed.values.slice(
        0,
        bed.values.findIndex((n) => n > 50),
      );
      if (specimen.lineOf === undefined) expect(before).toEqual(expect.arrayContaining(order));
      expect(bed.values).toEqual(expect.arrayContaining(order));
    },
    broken: plant(
      () => (source) =>
        new Observable((subscriber) =>
          source.subscribe({
            next: (n) => subscriber.next(n),
            complete: () => subscriber.complete(),
          }),
        ),
    ),
  },
  {
    number: 8,
    says: 'a consumer may unsubscribe from inside next; what is held is dropped',
    async check(specimen) {
      const source = new Subject<number>();
      const bed: Bed = new Bed(specimen, { consume: () => bed.subscription.unsubscribe() });
      await bed.begin(source);
      for (const n of naturals(9)) source.next(n);
      await bed.steps(5);
      expect(bed.emissions).toBe(1);
      expect([bed.accounted, source.observed, bed.ends]).toEqual([all(specimen, 9), false, []]);
    },
    broken: plant((options) => bufferedChannel(3, { ...options, onDrop: undefined })),
  },
  {
    number: 9,
    says: 'the stack stays flat over 1e6 synchronous values',
    async check(specimen) {
      const count = specimen.async || specimen.timed ? 20_000 : 1e6;
      const bed = new Bed(specimen, { demand: false, options: { maxParked: Infinity } });
      let consumed = 0;
      bed.values.push = () => consumed++;
      bed.run(range(0, count));
      for (let i = 0; i < 4 && bed.ends.length === 0 && !specimen.timed; i++) await later();
      bed.clock.advance(specimen.timed ? 3 * count : 0);
      const { copies = 1 } = specimen;
      expect([consumed + bed.dropped.length, bed.ends]).toEqual([count * copies, ['complete']]);
    },
    broken: plant((_, sound) => {
      const deep = (depth: number): void => {
        if (depth > 0) deep(depth - 1);
      };
      return through(sound(), (value, next) => {
        if (value === 999_999) deep(1e7);
        next(value);
      });
    }),
  },
  {
    number: 9,
    says: 'nor does it grow when the consumer asks for more from inside next, with much that is parked',
    async check(specimen) {
      const count = specimen.timed || specimen.async ? 5_000 : 50_000;
      const bed: Bed = new Bed(specimen, {
        options: { maxParked: Infinity },
        consume: () => bed.ticks.next(),
      });
      bed.run(range(0, count));
      bed.ticks.next();
      await bed.turn();
      bed.clock.advance(specimen.timed ? 3 * count : 0);
      expect(bed.accounted).toHaveLength(count * (specimen.copies ?? 1));
      expect(bed.ends).toEqual(['complete']);
    },
    broken: plant((_, sound) => {
      const deep = (depth: number): void => {
        if (depth > 0) deep(depth - 1);
      };
      return through(sound(), (value, next) => {
        if (value === 40_000) deep(1e7);
        next(value);
      });
    }),
  },
  {
    number: 9,
    says: 'nor above a demand that makes room as it is asked, with much that is parked',
    async check(specimen) {
      const count = specimen.timed || specimen.async ? 5_000 : 50_000;
      const { below, open } = roomWhenAsked();
      const bed = new Bed(specimen, { below, demand: false, options: { maxParked: Infinity } });
      bed.run(range(0, count));
      open();
      await bed.turn();
      bed.clock.advance(specimen.timed ? 3 * count : 0);
      open();
      expect(bed.accounted).toHaveLength(count * (specimen.copies ?? 1));
      expect(bed.ends).toEqual(['complete']);
    },
    broken: plant(
      () => (source) =>
        new Observable((subscriber) => {
          const demand = demandOf(subscriber) as Demand;
          const line: number[] = [];
          const pump = (): void => {
            if (demand.available > 0) subscriber.next(line.pop() as number);
            if (line.length > 0) demand.onAvailable(pump);
          };
          return source.subscribe((value) => line.push(value) > 1 || demand.onAvailable(pump));
        }),
    ),
  },
  {
    number: 10,
    says: "a user's callback that throws errors the pipe, and nothing is thrown into the source",
    async check(specimen) {
      const overflowing: Make = (fail, options, inside) =>
        specimen.make({ ...options, onDrop: fail, overflow: 'drop-newest', maxParked: 0 }, inside);
      const callbacks: Record<string, Make> = {
        ...specimen.callbacks,
        ...(!specimen.combines && { onDrop: overflowing }),
      };
      expect(callbacks).not.toEqual({});
      for (const [name, make] of Object.entries(callbacks)) {
        const source = new Subject<number>();
        let failed = false;
        const fail = () => {
          // Once: what is dropped for the failure is to be dropped all the same.
          if (failed) return undefined as never;
          failed = true;
          throw new Error(name);
        };
        const bed = await new Bed(specimen, {
          make: (options, inside) => make(fail, options, inside),
        }).begin(source);
        for (const n of naturals(30)) source.next(n);
        await bed.steps(3);
        expect(bed.ends).toEqual([new Error(name)]);
        expect([source.observed, bed.meter.held]).toEqual([false, 0]);
        verifyConservation(bed.meter);
      }
    },
    broken: plant((options) => bufferedChannel(3, { ...options, onDrop: undefined })),
  },
  {
    number: 10,
    says: "during unsubscription, what a callback throws goes to RxJS's hook, and the rest is dropped all the same",
    async check(specimen) {
      const source = new Subject<number>();
      let calls = 0;
      const onDrop = () => {
        calls++;
        throw new Error(`onDrop ${calls}`);
      };
      const bed = await new Bed(specimen, { options: { onDrop } }).begin(source);
      for (const n of naturals(9)) source.next(n);
      await bed.turn();
      const { held } = bed.meter;
      const heard = await unhandledBy(() => bed.subscription.unsubscribe());
      expect(held).toBeGreaterThan(0);
      expect(bed.meter.held).toBe(0);
      expect(heard).toHaveLength(calls);
      expect(calls).toBeGreaterThanOrEqual(specimen.combines ? 1 : held);
      expect([source.observed, bed.ends]).toEqual([false, []]);
    },
    broken: plant((options) => bufferedChannel(3, { ...options, onDrop: undefined })),
  },
  {
    number: 11,
    says: 'bad arguments throw when the operator is called, and say what was expected',
    async check(specimen) {
      const bed = new Bed(specimen);
      const called = (options: object) => () => specimen.make(options, bed)(NEVER);
      for (const [options, message] of [
        [{ maxParked: NaN }, 'Expected `maxParked` to be an integer ≥ 0 or Infinity, got NaN'],
        [
          { overflow: 'wait' },
          'Expected `overflow` to be one of "block", "drop-oldest", "drop-newest", "error", got "wait"',
        ],
        [{ onDrop: 1 }, 'Expected `onDrop` to be a function, got 1'],
        [{ errors: 'late' }, 'Expected `errors` to be one of "drain", "immediate", got "late"'],
        [{ onLink: 'print' }, 'Expected `onLink` to be a function, got "print"'],
        [{ meter: {} }, 'Expected `meter` to be a StageMeter, got Object'],
      ] as const) {
        expect(called(options)).toThrow(message);
      }
      for (const [call, message] of specimen.refuses ?? []) expect(call).toThrow(message);
    },
    broken: plant(() => bufferedChannel(3)),
  },
  {
    number: 12,
    says: 'with no demand below, values are handed on as soon as its own rule allows',
    async check(specimen) {
      const source = new Subject<number>();
      const bed = await new Bed(specimen, { demand: false }).begin(source);
      if (!specimen.bringsDemand) expect(bed.meter.linked).toBe(false);
      for (const n of naturals(6)) source.next(n);
      source.complete();
      for (let i = 0; i < 12; i++) {
        await bed.turn();
        if (specimen.timed) bed.clock.advance(1);
      }
      expect(bed.accounted).toEqual(all(specimen, 6));
      expect(bed.ends).toEqual(['complete']);
    },
    broken: plant((options) => bufferedChannel(3, { ...options, pace: NEVER })),
  },
];

/** Notes in `used` that `target[name]` is called; returns what takes that back. */
function spyOn<T extends object>(target: T, name: keyof T & string, used: Set<string>): () => void {
  const original = target[name] as (...args: unknown[]) => unknown;
  target[name] = function (this: unknown, ...args: unknown[]) {
    used.add(name);
    return original.apply(this, args);
  } as T[keyof T & string];
  return () => void (target[name] = original as T[keyof T & string]);
}
