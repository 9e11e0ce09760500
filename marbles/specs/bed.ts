import { ReplaySubject, tap, type Observable, type OperatorFunction } from 'rxjs';
import {
  flow,
  marbleMatchers,
  verifyConservation,
  type DropReasons,
  type FlowOptions,
  type FlowTools,
  type MarbleMatchers,
  type WatchOptions,
  type WatchedStage,
} from 'rxjs-sluice/marbles';
import { pullFrom, unlinked, type StageMeter } from 'rxjs-sluice/operators';
import { expect, it } from 'vitest';
import { expectDrawn, heardOf, type Diagram } from './diagram.js';
import type { Row } from './svg/picture.js';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-explicit-any -- as vitest declares it
  interface Matchers<T = any> extends MarbleMatchers<T> {}
}
expect.extend(marbleMatchers);

/** The options through which a stage is watched. */
export type Seen = WatchOptions;

/** The Observables that a picture has beside the source, by name. */
export type Given = (name: string) => Observable<string>;

/** What a spec is made of. All that it expects is checked when the flow is over. */
export interface Bed extends FlowTools {
  readonly seen: WatchedStage;
  readonly meter: StageMeter;
  readonly expectObservable: (
    pipe: Observable<unknown>,
    during?: string,
  ) => { toBe(marbles: string, values?: Readonly<Record<string, unknown>>, error?: unknown): void };
  readonly expectSubscriptions: (source: Subscribed) => { toBe(marbles: string | string[]): void };
  /** Exactly these values are dropped, in these frames. A spec that says nothing expects no drop. */
  readonly expectDrops: (marbles: string, reasons: DropReasons) => void;
  /** The levels that the meter shows, at the end of each frame. */
  readonly expectLevel: (of: 'held' | 'parked', marbles: string) => void;
  /** Runs when the flow is over: promises settle on the real queue. */
  readonly later: (run: () => unknown) => void;
}

type Subscribed = Pick<ReturnType<FlowTools['cold']>, 'subscribed'>;

/** A marble spec: its title states the property that the diagram shows. */
export function spec(title: string, put: (bed: Bed) => void, options?: FlowOptions): void {
  it(title, async () => {
    const checks: (() => unknown)[] = [];
    const seen = flow((tools) => {
      const { stage, record } = tools;
      const seen = stage();
      let expectsNoDrop = true;
      checks.push(() => expectsNoDrop && seen.used && expect(seen).toHaveDropped(''));
      put({
        ...tools,
        seen,
        meter: seen.meter,
        expectObservable: (pipe, during) => ({
          toBe(marbles, values, error) {
            const output = record(pipe, { during });
            checks.push(() => expect(output).toHaveEmitted(marbles, values, error));
          },
        }),
        expectSubscriptions: (source) => ({
          toBe: (marbles) => checks.push(() => expect(source).toHaveSubscribed(marbles)),
        }),
        expectDrops(marbles, reasons) {
          expectsNoDrop = false;
          checks.push(() => expect(seen).toHaveDropped(marbles, reasons));
        },
        expectLevel: (of, marbles) =>
          checks.push(() =>
            of === 'held' ? expect(seen).toHaveHeld(marbles) : expect(seen).toHaveParked(marbles),
          ),
        later: (run) => checks.push(run),
      });
      return seen;
    }, options);
    for (const check of checks) await check();
    verifyConservation(seen.meter);
  });
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
  readonly why?: DropReasons;
  /** Timers that are set. */
  readonly timers?: string | string[];
  /** Levels of the meter: what it shows at the end of a frame in which that changes. */
  readonly held?: string;
  readonly parked?: string;
  /** Its run is drawn in the docs. */
  readonly diagram?: Diagram;
}

