import type { Observable } from 'rxjs';
import { Subject as Source, concat, config, from, range, take, throwError } from 'rxjs';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import { pullFrom, StageMeter, type DropReason } from 'rxjs-sluice/operators';
import { expect } from 'vitest';
import type { Subject } from './subjects.js';

/** What the laws provoke after a pipe is over goes to RxJS's hook: an onDrop that throws once more, … */
config.onUnhandledError = () => {};

export interface Law {
  readonly number: number;
  readonly intent: string;
  /** Throws where `subject` breaks the law. */
  readonly check: (subject: Subject) => void;
}

/** Runs `source` through the subject into a list, before a consumer that takes on demand. */
function bed(
  subject: Subject,
  source: Observable<number>,
  below = (o: Observable<number | number[]>) => o,
) {
  const meter = new StageMeter(subject.title);
  const values: number[] = [];
  const dropped: [number, DropReason][] = [];
  const ends: unknown[] = [];
  const sane = () => verifyConservation(meter);
  const onDrop = (value: number, reason: DropReason) => {
    dropped.push([value, reason]);
    sane();
  };
  const subscription = below(source.pipe(subject.make({ meter, onDrop }))).subscribe({
    next: (value) => {
      sane();
      values.push(...(Array.isArray(value) ? value : [value]));
    },
    error: (error: unknown) => ends.push(error),
    complete: () => ends.push('complete'),
  });
  return { meter, values, dropped, ends, subscription, sane };
}

const naturals = (count: number) => Array.from({ length: count }, (_, n) => n);

