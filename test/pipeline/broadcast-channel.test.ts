import { Channel, ChannelOverflowError, broadcastChannel, type DropReason } from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';
import {
  all,
  askersOf,
  drain,
  holding,
  listen,
  untilError,
  waitingIn,
  watchersOf,
} from './channels.js';

const value = <T>(held: T) => ({ done: false, value: held });
const done = { done: true, value: undefined };

describe('broadcastChannel', () => {
  it('gives each value to every output, in order', async () => {
    const outputs = broadcastChannel(holding([1, 2, 3]), 3);
    expect(await Promise.all(outputs.map(all))).toEqual([
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ]);
  });

  it('goes as fast as the slowest, which others are ahead of by their capacity', () => {
    const source = holding([1, 2, 3, 4], { closed: false });
    const [slow, fast] = broadcastChannel(source, 2, { capacity: 2 });
    expect([drain(fast), source.length]).toEqual([[1, 2], 2]);
    expect([slow.tryReceive(), source.length, drain(fast)]).toEqual([value(1), 1, [3]]);
  });

  it('at capacity 0 receives a value when everybody waits for one', () => {
    const source = new Channel<number>();
    const [a, b] = broadcastChannel(source, 2);
    const heard: string[] = [];
    const hear = (who: string) => [() => heard.push(who), vi.fn()] as const;
    a.receiveWith(...hear('a'));
    expect(source.trySend(1)).toBe(false);
    b.receiveWith(...hear('b'));
    expect([source.trySend(1), heard, source.trySend(2)]).toEqual([true, ['a', 'b'], false]);
  });

  it('puts a value in the line of an output whose receiver has given up', () => {
    const source = new Channel<number>();
    const [a, b] = broadcastChannel(source, 2);
    const heard = vi.fn();
    a.receiveWith(heard, vi.fn());
    b.receiveWith(vi.fn(), vi.fn())();
    expect([source.trySend(1), heard.mock.calls, waitingIn(b)]).toEqual([true, [[value(1)]], 1]);
    listen(a, heard);
    expect([source.trySend(2), b.tryReceive(), source.available]).toEqual([false, value(1), 0]);
  });

  it('closes every output with the input, behind what each holds', async () => {
    for (const error of [undefined, 'broken']) {
      const [slow, fast] = broadcastChannel(holding([1, 2], { error }), 2, { capacity: 2 });
      expect([slow.closed, fast.closed]).toEqual([true, true]);
      const read = error === undefined ? all : untilError;
      const expected = error === undefined ? [1, 2] : [[1, 2], error];
      expect([await read(fast), await read(slow)]).toEqual([expected, expected]);
    }
  });

  it('closes the fast ones though a value is in hand for a slow one', () => {
    const source = new Channel<number>();
    const [a, b] = broadcastChannel(source, 2);
    a.receiveWith(vi.fn(), vi.fn());
    b.receiveWith(vi.fn(), vi.fn())();
    source.trySend(1);
    source.close();
    expect([a.tryReceive(), b.tryReceive(), b.tryReceive()]).toEqual([done, value(1), done]);
  });

  it('serves a thousand outputs', () => {
    const source = new Channel<number>();
    const outputs = broadcastChannel(source, 1000, { capacity: 3 });
    for (let n = 0; n < 3; n++) expect(source.trySend(n)).toBe(true);
    expect(source.trySend(3)).toBe(false);
    for (const output of outputs) expect(drain(output)).toEqual([0, 1, 2]);
  });

  it('gives one value to all before the next, though a receiver sends that in between', () => {
    const source = new Channel<number>(4);
    const heard: string[] = [];
    for (const [i, output] of broadcastChannel(source, 2).entries()) {
      listen(output, (n) => {
        heard.push(`${i}: ${n}`);
        if (i === 0 && n < 3) source.trySend(n + 1);
      });
    }
    source.trySend(1);
    expect(heard).toEqual(['0: 1', '1: 1', '0: 2', '1: 2', '0: 3', '1: 3']);
  });
});

