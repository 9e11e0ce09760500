import {
  Channel,
  ChannelClosedError,
  after,
  broadcastChannel,
  pipeTo,
  recv,
  select,
  send,
  type DropReason,
} from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { uncaughtBy } from '../support/uncaught-by.js';
import {
  all,
  askersOf,
  drain,
  holding,
  listen,
  produce,
  stateOf,
  untilError,
  watchersOf,
} from './channels.js';

const value = <T>(held: T) => ({ done: false, value: held });
const done = { done: true, value: undefined };

/** A pipe between two rendezvous, whose value is in hand: its receiver has given up. */
function withOneInHand(options?: Parameters<typeof pipeTo>[2]) {
  const dropped: [number, DropReason][] = [];
  const source = new Channel<number>();
  const target = new Channel<number>(0, { onDrop: (n, reason) => dropped.push([n, reason]) });
  const piped = pipeTo(source, target, options);
  const giveUp = target.receiveWith(vi.fn(), vi.fn());
  giveUp();
  expect([source.trySend(1), source.trySend(2)]).toEqual([true, false]);
  return { source, target, piped, dropped };
}

describe('pipeTo', () => {
  it('moves all values in order, closes the target and resolves', async () => {
    const target = new Channel<number>(1);
    const piped = pipeTo(holding([1, 2, 3]), target);
    expect(await all(target)).toEqual([1, 2, 3]);
    expect(await stateOf(piped)).toBe('resolved');
  });

  it('passes a value on in the call that sends it, where a receiver waits', () => {
    const [source, target] = [new Channel<number>(), new Channel<number>()];
    const heard: number[] = [];
    void pipeTo(source, target);
    listen(target, (n) => heard.push(n));
    expect([source.trySend(1), heard]).toEqual([true, [1]]);
  });

  it('takes a value in the call that receives it, where one is held', () => {
    const target = new Channel<number>();
    void pipeTo(holding([1, 2]), target);
    expect([1, 2, 3].map(() => target.tryReceive())).toEqual([value(1), value(2), done]);
  });

  it('lets a producer at one end see the room at the other', () => {
    const [source, target] = [new Channel<number>(), new Channel<number>(2)];
    void pipeTo(source, target);
    expect([1, 2, 3].map((n) => source.trySend(n))).toEqual([true, true, false]);
    expect(source.available).toBe(0);
    expect([target.tryReceive(), source.available]).toEqual([value(1), 1]);
  });

  it('takes nothing from the source while the target has no room', () => {
    const source = holding([1, 2, 3], { closed: false });
    const target = new Channel<number>(1);
    void pipeTo(source, target);
    expect([source.length, target.length]).toEqual([2, 1]);
    expect([drain(target), source.length]).toEqual([[1, 2, 3], 0]);
  });

  it('waits for room even where the target would drop', () => {
    const onDrop = vi.fn();
    const target = new Channel<number>(1, { overflow: 'drop-oldest', onDrop });
    void pipeTo(holding([1, 2, 3]), target);
    expect([drain(target), onDrop.mock.calls]).toEqual([[1, 2, 3], []]);
  });

  it('carries undefined and null as values', async () => {
    const target = new Channel<undefined | null>(2);
    await pipeTo(holding([undefined, null]), target);
    expect(drain(target)).toEqual([undefined, null]);
  });

  it('asks producers that wait at the far end of a chain', () => {
    const chain = Array.from({ length: 5 }, () => new Channel<number>());
    for (const [i, to] of chain.slice(1).entries()) void pipeTo(chain[i]!, to);
    produce(chain[0]!, [1, 2, 3]);
    expect(drain(chain[4]!)).toEqual([1, 2, 3]);
  });

  it('shares a source with other receivers', async () => {
    const source = new Channel<number>();
    const target = new Channel<number>(3);
    void pipeTo(source, target);
    const other = source.receive();
    for (const n of [1, 2, 3]) source.trySend(n);
    expect([await other, drain(target)]).toEqual([value(2), [1, 3]]);
  });

  it('shares a target with other senders, with turns in the order of coming', async () => {
    const source = holding(['a', 'b'], { closed: false });
    const target = new Channel<string>();
    void pipeTo(source, target, { close: false });
    void target.send('x');
    void target.send('y');
    expect(drain(target)).toEqual(['a', 'x', 'y', 'b']);
  });

  it('meets a select at either end', async () => {
    const [source, target] = [new Channel<number>(), new Channel<number>()];
    void pipeTo(source, target);
    const selected = select({ got: recv(target), idle: after(1000) });
    source.trySend(7);
    expect(await selected).toEqual({ case: 'got', value: 7, done: false });
  });
});