export const laws: readonly Law[] = [
  {
    number: 1,
    intent: 'received = delivered + dropped + held, and each dropped value is heard of once',
    check(subject) {
      const source = new Source<number>();
      const ticks = new Source<void>();
      const run = bed(subject, source, (output) => output.pipe(takeOn(ticks)));
      for (const n of naturals(20)) source.next(n);
      expect(run.meter.received).toBe(20);
      run.sane();
      ticks.next();
      run.sane();
      run.subscription.unsubscribe();
      run.sane();
      expect(run.meter.held).toBe(0);
      const all = [...run.values, ...run.dropped.map(([value]) => value)];
      expect(all.sort((a, b) => a - b)).toEqual(naturals(20));
      expect(new Set(run.dropped.map(([, reason]) => reason))).toEqual(new Set(['unsubscribed']));
    },
  },
  {
    number: 2,
    intent: 'a source that waits never makes it hold more than its capacity',
    check(subject) {
      const ticks = new Source<void>();
      const run = bed(subject, pullFrom(naturals(50)), (output) => output.pipe(takeOn(ticks)));
      for (let i = 0; i < 60; i++) {
        expect(run.meter.held).toBeLessThanOrEqual(subject.holds);
        ticks.next();
      }
      expect(run.meter.maxHeld).toBeLessThanOrEqual(Math.max(1, subject.holds));
      expect([run.values, run.ends]).toEqual([naturals(50), ['complete']]);
    },
  },
  {
    number: 3,
    intent: 'first in, first out',
    check(subject) {
      const source = new Source<number>();
      const ticks = new Source<void>();
      const run = bed(subject, source, (output) => output.pipe(takeOn(ticks)));
      for (const n of naturals(30)) {
        source.next(n);
        if (n % 3 === 0) ticks.next();
      }
      source.complete();
      for (let i = 0; i < 30; i++) ticks.next();
      expect(run.values).toEqual(naturals(30));
    },
  },
  {
    number: 4,
    intent: 'completion and error come after all that is held',
    check(subject) {
      const failing = concat(
        from(naturals(5)),
        throwError(() => 'error'),
      );
      for (const [source, end] of [
        [from(naturals(5)), 'complete'],
        [failing, 'error'],
      ] as const) {
        const ticks = new Source<void>();
        const run = bed(subject, source, (output) => output.pipe(takeOn(ticks)));
        for (let i = 0; i < 5; i++) ticks.next();
        expect([run.values, run.ends, run.dropped]).toEqual([naturals(5), [end], []]);
      }
    },
  },
  {
    number: 5,
    intent: 'unsubscribing releases the source in the same turn; so does take, above or below',
    check(subject) {
      const source = new Source<number>();
      const run = bed(subject, source);
      run.subscription.unsubscribe();
      expect(source.observed).toBe(false);
      const above = new Source<number>();
      const cut = bed(subject, above.pipe(take(3)));
      for (const n of naturals(9)) above.next(n);
      expect([above.observed, cut.values, cut.ends]).toEqual([false, [0, 1, 2], ['complete']]);
      const below = new Source<number>();
      bed(subject, below, (output) => output.pipe(take(1)));
      for (const n of naturals(9)) below.next(n);
      expect(below.observed).toBe(false);
    },
  },
  {
    number: 8,
    intent: 'a consumer may push and complete from inside next',
    check(subject) {
      const source = new Source<number>();
      const values: number[] = [];
      let completed = false;
      source.pipe(subject.make({})).subscribe({
        next: (value) => {
          for (const n of Array.isArray(value) ? value : [value]) {
            values.push(n);
            if (n < 50) for (const next of [n * 10 + 1, n * 10 + 2, n * 10 + 3]) source.next(next);
            else source.complete();
          }
        },
        complete: () => (completed = true),
      });
      for (const n of [1, 2, 3]) source.next(n);
      expect(completed).toBe(true);
      // What was pushed from inside waits for its turn: 12 and 13 come before what 11 led to.
      const order = [11, 12, 13, 111].map((n) => values.indexOf(n));
      expect(order[0]).toBeGreaterThan(0);
      expect(order).toEqual([...order].sort((a, b) => a - b));
    },
  },
  {
    number: 9,
    intent: 'the stack stays flat over 1e6 synchronous values',
    check(subject) {
      let count = 0;
      let failure: unknown;
      range(0, 1e6)
        .pipe(subject.make({}))
        .subscribe({
          next: (value) => (count += Array.isArray(value) ? value.length : 1),
          error: (error: unknown) => (failure = error),
        });
      expect([count, failure]).toEqual([1e6, undefined]);
    },
  },
  {
    number: 10,
    intent: 'an onDrop that throws errors the pipe, and nothing is thrown into the source',
    check(subject) {
      const source = new Source<number>();
      const ends: unknown[] = [];
      const onDrop = () => {
        throw 'onDrop';
      };
      source
        .pipe(subject.make({ onDrop, overflow: 'drop-newest' }), takeOn([]))
        .subscribe({ error: (error: unknown) => ends.push(error) });
      for (const n of naturals(20)) source.next(n);
      expect(ends).toEqual(['onDrop']);
      expect(source.observed).toBe(false);
    },
  },
  {
    number: 11,
    intent: 'bad options throw at the call',
    check(subject) {
      const bad = (options: object) => () => subject.make(options);
      expect(bad({ maxParked: NaN })).toThrow(
        'Expected `maxParked` to be an integer ≥ 0 or Infinity, got NaN',
      );
      expect(bad({ overflow: 'wait' })).toThrow('Expected `overflow` to be one of');
      expect(bad({ onDrop: 1 })).toThrow('Expected `onDrop` to be a function, got 1');
      expect(bad({ errors: 'late' })).toThrow(
        'Expected `errors` to be one of "drain", "immediate", got "late"',
      );
      expect(bad({ meter: {} })).toThrow('Expected `meter` to be a StageMeter, got Object');
    },
  },
  {
    number: 12,
    intent: 'with no demand below, values are handed on as soon as its own rule allows',
    check(subject) {
      const run = bed(subject, from(naturals(6)));
      expect([run.values, run.ends, run.meter.linked]).toEqual([naturals(6), ['complete'], false]);
    },
  },
];