/** A source that pushes, with its subscription. */
interface Pushed extends Picture {
  readonly source: string;
  readonly sub: string | string[];
}
/** A source that waits, and when each of its letters is read; `!` where it is let go before its end. */
interface Pulled extends Picture {
  readonly pull: string;
  readonly reads: string;
}
/** The same, as an iterable that `pullFrom` reads. */
interface Iterated extends Picture {
  readonly iterable: string;
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
  picture: Pushed | Pulled | Iterated | Synchronous,
): void {
  spec(title, (bed) => {
    const { cold, meter, record, seen, later } = bed;
    const { ticks, given = {}, unsub, expected, values, error, drops, why = {}, timers } = picture;
    const { source, row } = sourceOf(picture, bed);
    const others = new Map(
      Object.entries(given).map(([name, [marbles, sub]]) => {
        const other = cold(marbles);
        bed.expectSubscriptions(other).toBe(sub);
        return [name, other] as const;
      }),
    );
    const lookUp = (name: string) => {
      const other = others.get(name);
      if (other === undefined) throw new Error(`${name} is not in the picture`);
      return other;
    };
    const sane = () => verifyConservation(meter);
    const pipe = source.pipe(
      make(seen, lookUp, bed),
      tap({ next: sane, error: sane, complete: sane }),
    );
    const output = record(pipe, { takes: ticks, during: unsub });
    later(() => expect(output).toHaveEmitted(expected, values, error));
    if (drops !== undefined) bed.expectDrops(drops, why);
    if (timers !== undefined) later(() => expect(seen).toHaveTimers(timers));
    if (picture.held !== undefined) bed.expectLevel('held', picture.held);
    if (picture.parked !== undefined) bed.expectLevel('parked', picture.parked);
    if (unsub !== undefined || /[|#]/.test(expected)) later(() => expect(meter.held).toBe(0));
    const { diagram } = picture;
    if (diagram === undefined) return;
    later(() => {
      const above: Row[] = [row()];
      for (const [name, [marbles]] of Object.entries(given)) {
        // A task has the name of its value.
        const role = name.length === 1 ? 'task' : 'notifier';
        for (const span of others.get(name)?.subscribed ?? []) {
          above.push({ role, label: name, track: heardOf(marbles, span, false) });
        }
      }
      const below: Row[] = insideOf(seen);
      below.push({ role: 'output', label: 'output', track: output.emitted });
      if (ticks !== undefined) below.push({ role: 'demand', label: 'takes', track: output.asked });
      return expectDrawn(
        diagram,
        { above, below },
        {
          ...('source' in picture ? { source: picture.source } : { pulled: picture.reads }),
          takes: ticks,
          held: picture.held,
          output: expected,
        },
      );
    });
  });
}

/** What a stage held and dropped. */
export function insideOf({ held, parked, dropped, meter }: WatchedStage): Row[] {
  const rows: Row[] = [];
  // What is beyond the capacity is drawn as parked; some stages hold more without parking it.
  const bounded = parked.moments.length > 0 || meter.maxHeld <= meter.capacity;
  const capacity = bounded && meter.capacity < Infinity ? { capacity: meter.capacity } : {};
  if (held.moments.length > 0) rows.push({ role: 'held', label: 'held', track: held, ...capacity });
  if (dropped.moments.length > 0) rows.push({ role: 'dropped', label: 'dropped', track: dropped });
  return rows;
}

/** The source of a picture, and how it is drawn when the flow is over. */
function sourceOf(
  picture: Pushed | Pulled | Iterated | Synchronous,
  bed: Bed,
): { source: Observable<string>; row: () => Row } {
  if ('source' in picture) {
    const { source: marbles, sub } = picture;
    const source = bed.hot(marbles);
    bed.expectSubscriptions(source).toBe(sub);
    const played = () => heardOf(marbles, source.subscribed[0] ?? { moments: [] }, true);
    return { source, row: () => ({ role: 'input', label: 'source', track: played() }) };
  }
  if ('iterable' in picture) {
    const { iterable, reads } = letters(picture.iterable);
    const read = bed.record(reads);
    bed.later(() => expect(read).toHaveEmitted(picture.reads));
    const row: Row = { role: 'pulled', label: 'pulled', track: read.emitted };
    return { source: pullFrom(iterable), row: () => row };
  }
  const pulled = bed.pull(`${'pull' in picture ? picture.pull : picture.sync}|`);
  bed.later(() => expect(pulled).toHavePulled(picture.reads));
  return {
    source: 'pull' in picture ? pulled : pulled.pipe(unlinked()),
    row: () => ({ role: 'pulled', label: 'pulled', track: pulled.pulled[0] ?? { moments: [] } }),
  };
}