describe('the promise of pipeTo', () => {
  it('resolves as soon as all is delivered, though the target is full', async () => {
    const source = new Channel<number>();
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target);
    source.trySend(1);
    expect(await stateOf(piped)).toBe('pending');
    source.close();
    expect(await stateOf(piped)).toBe('resolved');
    expect([target.closed, drain(target)]).toEqual([true, [1]]);
  });

  it('resolves as soon as others have taken the rest, though the target is full', async () => {
    const source = holding([1, 2, 3, 4]);
    const targets = [new Channel<number>(2), new Channel<number>(2)] as const;
    const piped = targets.map((target) => pipeTo(source, target));
    expect(await Promise.all(piped.map(stateOf))).toEqual(['resolved', 'resolved']);
    expect([targets.map(drain), watchersOf(source)]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      0,
    ]);
  });

  it('of two that share both ends loses nothing of the last value as the other ends', async () => {
    const source = new Channel<number>(1);
    const dropped = vi.fn();
    const target = new Channel<number>(1, { onDrop: dropped });
    target.trySend(1);
    const piped = [pipeTo(source, target), pipeTo(source, target)];
    source.trySend(2);
    source.close();
    expect([await all(target), dropped.mock.calls]).toEqual([[1, 2], []]);
    expect(
      (await Promise.all(piped.map(stateOf))).filter((state) => state === 'resolved'),
    ).toHaveLength(1);
  });

  it('of one that shares its source delivers the last value, though who hears of the end closes its target', async () => {
    const source = new Channel<number>(1);
    const dropped = vi.fn();
    const [target, other] = [new Channel<number>(1, { onDrop: dropped }), new Channel<number>()];
    target.trySend(1);
    const piped = pipeTo(source, target, { close: false });
    void pipeTo(source, other);
    source.trySend(2);
    source.close();
    other.onAvailable(() => other.closed && target.close());
    expect([await all(target), dropped.mock.calls]).toEqual([[1, 2], []]);
    expect(await stateOf(piped)).toBe('resolved');
  });

  it('resolves as soon as the last send that waits at the source gives up', async () => {
    const source = new Channel<number>();
    const target = holding([0], { closed: false });
    const givesUp = new AbortController();
    const sent = source.send(1, { signal: givesUp.signal });
    const piped = pipeTo(source, target);
    source.close();
    expect(await stateOf(piped)).toBe('pending');
    givesUp.abort('given up');
    expect([await stateOf(sent), await stateOf(piped)]).toEqual(['given up', 'resolved']);
  });

  it('resolves as soon as a select gives up the last send, though the target is full', async () => {
    const source = new Channel<number>();
    const target = holding([0], { closed: false });
    const other = new Channel<number>();
    const either = select({ sent: send(source, 1), other: recv(other) });
    const piped = pipeTo(source, target);
    source.close();
    expect(await stateOf(piped)).toBe('pending');
    other.close();
    expect([(await either).case, await stateOf(piped)]).toEqual(['other', 'resolved']);
  });

  it('resolves at once where nothing will come', async () => {
    const target = new Channel<number>();
    expect(await stateOf(pipeTo(holding<number>([]), target))).toBe('resolved');
    expect(target.closed).toBe(true);
    expect(await stateOf(pipeTo(holding<number>([]), target))).toBe('resolved');
  });

  it('waits for sends that waited when the source was closed', async () => {
    const [source, target] = [new Channel<number>(), new Channel<number>()];
    const sent = source.send(1);
    const piped = pipeTo(source, target);
    source.close();
    expect(await stateOf(piped)).toBe('pending');
    expect(await all(target)).toEqual([1]);
    expect([await stateOf(sent), await stateOf(piped)]).toEqual(['resolved', 'resolved']);
  });

  it('waits for the value in hand to be received', async () => {
    const { source, target, piped } = withOneInHand();
    source.close();
    expect([await stateOf(piped), target.closed]).toEqual(['pending', false]);
    expect(drain(target)).toEqual([1]);
    expect([await stateOf(piped), target.closed]).toEqual(['resolved', true]);
  });
});