describe('an output that drops', () => {
  it('holds up nobody, and loses only values of its own', () => {
    const dropped: [string, number, DropReason][] = [];
    const dropTo = (who: string) => ({
      onDrop: (n: number, reason: DropReason) => dropped.push([who, n, reason]),
    });
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source, { capacity: 2 });
    const complete = broadcast.subscribe({ capacity: 4, ...dropTo('complete') });
    const newest = broadcast.subscribe({ overflow: 'drop-oldest', ...dropTo('newest') });
    const oldest = broadcast.subscribe({ overflow: 'drop-newest', ...dropTo('oldest') });
    for (const n of [1, 2, 3, 4]) expect(source.trySend(n)).toBe(true);
    expect(source.trySend(5)).toBe(false);
    expect([drain(newest), drain(oldest), drain(complete)]).toEqual([
      [3, 4],
      [1, 2],
      [1, 2, 3, 4],
    ]);
    expect(dropped).toEqual([
      ['newest', 1, 'overflow'],
      ['oldest', 3, 'overflow'],
      ['newest', 2, 'overflow'],
      ['oldest', 4, 'overflow'],
    ]);
  });

  it('where all drop, waits for the fastest', () => {
    const source = new Channel<number>();
    const options = { capacity: 1, overflow: 'drop-oldest' } as const;
    const [a, b] = broadcastChannel(source, 2, options);
    expect([source.trySend(1), source.trySend(2)]).toEqual([true, false]);
    expect([a.tryReceive(), source.trySend(2), drain(a), drain(b)]).toEqual([
      value(1),
      true,
      [2],
      [2],
    ]);
  });

  it('asks once to be told of room, however often it has none', () => {
    const source = new Channel<number>();
    const options = { capacity: 1, overflow: 'drop-oldest' } as const;
    const [fast, slow] = broadcastChannel(source, 2, options);
    for (let n = 0; n < 10; n++) {
      expect([source.trySend(n), fast.tryReceive()]).toEqual([true, value(n)]);
    }
    source.trySend(10);
    expect([fast, slow].map(askersOf)).toEqual([1, 1]);
  });

  it("under 'error' is closed with the error, alone, behind what it holds", async () => {
    const source = new Channel<number>();
    const dropped = vi.fn();
    const broadcast = broadcastChannel(source, { capacity: 3 });
    const other = broadcast.subscribe();
    const failing = broadcast.subscribe({ capacity: 1, overflow: 'error', onDrop: dropped });
    for (const n of [1, 2, 3]) source.trySend(n);
    const [held, error] = await untilError(failing);
    expect([held, dropped.mock.calls]).toEqual([[1], [[2, 'overflow']]]);
    expect(error).toBeInstanceOf(ChannelOverflowError);
    expect([broadcast.subscribers, drain(other)]).toEqual([1, [1, 2, 3]]);
  });

  it('whose onDrop throws is closed with that, alone', async () => {
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source, { capacity: 3 });
    const other = broadcast.subscribe();
    const onDrop = () => {
      throw new Error('onDrop');
    };
    const failing = broadcast.subscribe({ capacity: 1, overflow: 'drop-newest', onDrop });
    for (const n of [1, 2, 3]) source.trySend(n);
    expect(await untilError(failing)).toEqual([[1], new Error('onDrop')]);
    expect(drain(other)).toEqual([1, 2, 3]);
  });
});

describe('an output that is cancelled', () => {
  it('leaves, and no longer holds up the rest', () => {
    const dropped = vi.fn();
    const source = holding([1, 2, 3], { closed: false });
    const [stuck, free] = broadcastChannel(source, 2, { capacity: 1, onDrop: dropped });
    const heard: number[] = [];
    listen(free, (n) => heard.push(n));
    expect(heard).toEqual([1]);
    stuck.cancel();
    expect([heard, dropped.mock.calls]).toEqual([[1, 2, 3], [[1, 'cancelled']]]);
  });

  it('before the value of the moment is given to it, drops its copy', () => {
    const dropped: unknown[] = [];
    const source = new Channel<number>();
    const onDrop = (n: number, reason: DropReason) => dropped.push([n, reason]);
    const [a, b] = broadcastChannel(source, 2, { onDrop });
    listen(a, () => b.cancel());
    listen(b, vi.fn());
    source.trySend(1);
    expect(dropped).toEqual([[1, 'cancelled']]);
  });

  it('as the last of a fixed number, leaves the input as it is, or cancels it', () => {
    for (const cancel of [false, true]) {
      const source = new Channel<number>();
      const outputs = broadcastChannel(source, 2, { cancel, capacity: 1 });
      for (const output of outputs) output.cancel('gone');
      expect([source.closed, source.available]).toEqual([cancel, 0]);
    }
  });
});

