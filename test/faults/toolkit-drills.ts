import {
  CancelScope,
  Channel,
  ChannelClosedError,
  Once,
  RateLimiter,
  ResourcePool,
  TaskGroup,
  WaitGroup,
  after,
  broadcastChannel,
  distribute,
  merge,
  recv,
  select,
  send,
  tick,
  trySelect,
  type Clock,
  type Overflow,
  type ReceiveChannel,
} from 'rxjs-sluice';
import { expect } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { HandClock } from '../support/hand-clock.js';
import { later } from '../support/later.js';
import type { Span, Strike } from './strike.js';

/**
 * Who hears of the error of a callback: `'caller'`: whoever called what called it, as an exception or a
 * rejection; `'host'`: nobody can catch it, so it is an unhandled rejection; `'clock'`: the clock, whose own
 * timer called; `'nobody'`: it says what a `false` would say.
 */
export type Hearer = 'caller' | 'host' | 'clock' | 'nobody';

/** What a drill does with what it hears. */
export interface Told {
  /** Does `act`; what it throws, or rejects with, was told to the caller. */
  caller<R>(act: () => R | PromiseLike<R>): Promise<R | undefined>;
  /** The same of a clock that is put forward. */
  clock(act: () => void): void;
}

/** Calls a callback of the toolkit several times, one of which throws, and sees to it that all is well. */
export interface Drill {
  /** The way to it in the public types. */
  readonly seat: string;
  readonly title: string;
  readonly hears: readonly Hearer[];
  /** How often it throws. Default: once, and from then on. */
  readonly spans?: readonly Span[];
  /** Of several errors the first alone is told; the others are in promises that the drill has looked at. */
  readonly tells?: 'first';
  readonly run: (strike: Strike, told: Told) => Promise<void>;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

// ---- channels --------------------------------------------------------------------------------------

const dropping = (overflow: Overflow): Drill => ({
  seat: 'Channel.options.onDrop',
  title: overflow,
  hears: ['caller', 'host'],
  async run(strike, told) {
    const dropped: number[] = [];
    const onDrop = strike.after((value: number) => dropped.push(value));
    const channel = new Channel<number>(2, { overflow, onDrop });
    const back: number[] = [];
    const sent = numbers(6).map((n) =>
      told.caller(() =>
        channel.send(n).catch((error: unknown) => {
          // What waits when it is cancelled goes back to its sender.
          if (!(error instanceof ChannelClosedError)) throw error;
          back.push(error.value as number);
        }),
      ),
    );
    const received = [channel.tryReceive()?.value];
    await told.caller(() => channel.cancel());
    await Promise.all(sent);
    expect([...received, ...dropped, ...back].sort()).toEqual(numbers(6));
    expect([channel.length, channel.waiting, channel.closed]).toEqual([0, 0, true]);
  },
});

const receiving: Drill = {
  seat: 'Channel.receiveWith.received',
  title: 'whoever sends, or asks, while others wait behind',
  hears: ['caller', 'host'],
  async run(strike, told) {
    const channel = new Channel<number>(1);
    const received: unknown[] = [];
    const receive = () =>
      channel.receiveWith(
        strike.after((result: IteratorResult<number, undefined>) =>
          received.push(result.done === true ? 'done' : result.value),
        ),
        () => {},
      );
    for (let i = 0; i < 3; i++) receive();
    for (const n of [0, 1, 2, 3]) await told.caller(() => channel.trySend(n));
    await told.caller(receive);
    receive();
    receive();
    channel.close(); // both hear, and who they are told by is not to hear of them
    await told.caller(receive);
    expect(received).toEqual([0, 1, 2, 3, 'done', 'done', 'done']);
    expect([channel.length, channel.waiting]).toEqual([0, 0]);
  },
};

const failing: Drill = {
  seat: 'Channel.receiveWith.failed',
  title: 'when it is closed with an error, and after that',
  hears: ['host', 'caller'],
  async run(strike, told) {
    const channel = new Channel<number>();
    const failures: unknown[] = [];
    const receive = () =>
      channel.receiveWith(
        () => {},
        strike.after((error: unknown) => failures.push(error)),
      );
    receive();
    receive();
    channel.close('closed');
    await told.caller(receive);
    expect(failures).toEqual(['closed', 'closed', 'closed']);
  },
};

const resuming: Drill = {
  seat: 'Channel.onAvailable.resume',
  title: 'at once, when a value is taken, when a receiver comes, when it is closed',
  hears: ['host'],
  async run(strike) {
    const channel = new Channel<number>(1);
    let resumed = 0;
    const resume = strike.after(() => resumed++);
    channel.onAvailable(resume);
    channel.trySend(0);
    channel.onAvailable(resume);
    channel.onAvailable(resume);
    expect(channel.tryReceive()).toEqual({ done: false, value: 0 });
    channel.trySend(1);
    channel.onAvailable(resume);
    const both = [channel.receive(), channel.receive()];
    channel.trySend(2);
    expect(await Promise.all(both)).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
    ]);
    channel.trySend(3);
    channel.onAvailable(resume);
    channel.close();
    expect([resumed, channel.length]).toEqual([5, 1]);
  },
};