describe('an error of the source', () => {
  it('closes the target, behind what it holds, and rejects', async () => {
    const error = new Error('source');
    const target = new Channel<number>(2);
    const piped = pipeTo(holding([1, 2], { error }), target);
    expect(await stateOf(piped)).toBe(error);
    expect(await untilError(target)).toEqual([[1, 2], error]);
  });

  it('is heard of at once where nothing is left to be taken, though the target is full', async () => {
    for (const end of ['close', 'cancel'] as const) {
      const source = holding([1, 2], { closed: false });
      const target = new Channel<number>(end === 'close' ? 2 : 1);
      const piped = pipeTo(source, target);
      source[end](new Error(end));
      expect(await stateOf(piped)).toEqual(new Error(end));
      expect(target.closed).toBe(true);
    }
  });

  it('is heard of as soon as others have taken what came before it', async () => {
    const source = holding([1, 2], { error: 'broken' });
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target);
    expect(await stateOf(piped)).toBe('pending');
    expect(source.tryReceive()).toEqual({ done: false, value: 2 });
    expect([await stateOf(piped), target.closed]).toEqual(['broken', true]);
  });

  it('lets the value in hand be received before it', async () => {
    const { source, target, piped } = withOneInHand();
    source.close(new Error('source'));
    expect(await stateOf(piped)).toEqual(new Error('source'));
    expect(await untilError(target)).toEqual([[1], new Error('source')]);
  });
});

it('a source that is cancelled ends the pipe, though its onDrop makes room', async () => {
  const target = new Channel<number>(1);
  const dropped: number[] = [];
  const onDrop = (n: number) => {
    dropped.push(n);
    target.tryReceive();
  };
  const source = new Channel<number>(2, { onDrop });
  const piped = pipeTo(source, target);
  for (const n of [1, 2]) source.trySend(n);
  source.cancel(new Error('cancelled'));
  expect(await stateOf(piped)).toEqual(new Error('cancelled'));
  expect([target.closed, dropped]).toEqual([true, [2]]);
});

