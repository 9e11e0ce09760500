import { NEVER, Observable, Subject, asyncScheduler, delay, of, take, tap } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { takeOn } from 'rxjs-sluice/marbles';
import {
  adaptiveThrottle,
  bufferedChannel,
  demandOf,
  pullFrom,
  StageMeter,
  workerPool,
  type AdaptiveThrottleOptions,
  type Demand,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../support/hand-clock.js';
import { LateClock } from '../support/late-clock.js';

/** How the loop fared at one capacity of its consumer. */
interface Step {
  /** What the consumer took, as a part of what it could take. */
  readonly throughput: number;
  /** The least and the most that waited before it when a value went there, once settled. */
  readonly least: number;
  readonly most: number;
}

const TARGET = 20;
const PLACES = 100;
const STEP_MS = 10_000;
const SETTLED_MS = 2_000;
/** What the consumer can take in a second, one step after the other. */
const CAPACITIES = [100, 500, 50];

/**
 * A loop in virtual time: a producer that can make 1,000 values a second and waits when it is told to,
 * the throttle, a stage of 100 places, and a consumer whose capacity changes in steps.
 */
function closedLoop(law: AdaptiveThrottleOptions<number>['law']): Step[] {
  const took = CAPACITIES.map(() => 0);
  const waited: number[][] = CAPACITIES.map(() => []);
  const numbers = (function* () {
    for (let n = 0; ; n++) yield n;
  })();
  const scheduler = new TestScheduler(() => {});
  scheduler.run(() => {
    const step = () => Math.min(CAPACITIES.length - 1, Math.floor(asyncScheduler.now() / STEP_MS));
    const stage = new StageMeter();
    const dropped: number[] = [];
    const onDrop = (n: number): void => void dropped.push(n);
    let next = 0;
    const subscription = pullFrom(numbers)
      .pipe(
        workerPool(1, (n) => of(n).pipe(delay(1))),
        adaptiveThrottle({ minDelay: 1, maxDelay: 40, target: TARGET, law, onDrop }),
        tap(() => {
          // One is with the consumer, and one is on its way.
          if (asyncScheduler.now() % STEP_MS >= SETTLED_MS) waited[step()]!.push(stage.held);
        }),
        workerPool(1, (n) => of(n).pipe(delay(1000 / CAPACITIES[step()]!)), {
          queue: PLACES,
          meter: stage,
          onDrop,
        }),
      )
      .subscribe((n) => {
        if (n === next) next++; // all of them, in order: none is lost
        took[step()]!++;
      });
    asyncScheduler.schedule(() => {
      expect([dropped, next]).toEqual([[], took.reduce((a, b) => a + b)]);
      subscription.unsubscribe();
    }, CAPACITIES.length * STEP_MS);
  });
  return CAPACITIES.map((capacity, at) => ({
    throughput: took[at]! / (STEP_MS / 1000) / capacity,
    least: Math.min(...waited[at]!),
    most: Math.max(...waited[at]!),
  }));
}

/** Throws unless the loop keeps the consumer busy, and the line before it short. */
function expectSettled(steps: readonly Step[], least: number): void {
  expect(steps).toHaveLength(CAPACITIES.length);
  for (const step of steps) {
    expect(step.throughput).toBeGreaterThanOrEqual(0.9);
    expect(step.least).toBeGreaterThanOrEqual(least);
    expect(step.most).toBeLessThanOrEqual(2 * TARGET);
  }
}

describe('adaptiveThrottle in a closed loop, above a consumer that takes 100, 500, then 50 a second', () => {
  it('settles between the target and twice it, and costs no throughput', () => {
    expectSettled(closedLoop(undefined), TARGET);
  });

  it("with 'aimd' it settles around the target", () => {
    expectSettled(closedLoop('aimd'), TARGET / 2);
  });

  it('without a law the line is as long as there are places', () => {
    const steps = closedLoop(() => 0);
    expect(() => expectSettled(steps, TARGET)).toThrow();
    expect(steps.map(({ most }) => most)).toEqual(CAPACITIES.map(() => PLACES));
  });

  it('with a delay that is too long the consumer starves', () => {
    const steps = closedLoop(() => 40);
    expect(() => expectSettled(steps, TARGET)).toThrow();
    expect(steps[1]!.throughput).toBeLessThan(0.1);
  });
});

it.each([undefined, 0])(
  'lets a value go that falls due between two looks at the clock (queue: %j)',
  (queue) => {
    for (let step = 0.25; step <= 4; step += 0.25) {
      const time = new HandClock();
      let looks = 0;
      const scheduler = {
        now: () => time.now() + step * looks++, // as a host's clock goes on while the code runs
        schedule: time.schedule.bind(time),
      };
      const went: number[] = [];
      pullFrom([1, 2, 3, 4])
        .pipe(adaptiveThrottle({ minDelay: 1, maxDelay: 1, target: 1, queue, scheduler }))
        .subscribe((n) => went.push(n));
      for (let ms = 0; ms < 10 && time.armed > 0; ms++) time.advance(1);
      expect([step, went]).toEqual([step, [1, 2, 3, 4]]);
    }
  },
);

it('a clock that is set back holds no value up for longer than twice the delay', () => {
  const time = new HandClock();
  let back = 0;
  const scheduler = { now: () => time.now() - back, schedule: time.schedule.bind(time) };
  const went: [value: number, at: number][] = [];
  pullFrom([1, 2, 3])
    .pipe(adaptiveThrottle({ minDelay: 100, maxDelay: 100, target: 1, scheduler }))
    .subscribe((n) => went.push([n, time.now()]));
  time.advance(50);
  back = 3_600_000;
  time.advance(1000);
  expect(went).toEqual([
    [1, 0],
    [2, 200], // from when the timer found the clock set back
    [3, 300],
  ]);
});

it('a clock that is set forward holds no value up for the delay before the one in force', () => {
  const clock = new LateClock();
  const source = new Subject<string>();
  const went: [value: string, at: number][] = [];
  const delays = [1000];
  const law = () => delays.shift() ?? 10;
  const options = { minDelay: 10, maxDelay: 1000, target: 1, queue: 9, law };
  source
    .pipe(
      adaptiveThrottle({ ...options, scheduler: clock }),
      workerPool(100, (value) => of(value)),
    )
    .subscribe((value) => went.push([value, clock.passed]));
  for (const value of 'abc') source.next(value);
  clock.advance(100);
  clock.back = -10_000;
  source.next('d'); // b is due
  clock.advance(1000);
  expect(went).toEqual([
    ['a', 0],
    ['b', 100],
    ['c', 110],
    ['d', 120],
  ]);
  expect(clock.most).toBe(1);
});

describe('the law', () => {
  const start = (more: Partial<AdaptiveThrottleOptions<number>>) => {
    const feedback = new Subject<number>();
    const delays: unknown[] = [];
    const options = { minDelay: 1, maxDelay: 100, target: 5, ...more };
    NEVER.pipe(
      adaptiveThrottle({ ...options, feedback, onDelay: (ms) => delays.push(ms) }),
    ).subscribe({ error: (error) => delays.push(error) });
    return { feedback, delays };
  };

  it("'aimd' halves the rate while more than the target wait and do not become fewer, else adds to it", () => {
    const { feedback, delays } = start({ law: 'aimd' });
    const readings = [6, 6, 7, 6, 5, 6, 0, 0];
    for (const waiting of readings) feedback.next(waiting);
    const added = (delay: number) => 1 / (1 / delay + 1 / 100);
    const less = added(8);
    expect(delays).toEqual([1, 2, 4, 8, less, 2 * less, added(2 * less), added(added(2 * less))]);
  });

  it('linear goes up to `maxDelay`, however many wait', () => {
    const { feedback, delays } = start({});
    for (const waiting of [5, 7.5, 10, 11, Infinity]) feedback.next(waiting);
    expect(delays).toEqual([1, 50.5, 100]);
    const fixed = start({ minDelay: 100 });
    fixed.feedback.next(Infinity);
    expect(fixed.delays).toEqual([100]);
  });

  it("'aimd' begins with a 64th of the longest delay where the shortest is 0", () => {
    const { feedback, delays } = start({ law: 'aimd', minDelay: 0, maxDelay: 64 });
    for (const waiting of [6, 6]) feedback.next(waiting);
    expect(delays).toEqual([0, 1, 2]);
  });

  it('goes by `feedback` alone as long as that lasts', () => {
    const feedback = new Subject<number>();
    const readings: number[] = [];
    const law = (waiting: number) => (readings.push(waiting), 0);
    const options = { minDelay: 0, maxDelay: 1, target: 1, law, feedback };
    const source = new Subject<number>();
    source.pipe(adaptiveThrottle(options), bufferedChannel(9), takeOn(NEVER)).subscribe();
    source.next(1);
    feedback.next(7);
    source.next(2);
    feedback.complete();
    source.next(3);
    expect(readings).toEqual([7, 3]);
  });

  it('is not asked when the consumer has left with the value', () => {
    const readings: number[] = [];
    const law = (waiting: number) => (readings.push(waiting), 0);
    of(1, 2)
      .pipe(
        adaptiveThrottle({ minDelay: 0, maxDelay: 1, target: 1, law }),
        bufferedChannel(9),
        take(1),
      )
      .subscribe();
    expect(readings).toEqual([]);
  });
});

it('an `onDelay` that ends the pipe at the start leaves nobody listening to `feedback`', () => {
  const feedback = new Subject<number>();
  const onDelay = () => {
    throw new Error('onDelay');
  };
  const errors: unknown[] = [];
  NEVER.pipe(
    adaptiveThrottle({ minDelay: 1, maxDelay: 2, target: 1, feedback, onDelay }),
  ).subscribe({ error: (error: unknown) => errors.push(error) });
  expect([errors, feedback.observed]).toEqual([[new Error('onDelay')], false]);
});

it('spaces what comes after a pause as at the start', () => {
  const clock = new HandClock();
  const source = new Subject<number>();
  const went: [value: number, at: number][] = [];
  source
    .pipe(adaptiveThrottle({ minDelay: 5, maxDelay: 5, target: 1, scheduler: clock }))
    .subscribe((n) => went.push([n, clock.now()]));
  for (const n of [1, 2]) source.next(n);
  clock.advance(100);
  for (const n of [3, 4]) source.next(n);
  clock.advance(100);
  expect(went).toEqual([
    [1, 0],
    [2, 5],
    [3, 100],
    [4, 105],
  ]);
});

it('one timer is set for all that wait, and none for who asks when all is over', () => {
  const clock = new HandClock();
  const source = new Subject<number>();
  let demand: Demand | undefined;
  const subscription = new Observable<number>((subscriber) => {
    demand = demandOf(subscriber);
    return source.subscribe(subscriber);
  })
    .pipe(adaptiveThrottle({ minDelay: 5, maxDelay: 5, target: 1, scheduler: clock }))
    .subscribe();
  for (const n of [1, 2, 3, 4]) source.next(n);
  expect([clock.made, clock.armed]).toEqual([1, 1]);
  subscription.unsubscribe();
  demand?.onAvailable(() => expect.fail('all is over'));
  expect([clock.made, clock.armed]).toEqual([1, 0]);
});

it.each(['1', NaN, -1, undefined])('a reading of %o on feedback errors the pipe', (reading) => {
  const errors: unknown[] = [];
  new Observable<never>()
    .pipe(
      adaptiveThrottle({ minDelay: 1, maxDelay: 2, target: 1, feedback: of(reading as number) }),
    )
    .subscribe({ error: (error) => errors.push(error) });
  const shown = typeof reading === 'string' ? `"${reading}"` : String(reading);
  expect(errors).toEqual([
    new RangeError(`Expected \`feedback\` to be a number ≥ 0, got ${shown}`),
  ]);
});

it.each(['5', 1, NaN, Infinity, undefined])('a longest delay of %o is refused', (maxDelay) => {
  const bad = { minDelay: 2, maxDelay: maxDelay as number, target: 1 };
  const shown = typeof maxDelay === 'string' ? `"${maxDelay}"` : String(maxDelay);
  expect(() => adaptiveThrottle(bad)).toThrow(
    new RangeError(
      `Expected \`maxDelay\` to be a finite number of milliseconds ≥ \`minDelay\`, got ${shown}`,
    ),
  );
});

it('a rendezvous sets no timer any more when whoever waits above it gives up', () => {
  const clock = new HandClock();
  let giveUp: (() => void) | undefined;
  new Observable<number>((subscriber) => {
    subscriber.next(1);
    giveUp = demandOf(subscriber)?.onAvailable(() => expect.fail('it has given up'));
  })
    .pipe(adaptiveThrottle({ minDelay: 5, maxDelay: 5, target: 1, queue: 0, scheduler: clock }))
    .subscribe();
  expect(clock.armed).toBe(1);
  giveUp?.();
  expect(clock.armed).toBe(0);
  clock.advance(5);
});