// ---- channels made of channels ---------------------------------------------------------------------

/** Values go in, some are taken from each output, and then all outputs are cancelled. */
const cancelled = (
  seat: string,
  outputsOf: (
    source: Channel<number>,
    onDrop: (value: number) => void,
  ) => readonly ReceiveChannel<number>[],
  copies: number,
): Drill => ({
  seat,
  title: 'when an output is cancelled',
  hears: ['caller', 'host'],
  async run(strike, told) {
    const source = new Channel<number>(8);
    const dropped: number[] = [];
    const outputs = outputsOf(
      source,
      strike.after((value: number) => dropped.push(value)),
    );
    const received: number[] = [];
    for (const n of numbers(6)) source.trySend(n);
    for (const output of outputs) received.push(output.tryReceive()?.value as number);
    for (const output of outputs) await told.caller(() => output.cancel());
    expect(outputs.map(({ closed, length }) => [closed, length])).toEqual(
      outputs.map(() => [true, 0]),
    );
    const left: number[] = [];
    for (let at; (at = source.tryReceive()) !== undefined && !at.done;) left.push(at.value);
    const all = [...received, ...dropped, ...left.flatMap((n) => Array<number>(copies).fill(n))];
    expect(all.sort()).toEqual(numbers(6).flatMap((n) => Array<number>(copies).fill(n)));
    expect(source.available).toBeGreaterThan(0);
  },
});

/** Whose error closes the output of which it is, alone: whoever receives from that hears. */
const teeing = (
  seat: string,
  outputOf: (
    source: Channel<number>,
    onDrop: (value: number) => void,
  ) => readonly [dropping: ReceiveChannel<number>, waiting: ReceiveChannel<number>],
): Drill => ({
  seat,
  title: 'of an output that drops, beside one that waits',
  hears: ['caller', 'host'],
  async run(strike, told) {
    const source = new Channel<number>();
    const dropped: number[] = [];
    const [dropping, waiting] = outputOf(
      source,
      strike.after((value: number) => dropped.push(value)),
    );
    const received: number[] = [];
    for (const n of numbers(8)) {
      expect(source.trySend(n)).toBe(true);
      expect(waiting.tryReceive()).toEqual({ done: false, value: n });
    }
    const receive = () => dropping.tryReceive();
    for (let at; (at = await told.caller(receive)) !== undefined && !at.done;) {
      received.push(at.value);
    }
    const given = [...dropped, ...received].sort();
    expect(given).toEqual(numbers(dropping.closed ? given.length : 8));
    if (!dropping.closed) for (const n of [8, 9]) source.trySend(n);
    await told.caller(() => dropping.cancel());
    await told.caller(() => waiting.cancel());
    expect([dropping.length, waiting.length]).toEqual([0, 0]);
  },
});

// ---- select ----------------------------------------------------------------------------------------

const chance = (
  seat: string,
  choose: (channels: Channel<number>[], random: () => number) => unknown,
): Drill => ({
  seat,
  title: 'among three ready cases: nothing has happened',
  hears: ['caller'],
  async run(strike, told) {
    const random = strike.before(() => 0.5);
    for (let i = 0; i < 3; i++) {
      const channels = numbers(3).map(() => new Channel<number>(1));
      for (const channel of channels) channel.trySend(1);
      const chosen = await told.caller(() => choose(channels, random));
      const left = channels.filter(({ length }) => length === 1).length;
      expect(left).toBe(chosen === undefined ? 3 : 2);
    }
  },
});