describe('a target that is closed by others', () => {
  it('ends the pipe, and leaves the source as it is', async () => {
    const source = holding([1, 2, 3], { closed: false });
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target);
    target.close();
    expect(await stateOf(piped)).toBeInstanceOf(ChannelClosedError);
    expect([source.closed, drain(source), drain(target)]).toEqual([false, [2, 3], [1]]);
  });

  it('ends a pipe that waits for a value: the next one is not taken', async () => {
    const source = new Channel<number>();
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target);
    expect(source.available).toBe(1);
    target.close();
    expect([source.available, source.trySend(1)]).toEqual([0, false]);
    await expect(piped).rejects.toThrow(ChannelClosedError);
  });

  it('cancels the source with what it was closed with, where that is asked for', async () => {
    const onDrop = vi.fn();
    const source = new Channel<number>(2, { onDrop });
    for (const n of [1, 2]) source.trySend(n);
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target, { cancel: true });
    target.cancel('gone');
    await expect(piped).rejects.toThrow(ChannelClosedError);
    expect([source.closed, onDrop.mock.calls]).toEqual([true, [[2, 'cancelled']]]);
    await expect(source.receive()).rejects.toBe('gone');
  });

  it('before the pipe begins, takes nothing', async () => {
    const source = holding([1]);
    await expect(pipeTo(source, holding<number>([]))).rejects.toThrow(ChannelClosedError);
    expect(drain(source)).toEqual([1]);
  });

  it('still gives out the value that stood in its line', async () => {
    const { source, target, piped, dropped } = withOneInHand();
    target.close();
    expect(await stateOf(piped)).toBeInstanceOf(ChannelClosedError);
    expect([drain(target), dropped, source.closed]).toEqual([[1], [], false]);
  });

  it('with the last value in its line, has been delivered to when that is received', async () => {
    const { source, target, piped } = withOneInHand();
    source.close();
    target.close();
    expect(await stateOf(piped)).toBe('pending');
    expect(drain(target)).toEqual([1]);
    expect(await stateOf(piped)).toBe('resolved');
  });

  it.each([false, true])(
    'by cancel, drops the value that stood in its line; source at its end: %s',
    async (atEnd) => {
      const { source, target, piped, dropped } = withOneInHand();
      if (atEnd) source.close();
      target.cancel();
      expect(await stateOf(piped)).toBeInstanceOf(ChannelClosedError);
      expect([dropped, target.waiting, target.arrived]).toEqual([[[1, 'cancelled']], 0, 1]);
    },
  );

  it('as the pipe begins to wait, leaves no receiver behind', async () => {
    const [source, target] = [new Channel<number>(), new Channel<number>(1)];
    source.onAvailable(() => target.close());
    await expect(pipeTo(source, target)).rejects.toThrow(ChannelClosedError);
    expect([source.available, source.trySend(1)]).toEqual([0, false]);
  });

  it('by a producer that is asked, who then gives up its send, ends the pipe', async () => {
    const [source, target] = [new Channel<number>(), new Channel<number>(1)];
    const controller = new AbortController();
    source.onAvailable(() => {
      target.close();
      controller.abort(new Error('given up'));
    });
    const sent = source.send(1, { signal: controller.signal });
    await expect(pipeTo(source, target)).rejects.toThrow(ChannelClosedError);
    await expect(sent).rejects.toThrow('given up');
    expect(source.available).toBe(0);
  });

  it('by a producer that is asked, takes nothing of what that sends then', async () => {
    const dropped = vi.fn();
    const source = new Channel<number>();
    const target = new Channel<number>(1, { onDrop: dropped });
    let sent: unknown;
    source.onAvailable(() => {
      target.close();
      sent = [source.available, source.trySend(1)];
    });
    await expect(pipeTo(source, target)).rejects.toThrow(ChannelClosedError);
    expect([sent, dropped.mock.calls, target.arrived]).toEqual([[0, false], [], 0]);
  });

  it('by its receiver, takes nothing of what that sends on hearing of the end', async () => {
    const dropped = vi.fn();
    const source = new Channel<number>();
    const target = new Channel<number>(0, { onDrop: dropped });
    const piped = pipeTo(source, target);
    let sent: unknown;
    target.receiveWith(() => (sent = source.trySend(1)), vi.fn());
    target.close();
    await expect(piped).rejects.toThrow(ChannelClosedError);
    expect([sent, dropped.mock.calls]).toEqual([false, []]);
  });

  it('by the second of the producers that are asked, takes what the first sends, and no more', async () => {
    const source = new Channel<number>();
    const target = new Channel<number>();
    const piped = pipeTo(source, target);
    const sent: boolean[] = [];
    source.onAvailable(() => sent.push(source.trySend(1)));
    source.onAvailable(() => {
      target.close();
      sent.push(source.trySend(2));
    });
    const got: unknown[] = [];
    for (let n = 0; n < 2; n++) target.receiveWith(({ value }) => got.push(value), vi.fn());
    await expect(piped).rejects.toThrow(ChannelClosedError);
    expect([sent, got]).toEqual([
      [true, false],
      [1, undefined],
    ]);
  });

  /** A source whose one value is taken by a pipe; in that call, its target is closed. */
  const closedOnTheWay = (onDrop: (value: number) => void) => {
    const source = holding([1], { closed: false });
    const target = new Channel<number>(1, { onDrop });
    source.onAvailable(() => target.close());
    return { source, target };
  };

  it('while a value is on its way, hands that to onDrop', async () => {
    const dropped = vi.fn();
    const { source, target } = closedOnTheWay(dropped);
    await expect(pipeTo(source, target)).rejects.toThrow(ChannelClosedError);
    expect([dropped.mock.calls, target.arrived]).toEqual([[[1, 'cancelled']], 1]);
  });

  it('while a value is on its way, has the host told what onDrop throws', async () => {
    const { source, target } = closedOnTheWay(() => {
      throw new Error('onDrop');
    });
    let piped: Promise<unknown> | undefined;
    const begin = () => {
      piped = pipeTo(source, target).catch((error: unknown) => error);
    };
    expect(await uncaughtBy(begin)).toEqual([new Error('onDrop')]);
    expect(await piped).toBeInstanceOf(ChannelClosedError);
  });
});

