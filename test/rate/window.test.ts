import fc from 'fast-check';
import { Subject, Subscription, merge, tap, type Observable, type SchedulerLike } from 'rxjs';
import { RateLimiter, type Reservation } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import { leakyBucket, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { Time } from './time.js';

type Act =
  | { readonly do: 'allow'; readonly cost: number }
  | { readonly do: 'reserve'; readonly cost: number }
  /** With a signal of its own, or that of the latest wait. */
  | { readonly do: 'wait'; readonly cost: number; readonly shares: boolean }
  /** Sends what costs as much into one of the pipes: the latest of its values waits, in the place of the one before. */
  | { readonly do: 'send'; readonly cost: number; readonly pipe: number }
  /** Pipes what costs so much from a source that can wait. */
  | { readonly do: 'pull'; readonly costs: readonly number[] }
  /** Takes one value of those pipes that go by that. */
  | { readonly do: 'tick' }
  /** Takes parts of a token for as long as they are given. */
  | { readonly do: 'drain' }
  /** Aborts the latest wait but so many. */
  | { readonly do: 'abort'; readonly which: number }
  /** Cancels the latest reservation but so many. */
  | { readonly do: 'cancel'; readonly which: number }
  | { readonly do: 'rate'; readonly rate: number };

type Step =
  | Act
  /** Does `act` from inside the next callback that a pipe calls. */
  | { readonly do: 'inside'; readonly act: Act }
  | { readonly do: 'pass'; readonly ms: number };

const cost = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(0.25, 0.1, 2.5));
const steps = {
  allow: fc.record({ do: fc.constant('allow' as const), cost }),
  wait: fc.record({ do: fc.constant('wait' as const), cost, shares: fc.boolean() }),
  reserve: fc.record({ do: fc.constant('reserve' as const), cost }),
  send: fc.record({ do: fc.constant('send' as const), cost, pipe: fc.nat(4) }),
  pull: fc.record({
    do: fc.constant('pull' as const),
    costs: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  }),
  tick: fc.constant({ do: 'tick' as const }),
  drain: fc.constant({ do: 'drain' as const }),
  abort: fc.record({ do: fc.constant('abort' as const), which: fc.nat(4) }),
  cancel: fc.record({ do: fc.constant('cancel' as const), which: fc.nat(4) }),
  rate: fc.record({
    do: fc.constant('rate' as const),
    rate: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(0.5, 2.7, 1000 / 49, 1000)),
  }),
  pass: fc.record({
    do: fc.constant('pass' as const),
    ms: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constantFrom(0.5, 33.3)),
  }),
};

interface Admitted {
  readonly at: number;
  readonly cost: number;
}

const schedulerOf = (time: Time): SchedulerLike => ({
  now: () => time.now(),
  schedule: (work, delay = 0) =>
    new Subscription(time.schedule(() => work.call(undefined as never, undefined as never), delay)),
});