const striking = (time: HandClock, which: 'now' | 'schedule', strike: Strike): Clock => ({
  now() {
    if (which === 'now') strike.hit();
    return time.now();
  },
  schedule(task, delayMs) {
    if (which === 'schedule') strike.hit();
    const timer = time.schedule(task, delayMs);
    return () => timer.unsubscribe();
  },
});

/** The drill twice: with a clock whose `now` throws, and one whose `schedule` does. */
const clocked = (
  name: string,
  title: string,
  run: (clock: Clock, time: HandClock, told: Told) => Promise<void>,
): Drill[] =>
  (['now', 'schedule'] as const).map((which) => ({
    seat: `${name}.options.clock.${which}`,
    title,
    hears: ['caller', 'clock'],
    // Who waits for a time that is never told again waits for ever.
    ...(name === 'RateLimiter' && which === 'now' && { spans: ['once'] }),
    async run(strike, told) {
      const time = new HandClock();
      await run(striking(time, which, strike), time, told);
      expect(time.armed, 'timers').toBe(0);
    },
  }));

const selecting = clocked(
  'select',
  'which waits for a value, a place, a time and a tick: it leaves no wait behind',
  async (clock, time, told) => {
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    const ticks = tick(3);
    for (let i = 0; i < 4; i++) {
      const input = new Channel<number>();
      const output = new Channel<number>();
      let settled = false;
      const chosen = told
        .caller(() =>
          select(
            { input: recv(input), output: send(output, 1), late: after(2), ticks },
            { clock, signal },
          ),
        )
        .finally(() => (settled = true));
      await later();
      for (let ms = 0; ms < 4; ms++) told.clock(() => time.advance(1));
      await later();
      // Where its timer was lost with the clock, another case can still happen.
      if (!settled) input.trySend(1);
      await chosen;
      expect([input.available, input.waiting, output.waiting, listeners()]).toEqual([0, 0, 0, 0]);
    }
  },
);

const trySelecting = [
  ...clocked('trySelect', 'with a tick', async (clock, time, told) => {
    const ticks = tick(1);
    for (let i = 0; i < 4; i++) {
      const input = new Channel<number>(1);
      input.trySend(1);
      time.advance(1);
      const chosen = await told.caller(() =>
        trySelect({ ticks, input: recv(input) }, { clock, order: 'declared' }),
      );
      expect(input.length).toBe(chosen?.case === 'input' ? 0 : 1);
    }
  }),
].filter(({ seat }) => !seat.endsWith('schedule'));

// ---- time ------------------------------------------------------------------------------------------

const limiting = clocked(
  'RateLimiter',
  'whoever waits, reserves or asks: no token and no place is lost',
  async (clock, time, told) => {
    const limiter = new RateLimiter({ rate: 1000, burst: 2, clock });
    const waits = [];
    for (let i = 0; i < 6; i++) waits.push(told.caller(() => limiter.wait()));
    await told.caller(() => limiter.reserve().cancel());
    await told.caller(() => limiter.allow());
    for (let ms = 0; ms < 12; ms++) told.clock(() => time.advance(1));
    await told.caller(() => limiter.setRate(1000));
    for (let ms = 0; ms < 12; ms++) told.clock(() => time.advance(1));
    await Promise.all(waits);
    expect(limiter.waiting).toBe(0);
    await told.caller(() => expect(limiter.tokens).toBe(2));
  },
);

const scoping = clocked(
  'CancelScope',
  'which leaves no listener behind',
  async (clock, time, told) => {
    const { controller, listeners } = countingSignal();
    for (let i = 0; i < 3; i++) {
      const scope = await told.caller(
        () =>
          new CancelScope({
            signal: controller.signal,
            timeout: 2,
            deadline: time.now() + 2,
            clock,
          }),
      );
      if (scope === undefined) continue;
      for (let ms = 0; ms < 4; ms++) told.clock(() => time.advance(1));
      scope.cancel(); // where the timer was lost with the clock
      expect(scope.signal.aborted).toBe(true);
    }
    expect(listeners()).toBe(0);
  },
);

