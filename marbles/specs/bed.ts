import {
  ReplaySubject,
  asyncScheduler,
  from,
  map,
  tap,
  type Observable,
  type OperatorFunction,
  type SchedulerLike,
} from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import { pullFrom, StageMeter, type DropReason } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';

/** One reason for all drops, or one for each letter; `rest` for the letters not named. */
type Reasons = DropReason | Readonly<Record<string, DropReason>>;

/** Options through which a stage is watched. */
export interface Seen {
  readonly meter: StageMeter;
  readonly onDrop: (value: unknown, reason: DropReason) => void;
  /** Virtual time, which logs each timer as a subscription: from when it is set until it is stopped or rings. */
  readonly scheduler: SchedulerLike;
}

/** The Observables that a picture has beside the source, by name. */
export type Given = (name: string) => Observable<string>;

export interface Bed extends RunHelpers {
  readonly seen: Seen;
  readonly meter: StageMeter;
  /** The timers of `seen.scheduler`: `expectSubscriptions(timers).toBe(…)`. */
  readonly timers: Parameters<RunHelpers['expectSubscriptions']>[0];
  /** Exactly these values are dropped, in these frames. A spec that says nothing expects no drop. */
  readonly expectDrops: (marbles: string, reasons: Reasons) => void;
  /** At each digit, the meter shows that level. */
  readonly expectLevel: (of: 'held' | 'parked', marbles: string) => void;
  /** Runs when virtual time is over: promises settle on the real queue. */
  readonly later: (run: () => Promise<void>) => void;
}

/**
 * A marble spec: its title states the property that the diagram shows. Whatever it shows, received =
 * delivered + dropped + held, at each drop and at the end.
 */
export function spec(title: string, flow: (bed: Bed) => void): void {
  it(title, async () => {
    let later: (() => Promise<void>) | undefined;
    const meter = new StageMeter();
    const dropped = new ReplaySubject<[unknown, DropReason]>();
    const surprises: unknown[] = [];
    let expected = false;
    dropped.subscribe((drop) => surprises.push(drop));
    const onDrop = (value: unknown, reason: DropReason) => {
      dropped.next([value, reason]);
      verifyConservation(meter);
    };
    const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted));
    scheduler.run((helpers) => {
      const log = helpers.cold('-');
      const logged = timersOf(log);
      flow({
        ...helpers,
        later: (run) => (later = run),
        meter,
        seen: { meter, onDrop, scheduler: logged },
        timers: log.subscriptions,
        expectDrops(marbles, reasons) {
          expected = true;
          const reasonOf = (letter: string) =>
            typeof reasons === 'string' ? reasons : (reasons[letter] ?? reasons['rest']);
          const values = Array.from(marbles).map(
            (letter) => [letter, [letter, reasonOf(letter)]] as const,
          );
          helpers.expectObservable(dropped).toBe(marbles, Object.fromEntries(values));
        },
        expectLevel(of, marbles) {
          const level = helpers.cold(marbles).pipe(map(() => String(meter[of])));
          helpers.expectObservable(level).toBe(marbles);
        },
      });
    });
    if (!expected) expect(surprises).toEqual([]);
    verifyConservation(meter);
    await (later as (() => Promise<void>) | undefined)?.();
  });
}

function timersOf(log: Observable<unknown>): SchedulerLike {
  return {
    now: () => asyncScheduler.now(),
    schedule(work, delay, state) {
      const timer = log.subscribe();
      timer.add(
        asyncScheduler.schedule(function (this) {
          timer.unsubscribe();
          Reflect.apply(work, this, [state]);
        }, delay),
      );
      return timer;
    },
  };
}