describe('the signal of pipeTo', () => {
  it('ends it at once: nothing more is taken, the target is closed with the reason', async () => {
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    const source = holding([1, 2, 3], { closed: false });
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target, { signal });
    expect(listeners()).toBe(1);
    controller.abort('stop');
    expect(await stateOf(piped)).toBe('stop');
    expect([listeners(), source.closed, drain(source)]).toEqual([0, false, [2, 3]]);
    expect(await untilError(target)).toEqual([[1], 'stop']);
  });

  it('leaves the target open with close: false, and cancels the source with cancel: true', async () => {
    const controller = new AbortController();
    const source = holding([1, 2], { closed: false });
    const target = new Channel<number>(1);
    const options = { signal: controller.signal, close: false, cancel: true };
    const piped = pipeTo(source, target, options);
    controller.abort('stop');
    expect(await stateOf(piped)).toBe('stop');
    expect([target.closed, drain(target), source.length]).toEqual([false, [1], 0]);
    expect(() => source.tryReceive()).toThrow('stop');
  });

  it('leaves the value in hand in the line of the target', async () => {
    const controller = new AbortController();
    const { target, piped } = withOneInHand({ signal: controller.signal, close: false });
    controller.abort('stop');
    expect(await stateOf(piped)).toBe('stop');
    expect([target.waiting, drain(target)]).toEqual([1, [1]]);
  });

  it('that a producer aborts when it is asked, takes nothing of what that sends then', async () => {
    const controller = new AbortController();
    const source = new Channel<number>();
    const target = new Channel<number>(2);
    let sent: unknown;
    source.onAvailable(() => {
      controller.abort('stop');
      sent = [source.available, source.trySend(1)];
    });
    const piped = pipeTo(source, target, { signal: controller.signal });
    expect(await stateOf(piped)).toBe('stop');
    expect([sent, target.length]).toEqual([[0, false], 0]);
  });

  it('that a producer aborts when it is asked, with the send behind it, ends it', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const [source, target] = [new Channel<number>(), new Channel<number>(1)];
    source.onAvailable(() => controller.abort('stop'));
    const sent = stateOf(source.send(1, { signal }));
    expect(await stateOf(pipeTo(source, target, { signal }))).toBe('stop');
    expect([await sent, source.available, target.closed]).toEqual(['stop', 0, true]);
  });

  it('that has aborted wins: nothing is taken, nothing is listened to', async () => {
    const { controller, listeners } = countingSignal();
    controller.abort('before');
    const source = holding([1]);
    const target = new Channel<number>(1);
    expect(await stateOf(pipeTo(source, target, { signal: controller.signal }))).toBe('before');
    expect([source.length, target.closed, listeners()]).toEqual([1, true, 0]);
  });

  it('that a receiver aborts while the pipe begins, ends it', async () => {
    const { controller, listeners } = countingSignal();
    const source = holding([1, 2, 3], { closed: false });
    const target = new Channel<number>();
    listen(target, (n) => {
      if (n === 2) controller.abort('enough');
    });
    expect(await stateOf(pipeTo(source, target, { signal: controller.signal }))).toBe('enough');
    expect([drain(source), listeners()]).toEqual([[3], 0]);
  });

  it('is not listened to by a pipe that is over when it begins, nor after the end', async () => {
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    const { signal: other } = new AbortController();
    const added = vi.spyOn(other, 'addEventListener');
    await pipeTo(holding<number>([]), new Channel<number>(1), { signal: other });
    expect(added).not.toHaveBeenCalled();
    const source = new Channel<number>();
    const piped = pipeTo(source, new Channel<number>(1), { signal });
    expect(listeners()).toBe(1);
    source.close();
    await piped;
    expect(listeners()).toBe(0);
  });
});

describe('close: false', () => {
  it.each([undefined, new Error('source')])(
    'leaves the target open at the end: %s',
    async (error) => {
      const target = new Channel<number>(4);
      const piped = pipeTo(holding([1, 2], { error }), target, { close: false });
      expect(await stateOf(piped)).toBe(error ?? 'resolved');
      await pipeTo(holding([3]), target, { close: false });
      expect([target.closed, drain(target)]).toEqual([false, [1, 2, 3]]);
    },
  );
});

it('a receiver that throws has received: the host hears of it, and the pipe goes on', async () => {
  const [source, target] = [new Channel<number>(), new Channel<number>()];
  const piped = pipeTo(source, target);
  const fail = () => {
    throw new Error('receiver');
  };
  target.receiveWith(fail, fail);
  expect(await uncaughtBy(() => source.trySend(1))).toEqual([new Error('receiver')]);
  const next = target.receive();
  source.trySend(2);
  source.close();
  expect([await next, await stateOf(piped)]).toEqual([value(2), 'resolved']);
});

it('a receiver may close the source, and what that held then still comes', async () => {
  const [source, target] = [new Channel<number>(2), new Channel<number>()];
  const piped = pipeTo(source, target);
  const heard: number[] = [];
  listen(target, (n) => {
    heard.push(n);
    if (n === 1) for (const more of [2, 3]) source.trySend(more);
    if (n !== 2) source.close();
  });
  source.trySend(1);
  expect([heard, target.closed, await stateOf(piped)]).toEqual([[1, 2, 3], true, 'resolved']);
});

