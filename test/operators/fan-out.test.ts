import fc from 'fast-check';
import {
  NEVER,
  Observable,
  Subject,
  finalize,
  map,
  merge,
  mergeMap,
  of,
  retry,
  takeUntil,
  tap,
  type Subscription,
} from 'rxjs';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import {
  adaptiveThrottle,
  bufferedChannel,
  ChannelOverflowError,
  fanOut,
  pullFrom,
  StageMeter,
  workerPool,
  type DropReason,
  type FanOutOptions,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { fnv1a, laneOf } from '../../operators/lanes/hash.js';
import { unhandledBy } from '../laws/bed.js';
import { HandClock } from '../support/hand-clock.js';
import { handSource } from '../support/hand-source.js';
import { later } from '../support/later.js';
import { OneAtATime } from '../support/one-at-a-time.js';

describe('the hash of a key', () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
  ])('is FNV-1a, as published: %j', (text, hash) => expect(fnv1a(text)).toBe(hash));

  it('is that of the UTF-8 bytes, whatever the characters', { timeout: 60_000 }, () => {
    const ofBytes = (bytes: Uint8Array) =>
      bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit }), fc.string()),
        (text) => {
          expect(fnv1a(text)).toBe(ofBytes(new TextEncoder().encode(text)));
        },
      ),
      // The first and the last characters of one byte, two, three and four; half a pair of surrogates.
      {
        numRuns: 2000,
        examples: ['\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}', '\ud800'].map((text) => [
          text,
        ]),
      },
    );
  });

  it('puts a key where the documentation says', () => {
    const hash = fnv1a('customer-7');
    expect(laneOf('customer-7', 5)).toBe(((hash ^ (hash >>> 16)) >>> 0) % 5);
    expect(laneOf(7, 5)).toBe(laneOf('7', 5));
    expect(laneOf(7n, 5)).toBe(laneOf('7', 5));
    expect(laneOf(-0, 5)).toBe(laneOf(0, 5));
    expect(laneOf(null, 5)).toBe(laneOf('null', 5));
  });

  it.each([2, 3, 4, 7, 8, 16, 100])('spreads keys evenly over %i lanes', (lanes) => {
    const kinds: ((n: number) => string | number)[] = [
      (n) => n,
      (n) => `user-${n}`,
      (n) => `${n}`.repeat(2), // each byte twice: the plain hash puts all of them on even lanes
      (n) => `https://example.org/items/${n * 8}`,
    ];
    for (const kind of kinds) {
      const counts = Array<number>(lanes).fill(0);
      for (let n = 0; n < lanes * 1000; n++) counts[laneOf(kind(n), lanes)]!++;
      expect(Math.min(...counts)).toBeGreaterThan(600);
      expect(Math.max(...counts)).toBeLessThan(1400);
    }
  });
});