/** Runs `script`; returns what was admitted when, and how many tokens come until a time. */
async function run(rate: number, burst: number, script: readonly Step[], late = 0) {
  const time = new Time();
  time.late = late;
  const limiter = new RateLimiter({ rate, burst, clock: time });
  const admitted: Admitted[] = [];
  const rates = [{ since: 0, rate }];
  const controllers: AbortController[] = [];
  let waits = 0;
  const asked: number[] = [];
  const served: number[] = [];
  const reservations: { readonly reservation: Reservation; readonly entry: Admitted }[] = [];
  const admit = (each: number) => admitted.push({ at: time.now(), cost: each });
  const inside: Act[] = [];
  const called = (): void => {
    const [next] = inside.splice(0, 1);
    if (next !== undefined) act(next);
  };
  const cost = (n: number): number => {
    called();
    return n;
  };
  const goOut = (n: number): void => {
    admit(n);
    called();
  };
  const ticks = new Subject<void>();
  const options = { limiter, scheduler: schedulerOf(time), queue: 1, cost };
  const pipes = [0, 1, 2, 3, 4].map(() => new Subject<number>());
  const [first, second, third, fourth] = pipes.map((values) =>
    values.pipe(leakyBucket(Math.max(1, burst), 0, { ...options, overflow: 'drop-oldest' })),
  ) as [Observable<number>, Observable<number>, Observable<number>, Observable<number>];
  merge(first, second).subscribe(goOut);
  // Another value may be the next in its turn than the one for which it stands in line.
  pipes[4]
    ?.pipe(leakyBucket(Math.max(1, burst), 100, { ...options, queue: 4, keyBy: (n) => n }))
    .subscribe(goOut);
  // The one may take the room for which the other stands in line.
  merge(third, fourth).pipe(takeOn(ticks)).subscribe(goOut);
  const act = (step: Act): void => {
    if (step.do === 'tick') {
      ticks.next();
    } else if (step.do === 'send') {
      pipes[step.pipe]?.next(Math.min(step.cost, burst));
    } else if (step.do === 'pull') {
      pullFrom(step.costs.map((cost) => Math.min(cost, burst)))
        .pipe(tap(called), leakyBucket(Math.max(1, burst), 0, { ...options, queue: 0 }))
        .subscribe(goOut);
    } else if (step.do === 'rate') {
      limiter.setRate(step.rate);
      rates.push({ since: time.now(), rate: step.rate });
    } else if (step.do === 'abort') {
      controllers.at(-1 - step.which)?.abort();
    } else if (step.do === 'drain') {
      while (burst > 0 && limiter.rate < Infinity && limiter.allow(0.125)) admit(0.125);
    } else if (step.do === 'allow') {
      if (limiter.allow(Math.min(step.cost, burst))) admit(Math.min(step.cost, burst));
    } else if (step.do === 'reserve') {
      const reservation = limiter.reserve(Math.min(step.cost, burst));
      const { delay } = reservation;
      const entry = { at: time.now() + delay, cost: Math.min(step.cost, burst) };
      reservations.push({ reservation, entry });
      admitted.push(entry);
    } else if (step.do === 'cancel') {
      const cancelled = reservations.at(-1 - step.which);
      cancelled?.reservation.cancel();
      if (cancelled !== undefined && cancelled.entry.at >= time.now()) {
        const place = admitted.indexOf(cancelled.entry);
        if (place >= 0) admitted.splice(place, 1);
      }
    } else {
      const latest = step.shares ? controllers.at(-1) : undefined;
      const controller = latest ?? new AbortController();
      if (latest === undefined) controllers.push(controller);
      const turn = waits++;
      const waited = limiter.wait({ cost: Math.min(step.cost, burst), signal: controller.signal });
      asked.push(turn); // behind what asks from inside of that
      waited.then(
        () => {
          admit(Math.min(step.cost, burst));
          served.push(turn);
        },
        () => asked.splice(asked.indexOf(turn), 1),
      );
    }
  };
  const sends = (step: Step): boolean =>
    step.do === 'inside' ? sends(step.act) : step.do === 'send' && step.pipe === 4;
  const own = script.some(sends) ? 1 : 0; // alarms
  for (const step of script) {
    if (step.do === 'pass') await time.pass(step.ms);
    else if (step.do === 'inside') inside.push(step.act);
    else act(step);
    // What is there is taken by nobody else before it is noted.
    await time.pass(0);
    expect(time.armed).toBeLessThanOrEqual(own + 1);
    expect(time.armed).toBeLessThanOrEqual(own + limiter.waiting);
  }
  await time.pass(1e6);
  expect(served).toEqual(asked.slice(0, served.length));
  if (limiter.rate > 0) expect([limiter.waiting, served.length]).toEqual([0, asked.length]);
  expect(time.armed).toBe(0);

  const brought = (until: number) =>
    rates.reduce((sum, each, index) => {
      const end = Math.min(until, rates[index + 1]?.since ?? Infinity);
      return sum + Math.max(0, end - each.since) * (each.rate / 1000);
    }, 0);
  return { admitted, brought };
}

interface Run {
  readonly admitted: readonly Admitted[];
  readonly brought: (until: number) => number;
}