const resting = clocked(
  'ResourcePool',
  'of idle resources: each is still lent, or disposed of',
  async (clock, time, told) => {
    let open = 0;
    const pool = new ResourcePool<number>({
      create: () => ++open,
      dispose: () => --open,
      max: 3,
      idleTimeout: 2,
      clock,
    });
    for (let round = 0; round < 3; round++) {
      const leases = numbers(3).map(() => pool.tryAcquire()!);
      expect(leases.every((lease) => lease !== undefined)).toBe(true);
      for (const lease of leases) {
        await told.caller(() => lease());
        told.clock(() => time.advance(1));
      }
      if (round === 1) for (let ms = 0; ms < 4; ms++) told.clock(() => time.advance(1));
      expect([pool.lent, pool.size]).toEqual([0, open]);
    }
    await pool.close();
    expect([open, pool.size]).toEqual([0, 0]);
  },
);

// ---- sync ------------------------------------------------------------------------------------------

const once: Drill = {
  seat: 'Once.do.run',
  title: 'whose error every caller gets',
  hears: ['caller'],
  async run(strike, told) {
    const value = new Once<number>();
    const run = strike.before(() => 1);
    const first = value.do(run);
    const rest = [value.do(run), value.do(run)];
    await told.caller(() => first);
    const same = (await Promise.allSettled(rest)).map(({ status }) => status);
    expect(new Set(same).size).toBe(1);
    expect(strike.calls).toBe(1);
  },
};

/** A pool of 2, of which 4 at a time want one, three times over. */
const pooling = (
  option: 'create' | 'validate' | 'dispose',
  how: 'at once' | 'later',
  hears: Drill['hears'],
): Drill => ({
  seat: `ResourcePool.options.${option}`,
  title: how,
  hears,
  async run(strike, told) {
    const open = new Set<number>();
    let made = 0;
    const wait = async <R>(act: () => R): Promise<R> => {
      await Promise.resolve();
      return act();
    };
    const timed = <R>(act: () => R): R | Promise<R> => (how === 'later' ? wait(act) : act());
    const of = (name: typeof option): void => {
      if (name === option) strike.hit();
    };
    const pool = new ResourcePool<number>({
      create: () =>
        timed(() => {
          of('create');
          open.add(++made);
          return made;
        }),
      validate: (resource) =>
        timed(() => {
          of('validate');
          return resource % 3 !== 0;
        }),
      dispose: (resource) =>
        timed(() => {
          open.delete(resource);
          of('dispose');
        }),
      max: 2,
    });
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        numbers(4).map(() =>
          told.caller(() =>
            pool.use(async (resource) => {
              expect(open.has(resource)).toBe(true);
              await Promise.resolve();
            }),
          ),
        ),
      );
      await later();
      expect([pool.waiting, pool.lent, pool.size]).toEqual([0, 0, open.size]);
    }
    // What `close` is told of disposals, it tells in one.
    try {
      await pool.close();
    } catch (error) {
      const { errors } = error as AggregateError;
      for (const each of errors) await told.caller(() => Promise.reject(each as Error));
    }
    expect([open.size, pool.size]).toEqual([0, 0]);
  },
});

const working: Drill = {
  seat: 'ResourcePool.use.work',
  title: 'whose resource is discarded',
  hears: ['caller'],
  async run(strike, told) {
    const discarded: number[] = [];
    let made = 0;
    const pool = new ResourcePool<number>({
      create: () => ++made,
      dispose: (resource) => discarded.push(resource),
      max: 1,
    });
    const work = strike.before((resource: number) => resource);
    const used = numbers(3).map(() => told.caller(() => pool.use(work)));
    await Promise.all(used);
    expect(discarded).toHaveLength(strike.thrown);
    await pool.close();
    expect(discarded).toHaveLength(made);
  },
};