describe('fanOut does as arrays do', () => {
  type Way = 'round-robin' | 'least-loaded' | 'key';
  type Step = readonly [step: 'push' | 'fill' | 'tick' | 'end', share: number];

  const steps = fc.array(
    fc.tuple(
      fc.oneof(
        { arbitrary: fc.constant('push' as const), weight: 5 },
        { arbitrary: fc.constant('fill' as const), weight: 2 },
        { arbitrary: fc.constant('tick' as const), weight: 8 },
        { arbitrary: fc.constant('end' as const), weight: 1 },
      ),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    ),
    { maxLength: 80, size: 'max' },
  );

  /** Lanes as arrays of what waits, with the values that each has asked for and not got. */
  class Model {
    readonly lanes;
    readonly out: number[] = [];
    readonly dropped: [number, DropReason][] = [];
    private turn = 0;

    constructor(
      lanes: number,
      private readonly way: Way,
      private readonly queue: number,
    ) {
      this.lanes = Array.from({ length: lanes }, () => ({
        waits: [] as number[],
        asked: 0,
        ended: false,
      }));
    }

    get beyond(): number {
      return this.lanes.reduce((sum, { waits }) => sum + Math.max(0, waits.length - this.queue), 0);
    }

    choose(value: number): number | undefined {
      const { lanes, turn, way } = this;
      if (way === 'key') return laneOf(value, lanes.length);
      const order = lanes.map((_, i) => (turn + i) % lanes.length).filter((i) => !lanes[i]!.ended);
      const rank = (i: number): number[] => {
        const { waits, asked } = lanes[i]!;
        const hasRoom = waits.length < this.queue || (waits.length === 0 && asked > 0);
        return way === 'round-robin' ? [0] : [hasRoom ? 0 : 1, waits.length, -asked];
      };
      const less = (a: number[], b: number[]): number =>
        a.map((n, i) => n - b[i]!).find((n) => n !== 0) ?? 0;
      const chosen = order.toSorted((a, b) => less(rank(a), rank(b)))[0];
      if (chosen !== undefined) this.turn = (chosen + 1) % lanes.length;
      return chosen;
    }

    push(value: number): void {
      const chosen = this.choose(value);
      const lane = chosen === undefined ? undefined : this.lanes[chosen];
      if (lane === undefined || lane.ended) this.dropped.push([value, 'cancelled']);
      else {
        lane.waits.push(value);
        this.give(lane);
      }
    }

    tick(index: number): void {
      const lane = this.lanes[index]!;
      if (lane.ended) return;
      lane.asked++;
      this.give(lane);
    }

    end(index: number): void {
      const lane = this.lanes[index]!;
      lane.ended = true;
      this.dropped.push(
        ...lane.waits.splice(0).map((n) => [n, 'cancelled'] as [number, DropReason]),
      );
    }

    private give(lane: Model['lanes'][number]): void {
      while (lane.asked > 0 && lane.waits.length > 0) {
        lane.asked--;
        this.out.push(lane.waits.shift()!);
      }
    }
  }

  function trial(count: number, way: Way, queue: number, script: readonly Step[]): void {
    const model = new Model(count, way, queue);
    const { source, next, demand } = handSource<number>();
    const ticks = Array.from({ length: count }, () => new Subject<void>());
    const ends = Array.from({ length: count }, () => new Subject<void>());
    const out: number[] = [];
    const dropped: [number, DropReason][] = [];
    const meter = new StageMeter();
    let over = false;
    source
      .pipe(
        fanOut(
          count,
          (lane, index) =>
            new Observable<number>((subscriber) => {
              ends[index]?.subscribe(() => subscriber.complete());
              subscriber.add(lane.pipe(takeOn(ticks[index]!)).subscribe((n) => subscriber.next(n)));
            }),
          {
            by: way === 'key' ? (n: number) => n : way,
            queue,
            meter,
            onDrop: (value, reason) => dropped.push([value, reason]),
          },
        ),
      )
      .subscribe({ next: (n) => out.push(n), complete: () => (over = true) });
    let value = 0;
    const places = count * queue + (way === 'key' ? 1 : 0);
    for (const [step, share] of script) {
      const index = Math.floor(share * count);
      if (step === 'tick') {
        ticks[index]!.next();
        model.tick(index);
      } else if (step === 'end') {
        if (model.lanes[index]!.ended) continue;
        ends[index]!.next();
        model.end(index);
      } else if (step === 'push') {
        // What is said to have room takes the next value without parking it, and nothing else does. While
        // one is parked, there is none, but where the next goes to a lane that has room.
        const { parked } = meter;
        const { available } = demand();
        next(value);
        model.push(value++);
        if (way !== 'least-loaded' && parked > 0) expect(available).toBe(0);
        else if (way !== 'key') expect(meter.parked > parked).toBe(available === 0);
        else if (available > 0) expect(meter.parked).toBe(0);
      } else {
        // No more is promised than finds a place.
        const { available } = demand();
        const { parked } = meter;
        for (let n = Math.min(available, 50); n > 0; n--) {
          next(value);
          model.push(value++);
        }
        expect(meter.parked).toBe(parked);
      }
      verifyConservation(meter);
      expect(out).toEqual(model.out);
      expect(dropped).toEqual(model.dropped);
      const waiting = model.lanes.flatMap(({ waits }) => waits).length;
      expect([meter.held, demand().waiting]).toEqual([waiting, waiting]);
      expect(meter.parked).toBe(Math.max(0, model.beyond - (way === 'key' ? 1 : 0)));
      expect(demand().capacity).toBe(places);
      over = over || model.lanes.every(({ ended }) => ended);
      if (over) return;
    }
  }

  it.each(['round-robin', 'least-loaded', 'key'] as const)(
    'whatever comes, is taken and ends, and its demand is exact: %s',
    { timeout: 60_000 },
    (way) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(3), steps, (count, queue, script) =>
          trial(count, way, queue, script),
        ),
        { numRuns: 300 },
      );
    },
  );
});