/** In any window at most `burst` and what came meanwhile. */
function checkWindows(burst: number, { admitted, brought }: Run, windows = Infinity) {
  const inOrder = [...admitted].filter((each) => each.at < Infinity).sort((a, b) => a.at - b.at);
  inOrder.slice(0, windows).forEach((first, from) => {
    let sum = 0;
    for (const last of inOrder.slice(from)) {
      sum += last.cost;
      expect(sum).toBeLessThanOrEqual(burst + brought(last.at) - brought(first.at) + 1e-6);
    }
  });
}

/** As they come, or from inside a callback. */
const anywhere = (act: fc.Arbitrary<Act>): fc.Arbitrary<Step> =>
  fc.oneof(
    act,
    act.map((each) => ({ do: 'inside' as const, act: each })),
  );

const initial = {
  rate: fc.integer({ min: 0, max: 40 }),
  burst: fc.integer({ min: 0, max: 6 }),
};

describe('in any window of w seconds at most burst + rate · w are admitted', () => {
  it('whatever is asked, waited for, aborted and set', async () => {
    const { allow, wait, drain, abort, rate, pass } = steps;
    const script = fc.array(fc.oneof(allow, wait, wait, drain, abort, rate, pass, pass), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(initial.rate, initial.burst, script, async (first, burst, taken) => {
        checkWindows(burst, await run(first, burst, taken));
      }),
      { numRuns: 300 },
    );
  });

  it('also when the rate is set from inside a callback; by timers that are late, from the first on', async () => {
    const { allow, wait, send, tick, pull, drain, abort, rate, pass } = steps;
    const acts = [allow, wait, send, tick, pull, drain, abort, rate].map(anywhere);
    const script = fc.array(fc.oneof(...acts, pass, pass), { maxLength: 40 });
    const late = fc.constantFrom(0, 70, 300);
    await fc.assert(
      fc.asyncProperty(
        initial.rate,
        initial.burst,
        late,
        script,
        async (first, burst, late, taken) => {
          checkWindows(burst, await run(first, burst, taken, late), late > 0 ? 1 : undefined);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('with reservations among them, each at its time or cancelled, while the rate stays', async () => {
    const { allow, wait, send, tick, reserve, drain, abort, cancel, pass } = steps;
    const each = fc.oneof(allow, wait, send, send, tick, reserve, drain, abort, cancel, pass, pass);
    const script = fc.array(each, { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(initial.rate, initial.burst, script, async (rate, burst, taken) => {
        checkWindows(burst, await run(rate, burst, taken));
      }),
      { numRuns: 300 },
    );
  });

  describe('with pipes that come to ask for more or less, before what is reserved', () => {
    const { wait, send, pull, tick, reserve, abort, pass } = steps;
    const cost = fc.integer({ min: 0, max: 4 });
    const whole = [wait, send, send, reserve].map((act) =>
      fc.tuple<[Act, number]>(act, cost).map(([act, cost]) => ({ ...act, cost }) as Act),
    );
    const each = fc.oneof(
      ...[...whole, pull, tick, abort].map(anywhere),
      pass.map((): Step => ({ do: 'pass', ms: 100 })),
    );
    const burst = fc.integer({ min: 1, max: 4 });
    const scripts = (first: (cost: number) => Step[], maxLength: number) =>
      fc
        .tuple(burst, fc.array(each, { maxLength }))
        .map(([burst, script]) => [burst, [...first(burst), ...script]] as const);

    it('in time', async () => {
      await fc.assert(
        fc.asyncProperty(
          scripts((cost) => [{ do: 'allow', cost }], 12),
          async ([burst, script]) => {
            checkWindows(burst, await run(10, burst, script));
          },
        ),
        { numRuns: 2000 },
      );
    });

    it('by timers that are late: in those windows that begin with the first', async () => {
      const late = fc.integer({ min: 0, max: 4 }).map((n) => n * 100);
      // Its second value waits for tokens of its own, and may have them by the time of the turn of another.
      const first = (cost: number) => Array<Step>(2).fill({ do: 'send', cost, pipe: 4 });
      await fc.assert(
        fc.asyncProperty(scripts(first, 10), late, async ([burst, script], late) => {
          checkWindows(burst, await run(10, burst, script, late), 1);
        }),
        { numRuns: 2000 },
      );
    });
  });
});
