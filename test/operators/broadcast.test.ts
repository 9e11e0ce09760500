import fc from 'fast-check';
import {
  NEVER,
  Observable,
  Subject,
  merge,
  of,
  range,
  share,
  tap,
  Subscriber,
  type Subscription,
} from 'rxjs';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import {
  adaptiveThrottle,
  broadcast,
  bufferedChannel,
  ChannelOverflowError,
  demandOf,
  pullFrom,
  StageMeter,
  workerPool,
  type BroadcastOptions,
  type Demand,
  type DropReason,
  type Overflow,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from '../laws/bed.js';
import { DEMAND } from '../../src/line/demand.js';
import { HandClock } from '../support/hand-clock.js';
import { handSource } from '../support/hand-source.js';
import { later } from '../support/later.js';

const weights = {
  push: 8,
  fill: 3,
  tick: 12,
  join: 4,
  'join eagerly': 1,
  leave: 2,
  complete: 1,
  fail: 1,
};
type Step = keyof typeof weights;

const step = fc.oneof(
  ...Object.entries(weights).map(([name, weight]) => ({
    arbitrary: fc.constant(name as Step),
    weight,
  })),
);
const scripts = fc.array(
  fc.tuple(step, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
  { maxLength: 80, size: 'max' },
);
type Script = readonly (readonly [step: Step, where: number])[];

describe('broadcast does as arrays do', () => {
  /** One subscriber: what waits for it, what it has asked for and not got, and what it was told. */
  class Ear {
    readonly waits: number[] = [];
    readonly told: unknown[] = [];
    readonly dropped: string[] = [];
    ending: unknown = undefined;
    over = false;

    constructor(
      public asked: number,
      private readonly capacity: number,
      private readonly overflow: Overflow,
    ) {}

    get direct(): number {
      return this.waits.length === 0 ? this.asked : 0;
    }
    get room(): number {
      return Math.max(0, this.capacity - this.waits.length) + this.direct;
    }

    give(value: number): void {
      const { waits, capacity, overflow } = this;
      if (this.direct > 0 || waits.length < capacity || overflow === 'block') {
        waits.push(value);
        this.take(0);
      } else if (overflow === 'drop-oldest' && capacity > 0) {
        this.drop([waits.shift()!], 'overflow');
        waits.push(value);
      } else {
        this.drop([value], 'overflow');
        if (overflow === 'error') this.end('overflow', 'error');
      }
    }

    take(more: number): void {
      this.asked += more;
      while (this.asked > 0 && this.waits.length > 0) {
        this.asked--;
        this.told.push(this.waits.shift());
      }
      if (this.ending !== undefined && this.waits.length === 0)
        this.end(this.ending, 'unsubscribed');
    }

    end(told: unknown, reason: DropReason): void {
      this.over = true;
      this.drop(this.waits.splice(0), reason);
      if (told !== undefined) this.told.push(told);
    }

    private drop(values: number[], reason: DropReason): void {
      this.dropped.push(...values.map((value) => `${value} ${reason}`));
    }
  }

  function trial(overflow: Overflow, capacity: number, script: Script): void {
    let subscriber: Subscriber<number> | undefined;
    let demand!: Demand;
    let meter = new StageMeter();
    const dropped: string[] = [];
    const output = new Observable<number>((below) => {
      subscriber = below;
      demand = demandOf(below) as Demand;
      below.add(() => (subscriber = subscriber === below ? undefined : subscriber));
    }).pipe(
      broadcast({
        capacity,
        overflow,
        get meter() {
          return meter;
        },
        onDrop: (value, reason) => {
          dropped.push(`${value} ${reason}`);
          verifyConservation(meter);
        },
      }),
    );
    /** Those who hear the source that is subscribed now, and all who ever heard one. */
    let present: Ear[] = [];
    const all: {
      ear: Ear;
      told: unknown[];
      ticks: Subject<void>;
      leave: () => void;
    }[] = [];
    let value = 0;

    const push = () => {
      subscriber?.next(value);
      if (present.length > 0) for (const ear of present) ear.give(value);
      value++;
      present = present.filter(({ over }) => !over);
    };
    const join = (eager: boolean) => {
      const ear = new Ear(eager ? Infinity : 0, capacity, overflow);
      const told: unknown[] = [];
      const ticks = new Subject<void>();
      if (present.length === 0) meter = new StageMeter();
      const pipe = eager ? output : output.pipe(takeOn(ticks));
      const subscription = pipe.subscribe({
        next: (n) => told.push(n),
        error: (error: unknown) =>
          told.push(error instanceof ChannelOverflowError ? 'overflow' : error),
        complete: () => told.push('complete'),
      });
      present.push(ear);
      all.push({ ear, told, ticks, leave: () => subscription.unsubscribe() });
    };
    const end = (how: 'complete' | 'fail') => {
      if (how === 'complete') subscriber?.complete();
      else subscriber?.error('fail');
      for (const ear of present.splice(0)) {
        ear.ending = how;
        ear.take(0);
      }
    };
    const room = () => {
      if (present.length === 0) return 0;
      const least = Math.min(...present.map((ear) => ear.room));
      const direct = Math.max(...present.map((ear) => ear.direct));
      return overflow === 'block' ? least : Math.max(least, direct);
    };

    for (const [what, where] of script) {
      const one = all[Math.floor(where * all.length)];
      if (what === 'push') push();
      else if (what === 'fill') {
        // No more is promised than finds a place with everyone, where nobody may lose anything.
        const { parked } = meter;
        for (let n = Math.min(room(), 20); n > 0; n--) push();
        if (overflow === 'block') expect(meter.parked).toBe(parked);
      } else if (what === 'join' || what === 'join eagerly') join(what !== 'join');
      else if (what === 'complete' || what === 'fail') end(what);
      else if (one !== undefined && what === 'tick') {
        one.ticks.next();
        if (!one.ear.over) one.ear.take(1);
      } else if (one !== undefined && !one.ear.over) {
        one.leave();
        one.ear.end(undefined, 'unsubscribed');
        present = present.filter((ear) => ear !== one.ear);
      }
      expect(all.map(({ told }) => told)).toEqual(all.map(({ ear }) => ear.told));
      expect(dropped.toSorted()).toEqual(all.flatMap(({ ear }) => ear.dropped).sort());
      expect(subscriber !== undefined).toBe(present.length > 0);
      if (present.length > 0) {
        expect(demand.available).toBe(room());
        expect(demand.waiting).toBe(Math.max(...present.map(({ waits }) => waits.length)));
        verifyConservation(meter);
        expect(meter.capacity).toBe(capacity * present.length);
        expect(meter.linked).toBe(present.every(({ asked }) => asked < Infinity));
      }
    }
  }

  it.each(['block', 'drop-oldest', 'drop-newest', 'error'] as const)(
    'whoever comes, takes and leaves, and its demand is exact: %s',
    { timeout: 60_000 },
    (overflow) => {
      fc.assert(
        fc.property(fc.nat(3), scripts, (capacity, script) => trial(overflow, capacity, script)),
        { numRuns: 300 },
      );
    },
  );

  it('where nobody can say wait, as share does', { timeout: 60_000 }, () => {
    const record = (
      operator: (source: Observable<number>) => Observable<number>,
      script: Script,
    ) => {
      let source: Subscriber<number> | undefined;
      const told: unknown[] = [];
      const leaves: (() => void)[] = [];
      let count = 0;
      let released = 0;
      const output = operator(
        new Observable<number>((below) => {
          told.push('subscribed');
          source = below;
          below.add(() => {
            released++;
          });
        }),
      );
      for (const [what, where] of script) {
        if (what.startsWith('join')) {
          const name = leaves.length;
          const subscription = output.subscribe({
            next: (n) => told.push([name, n]),
            error: (error: unknown) => told.push([name, error]),
            complete: () => told.push([name, 'complete']),
          });
          leaves.push(() => subscription.unsubscribe());
        } else if (what === 'leave') leaves[Math.floor(where * leaves.length)]?.();
        else if (what === 'complete') source?.complete();
        else if (what === 'fail') source?.error('fail');
        else source?.next(count++);
        told.push(released);
      }
      return told;
    };
    fc.assert(
      fc.property(fc.nat(2), scripts, (capacity, script) => {
        expect(record(broadcast({ capacity }), script)).toEqual(record(share(), script));
      }),
      { numRuns: 300 },
    );
  });
});

describe('values that are pushed from inside next', () => {
  it('reach everyone in the order in which they came', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(
        fc.nat(2),
        fc.array(fc.tuple(fc.boolean(), fc.array(fc.nat(9), { maxLength: 4 })), {
          minLength: 1,
          maxLength: 5,
        }),
        (capacity, listeners) => {
          const source = new Subject<number>();
          const came: number[] = [];
          const output = source.pipe(
            tap((n) => came.push(n)),
            broadcast({ capacity, maxParked: Infinity, minSubscribers: listeners.length }),
          );
          let value = 10;
          const ticks = new Subject<void>();
          const heard = listeners.map(([eager, answers]) => {
            const values: number[] = [];
            const left = [...answers];
            (eager ? output : output.pipe(takeOn(ticks))).subscribe((n) => {
              values.push(n);
              for (let more = left.pop() ?? 0; more > 0; more--) source.next(value++);
              if (n % 3 === 0) ticks.next();
            });
            return values;
          });
          for (let n = 0; n < 3; n++) source.next(n);
          for (let n = 0; n < 200; n++) ticks.next();
          for (const values of heard) expect(values).toEqual(came);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('do not deepen the stack where others wait', () => {
    const source = new Subject<number>();
    const output = source.pipe(broadcast({ capacity: 1, minSubscribers: 2 }));
    let last = 0;
    output.subscribe((n) => n < 1e5 && source.next(n + 1));
    output.subscribe((n) => (last = n));
    source.next(0);
    expect(last).toBe(1e5);
  });
});

it('while a value is being given, it takes a place with those who are yet to get it', () => {
  const { source, next, demand } = handSource<number>();
  const rooms: number[] = [];
  const look = () => rooms.push(demand().available);
  const output = source.pipe(broadcast({ capacity: 2, minSubscribers: 2 }));
  output.subscribe(look);
  output.pipe(takeOn(NEVER)).subscribe();
  look();
  next(1);
  look();
  next(2);
  expect(rooms).toEqual([2, 1, 1, 0]);
});

it.each([
  [7, 3], // it can have 5 more at once, of which 2 are under way
  [2, 0], // it has 2 places, both of which are taken
])('what is due takes a place with one who asks for %d: room for %d', (asks, room) => {
  const { source, next, demand } = handSource<number>();
  const rooms: number[] = [];
  const look = () => rooms.push(demand().available);
  const output = source.pipe(
    broadcast({
      capacity: 2,
      overflow: 'drop-oldest',
      minSubscribers: 3,
      onDrop: (_, reason) => {
        look();
        if (reason === 'overflow') full.unsubscribe();
      },
    }),
  );
  output.subscribe((n) => n === 3 && next(4));
  const full = output.pipe(takeOn(NEVER)).subscribe();
  const ticks = new Subject<void>();
  output.pipe(takeOn(ticks)).subscribe();
  for (let i = 0; i < asks; i++) ticks.next();
  for (const n of [1, 2, 3]) next(n);
  expect(rooms).toEqual([room, room, room, room]);
});

describe('its demand', () => {
  const hand = (options: BroadcastOptions<number>) => {
    const { source, next, demand } = handSource<number>();
    return { output: source.pipe(broadcast(options)), next, demand };
  };

  it('counts what came, and shows no room when all have left', () => {
    for (const overflow of ['block', 'drop-oldest'] as const) {
      const { output, next, demand } = hand({ capacity: 2, overflow });
      const subscription = output.pipe(takeOn(NEVER)).subscribe();
      const { arrived } = demand();
      for (const n of [1, 2]) next(n);
      const last = demand();
      expect([last.arrived - arrived, last.available, last.capacity]).toEqual([2, 0, 2]);
      subscription.unsubscribe();
      expect(last.available).toBe(0);
    }
  });

  it('does not count as ready who is being given a value', () => {
    const { output, next, demand } = hand({ overflow: 'drop-newest', minSubscribers: 2 });
    const rooms: number[] = [];
    output.pipe(takeOn(NEVER)).subscribe();
    output.subscribe(() => rooms.push(demand().available));
    next(1);
    expect([rooms, demand().available]).toEqual([[0], Infinity]);
  });

  it('nor who holds a value, though there is room for that by now and nobody has said so', () => {
    const clock = new HandClock();
    const rooms: number[] = [];
    const { output, next, demand } = hand({ capacity: 1, overflow: 'drop-oldest' });
    clock.schedule(() => rooms.push(demand().available), 5); // set first: rings before the throttle
    output
      .pipe(adaptiveThrottle({ minDelay: 5, maxDelay: 5, target: 1, queue: 0, scheduler: clock }))
      .subscribe();
    for (const n of [1, 2]) next(n);
    clock.advance(5);
    expect(rooms).toEqual([0]);
  });

  it('wakes whoever asks from inside next when everyone has the value', () => {
    const { output, next, demand } = hand({ capacity: 3, minSubscribers: 3 });
    const log: string[] = [];
    output.subscribe(() => {
      demand().onAvailable(() => log.push('room'));
      log.push('first');
    });
    output.pipe(takeOn(NEVER)).subscribe();
    output.subscribe(() => log.push('last'));
    next(1);
    expect(log).toEqual(['first', 'last', 'room']);
  });

  it('waits for room below only while something is held, or somebody waits', () => {
    const pace = new Subject<void>();
    const { output, next } = hand({ capacity: 1 });
    output.pipe(bufferedChannel(0, { pace })).subscribe();
    next(1);
    expect(pace.observed).toBe(true);
    pace.next();
    expect(pace.observed).toBe(false);
  });
});

it('each subscriber hears of a source that throws as it is subscribed', () => {
  const source = new Observable<number>();
  source.subscribe = () => {
    throw new Error('broken');
  };
  const output = source.pipe(broadcast({ minSubscribers: 2 }));
  const heard: unknown[] = [];
  for (const name of ['first', 'second']) {
    output.subscribe({ error: (error) => heard.push([name, error]) });
  }
  expect(heard).toEqual(['first', 'second'].map((name) => [name, new Error('broken')]));
});

it.each([
  ['block', 1, false],
  ['block', 0, true],
  ['drop-oldest', 1, true],
] as const)(
  'who has nothing waits below for those above only where that makes room: %s, %d',
  (overflow, capacity, waits) => {
    const pace = new Subject<void>();
    const { source, next, demand } = handSource<number>();
    const output = source.pipe(broadcast({ capacity, overflow }));
    output.pipe(takeOn(NEVER)).subscribe();
    output.pipe(bufferedChannel(0, { pace })).subscribe();
    next(1);
    pace.next();
    expect(pace.observed).toBe(false);
    demand().onAvailable(() => {});
    expect(pace.observed).toBe(waits);
  },
);

/** As `take(1)` of RxJS 8, it leaves its source, and passes the value on then. */
class LeavesFirst extends Subscriber<number> {
  constructor(private readonly below: Subscriber<number>) {
    super(below);
  }

  override next(value: number): void {
    this.unsubscribe();
    this.below.next(value);
    this.below.complete();
  }
}

describe('who leaves or fails from inside', () => {
  it('before the value was given to it, has it counted and dropped once', () => {
    for (const more of [[], [2]]) {
      const source = new Subject<number>();
      const meter = new StageMeter();
      const output = source.pipe(broadcast({ meter, minSubscribers: 2 }));
      output.subscribe((n) => {
        if (n !== 1) return;
        other.unsubscribe();
        for (const next of more) source.next(next);
      });
      const other = output.subscribe(() => expect.fail('it has left'));
      source.next(1);
      const counts = [meter.received, meter.delivered, meter.dropped, meter.held];
      expect(counts).toEqual([2 + more.length, 1 + more.length, 1, 0]);
    }
  });

  it.each([0, 1])(
    'meets the overflow policy with what it has not been given yet: %d',
    (capacity) => {
      const source = new Subject<number>();
      const dropped: number[] = [];
      const output = source.pipe(
        broadcast<number>({
          capacity,
          overflow: 'drop-newest',
          minSubscribers: 2,
          onDrop: (n) => dropped.push(n),
        }),
      );
      output.subscribe((n) => n === 1 && source.next(2));
      output.pipe(takeOn(NEVER)).subscribe();
      for (const n of [0, 1]) source.next(n);
      // The first holds 2 for its turn where it has a place; what comes beyond it loses.
      expect(dropped).toEqual(capacity === 0 ? [0, 1, 2, 2] : [1, 2]);
    },
  );

  it('with a value in hand, is followed by the next value when it has passed that one on', () => {
    const meter = new StageMeter();
    const ticks = new Subject<void>();
    const got: number[] = [];
    const shared = pullFrom([1, 2, 3]).pipe(broadcast({ minSubscribers: 2 }));
    const firstOf = new Observable<number>((below) => shared.subscribe(new LeavesFirst(below)));
    merge(shared, firstOf)
      .pipe(bufferedChannel(1, { meter }), takeOn(ticks))
      .subscribe((n) => got.push(n));
    for (let tick = 0; tick < 4; tick++) ticks.next();
    expect(got).toEqual([1, 1, 2, 3]);
    expect(meter.maxHeld).toBe(1);
  });

  it('may end the connection as the source ends: who has begun anew by then goes on', () => {
    const subscribers: Subscriber<number>[] = [];
    const output = new Observable<number>((subscriber) => {
      subscribers.push(subscriber);
    }).pipe(broadcast({ overflow: 'error', minSubscribers: 2 }));
    const first = output.subscribe(() => subscribers[0]?.complete());
    output.pipe(takeOn(NEVER)).subscribe({
      error: () => {
        first.unsubscribe();
        for (let n = 0; n < 2; n++) output.subscribe();
      },
    });
    subscribers[0]?.next(1);
    for (let n = 0; n < 2; n++) output.subscribe(); // they join those
    expect(subscribers).toHaveLength(2);
  });
});

describe('onDrop', () => {
  it('that throws fails the subscriber whose copy it was, and nobody else', () => {
    const source = new Subject<number>();
    const output = source.pipe(
      broadcast({
        overflow: 'drop-newest',
        onDrop: () => {
          throw new Error('onDrop');
        },
      }),
    );
    const slow: unknown[] = [];
    const eager: number[] = [];
    output.pipe(takeOn(NEVER)).subscribe({ error: (error: unknown) => slow.push(error) });
    output.subscribe((n) => eager.push(n));
    source.next(1);
    source.next(2);
    expect([slow, eager, source.observed]).toEqual([[new Error('onDrop')], [1, 2], true]);
  });

  it('may push: everyone still gets all in the same order', () => {
    const source = new Subject<number>();
    const meter = new StageMeter();
    const output = source.pipe(
      broadcast({
        overflow: 'drop-newest',
        minSubscribers: 3,
        meter,
        onDrop: (n) => {
          if (n < 3) source.next(n + 1);
        },
      }),
    );
    const heard = [[], []] as number[][];
    output.pipe(takeOn(NEVER)).subscribe();
    for (const values of heard) output.subscribe((n) => values.push(n));
    source.next(1);
    expect(heard).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect([meter.received, meter.delivered, meter.dropped, meter.held]).toEqual([9, 6, 3, 0]);
  });
});

it('a meter counts copies, of those too who have left', () => {
  const source = new Subject<number>();
  const meter = new StageMeter();
  const output = source.pipe(broadcast({ capacity: 2, meter }));
  const slow = output.pipe(takeOn(NEVER)).subscribe();
  const eager = output.subscribe();
  source.next(1);
  expect([meter.received, meter.delivered, meter.held, meter.capacity]).toEqual([2, 1, 1, 4]);
  for (const n of [2, 3]) source.next(n);
  expect([meter.parked, meter.maxHeld, meter.linked]).toEqual([1, 3, false]);
  slow.unsubscribe();
  expect([meter.received, meter.delivered, meter.dropped, meter.held]).toEqual([6, 3, 3, 0]);
  expect([meter.capacity, meter.parked]).toEqual([2, 0]);
  const late = output.pipe(takeOn(NEVER)).subscribe();
  source.next(4);
  expect([meter.held, meter.maxHeld]).toEqual([1, 3]);
  for (const subscription of [late, eager]) subscription.unsubscribe();
  expect([meter.received, meter.delivered, meter.dropped, meter.maxHeld]).toEqual([8, 4, 4, 3]);
  expect([meter.capacity, meter.linked]).toEqual([2, false]); // as when the last of them was there
});

it('a source that waits is resumed by each who takes, leaves or comes', () => {
  let read = 0;
  function* numbers() {
    for (;;) yield read++;
  }
  const output = pullFrom(numbers()).pipe(
    broadcast({ capacity: 2, overflow: 'drop-oldest', minSubscribers: 2 }),
  );
  const ticks = [new Subject<void>(), new Subject<void>()];
  const [, other] = ticks.map((tick) => output.pipe(takeOn(tick)).subscribe());
  expect(read).toBe(2); // both are full
  for (let n = 0; n < 3; n++) ticks[0]?.next();
  expect(read).toBe(3); // one had nothing left
  other?.unsubscribe();
  expect(read).toBe(5);
  const ready = new Subject<void>();
  const late = output.pipe(takeOn(merge(of(1, 2, 3), ready))).subscribe();
  expect(read).toBe(8); // who comes can take three at once
  late.unsubscribe();
});

it('who waits for minSubscribers and leaves is forgotten', () => {
  let subscribed = 0;
  const output = new Observable<number>(() => {
    subscribed++;
  }).pipe(broadcast({ minSubscribers: 2 }));
  for (let i = 0; i < 5; i++) output.subscribe().unsubscribe();
  expect(subscribed).toBe(0);
  output.subscribe();
  output.subscribe();
  expect(subscribed).toBe(1);
});

it('each subscription to a pipe of its own has a source of its own', () => {
  let subscribed = 0;
  const source = new Observable<number>(() => {
    subscribed++;
  });
  const operator = broadcast<number>();
  source.pipe(operator).subscribe();
  source.pipe(operator).subscribe();
  expect(subscribed).toBe(2);
});

describe('a teardown that throws', () => {
  const source = new Observable<number>((subscriber) => {
    subscriber.next(1);
    return () => {
      throw new Error('teardown');
    };
  });

  it('when the last leaves goes to the hook, and who comes then begins anew', async () => {
    const got: number[] = [];
    const output = source.pipe(broadcast());
    const heard = await unhandledBy(() => output.subscribe((n) => got.push(n)).unsubscribe());
    expect(heard).toHaveLength(1);
    const again = output.subscribe((n) => got.push(n));
    expect(got).toEqual([1, 1]);
    await unhandledBy(() => again.unsubscribe());
  });
});

it('keeps neither values that have gone through nor subscribers that have left', async () => {
  const source = new Subject<object>();
  const output = source.pipe(broadcast({ capacity: 4 }));
  const refs: WeakRef<object>[] = [];
  const stay = output.subscribe();
  (() => {
    for (let n = 0; n < 50; n++) {
      const value = { n };
      refs.push(new WeakRef(value));
      source.next(value);
      const heard = { next: () => n };
      refs.push(new WeakRef(heard));
      output.subscribe(heard).unsubscribe();
    }
  })();
  await later();
  await later();
  globalThis.gc?.();
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
  stay.unsubscribe();
});

it('the stack stays flat over 1e5 values to two synchronous pools', { timeout: 60_000 }, () => {
  const counts = [0, 0];
  function* numbers() {
    for (let n = 0; n < 1e5; n++) yield n;
  }
  const output = pullFrom(numbers()).pipe(broadcast({ capacity: 4, minSubscribers: 2 }));
  counts.forEach((_, i) => output.pipe(workerPool(1, (n) => of(n))).subscribe(() => counts[i]!++));
  expect(counts).toEqual([1e5, 1e5]);
});

it('the first to subscribe to a source that emits at once has all of it, unless told to wait', () => {
  const counted = (options: BroadcastOptions<number>) => {
    const counts = [0, 0];
    const output = range(0, 10).pipe(broadcast(options));
    counts.forEach((_, i) => output.subscribe(() => counts[i]!++));
    return counts;
  };
  expect(counted({})).toEqual([10, 10]); // two subscriptions to the source
  expect(counted({ minSubscribers: 2 })).toEqual([10, 10]); // one
  let subscribed = 0;
  const source = range(0, 10).pipe(tap({ subscribe: () => subscribed++ }));
  const output = source.pipe(broadcast({ minSubscribers: 2 }));
  output.subscribe();
  output.subscribe();
  expect(subscribed).toBe(1);
});

describe('what comes from inside while a value is being given', () => {
  it('stands behind it, though what it drops of others leads to more', () => {
    const source = new Subject<string>();
    const shared = source.pipe(
      broadcast({
        capacity: 2,
        overflow: 'drop-oldest',
        minSubscribers: 2,
        onDrop: (value) => value === '0' && source.next('4'),
      }),
    );
    const emitted: string[] = [];
    source.subscribe((value) => emitted.push(value));
    const got: string[] = [];
    shared.subscribe((value) => {
      got.push(value);
      if (value === '2') source.next('3');
    });
    shared.pipe(takeOn(NEVER)).subscribe(); // holds 0 and 1
    for (const value of ['0', '1', '2']) source.next(value);
    expect([emitted.join(''), got.join('')]).toEqual(['01234', '01234']);
  });

  it('stands behind it, too, for one who is alone by then', () => {
    const source = new Subject<number>();
    const shared = source.pipe(broadcast({ minSubscribers: 2 }));
    const first = shared.subscribe(() => {
      first.unsubscribe();
      source.next(2);
    });
    const got: number[] = [];
    shared.subscribe((n) => got.push(n));
    source.next(1);
    expect(got).toEqual([1, 2]);
  });

  /** One gets 2 and pushes 3 then; another drops 2 for that, and `asItDrops` is called; to the last, 2 and 3 are due by then. */
  const dueToTheLast = (asItDrops: (last: Subscription, source: Subject<number>) => void) => {
    const source = new Subject<number>();
    const dropped: [number, DropReason][] = [];
    const meter = new StageMeter();
    const shared = source.pipe(
      broadcast({
        capacity: 1,
        overflow: 'drop-newest',
        minSubscribers: 3,
        meter,
        onDrop: (value, reason) => {
          dropped.push([value, reason]);
          if (value === 2 && reason === 'overflow') asItDrops(last, source);
        },
      }),
    );
    const got: number[] = [];
    shared.subscribe((value) => {
      got.push(value);
      if (value === 2) source.next(3);
    });
    shared.pipe(takeOn(NEVER)).subscribe(); // holds 1
    const last = shared.subscribe((value) => got.push(-value));
    for (const n of [1, 2]) source.next(n);
    expect(got).toEqual([1, -1, 2, 3]);
    return { dropped, meter };
  };

  it('is missed by one that leaves before, each value of it', () => {
    const { dropped, meter } = dueToTheLast((last) => last.unsubscribe());
    expect(dropped).toEqual([
      [2, 'overflow'],
      [2, 'unsubscribed'],
      [3, 'unsubscribed'],
      [3, 'overflow'],
    ]);
    expect(meter.received).toBe(meter.delivered + meter.dropped + meter.held);
  });

  it('is not counted for one that has left, though it comes before the others have heard of that', () => {
    const { dropped, meter } = dueToTheLast((last, source) => {
      last.unsubscribe();
      source.next(4);
    });
    expect(dropped.filter(([, reason]) => reason === 'unsubscribed')).toEqual([
      [2, 'unsubscribed'],
      [3, 'unsubscribed'],
    ]);
    expect([meter.received, meter.delivered, meter.dropped, meter.held]).toEqual([11, 4, 6, 1]);
  });

  it.each([1, 2])('is dropped for one of %d that is just being left', (count) => {
    const source = new Subject<number>();
    const dropped: unknown[] = [];
    const meter = new StageMeter();
    const shared = source.pipe(
      broadcast({
        capacity: 2,
        meter,
        minSubscribers: count,
        onDrop: (value, reason) => dropped.push([value, reason, meter.held]),
      }),
    );
    // A consumer of one's own: as its wait for room is given up, the source sends one more.
    const none: Demand = {
      capacity: 0,
      available: 0,
      waiting: 0,
      arrived: 0,
      onAvailable: () => () => source.next(2),
    };
    const left = shared.subscribe(Object.assign(new Subscriber<number>(), { [DEMAND]: none }));
    if (count === 2) shared.subscribe();
    source.next(1);
    left.unsubscribe();
    expect(dropped).toEqual([1, 2].map((value) => [value, 'unsubscribed', 0]));
    expect(meter.received).toBe(meter.delivered + meter.dropped + meter.held);
    expect(meter.received).toBe(2 * count);
  });
});