/** Letters one by one, that show in `reads` when each was asked for, and `|` when they ended or were let go. */
export function letters(text: string): {
  readonly iterable: Iterable<string>;
  readonly reads: Observable<string>;
} {
  const reads = new ReplaySubject<string>();
  const iterable = {
    [Symbol.iterator](): Iterator<string, undefined> {
      let at = 0;
      let over = false;
      const end = () => {
        over = true;
        reads.complete();
      };
      return {
        next() {
          const value = text[at++];
          if (value === undefined) end();
          else reads.next(value);
          return value === undefined ? { done: true, value } : { done: false, value };
        },
        return() {
          if (over) throw new Error('Let go twice, or after its end');
          end();
          return { done: true, value: undefined };
        },
      };
    },
  };
  return { iterable, reads };
}

/** A picture of one stage. Columns are frames. */
interface Picture {
  /** When the consumer takes a value. Absent: it takes whatever comes, and shows no demand. */
  readonly ticks?: string;
  /** Cold Observables beside the source (tasks, notifiers): what each does, and when it is subscribed. */
  readonly given?: Readonly<Record<string, readonly [marbles: string, sub: string | string[]]>>;
  readonly unsub?: string;
  readonly expected: string;
  /** What the letters of `expected` stand for, where not for themselves. */
  readonly values?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
  /** What is dropped, and why. Absent: nothing. */
  readonly drops?: string;
  readonly why?: Reasons;
  /** Timers that are set. */
  readonly timers?: string | string[];
  /** Levels of the meter, where digits stand. */
  readonly held?: string;
  readonly parked?: string;
}

/** A source that pushes, with its subscription. */
interface Pushed extends Picture {
  readonly source: string;
  readonly sub: string | string[];
}
/** A source that waits, and when each of its letters is read. */
interface Pulled extends Picture {
  readonly pull: string;
  readonly reads: string;
}
/** A source that emits all it has while it is subscribed. */
interface Synchronous extends Picture {
  readonly sync: string;
  readonly reads: string;
}

/** A marble spec of one stage: source → what is made → the consumer. */
export function drawn(
  title: string,
  make: (seen: Seen, given: Given, bed: Bed) => OperatorFunction<string, unknown>,
  picture: Pushed | Pulled | Synchronous,
): void {
  spec(title, (bed) => {
    const { cold, hot, meter, expectObservable, expectSubscriptions } = bed;
    const { ticks, given = {}, unsub, expected, values, error, drops, why = {}, timers } = picture;
    const sane = () => verifyConservation(meter);

    let source: Observable<string>;
    if ('source' in picture) {
      const pushed = hot(picture.source);
      source = pushed;
      expectSubscriptions(pushed.subscriptions).toBe(picture.sub);
    } else {
      const text = 'pull' in picture ? picture.pull : picture.sync;
      const { iterable, reads } = letters(text.trim());
      source = 'pull' in picture ? pullFrom(iterable) : from(iterable);
      expectObservable(reads).toBe(picture.reads);
    }
    const others = Object.entries(given).map(([name, [marbles, sub]]) => {
      const other = cold(marbles);
      expectSubscriptions(other.subscriptions).toBe(sub);
      return [name, other] as const;
    });
    const lookUp = (name: string) => {
      const other = new Map(others).get(name);
      if (other === undefined) throw new Error(`${name} is not in the picture`);
      return other;
    };
    const made = source.pipe(
      make(bed.seen, lookUp, bed),
      tap({ next: sane, error: sane, complete: sane }),
    );
    const pipe = ticks === undefined ? made : made.pipe(takeOn(cold(ticks)));
    expectObservable(pipe, unsub).toBe(expected, values, error);
    if (drops !== undefined) bed.expectDrops(drops, why);
    if (timers !== undefined) expectSubscriptions(bed.timers).toBe(timers);
    if (picture.held !== undefined) bed.expectLevel('held', picture.held);
    if (picture.parked !== undefined) bed.expectLevel('parked', picture.parked);
    bed.flush();
    if (unsub !== undefined || /[|#]/.test(expected)) expect(meter.held).toBe(0);
  });
}