describe('its demand', () => {
  const numbers = (
    count: number,
    options: FanOutOptions<number>,
    lane: (values: Observable<number>, index: number) => Observable<number> = (values) => values,
  ) => {
    const { source, next, demand } = handSource<number>();
    const got: number[] = [];
    source.pipe(fanOut(count, lane, options)).subscribe((n) => got.push(n));
    return { next, demand, got };
  };
  const stuck = (values: Observable<number>) => values.pipe(takeOn(NEVER));

  it.each([
    ['round-robin', { queue: 3 }, [6, 5, 4, 3, 2, 1, 0]],
    ['least-loaded', { by: 'least-loaded', queue: 3 }, [6, 5, 4, 3, 2, 1, 0]],
    // Each may be for the fullest; the one in hand is beside that.
    ['key', { by: (n) => (n === 0 ? 'a' : 'b'), queue: 2 }, [3, 2, 2, 1, 0]],
  ] as [string, FanOutOptions<number>, number[]][])(
    'is what surely finds a place: %s',
    (_, options, levels) => {
      const { next, demand } = numbers(2, options, stuck);
      const seen = levels.map((_, n) => {
        const { available } = demand();
        next(n);
        return available;
      });
      expect(seen).toEqual(levels);
    },
  );

  it('counts a value that goes straight on: behind that, each lane is one turn further', () => {
    const ticks = [new Subject<void>(), new Subject<void>(), new Subject<void>()];
    const lane = (values: Observable<number>, index: number) => values.pipe(takeOn(ticks[index]!));
    const { next, demand } = numbers(3, {}, lane);
    for (const n of [0, 1, 2]) next(n);
    for (const index of [0, 0, 2]) ticks[index]!.next();
    expect(demand().available).toBe(1); // for the first lane, which takes it at once; the second is full
  });

  it('counts what goes straight on only of the lane whose turn it is', () => {
    const tick = new Subject<void>();
    const { demand } = numbers(2, {}, (values, index) =>
      index === 0 ? stuck(values) : values.pipe(takeOn(tick)),
    );
    tick.next();
    expect(demand().available).toBe(2); // one waits in the first lane, one goes on in the second
  });

  it.each(['round-robin', 'least-loaded', (n: number) => n] as const)(
    'has no bound where the lanes have none below them: %s',
    (by) => {
      for (const queue of [0, 1])
        expect(numbers(2, { by, queue }).demand().available).toBe(Infinity);
    },
  );

  it.each([
    ['round-robin', 'round-robin', 2, false],
    // The other lane has room all the while, and takes what comes.
    ['least-loaded', 'least-loaded', 3, true],
    ['by key', (n: number) => (n % 2 === 0 ? 'a' : 'b'), 3, false],
  ] as const)(
    'grows with nobody who stands still, though a value above becomes several: %s',
    (_, by, most, goesOn) => {
      const meter = new StageMeter();
      const count = 1_000;
      let pulled = 0;
      function* pairs() {
        while (pulled < count) yield [2 * pulled, 2 * pulled++ + 1];
      }
      pullFrom(pairs())
        .pipe(
          mergeMap((pair) => pair),
          fanOut(2, (lane, index) => (index === 0 ? lane : stuck(lane)), { by, meter }),
        )
        .subscribe();
      expect(meter.maxHeld).toBeLessThanOrEqual(most);
      expect(pulled === count).toBe(goesOn);
    },
  );

  describe('by load', () => {
    /** A lane with nothing below it, and one with a channel of so many places; both stand still until told. */
    const lanes = (queue: number, capacity: number) => {
      const { source, next } = handSource<string>();
      const ticks = [new Subject<void>(), new Subject<void>()] as const;
      const got: string[][] = [[], []];
      const lane = (values: Observable<string>, index: number) =>
        (index === 0 ? values : values.pipe(bufferedChannel(capacity))).pipe(
          takeOn(ticks[index as 0 | 1]),
          tap((value) => got[index]!.push(value)),
        );
      source.pipe(fanOut(2, lane, { by: 'least-loaded', queue })).subscribe();
      return {
        send: (values: string) => {
          for (const value of values) next(value);
        },
        tick: (index: 0 | 1) => ticks[index].next(),
        /** What each lane was given. */
        given: () => {
          for (const tick of ticks) for (let i = 0; i < 20; i++) tick.next();
          return got.map((values) => values.join(''));
        },
      };
    };

    it('counts what waits in the first stage, of lanes that have room', () => {
      const { send, given } = lanes(3, 5);
      send('abcdef');
      expect(given()).toEqual(['bdf', 'ace']);
    });

    it('counts it, too, where none has room and as many wait in each', () => {
      const { send, tick, given } = lanes(1, 2);
      send('abcde'); // two wait in the first lane, one in the other, and two behind that
      tick(0);
      send('f');
      expect(given()).toEqual(['bef', 'acd']);
    });
  });

  it('spreads what comes though no lane has room, however much waits behind one of them', () => {
    const meter = new StageMeter();
    let taken = 0;
    const tick = new Subject<void>();
    pullFrom(Array.from({ length: 90 }, (_, n) => n))
      .pipe(
        mergeMap((n) => [n, n, n]),
        fanOut(
          2,
          (lane, index) =>
            index === 0 ? stuck(lane) : lane.pipe(bufferedChannel(50), takeOn(tick)),
          { by: 'least-loaded', queue: 0, meter },
        ),
      )
      .subscribe(() => taken++);
    for (let i = 0; i < 200; i++) tick.next();
    expect(taken).toBe(200);
    // What one value becomes beyond the first, in each of the two.
    expect(meter.maxHeld).toBeLessThanOrEqual(4);
  });

  it('wakes whoever asks for room from inside next', () => {
    const { source, next, demand } = handSource<number>();
    let woken = 0;
    source
      .pipe(fanOut(1, (lane) => lane))
      .subscribe((n) => n === 1 && demand().onAvailable(() => woken++));
    next(1);
    expect(woken).toBe(1);
  });

  it('has a lane wait for room only while it holds something, or somebody waits for a rendezvous', () => {
    const waits = (options: FanOutOptions<number>, values: number[], asks: boolean) => {
      const paces = [new Subject<void>(), new Subject<void>()];
      const { next, demand } = numbers(2, options, (lane, index) =>
        lane.pipe(bufferedChannel(0, { pace: paces[index] })),
      );
      for (const n of values) next(n);
      if (asks) demand().onAvailable(() => {});
      return paces.map(({ observed }) => observed);
    };
    expect(waits({ queue: 0 }, [], false)).toEqual([false, false]);
    expect(waits({ queue: 0 }, [], true)).toEqual([true, true]);
    expect(waits({ queue: 1, by: () => 'a' }, [1, 2], true)).toEqual([true, false]);
  });

  it('has a lane wait no longer for what went through before it was told of room', () => {
    const clock = new HandClock();
    const got: number[] = [];
    const source = new Subject<number>();
    clock.schedule(() => source.next(3), 5); // in time for the throttle, and before it wakes the lane
    const throttle = { minDelay: 5, maxDelay: 5, target: 1, queue: 0, scheduler: clock };
    source
      .pipe(fanOut(1, (lane) => lane.pipe(adaptiveThrottle(throttle)), { overflow: 'drop-oldest' }))
      .subscribe((n) => got.push(n));
    source.next(1);
    source.next(2);
    expect([got, clock.armed]).toEqual([[1], 2]);
    clock.advance(5);
    expect([got, clock.armed]).toEqual([[1, 3], 0]);
  });

  it('below a lane is not overlooked where it comes while another is served', () => {
    const ticks = [new Subject<void>(), new Subject<void>()] as const;
    const meter = new StageMeter();
    const got: string[] = [];
    const source = new Subject<string>();
    source
      .pipe(
        fanOut(2, (lane, index) => lane.pipe(takeOn(ticks[index as 0 | 1])), { queue: 4, meter }),
      )
      .subscribe({
        next: (value) => {
          got.push(value);
          if (value === 'x') {
            for (const next of ['p', 'a', 'q']) source.next(next); // p and q for lane 1
            source.complete();
          }
          if (value === 'q') ticks[0].next(); // room for a
        },
        complete: () => got.push('|'),
      });
    ticks[0].next();
    for (let n = 0; n < 3; n++) ticks[1].next();
    source.next('x');
    expect([got.join(''), meter.held]).toEqual(['xpqa|', 0]);
  });

  it('below a lane is not overlooked where another makes it as that begins to wait', () => {
    const sinks = [new OneAtATime(), new OneAtATime()] as const;
    const source = new Subject<number>();
    const into = (lane: Observable<number>, index: number) =>
      new Observable<never>((below) => {
        below.add(lane.subscribe(sinks[index as 0 | 1]));
      });
    source.pipe(fanOut(2, into, { queue: 4 })).subscribe();
    sinks[1].next(0);
    sinks[0].came = () => {
      sinks[0].came = () => {};
      for (const n of [2, 3]) source.next(n); // while 1 is passed on: both lanes are held up together
    };
    const taken: unknown[] = [];
    sinks[1].asked = () => taken.push(sinks[0].free());
    source.next(1);
    expect(taken).toEqual([1]);
    expect(sinks.map((sink) => sink.take())).toEqual([3, 0]);
  });

  it('is none while the last lane is let go, and what comes then is dropped', async () => {
    for (const by of ['round-robin', 'least-loaded'] as const) {
      const { source, next, demand } = handSource<number>();
      const ended = new Subject<number>();
      const dropped: unknown[] = [];
      const rooms: number[] = [];
      const lane = (values: Observable<number>) => {
        values.subscribe().add(() => {
          rooms.push(demand().available);
          next(1);
        });
        return ended;
      };
      source
        .pipe(fanOut(1, lane, { by, onDrop: (value, reason) => dropped.push([value, reason]) }))
        .subscribe();
      expect(await unhandledBy(() => ended.complete())).toEqual([]);
      expect([rooms, dropped]).toEqual([[0], [[1, 'cancelled']]]);
    }
  });
});