describe('subscribe', () => {
  it('joins late, and gets what comes from then on', () => {
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source, { capacity: 4 });
    const first = broadcast.subscribe();
    source.trySend(1);
    const second = broadcast.subscribe();
    source.trySend(2);
    expect([broadcast.subscribers, drain(first), drain(second)]).toEqual([2, [1, 2], [2]]);
  });

  it('in the call that brings a value to another, gets what comes from then on', () => {
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source, { capacity: 4 });
    const joined: number[] = [];
    listen(broadcast.subscribe(), (n) => {
      if (n === 1) listen(broadcast.subscribe(), (later) => joined.push(later));
    });
    for (const n of [1, 2, 3]) source.trySend(n);
    expect(joined).toEqual([2, 3]);
  });

  it('nothing is received while nobody subscribes, or when everybody has left', () => {
    const source = holding([1, 2, 3, 4], { closed: false });
    const broadcast = broadcastChannel(source, { capacity: 1 });
    expect(source.length).toBe(4);
    const first = broadcast.subscribe();
    expect([drain(first), source.length, source.available]).toEqual([[1, 2, 3, 4], 0, 5]);
    first.cancel();
    expect([broadcast.subscribers, source.available]).toEqual([0, 4]);
    source.trySend(5);
    const second = broadcast.subscribe({ capacity: 0 });
    expect([source.length, second.tryReceive()]).toEqual([1, value(5)]);
  });

  it('after the end gives a channel that has ended likewise', async () => {
    const [ended, failed] = [holding<number>([]), holding<number>([], { error: 'broken' })];
    expect(await all(broadcastChannel(ended).subscribe())).toEqual([]);
    const broadcast = broadcastChannel(failed);
    expect(await untilError(broadcast.subscribe())).toEqual([[], 'broken']);
    expect(broadcast.subscribers).toBe(0);
  });

  it.each([undefined, 'broken'])(
    'ends when the input does, though the last one leaves on hearing of that first; error: %s',
    async (error) => {
      const source = new Channel<number>();
      const leave = () => shown.cancel();
      source.receiveWith(leave, leave); // stands before the broadcast
      const broadcast = broadcastChannel(source);
      const shown = broadcast.subscribe({ capacity: 1 });
      source.close(error);
      expect([broadcast.subscribe().closed, watchersOf(source)]).toEqual([true, 0]);
      const late = broadcast.subscribe();
      if (error === undefined) expect(await all(late)).toEqual([]);
      else expect(await untilError(late)).toEqual([[], error]);
    },
  );

  it('ends when the input does, though nobody subscribes', async () => {
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source);
    source.close('broken');
    expect(await untilError(broadcast.subscribe())).toEqual([[], 'broken']);
  });

  it.each([false, true])(
    'takes nothing of what a producer sends that has had the last one leave; aborted: %s',
    (aborts) => {
      const controller = new AbortController();
      const source = new Channel<number>();
      const broadcast = broadcastChannel(source, { signal: controller.signal });
      const dropped = vi.fn();
      const first = broadcast.subscribe({ onDrop: dropped });
      let sent: unknown;
      source.onAvailable(() => {
        first.cancel();
        if (aborts) controller.abort('stop');
        sent = [source.available, source.trySend(1)];
      });
      expect(first.tryReceive()).toEqual(done);
      expect([sent, dropped.mock.calls, broadcast.subscribers]).toEqual([[0, false], [], 0]);
      expect(broadcast.subscribe().closed).toBe(aborts);
    },
  );

  it.each([false, true])(
    'drops a value that was on its way when the last one left, who is told; aborted: %s',
    (aborts) => {
      const controller = new AbortController();
      const source = holding([1], { closed: false });
      const broadcast = broadcastChannel(source, { signal: controller.signal });
      const dropped = vi.fn();
      const first = broadcast.subscribe({ onDrop: dropped });
      source.onAvailable(() => {
        first.cancel();
        if (aborts) controller.abort('stop');
      });
      expect(first.tryReceive()).toEqual(done);
      expect([source.length, dropped.mock.calls]).toEqual([0, [[1, 'cancelled']]]);
      expect(broadcast.subscribers).toBe(0);
      expect(broadcast.subscribe().closed).toBe(aborts);
    },
  );

  it('stands in no line for an output that has left as producers were asked', () => {
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source);
    const dropped = vi.fn();
    const output = broadcast.subscribe({ onDrop: dropped });
    const ends = new AbortController();
    ends.signal.addEventListener('abort', () => output.cancel());
    source.onAvailable(() => ends.abort());
    source.send(7, { signal: ends.signal }).catch(() => {});
    output.receiveWith(vi.fn(), vi.fn());
    expect(broadcast.subscribers).toBe(0);
    expect([source.available, source.trySend(8), dropped.mock.calls]).toEqual([0, false, []]);
  });

  it('takes no more for one that a producer has leave, of those that are asked', () => {
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source);
    const dropped = vi.fn();
    const first = broadcast.subscribe({ onDrop: dropped });
    const sent: boolean[] = [];
    source.onAvailable(() => sent.push(source.trySend(1)));
    source.onAvailable(() => {
      first.cancel();
      sent.push(source.trySend(2));
    });
    const got: unknown[] = [];
    for (let n = 0; n < 2; n++) first.receiveWith(({ value }) => got.push(value), vi.fn());
    expect([sent, got, dropped.mock.calls]).toEqual([[true, false], [1, undefined], []]);
  });

  it('takes what is not said from the options of the broadcast, and checks them', () => {
    const broadcast = broadcastChannel(new Channel<number>(), { capacity: 3 });
    expect(broadcast.subscribe({ capacity: undefined }).capacity).toBe(3);
    expect(broadcast.subscribe({ capacity: 1 }).capacity).toBe(1);
    expect(() => broadcast.subscribe({ capacity: -1 })).toThrow('Expected `capacity`');
    expect(() => broadcast.subscribe({ overflow: 'x' as 'block' })).toThrow('Expected `overflow`');
    expect(broadcast.subscribers).toBe(2);
  });
});

