import {
  CancelScope,
  Channel,
  ChannelClosedError,
  after,
  broadcastChannel,
  pipeTo,
  recv,
  select,
  send,
  tick,
  trySelect,
  type Clock,
  type SelectCases,
} from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { HandClock } from '../support/hand-clock.js';
import { FailingClock } from '../support/failing-clock.js';
import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';

interface Hand {
  readonly clock: Clock;
  readonly armed: number;
  /** By how much the clock is wrong. Its timers mind no clock. */
  wrong: number;
  /** By how much each timer is early. */
  early: number;
  advance(ms: number): void;
}

function hand(): Hand {
  const scheduler = new HandClock();
  const time: Hand = {
    clock: {
      now: () => scheduler.now() + time.wrong,
      schedule: (task, ms) => {
        const timer = scheduler.schedule(task, ms - time.early);
        return () => timer.unsubscribe();
      },
    },
    wrong: 0,
    early: 0,
    advance: (ms) => scheduler.advance(ms),
    get armed() {
      return scheduler.armed;
    },
  };
  return time;
}

/** Lehmer's generator: the same numbers each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('a case that is ready', () => {
  it('receives what is held', async () => {
    const jobs = new Channel<string>(1);
    jobs.trySend('sweep');
    expect(await select({ job: recv(jobs) })).toEqual({ case: 'job', value: 'sweep', done: false });
    expect(jobs.length).toBe(0);
  });

  it('sends where there is a place', async () => {
    const out = new Channel<number>(1);
    expect(await select({ sent: send(out, 43) })).toEqual({ case: 'sent' });
    expect(out.tryReceive()).toEqual({ done: false, value: 43 });
  });

  it('is the only one that happens', async () => {
    const a = new Channel<number>(1);
    const b = new Channel<number>(1);
    const c = new Channel<number>(1);
    a.trySend(1);
    b.trySend(2);
    await select({ a: recv(a), b: recv(b), c: send(c, 3) });
    const happened = [1 - a.length, 1 - b.length, c.length];
    expect(happened.sort()).toEqual([0, 0, 1]);
  });

  it('is a closed channel, with done; or its error, once it is drained', async () => {
    const done = new Channel<number>(1);
    done.trySend(1);
    done.close();
    expect(await select({ done: recv(done) })).toEqual({ case: 'done', value: 1, done: false });
    expect(await select({ done: recv(done) })).toEqual({
      case: 'done',
      value: undefined,
      done: true,
    });
    const failed = new Channel<number>();
    failed.close(new Error('broken'));
    await expect(select({ failed: recv(failed) })).rejects.toThrow('broken');
  });

  it('is a send on a closed channel, which rejects', async () => {
    const closed = new Channel<number>(1);
    closed.close();
    await expect(select({ sent: send(closed, 1) })).rejects.toThrow(ChannelClosedError);
  });

  it('asks a producer at a rendezvous, which may make another case ready', async () => {
    const other = new Channel<number>(1);
    const rendezvous = new Channel<number>();
    rendezvous.onAvailable(() => other.trySend(7));
    const chosen = await select(
      { first: recv(other), asks: recv(rendezvous) },
      { order: 'declared' },
    );
    expect(chosen).toEqual({ case: 'first', value: 7, done: false });
    expect(rendezvous.available).toBe(0);
  });

  describe('may be made so by a producer that is asked while a later one is tried', () => {
    const got = (value: number) => ({ case: 'first', value, done: false });
    const closed = { case: 'first', value: undefined, done: true };

    it.each<[string, number, (channel: Channel<number>) => unknown, object]>([
      ['a value that comes', 1, (channel) => channel.trySend(7), got(7)],
      ['a send that waits', 0, (channel) => void channel.send(7), got(7)],
      ['the end', 0, (channel) => channel.close(), closed],
    ])('receiving, by %s', (_, capacity, act, expected) => {
      const channel = new Channel<number>(capacity);
      const asked = new Channel<number>();
      asked.onAvailable(() => act(channel));
      const cases = { first: recv(channel), asks: recv(asked) };
      expect(trySelect(cases, { order: 'declared' })).toEqual(expected);
    });

    it.each<[string, number, (channel: Channel<number>) => unknown]>([
      ['a place that becomes free', 1, (channel) => channel.tryReceive()],
      ['a receiver that waits', 0, (channel) => void channel.receive()],
    ])('sending, by %s', (_, capacity, act) => {
      const channel = new Channel<number>(capacity);
      for (let n = 0; n < capacity; n++) channel.trySend(n);
      const asked = new Channel<number>();
      asked.onAvailable(() => act(channel));
      const cases = { first: send(channel, 7), asks: recv(asked) };
      expect(trySelect(cases, { order: 'declared' })).toEqual({ case: 'first' });
    });

    it('sending, by the end, which throws', () => {
      const channel = new Channel<number>();
      const asked = new Channel<number>();
      asked.onAvailable(() => channel.close());
      const cases = { first: send(channel, 7), asks: recv(asked) };
      expect(() => trySelect(cases, { order: 'declared' })).toThrow(ChannelClosedError);
    });

    it('ticking, by the time that it takes', () => {
      const time = hand();
      const first = tick(10);
      const { clock } = time;
      expect(trySelect({ first }, { clock })).toBeUndefined();
      const asked = new Channel<number>();
      asked.onAvailable(() => time.advance(10));
      const cases = { first, asks: recv(asked) };
      expect(trySelect(cases, { clock, order: 'declared' })).toEqual({ case: 'first' });
    });
  });
});

describe('choice', () => {
  it.each([2, 3, 5])('among %i that are ready is uniform', async (count) => {
    const random = seeded(20_261_121);
    const channels = Array.from({ length: count }, () => new Channel<number>(1));
    for (const channel of channels) channel.trySend(0);
    const cases = Object.fromEntries(channels.map((channel, n) => [`c${n}`, recv(channel)]));
    const picks = new Map<string, number>();
    const total = 1e5;
    for (let i = 0; i < total; i++) {
      const chosen = trySelect(cases, { random });
      const name = chosen?.case ?? 'none';
      picks.set(name, (picks.get(name) ?? 0) + 1);
      channels[Number(name.slice(1))]?.trySend(0);
    }
    const expected = total / count;
    let chiSquare = 0;
    for (let n = 0; n < count; n++)
      chiSquare += ((picks.get(`c${n}`) ?? 0) - expected) ** 2 / expected;
    // The 99.9th percentile for 1, 2 and 4 degrees of freedom.
    expect(chiSquare).toBeLessThan({ 2: 10.83, 3: 13.82, 5: 18.47 }[count] as number);
    expect(picks.has('none')).toBe(false);
  });

  it("is the first declared, with order: 'declared'", () => {
    const a = new Channel<number>(9);
    const b = new Channel<number>(9);
    for (let n = 0; n < 5; n++) {
      a.trySend(n);
      b.trySend(n);
    }
    const random = vi.fn(() => 0);
    for (let n = 0; n < 5; n++) {
      const chosen = trySelect({ b: recv(b), a: recv(a) }, { order: 'declared', random });
      expect(chosen).toEqual({ case: 'b', value: n, done: false });
    }
    expect(random).not.toHaveBeenCalled();
  });
});

describe('a select that waits', () => {
  it('takes what comes first, and leaves every other line', async () => {
    const a = new Channel<number>();
    const b = new Channel<number>();
    const full = new Channel<number>();
    const chosen = select({ a: recv(a), b: recv(b), full: send(full, 9) });
    expect([a.available, b.available, full.waiting]).toEqual([1, 1, 1]);
    expect(b.trySend(2)).toBe(true);
    expect([a.available, b.available, full.waiting]).toEqual([0, 0, 0]);
    expect(a.trySend(1)).toBe(false);
    expect(full.tryReceive()).toBeUndefined();
    expect(await chosen).toEqual({ case: 'b', value: 2, done: false });
  });

  it('gives what it sends to whoever receives', async () => {
    const out = new Channel<number>();
    const stop = new Channel<never>();
    const chosen = select({ sent: send(out, 9), stop: recv(stop) });
    expect(out.tryReceive()).toEqual({ done: false, value: 9 });
    expect([out.waiting, stop.available]).toEqual([0, 0]);
    expect(await chosen).toEqual({ case: 'sent' });
  });

  it('ends when a channel closes', async () => {
    const a = new Channel<number>();
    const b = new Channel<number>();
    const chosen = select({ a: recv(a), b: recv(b) });
    b.close();
    expect(await chosen).toEqual({ case: 'b', value: undefined, done: true });
    const failing = select({ a: recv(a) });
    a.close(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    expect(a.available).toBe(0);
  });

  it('rejects when the channel that it sends on is cancelled', async () => {
    const out = new Channel<number>();
    const chosen = select({ sent: send(out, 9) });
    out.cancel();
    await expect(chosen).rejects.toThrow(ChannelClosedError);
    expect(out.waiting).toBe(0);
  });

  it('may have two cases on one channel, of which one happens', async () => {
    const a = new Channel<number>();
    const chosen = select({ one: recv(a), two: recv(a) }, { order: 'declared' });
    expect(a.available).toBe(2);
    a.trySend(1);
    expect([a.available, (await chosen).case]).toEqual([0, 'one']);
    const closing = select({ one: recv(a), two: recv(a) }, { order: 'declared' });
    a.close();
    expect(await closing).toEqual({ case: 'one', value: undefined, done: true });
  });

  it('is met behind a producer that is asked in vain', async () => {
    const out = new Channel<number>();
    const asked = vi.fn();
    out.onAvailable(asked);
    const chosen = select({ sent: send(out, 9), stop: recv(new Channel<never>()) });
    expect(out.tryReceive()).toEqual({ done: false, value: 9 });
    expect(asked).toHaveBeenCalledTimes(1);
    expect(await chosen).toEqual({ case: 'sent' });
  });

  it('meets another that waits', async () => {
    const a = new Channel<number>();
    const b = new Channel<number>();
    const giving = select({ a: send(a, 1), b: send(b, 2) });
    const taking = await select({ b: recv(b) });
    expect(taking).toEqual({ case: 'b', value: 2, done: false });
    expect(await giving).toEqual({ case: 'b' });
    expect([a.waiting, b.waiting]).toEqual([0, 0]);
  });

  it('keeps its place in line', async () => {
    const a = new Channel<number>();
    const heard: string[] = [];
    void a.receive().then(() => heard.push('first'));
    void select({ a: recv(a) }).then(() => heard.push('second'));
    void a.receive().then(() => heard.push('third'));
    for (let n = 0; n < 3; n++) a.trySend(n);
    await later();
    expect(heard).toEqual(['first', 'second', 'third']);
  });
});

describe('a select that sends and receives on one channel', () => {
  it('never meets itself', async () => {
    const loop = new Channel<number>();
    const settled = vi.fn();
    void select({ in: recv(loop), out: send(loop, 1) }).then(settled);
    void select({ out: send(loop, 1), in: recv(loop) }, { order: 'declared' }).then(settled);
    await later();
    // The second met the first.
    expect(settled).toHaveBeenCalledTimes(2);
    const alone = vi.fn();
    void select({ in: recv(loop), out: send(loop, 1) }).then(alone);
    await later();
    expect(alone).not.toHaveBeenCalled();
    expect([loop.waiting, loop.available]).toEqual([1, 1]);
  });

  it('is met by a producer that asks for room, and keeps its send for others', async () => {
    const loop = new Channel<number>();
    const chosen = select({ in: recv(loop), out: send(loop, 1) });
    loop.onAvailable(() => loop.trySend(7));
    expect(await chosen).toEqual({ case: 'in', value: 7, done: false });
    expect([loop.waiting, loop.available]).toEqual([0, 0]);
  });

  it('meets a receiver that comes behind a producer', async () => {
    const loop = new Channel<number>();
    const asked = vi.fn();
    const full = new Channel<number>();
    loop.onAvailable(asked);
    const chosen = select(
      { out: send(loop, 1), in: recv(loop), full: send(full, 0) },
      { order: 'declared' },
    );
    await later();
    expect(asked).toHaveBeenCalledTimes(1);
    expect(loop.tryReceive()).toEqual({ done: false, value: 1 });
    expect(await chosen).toEqual({ case: 'out' });
    expect([loop.waiting, loop.available, full.waiting]).toEqual([0, 0, 0]);
  });

  it('meets the like of it', async () => {
    const loop = new Channel<number>();
    const one = select({ in: recv(loop), out: send(loop, 1) });
    const two = select({ in: recv(loop), out: send(loop, 2) });
    const chosen = await Promise.all([one, two]);
    expect(chosen.map((each) => each.case).sort()).toEqual(['in', 'out']);
    const received = chosen.find((each) => each.case === 'in');
    expect(received).toEqual({ case: 'in', value: chosen[0].case === 'in' ? 2 : 1, done: false });
    expect([loop.waiting, loop.available]).toEqual([0, 0]);
  });
});

describe('time', () => {
  it('ends the wait after so long, and leaves no timer when another case happens', async () => {
    const time = hand();
    const a = new Channel<number>();
    const idle = select({ a: recv(a), idle: after(100) }, { clock: time.clock });
    time.advance(99);
    expect(a.available).toBe(1);
    time.advance(1);
    expect(await idle).toEqual({ case: 'idle' });
    expect([a.available, time.armed]).toEqual([0, 0]);
    for (const timed of [after(2 ** 40), tick(100)]) {
      const taken = select({ a: recv(a), timed }, { clock: time.clock });
      expect(time.armed).toBe(1);
      a.trySend(1);
      expect([time.armed, (await taken).case]).toEqual([0, 'a']);
    }
  });

  it('sets no timer once a producer that hears of it has sent', async () => {
    const time = hand();
    const [first, second] = [new Channel<number>(), new Channel<number>()];
    // The first is asked again only when the select stands in line.
    second.onAvailable(() => first.onAvailable(() => first.trySend(1)));
    const cases = { first: recv(first), second: recv(second), idle: after(100) };
    const taken = select(cases, { clock: time.clock, order: 'declared' });
    expect([time.armed, await taken]).toEqual([0, { case: 'first', value: 1, done: false }]);
  });

  it('ticks on a grid, and does not make up for what was missed', async () => {
    const time = hand();
    const every = tick(10);
    const ticks: number[] = [];
    for (const wait of [10, 10, 35, 5, 10]) {
      const chosen = select({ every }, { clock: time.clock });
      time.advance(wait);
      expect(await chosen).toEqual({ case: 'every' });
      ticks.push(time.clock.now());
    }
    expect(ticks).toEqual([10, 20, 55, 60, 70]);
    expect(time.armed).toBe(0);
    expect(trySelect({ every }, { clock: time.clock })).toEqual({ case: 'every' });
    expect(trySelect({ every }, { clock: time.clock })).toBeUndefined();
    time.advance(27);
    expect(trySelect({ every }, { clock: time.clock })).toEqual({ case: 'every' });
    expect(trySelect({ every }, { clock: time.clock })).toBeUndefined();
    time.advance(3);
    expect(trySelect({ every }, { clock: time.clock })).toEqual({ case: 'every' });
  });
});

describe('a select stands in all its lines before anybody hears of it:', () => {
  it.each([
    [0, 1],
    [1, 0],
  ])('a broadcast gives to one, and what is for the other stays (%d, %d)', async (...places) => {
    const source = new Channel<number>(2);
    source.trySend(1);
    source.close();
    const outputs = broadcastChannel(source, 2);
    const [a, b] = places.map((place) => outputs[place]) as [Channel<number>, Channel<number>];
    const chosen = await select({ a: recv(a), b: recv(b) }, { order: 'declared' });
    expect(chosen).toMatchObject({ value: 1, done: false });
    const other = chosen.case === 'a' ? b : a;
    expect(await other.receive()).toEqual({ value: 1, done: false });
    expect(await other.receive()).toMatchObject({ done: true });
  });

  it.each([
    ['sends', (a: Channel<number>) => a.trySend(1), { case: 'a', value: 1, done: false }],
    ['closes', (a: Channel<number>) => a.close(), { case: 'a', value: undefined, done: true }],
  ])('a producer that %s on a line it has joined later is heard', async (_, act, result) => {
    const [a, b, d] = [new Channel<number>(1), new Channel<number>(), new Channel<number>()];
    d.onAvailable(() => void b.onAvailable(() => void act(a)));
    const cases = { b: recv(b), a: recv(a), d: recv(d) };
    expect(await select(cases, { order: 'declared' })).toEqual(result);
    expect([a.length, b.available, d.available]).toEqual([0, 0, 0]);
  });

  it('a producer that receives what it is to send is given it', async () => {
    const [b, c, d] = [new Channel<number>(), new Channel<number>(), new Channel<number>()];
    const got: unknown[] = [];
    d.onAvailable(() => {
      b.onAvailable(() => {
        c.receiveWith(
          ({ value }) => got.push(value),
          () => {},
        );
      });
    });
    const cases = { b: recv(b), c: send(c, 1), d: recv(d) };
    expect(await select(cases, { order: 'declared' })).toEqual({ case: 'c' });
    expect(got).toEqual([1]);
  });
});

it.each([5, 1])('a tick that two selects wait for ticks for both, every %i ms', async (every) => {
  const time = hand();
  const beat = tick(every);
  const ticks: string[] = [];
  const listen = async (name: string): Promise<void> => {
    for (;;) {
      await select({ beat }, { clock: time.clock });
      ticks.push(`${name}${time.clock.now()}`);
    }
  };
  for (const name of ['a', 'b']) void listen(name);
  for (let ms = 0; ms < every * 3; ms++) {
    time.advance(1);
    await later();
  }
  expect(ticks).toEqual([1, 2, 3].flatMap((nth) => [`a${nth * every}`, `b${nth * every}`]));
});

describe('a tick', () => {
  const hour = 3_600_000;

  it('takes no longer than its time where the clock was set back meanwhile', async () => {
    const time = hand();
    const every = tick(100);
    const armed: number[] = [];
    for (let n = 0; n < 3; n++) {
      const chosen = select({ every }, { clock: time.clock });
      time.wrong = -hour;
      time.advance(99);
      armed.push(time.armed);
      time.advance(1);
      armed.push(time.armed);
      if (time.armed === 0) await chosen;
    }
    expect(armed).toEqual([1, 0, 1, 0, 1, 0]);
  });

  it('takes no longer than its time where the clock was set back before it is tried', () => {
    const time = hand();
    const every = tick(100);
    const tried = () => trySelect({ every }, { clock: time.clock });
    expect(tried()).toBeUndefined();
    time.wrong = -hour;
    expect(tried()).toBeUndefined();
    time.advance(99);
    expect(tried()).toBeUndefined();
    time.advance(1);
    expect(tried()).toEqual({ case: 'every' });
  });

  it('takes no longer than its time where the clock was set back by less than that', () => {
    const time = hand();
    const every = tick(hour);
    const tried = () => trySelect({ every }, { clock: time.clock });
    tried();
    time.wrong = -hour / 2;
    tried();
    time.advance(hour - 1);
    expect(tried()).toBeUndefined();
    time.advance(1);
    expect(tried()).toEqual({ case: 'every' });
  });

  it.each([100, 1])('of %i ms keeps its grid where timers come 1 ms early', async (ms) => {
    const time = hand();
    const every = tick(ms);
    const left: number[] = [];
    time.early = 1;
    for (let n = 0; n < 3; n++) {
      const chosen = select({ every }, { clock: time.clock });
      time.advance(0);
      while (time.armed > 0) time.advance(1);
      await chosen;
      left.push(time.clock.now());
    }
    expect(left).toEqual([ms - 1, 2 * ms - 1, 3 * ms - 1]);
  });

  it.each([
    [70, 90, 100],
    [20, 40, 60],
    [19, 39, 40],
  ])('of 20 ms whose timer comes %i ms late, at %i, comes next at %i', async (late, at, next) => {
    const time = hand();
    const every = tick(20);
    const { clock } = time;
    time.early = -late;
    const chosen = select({ every }, { clock });
    time.advance(at);
    expect(await chosen).toEqual({ case: 'every' });
    time.advance(next - at - 1);
    expect(trySelect({ every }, { clock })).toBeUndefined();
    time.advance(1);
    expect(trySelect({ every }, { clock })).toEqual({ case: 'every' });
  });
});

describe('a signal', () => {
  it('that has aborted wins over what is ready', async () => {
    const a = new Channel<number>(1);
    a.trySend(1);
    await expect(
      select({ a: recv(a) }, { signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop');
    expect(a.length).toBe(1);
  });

  it('ends the wait, and nothing has happened', async () => {
    const a = new Channel<number>();
    const out = new Channel<number>();
    const { controller, listeners } = countingSignal();
    const chosen = select({ a: recv(a), out: send(out, 1) }, { signal: controller.signal });
    expect(listeners()).toBe(1);
    controller.abort(new Error('stop'));
    await expect(chosen).rejects.toThrow('stop');
    expect([a.available, out.waiting, listeners()]).toEqual([0, 0, 0]);
  });

  it('is listened to only while the select waits', async () => {
    const a = new Channel<number>(1);
    const { controller, listeners } = countingSignal();
    const add = vi.spyOn(controller.signal, 'addEventListener');
    a.trySend(1);
    await select({ a: recv(a) }, { signal: controller.signal });
    expect(add).not.toHaveBeenCalled();
    const chosen = select({ a: recv(a) }, { signal: controller.signal });
    expect(listeners()).toBe(1);
    a.trySend(1);
    await chosen;
    expect(listeners()).toBe(0);
  });

  it('ends the wait too if it aborts while the cases are tried', async () => {
    const a = new Channel<number>();
    const { controller, listeners } = countingSignal();
    a.onAvailable(() => controller.abort(new Error('stop')));
    const chosen = select({ a: recv(a) }, { signal: controller.signal });
    await expect(chosen).rejects.toThrow('stop');
    expect([a.available, listeners()]).toEqual([0, 0]);
  });

  it('ends the wait too if it aborts while the select takes its places', async () => {
    const a = new Channel<number>();
    const b = new Channel<number>();
    const { controller, listeners } = countingSignal();
    // Asked while `b` is tried, it asks in turn, where the select will stand next.
    b.onAvailable(() => a.onAvailable(() => controller.abort(new Error('stop'))));
    const cases = { a: recv(a), b: recv(b) };
    const chosen = select(cases, { signal: controller.signal, order: 'declared' });
    await expect(chosen).rejects.toThrow('stop');
    expect([a.available, b.available, listeners()]).toEqual([0, 0, 0]);
  });

  it('is enough for a select without a live case', async () => {
    const { controller } = countingSignal();
    const chosen = select({ nil: undefined }, { signal: controller.signal });
    controller.abort(new Error('stop'));
    await expect(chosen).rejects.toThrow('stop');
  });
});

describe('bad arguments', () => {
  it('no case that can happen, and no signal', async () => {
    const message = 'Expected `cases` to have one that can happen, or a `signal`, got neither';
    await expect(select({})).rejects.toThrow(new TypeError(message));
    await expect(select({ a: undefined, b: null, c: false })).rejects.toThrow(message);
    const cases: SelectCases = { a: undefined };
    expect(trySelect(cases)).toBeUndefined();
  });

  it('are refused at the call', () => {
    expect(() => after(-1)).toThrow('Expected `ms` to be a number of milliseconds ≥ 0, got -1');
    expect(() => tick(0)).toThrow('Expected `ms` to be a number of milliseconds > 0, got 0');
    expect(() => tick('5' as never)).toThrow(
      new RangeError('Expected `ms` to be a number of milliseconds > 0, got "5"'),
    );
    const noChannel = 'Expected `channel` to be a Channel, got Object';
    expect(() => recv({} as never)).toThrow(noChannel);
    expect(() => send({} as never, 1)).toThrow(noChannel);
    const options = { order: 'last' as never };
    expect(() => trySelect({}, options)).toThrow(
      'Expected `order` to be one of "random", "declared", got "last"',
    );
    expect(() => trySelect({}, { random: 5 as never })).toThrow(
      'Expected `random` to be a function, got 5',
    );
  });
});

it('selects that lost retain nothing', async () => {
  const busy = new Channel<number>(1);
  const longLived = new Channel<number>();
  const lose = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const chosen = select({ lost: recv(longLived), sent: send(longLived, n), won: recv(busy) });
      busy.trySend(n);
      await chosen;
    }
  };
  await lose(1000);
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  await lose(200_000);
  globalThis.gc?.();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(1e6);
  expect([longLived.available, longLived.waiting]).toEqual([0, 0]);
});

it('one whose clock fails when it begins to wait rejects with that, and waits nowhere', async () => {
  const clock = new FailingClock();
  clock.fails = 'schedule';
  const { controller, listeners } = countingSignal();
  const input = new Channel<number>();
  const cases = { input: recv(input), late: after(1) };
  const { signal } = controller;
  const selecting = select(cases, { clock, signal, order: 'declared' });
  await expect(selecting).rejects.toThrow('clock');
  expect([input.available, listeners(), clock.time.armed]).toEqual([0, 0, 0]);
});

it('one that is tried while producers are being told of room ends, though a send waits behind them', () => {
  const channel = new Channel<number>();
  const seen: unknown[] = [];
  channel.onAvailable(() => seen.push(trySelect({ got: recv(channel) })));
  channel.onAvailable(() => seen.push('second'));
  void channel.send(1);
  expect(channel.tryReceive()).toEqual({ done: false, value: 1 });
  expect(seen).toEqual([undefined, 'second']);
});

it('one that is tried while producers are being told of room takes what comes to be held meanwhile', () => {
  const channel = new Channel<number>(1);
  const asked = new Channel<number>();
  const cases = { first: recv(channel), asks: recv(asked) };
  const seen: unknown[] = [];
  channel.trySend(1);
  channel.onAvailable(() => seen.push(trySelect(cases, { order: 'declared' })));
  asked.onAvailable(() => channel.trySend(2));
  channel.tryReceive();
  expect(seen).toEqual([{ case: 'first', value: 2, done: false }]);
});

it('a send that is given up on a closed channel is the end of a pipe that waits for it', async () => {
  const { signal, cancel } = new CancelScope();
  const source = new Channel<number>();
  const sent = select({ sent: send(source, 1) }, { signal });
  const target = new Channel<number>();
  source.close();
  const piped = pipeTo(source, target);
  cancel('over');
  await expect(sent).rejects.toBe('over');
  await piped;
  expect(await target.receive()).toEqual({ done: true, value: undefined });
});

it('a send that is chosen has its place before others hear that the rest have left', async () => {
  const log = new Channel<string>(1);
  const jobs = new Channel<string>();
  const [, shown] = broadcastChannel(jobs, 2); // the other is slow: nothing is received yet
  shown.receiveWith(({ done }) => done && log.trySend('the end of the jobs'), vi.fn());
  log.trySend('first');
  log.onAvailable(() => {}); // asks before the select, and has nothing to send
  const chosen = select({ logged: send(log, 'job'), given: send(jobs, 'job') });
  jobs.close();
  log.tryReceive();
  expect([await chosen, log.length]).toEqual([{ case: 'logged' }, 1]);
});