describe('order', () => {
  it('within a lane is kept where its pipe has room by now and has not said so', () => {
    const clock = new HandClock();
    const source = new Subject<number>();
    const got: number[] = [];
    clock.schedule(() => source.next(3), 5); // set first, so it rings before the timer of the throttle
    const throttle = { minDelay: 5, maxDelay: 5, target: 1, queue: 0, scheduler: clock };
    source
      .pipe(fanOut(1, (lane) => lane.pipe(adaptiveThrottle(throttle))))
      .subscribe((n) => got.push(n));
    source.next(1);
    source.next(2);
    clock.advance(20);
    expect(got).toEqual([1, 2, 3]);
  });

  it('of what is pushed from inside is that of arrival, also where a pipe begins anew meanwhile', () => {
    const pushed: Record<string, string> = { a: 'cbe', b: 'dg' };
    const source = new Subject<string>();
    const got: string[] = [];
    source
      .pipe(
        fanOut(
          2, // a, c, e and g share the first, b and d the second
          (lane) =>
            lane.pipe(
              map((letter) => {
                if (letter === 'c') throw new Error('c');
                return letter;
              }),
              retry(),
            ),
          { by: (letter) => letter, queue: 9 },
        ),
      )
      .subscribe((letter) => {
        got.push(letter);
        for (const more of pushed[letter] ?? '') source.next(more);
      });
    source.next('a');
    expect(got.join('')).toBe('abedg');
  });

  it('of what is pushed from inside is that of arrival, in whichever lane', () => {
    const source = new Subject<string>();
    const got: string[] = [];
    source
      .pipe(fanOut(2, (lane) => lane, { by: (letter) => letter, queue: 9 }))
      .subscribe((letter) => {
        got.push(letter);
        if (letter === 'a') for (const more of 'cebd') source.next(more);
      });
    source.next('a');
    expect(got.join('')).toBe('acebd');
  });

  it('of each key is kept, however long tasks take', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(3),
        async (values, lanes, queue) => {
          const got: [number, number][] = [];
          let done = false;
          pullFrom(values.map(([key, turns], index) => ({ key, turns, index })))
            .pipe(
              fanOut(
                lanes,
                (lane) =>
                  lane.pipe(
                    workerPool(1, async ({ key, turns, index }) => {
                      for (let i = 0; i < turns; i++) await Promise.resolve();
                      return [key, index] as [number, number];
                    }),
                  ),
                { by: ({ key }) => key, queue },
              ),
            )
            .subscribe({ next: (result) => got.push(result), complete: () => (done = true) });
          for (let i = 0; i < 100 && !done; i++) await later();
          expect([done, got.length]).toEqual([true, values.length]);
          for (const key of new Set(got.map(([k]) => k))) {
            const order = got.filter(([k]) => k === key).map(([, index]) => index);
            expect(order).toEqual(order.toSorted((a, b) => a - b));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a meter', () => {
  it('tells the capacity and the link of all lanes', () => {
    const of4 = (options: FanOutOptions<number>, bare: boolean) => {
      const meter = new StageMeter();
      NEVER.pipe(
        fanOut<number, Observable<number>>(
          4,
          (lane, index) => (bare && index === 3 ? lane : lane.pipe(workerPool(1, (n) => of(n)))),
          { ...options, meter },
        ),
      ).subscribe();
      return [meter.capacity, meter.linked];
    };
    expect(of4({ queue: 3 }, false)).toEqual([12, true]);
    expect(of4({}, true)).toEqual([4, false]);
    expect(of4({ by: (n) => n, queue: 0 }, false)).toEqual([1, true]);
    const meter = new StageMeter();
    NEVER.pipe(fanOut(1, () => NEVER, { meter })).subscribe();
    expect(meter.linked).toBe(false); // nothing reads the lane
  });
});

describe('a callback', () => {
  it('`by` may end the pipe: the value is dropped', () => {
    const source = new Subject<number>();
    const dropped: unknown[] = [];
    const meter = new StageMeter();
    const subscription = source
      .pipe(
        fanOut(2, (lane) => lane, {
          by: (n) => {
            if (n === 2) subscription.unsubscribe();
            return n;
          },
          meter,
          onDrop: (value, reason) => dropped.push([value, reason]),
        }),
      )
      .subscribe();
    source.next(1);
    source.next(2);
    expect(dropped).toEqual([[2, 'unsubscribed']]);
    expect([meter.received, meter.delivered, meter.dropped, meter.held]).toEqual([2, 1, 1, 0]);
  });

  it('`by` may push: what it pushes goes first', () => {
    const source = new Subject<number>();
    const got: number[] = [];
    source
      .pipe(
        fanOut(2, (lane) => lane, {
          by: (n) => {
            if (n === 1) source.next(2);
            return n;
          },
        }),
      )
      .subscribe((n) => got.push(n));
    source.next(1);
    expect(got).toEqual([2, 1]);
  });

  it('`by` may push, and complete as it is asked about that: both go out', () => {
    const source = new Subject<number>();
    const got: unknown[] = [];
    source
      .pipe(
        fanOut(2, (lane) => lane, {
          by: (n) => {
            if (n === 1) source.next(2);
            else source.complete();
            return n;
          },
        }),
      )
      .subscribe({ next: (n) => got.push(n), complete: () => got.push('|') });
    source.next(1);
    expect(got).toEqual([2, 1, '|']);
  });

  it('`by` may end every lane: the value is dropped', () => {
    const source = new Subject<number>();
    const stop = new Subject<void>();
    const dropped: unknown[] = [];
    let ended = false;
    source
      .pipe(
        fanOut(
          2,
          (lane) =>
            new Observable<number>((subscriber) => {
              stop.subscribe(() => subscriber.complete());
              return lane.subscribe(subscriber);
            }),
          {
            by: (n) => {
              stop.next();
              return n;
            },
            onDrop: (value, reason) => dropped.push([value, reason]),
          },
        ),
      )
      .subscribe({ complete: () => (ended = true) });
    source.next(1);
    expect([ended, source.observed, dropped.length]).toEqual([true, false, 1]);
  });

  it('`lane` may end the pipe: no further lane is made', () => {
    const made: number[] = [];
    const stop = new Subject<void>();
    const output = NEVER.pipe(
      fanOut(3, (lane, index) => {
        made.push(index);
        if (index === 1) stop.next();
        return lane;
      }),
    );
    const subscriber = new Observable<never>((below) => {
      stop.subscribe(() => below.complete());
      return output.subscribe(below);
    });
    subscriber.subscribe();
    expect(made).toEqual([0, 1]);
  });

  it('`onDrop` that throws for a lane that ends fails the pipe, and the rest is dropped all the same', () => {
    const source = new Subject<number>();
    const stop = new Subject<void>();
    const heard: number[] = [];
    const ends: unknown[] = [];
    source
      .pipe(
        fanOut(
          2,
          (_, index) =>
            index === 0 ? new Observable<number>((s) => stop.subscribe(() => s.complete())) : NEVER,
          {
            queue: 2,
            onDrop: (value) => {
              heard.push(value);
              if (value === 0) throw new Error('onDrop');
            },
          },
        ),
      )
      .subscribe({ error: (error: unknown) => ends.push(error) });
    for (const n of [0, 1, 2, 3]) source.next(n);
    stop.next();
    expect([heard.sort(), ends, source.observed]).toEqual([
      [0, 1, 2, 3],
      [new Error('onDrop')],
      false,
    ]);
  });
});

describe('a teardown that throws', () => {
  const throwing = new Observable<number>(() => () => {
    throw new Error('teardown');
  });

  it('in one lane keeps no other from being let go', async () => {
    const source = new Subject<number>();
    const inner = new Subject<number>();
    const dropped: number[] = [];
    const subscription = source
      .pipe(
        fanOut(2, (lane, index) => (index === 0 ? merge(lane, throwing) : merge(inner)), {
          onDrop: (value) => dropped.push(value),
        }),
      )
      .subscribe();
    source.next(0);
    source.next(1);
    const heard = await unhandledBy(() => subscription.unsubscribe());
    expect([heard.length, inner.observed, source.observed, dropped]).toEqual([
      1,
      false,
      false,
      [1],
    ]);
  });

  it('does not hold up the error of another lane', async () => {
    const failing = new Subject<number>();
    const ends: unknown[] = [];
    NEVER.pipe(fanOut(2, (_, index) => (index === 0 ? throwing : failing))).subscribe({
      error: (error: unknown) => ends.push(error),
    });
    const heard = await unhandledBy(() => failing.error('lane error'));
    expect([ends, heard.length]).toEqual([['lane error'], 1]);
  });
});

it('a lane that is read outside its pipe is left when that ends', () => {
  const source = new Subject<number>();
  const got: number[] = [];
  const ended = new Subject<void>();
  let reader: { readonly closed: boolean } | undefined;
  source
    .pipe(
      fanOut(1, (lane) => {
        reader = lane.subscribe((n) => got.push(n));
        return ended.pipe(map(() => 0));
      }),
    )
    .subscribe();
  source.next(1);
  ended.complete();
  source.next(2);
  expect([got, reader?.closed, source.observed]).toEqual([[1], true, false]);
});

it('a lane that is read while the others are let go completes at once', () => {
  const lanes: Observable<number>[] = [];
  const reads: unknown[] = [];
  const read = () =>
    lanes[1]?.subscribe({
      error: (error: unknown) => reads.push(error),
      complete: () => reads.push('complete'),
    });
  NEVER.pipe(
    fanOut(2, (lane: Observable<number>) => {
      lanes.push(lane);
      return lane.pipe(finalize(lanes.length === 1 ? read : () => {}));
    }),
  )
    .subscribe()
    .unsubscribe();
  expect(reads).toEqual(['complete']);
});

describe('what the lanes do when all is over, and they are about to be let go:', () => {
  /** The first lane, as it is let go, has the other do something. */
  const lanes = (act: (other: Subject<number>) => void) => {
    const other = new Subject<number>();
    const bad = new Subject<number>();
    return { bad, pipes: [NEVER.pipe(finalize(() => act(other))), other, bad] };
  };

  it('no result goes down', () => {
    const log: unknown[] = [];
    const { pipes, bad } = lanes((other) => other.next(1));
    NEVER.pipe(fanOut(3, (_, i) => pipes[i]!)).subscribe({
      next: (n) => log.push(n),
      error: (error) => log.push(error),
    });
    bad.error('E');
    expect(log).toEqual(['E']);
  });

  it('no error goes anywhere', async () => {
    const { pipes } = lanes((other) => other.error('late'));
    const subscription = NEVER.pipe(fanOut(3, (_, i) => pipes[i]!)).subscribe();
    expect(await unhandledBy(() => subscription.unsubscribe())).toEqual([]);
  });

  it('what waits in one that ends then is dropped for the end of all', () => {
    const dropped: unknown[] = [];
    const { pipes } = lanes((other) => other.complete());
    const source = new Subject<number>();
    const subscription = source
      .pipe(fanOut(3, (_, i) => pipes[i]!, { onDrop: (n, reason) => dropped.push([n, reason]) }))
      .subscribe();
    for (const n of [0, 1]) source.next(n);
    subscription.unsubscribe();
    expect(dropped).toEqual([0, 1].map((n) => [n, 'unsubscribed']));
  });
});

describe('`onLink`, told of a lane,', () => {
  it('may read that lane itself: the other reader is refused', () => {
    const log: unknown[] = [];
    let values!: Observable<number>;
    let links = 0;
    const source = new Subject<number>();
    source
      .pipe(
        fanOut(1, (lane) => (values = lane), {
          onLink() {
            if (++links === 1) values.subscribe((n) => log.push(n));
          },
        }),
      )
      .subscribe({ error: (error: Error) => log.push(error.name) });
    source.next(1);
    expect(log).toEqual(['LaneTakenError']);
  });

  it('is not told of a reader that is refused', () => {
    const links: string[] = [];
    let values!: Observable<number>;
    NEVER.pipe(
      fanOut(1, (lane) => (values = lane), { onLink: ({ from }) => links.push(from) }),
    ).subscribe();
    values.subscribe({ error: () => links.push('refused') });
    expect(links).toEqual(['lane 0 of fanOut(1)', 'refused']);
  });

  it('may end the pipe: the lane is read by nobody', () => {
    const stop = new Subject<void>();
    let reader: Subscription | undefined;
    NEVER.pipe(
      fanOut(1, (lane: Observable<number>) => ((reader = lane.subscribe()), NEVER), {
        onLink: () => stop.next(),
      }),
      takeUntil(stop),
    ).subscribe();
    expect(reader?.closed).toBe(true);
  });
});

it('its error is told though the release of the source ends every lane', () => {
  const stop = new Subject<void>();
  const ends: unknown[] = [];
  let next!: (n: number) => void;
  new Observable<number>((subscriber) => {
    next = (n) => subscriber.next(n);
    return () => stop.next();
  })
    .pipe(fanOut(2, () => NEVER.pipe(takeUntil(stop)), { overflow: 'error' }))
    .subscribe({
      error: (error: unknown) => ends.push(error),
      complete: () => ends.push('complete'),
    });
  for (const n of [1, 2, 3]) next(n);
  expect(ends).toEqual([new ChannelOverflowError(1, 1, 3)]);
});

it('a lane that is read when all is over completes at once', () => {
  const lanes: Observable<number>[] = [];
  of(1)
    .pipe(
      fanOut(1, (lane) => {
        lanes.push(lane);
        return lane;
      }),
    )
    .subscribe();
  let completed = false;
  lanes[0]?.subscribe({ complete: () => (completed = true) });
  expect(completed).toBe(true);
});

it('keeps no value that has gone through', async () => {
  const source = new Subject<object>();
  const refs: WeakRef<object>[] = [];
  const subscription = source
    .pipe(fanOut(3, (lane) => lane.pipe(workerPool(1, async () => 0)), { by: 'least-loaded' }))
    .subscribe();
  (() => {
    for (let n = 0; n < 100; n++) {
      const value = { n };
      refs.push(new WeakRef(value));
      source.next(value);
    }
  })();
  for (let i = 0; i < 100; i++) await later();
  globalThis.gc?.();
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
  subscription.unsubscribe();
});

it('the stack stays flat over 1e5 values through synchronous pools', { timeout: 60_000 }, () => {
  let count = 0;
  function* numbers() {
    for (let n = 0; n < 1e5; n++) yield n;
  }
  pullFrom(numbers())
    .pipe(fanOut(4, (lane) => lane.pipe(workerPool(1, (n) => of(n))), { by: 'least-loaded' }))
    .subscribe({ next: () => count++ });
  expect(count).toBe(1e5);
});