describe('the signal of broadcastChannel', () => {
  it('closes the outputs with its reason, those of later subscribers too', async () => {
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    const source = new Channel<number>();
    const broadcast = broadcastChannel(source, { signal, capacity: 2, cancel: true });
    const output = broadcast.subscribe();
    source.trySend(1);
    expect(listeners()).toBe(1);
    controller.abort('stop');
    expect(await untilError(output)).toEqual([[1], 'stop']);
    expect(await untilError(broadcast.subscribe())).toEqual([[], 'stop']);
    expect([listeners(), source.closed]).toEqual([0, true]);
  });
});

it('stands in no line and watches nothing when it is over', async () => {
  const source = new Channel<number>();
  const outputs = broadcastChannel(source, 2, { capacity: 1 });
  expect([source, ...outputs].map(watchersOf)).toEqual([1, 1, 1]);
  outputs[0].cancel();
  expect([source, ...outputs].map(watchersOf)).toEqual([1, 0, 1]);
  source.close();
  await later();
  expect([source, ...outputs].map(watchersOf)).toEqual([0, 0, 0]);
});

it.each([
  [[null, 2], 'Expected `channel` to be a Channel, got null'],
  [[new Channel(), 0], 'Expected `n` to be an integer ≥ 1, got 0'],
  [[new Channel(), '2'], 'Expected `n` to be an integer ≥ 1, got "2"'],
  [[new Channel(), null], 'Expected `n` to be an integer ≥ 1, got null'],
  [[new Channel(), 2, { capacity: 0.5 }], 'Expected `capacity` to be an integer ≥ 0, got 0.5'],
  [[new Channel(), { capacity: 0.5 }], 'Expected `capacity` to be an integer ≥ 0, got 0.5'],
  [[new Channel(), { overflow: 'x' }], 'Expected `overflow` to be one of'],
  [[new Channel(), { onDrop: 1 }], 'Expected `onDrop` to be a function, got 1'],
  [[new Channel(), 2, { cancel: 1 }], 'Expected `cancel` to be a boolean, got 1'],
] as [[never, never, never], string][])('broadcastChannel(...%j) is refused', (given, message) => {
  expect(() => broadcastChannel(...given)).toThrow(message);
});

it('who joins as the others hear of an error hears of it too', async () => {
  const source = new Channel<number>();
  const broadcast = broadcastChannel(source);
  const first = broadcast.subscribe();
  let second: ReturnType<typeof broadcast.subscribe> | undefined;
  first.receiveWith(
    () => expect.fail('it has failed'),
    () => (second = broadcast.subscribe()),
  );
  source.close(new Error('broken'));
  await expect(second?.receive()).rejects.toThrow('broken');
});