it('a receiver may close the source that has nothing more', async () => {
  const [source, target] = [new Channel<number>(), new Channel<number>()];
  const piped = pipeTo(source, target);
  listen(target, () => source.close());
  source.trySend(1);
  expect([target.closed, await stateOf(piped)]).toEqual([true, 'resolved']);
});

it('asks for no room any more when it is over', () => {
  const controller = new AbortController();
  const source = holding([1, 2], { closed: false });
  const target = new Channel<number>(1);
  pipeTo(source, target, { signal: controller.signal, close: false }).catch(() => {});
  expect(askersOf(target)).toBe(1);
  controller.abort();
  expect(askersOf(target)).toBe(0);
});

it('stands in no line and watches nothing when it is over', async () => {
  for (const end of ['close', 'error', 'refuse', 'abort']) {
    const controller = new AbortController();
    const source = new Channel<number>();
    const target = new Channel<number>(1);
    const piped = pipeTo(source, target, { signal: controller.signal, close: false });
    expect([watchersOf(source), watchersOf(target), source.available]).toEqual([1, 1, 1]);
    if (end === 'close') source.close();
    else if (end === 'error') source.close(new Error(end));
    else if (end === 'refuse') target.close();
    else controller.abort();
    await piped.catch(() => {});
    expect([watchersOf(source), watchersOf(target), source.available]).toEqual([0, 0, 0]);
  }
  const target = new Channel<number>(1);
  await pipeTo(holding<number>([]), target, { close: false }); // over as it begins
  expect(watchersOf(target)).toBe(0);
});

it.each([
  [null, new Channel(), {}, 'Expected `source` to be a Channel, got null'],
  [new Channel(), [], {}, 'Expected `target` to be a Channel, got Array'],
  [new Channel(), new Channel(), { close: 1 }, 'Expected `close` to be a boolean, got 1'],
  [new Channel(), new Channel(), { cancel: 'no' }, 'Expected `cancel` to be a boolean, got "no"'],
  [new Channel(), new Channel(), { signal: 1 }, 'Expected `signal` to be an AbortSignal, got 1'],
  [
    new Channel(),
    new Channel(),
    { signal: { aborted: false } },
    'Expected `signal` to be an AbortSignal, got Object',
  ],
] as [never, never, never, string][])(
  '%s, %s, %j is refused at the call',
  (source, to, options, message) => {
    expect(() => pipeTo(source, to, options)).toThrow(new TypeError(message));
  },
);

it('a channel cannot be piped to itself', () => {
  const channel = new Channel();
  expect(() => pipeTo(channel, channel)).toThrow(
    'Expected `target` to be another channel than `source`, got Object',
  );
});

it('stands in line where the producers are being asked already', () => {
  const [source, target] = [new Channel<number>(), new Channel<number>()];
  void pipeTo(source, target);
  source.onAvailable(() => target.tryReceive()); // the pipe looks at the source from in there
  source.onAvailable(() => {});
  void source.send(1);
  expect(source.tryReceive()).toEqual(value(1));
  expect([source.trySend(2), target.tryReceive()]).toEqual([true, value(2)]);
});

it('a pipe behind another gets the value that comes in as the first ends', async () => {
  const [source, between, target] = [
    new Channel<number>(),
    new Channel<number>(1),
    new Channel<number>(),
  ];
  const first = pipeTo(source, between);
  const second = pipeTo(between, target);
  between.trySend(1);
  source.trySend(2);
  source.close();
  expect(between.tryReceive()).toEqual(value(1));
  expect([await target.receive(), await target.receive()]).toEqual([value(2), done]);
  await Promise.all([first, second]);
});

it('a pipe that looks ends while others are given the last value, one that hears of the end when they have it', () => {
  const source = holding([1]);
  const [first, second, slow] = broadcastChannel(source, 3);
  const [looking, hearing] = [new Channel<number>(), new Channel<number>()];
  for (const target of [looking, hearing]) void pipeTo(source, target);
  const seen: unknown[] = [];
  const note = (who: string) => (result: unknown) => void seen.push([who, result]);
  first.receiveWith((result) => {
    note('first')(result);
    looking.receiveWith(note('looking'), vi.fn());
  }, vi.fn());
  second.receiveWith(note('second'), vi.fn());
  hearing.onAvailable(() => note('hearing')(hearing.tryReceive()));
  expect(seen).toEqual([]);
  expect(slow.tryReceive()).toEqual(value(1));
  expect(seen).toEqual([
    ['first', value(1)],
    ['looking', done],
    ['second', value(1)],
    ['hearing', done],
  ]);
});