const grouping = (seat: 'go' | 'tryGo', how: 'at once' | 'later'): Drill => ({
  seat: `TaskGroup.${seat}.task`,
  title: how,
  hears: ['caller'],
  tells: 'first',
  async run(strike, told) {
    const { controller, listeners } = countingSignal();
    const group = new TaskGroup({ limit: 2, signal: controller.signal });
    const task = strike.before(() => 1);
    const timed = how === 'later' ? async () => (await Promise.resolve(), task()) : task;
    const results = await Promise.allSettled(
      numbers(5).map(async () => {
        if (seat === 'go') return group.go(timed);
        await group.ready();
        return group.tryGo(timed);
      }),
    );
    await told.caller(() => group.wait());
    // The group tells what its tasks tell; what has not begun by then does not begin.
    const failed = results.filter(({ status }) => status === 'rejected').length;
    expect(failed > 0).toBe(strike.at > 0);
    if (seat === 'go') {
      const ownErrors = results.filter(
        (result) => result.status === 'rejected' && result.reason === strike.fault,
      );
      expect(ownErrors.length).toBeGreaterThanOrEqual(strike.thrown);
    }
    expect([group.running, group.waiting, group.signal.aborted, listeners()]).toEqual([
      0,
      0,
      true,
      0,
    ]);
  },
});

const waiting: Drill = {
  seat: 'WaitGroup.go.task',
  title: 'which is counted off all the same',
  hears: ['caller'],
  async run(strike, told) {
    const group = new WaitGroup();
    const task = strike.before(() => 1);
    const tasks = numbers(3).map(() => told.caller(() => group.go(task)));
    await group.wait();
    await Promise.all(tasks);
    expect(group.count).toBe(0);
  },
};

export const drills: readonly Drill[] = [
  ...(['block', 'drop-oldest', 'drop-newest'] as const).map(dropping),
  receiving,
  { ...receiving, seat: 'ReceiveChannel.receiveWith.received' },
  failing,
  { ...failing, seat: 'ReceiveChannel.receiveWith.failed' },
  resuming,
  { ...resuming, seat: 'SendChannel.onAvailable.resume' },
  { ...resuming, seat: 'Demand.onAvailable.resume' },
  cancelled(
    'distribute.options.onDrop',
    (source, onDrop) => distribute(source, 2, { capacity: 2, onDrop }),
    1,
  ),
  cancelled(
    'merge.options.onDrop',
    (source, onDrop) => [merge([source, new Channel<number>()], { capacity: 3, onDrop })],
    1,
  ),
  cancelled(
    'broadcastChannel.options.onDrop',
    (source, onDrop) => broadcastChannel(source, 2, { capacity: 8, onDrop }),
    2,
  ),
  teeing('broadcastChannel.options.onDrop', (source, onDrop) => {
    const broadcast = broadcastChannel(source, { capacity: 2, overflow: 'drop-oldest', onDrop });
    return [broadcast.subscribe(), broadcast.subscribe({ capacity: 1, overflow: 'block' })];
  }),
  ...(['drop-oldest', 'drop-newest'] as const).map((overflow) =>
    teeing('ChannelBroadcast.subscribe.options.onDrop', (source, onDrop) => {
      const broadcast = broadcastChannel(source, { capacity: 1 });
      return [broadcast.subscribe({ capacity: 2, overflow, onDrop }), broadcast.subscribe()];
    }),
  ),
  chance('select.options.random', (channels, random) =>
    select({ a: recv(channels[0]!), b: recv(channels[1]!), c: recv(channels[2]!) }, { random }),
  ),
  chance('trySelect.options.random', (channels, random) =>
    trySelect({ a: recv(channels[0]!), b: recv(channels[1]!), c: recv(channels[2]!) }, { random }),
  ),
  ...selecting,
  ...trySelecting,
  ...limiting,
  ...scoping,
  ...resting,
  once,
  pooling('create', 'at once', ['caller']),
  pooling('create', 'later', ['caller']),
  pooling('validate', 'at once', ['nobody']),
  pooling('validate', 'later', ['nobody']),
  pooling('dispose', 'at once', ['host', 'caller']),
  pooling('dispose', 'later', ['host', 'caller']),
  working,
  grouping('go', 'at once'),
  grouping('go', 'later'),
  grouping('tryGo', 'at once'),
  grouping('tryGo', 'later'),
  waiting,
];
