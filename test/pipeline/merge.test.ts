import { Channel, merge, pipeTo, recv, select, type DropReason } from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';
import { uncaughtBy } from '../support/uncaught-by.js';
import {
  all,
  drain,
  holding,
  listen,
  produce,
  untilError,
  waitingIn,
  watchersOf,
} from './channels.js';

const value = <T>(held: T) => ({ done: false, value: held });

/** Three inputs and what they are merged into, with a value of each of two inputs in hand. */
function withTwoInHand() {
  const inputs = [new Channel<string>(), new Channel<string>(), new Channel<string>()] as const;
  const dropped: [string, DropReason][] = [];
  const onDrop = (held: string, reason: DropReason) => dropped.push([held, reason]);
  const merged = merge(inputs, { onDrop });
  const received: unknown[] = [];
  merged.receiveWith((result) => received.push(result.value), vi.fn());
  for (const [i, input] of inputs.entries()) expect(input.trySend('abc'.charAt(i))).toBe(true);
  expect(received).toEqual(['a']);
  return { inputs, merged, dropped };
}

describe('merge', () => {
  it('takes one value of each input in turn, and keeps the order of each', async () => {
    const merged = merge(holding([1, 2, 3, 4]), holding([10, 20]), holding([100]));
    expect(await all(merged)).toEqual([1, 10, 100, 2, 20, 3, 4]);
  });

  it('of no channel is closed at once', async () => {
    expect([merge().closed, merge([]).closed]).toEqual([true, true]);
    expect(await all(merge())).toEqual([]);
  });

  it('of channels that are at their end is closed at once', () => {
    expect(merge(holding([]), holding([])).closed).toBe(true);
  });

  it('of one channel is that channel', async () => {
    expect(await all(merge(holding([1, 2])))).toEqual([1, 2]);
  });

  it('is closed when every input is closed and drained, though nobody receives', () => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    const merged = merge([a, b], { capacity: 1 });
    a.trySend(1);
    a.close();
    expect(merged.closed).toBe(false);
    b.close();
    expect([merged.closed, drain(merged)]).toEqual([true, [1]]);
  });

  it('is closed when others have drained its input, though it has no room', () => {
    const source = holding([1, 2]);
    const merged = merge([source], { capacity: 1 });
    expect(merged.closed).toBe(false);
    expect(drain(source)).toEqual([2]);
    expect([merged.closed, drain(merged)]).toEqual([true, [1]]);
  });

  it('takes nothing from its inputs while nobody receives', async () => {
    const inputs = [holding([1, 2]), holding([3, 4])];
    const merged = merge(...inputs);
    await later();
    expect(inputs.map(({ length }) => length)).toEqual([2, 2]);
    expect([merged.tryReceive(), ...inputs.map(({ length }) => length)]).toEqual([value(1), 1, 2]);
  });

  it('takes as many as it may hold', () => {
    const inputs = [holding([1, 2, 3]), holding([4, 5, 6])];
    const merged = merge(inputs, { capacity: 3 });
    expect([merged.capacity, merged.length]).toEqual([3, 3]);
    expect(inputs.map(({ length }) => length)).toEqual([1, 2]);
    expect(drain(merged)).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it('shows each input the room that there is, and passes on in the call that sends', () => {
    const inputs = [new Channel<number>(), new Channel<number>()] as const;
    const merged = merge(...inputs);
    expect(inputs.map(({ available }) => available)).toEqual([0, 0]);
    const heard: number[] = [];
    listen(merged, (n) => heard.push(n));
    expect(inputs.map(({ available }) => available)).toEqual([1, 1]);
    inputs[1].trySend(2);
    inputs[0].trySend(1);
    expect(heard).toEqual([2, 1]);
  });

  it('keeps at most one value in hand of each input that waited for room that another took', () => {
    const { inputs, merged } = withTwoInHand();
    expect([merged.length, waitingIn(merged)]).toEqual([0, 2]);
    expect(inputs.map((input) => input.trySend('more'))).toEqual([false, false, false]);
    expect(drain(merged)).toEqual(['b', 'c']);
  });

  it('sends no value past one of the same input that stands in line', () => {
    const inputs = [new Channel<number>(), new Channel<number>()] as const;
    const merged = merge(inputs, { capacity: 1 });
    expect([inputs[1].trySend(10), inputs[0].trySend(1)]).toEqual([true, true]);
    void inputs[0].send(2); // waits for room from before 1 stood in line
    expect([merged.length, waitingIn(merged)]).toEqual([1, 2]);
    expect(drain(merged)).toEqual([10, 1, 2]);
  });

  it('of the same channel twice loses nothing', async () => {
    const input = holding([1, 2, 3, 4]);
    expect(await all(merge(input, input))).toEqual([1, 2, 3, 4]);
  });

  it('of merged channels is one channel', async () => {
    const merged = merge(
      merge(holding([1, 2]), holding([3])),
      merge(holding([4, 5]), holding([6])),
    );
    expect((await all(merged)).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('can be received from by a select, which may give up', async () => {
    const [a, b] = [new Channel<number>(), new Channel<number>()];
    const [merged, other] = [merge(a, b), new Channel<string>()];
    const selected = select({ merged: recv(merged), other: recv(other) });
    other.trySend('other');
    expect((await selected).case).toBe('other');
    a.trySend(1); // room had been shown: it is in hand
    expect([waitingIn(merged), drain(merged)]).toEqual([1, [1]]);
  });
});

it('a receiver that sends to one input after the other does not deepen the stack', () => {
  const inputs = Array.from({ length: 3000 }, () => new Channel<number>());
  const merged = merge(inputs);
  let count = 0;
  const receive = (): void => {
    merged.receiveWith(() => {
      receive();
      inputs[++count]?.trySend(count);
    }, vi.fn());
  };
  receive();
  inputs[0]?.trySend(0);
  expect(count).toBe(3000);
});

it('takes turns though its receiver sends to an input that waits', () => {
  const [a, b] = [new Channel<string>(1), new Channel<string>(1)];
  const merged = merge(a, b);
  const received: string[] = [];
  listen(merged, (held) => {
    received.push(held);
    if (held !== 'a1') return;
    for (const next of ['b1', 'b2']) b.trySend(next);
    a.trySend('a2');
  });
  a.trySend('a1');
  expect(received).toEqual(['a1', 'b1', 'a2', 'b2']);
});

describe('no input is starved', () => {
  it('by others that always have values', () => {
    const inputs = Array.from({ length: 5 }, (_, i) => holding(Array<number>(20).fill(i)));
    const received = drain(merge(...inputs));
    for (let from = 0; from < 100; from += 5) {
      expect(received.slice(from, from + 5).sort()).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('by one whose producer sends whenever it is asked', () => {
    const [greedy, slow] = [new Channel<string>(), new Channel<string>(8)];
    const merged = merge(greedy, slow);
    produce(greedy, Array<string>(1000).fill('greedy'));
    const received: (string | undefined)[] = [];
    for (let i = 0; i < 10; i++) {
      if (i === 4) slow.trySend('slow');
      received.push(merged.tryReceive()?.value);
    }
    expect(received.indexOf('slow')).toBeLessThanOrEqual(6);
    expect(received.filter((from) => from === 'greedy').length).toBe(9);
  });

  it('among a thousand, each of which waits for room', async () => {
    const inputs = Array.from({ length: 1000 }, () => new Channel<number>());
    const merged = merge(...inputs);
    const sent = inputs.map((input, i) => Promise.all([input.send(i), input.send(i)]));
    const received: number[] = [];
    for (let i = 0; i < 1000; i++) received.push((await merged.receive()).value!);
    expect(new Set(received).size).toBe(1000);
    for (let i = 0; i < 1000; i++) received.push((await merged.receive()).value!);
    await Promise.all(sent);
    for (const input of inputs) input.close();
    expect([merged.closed, new Set(received.slice(1000)).size]).toEqual([true, 1000]);
  });
});

describe('the first error of an input', () => {
  it('closes the merged channel behind what it holds; the other inputs are left as they are', async () => {
    const error = new Error('first');
    const [failing, other] = [holding([1, 2], { error }), holding([10, 20, 30], { closed: false })];
    expect(await untilError(merge(failing, other))).toEqual([[1, 10, 2], error]);
    expect([other.closed, drain(other)]).toEqual([false, [20, 30]]);
  });

  it('lets those values be received first that are in hand', async () => {
    const { inputs, merged, dropped } = withTwoInHand();
    inputs[0].close(new Error('first'));
    inputs[1].close(new Error('second'));
    expect(await untilError(merged)).toEqual([['b', 'c'], new Error('first')]);
    expect(dropped).toEqual([]);
  });

  it('cancels the others with it, where that is asked for', () => {
    const [failing, other] = [new Channel<number>(), holding([1, 2], { closed: false })];
    const merged = merge([failing, other], { cancel: true });
    failing.close(new Error('first'));
    expect([merged.closed, other.closed, other.length]).toEqual([true, true, 0]);
    expect(() => other.tryReceive()).toThrow('first');
  });
});

describe('a merged channel that is cancelled', () => {
  it('leaves its inputs as they are', () => {
    const inputs = [holding([1, 2], { closed: false }), new Channel<number>()] as const;
    const merged = merge(inputs, { capacity: 1 });
    merged.cancel();
    expect(inputs.map(({ closed }) => closed)).toEqual([false, false]);
    expect([drain(inputs[0]), inputs[1].available]).toEqual([[2], 0]);
  });

  it('hands what it holds, then what is in hand, to onDrop', () => {
    const { merged, dropped } = withTwoInHand();
    merged.cancel();
    expect(dropped).toEqual([
      ['b', 'cancelled'],
      ['c', 'cancelled'],
    ]);
    expect([waitingIn(merged), merged.length]).toEqual([0, 0]);
  });

  it('cancels its inputs with the reason, where that is asked for; the host hears what they throw', async () => {
    const onDrop = () => {
      throw new Error('onDrop');
    };
    const failing = new Channel<number>(1, { onDrop });
    failing.trySend(1);
    const other = new Channel<number>();
    const sent = other.send(5);
    sent.catch(() => {});
    const merged = merge([failing, other], { cancel: true });
    expect(await uncaughtBy(() => merged.cancel('enough'))).toEqual([new Error('onDrop')]);
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED', value: 5 });
    expect(() => other.tryReceive()).toThrow('enough');
  });
});

describe('the signal of merge', () => {
  it('closes the merged channel with its reason, and leaves the inputs', async () => {
    const { controller, listeners } = countingSignal();
    const inputs = [holding([1, 2], { closed: false }), new Channel<number>()] as const;
    const merged = merge(inputs, { signal: controller.signal, capacity: 1 });
    expect(listeners()).toBe(1);
    controller.abort('stop');
    expect(await untilError(merged)).toEqual([[1], 'stop']);
    expect([listeners(), drain(inputs[0]), inputs[1].available]).toEqual([0, [2], 0]);
  });

  it('is listened to once, whatever the number of inputs, and not after the end', () => {
    const { controller, listeners } = countingSignal();
    const inputs = Array.from({ length: 100 }, () => new Channel<number>());
    merge(inputs, { signal: controller.signal });
    expect(listeners()).toBe(1);
    for (const input of inputs) input.close();
    expect(listeners()).toBe(0);
  });

  it('that has aborted leaves everything as it is', async () => {
    const input = holding([1]);
    const merged = merge([input], { signal: AbortSignal.abort('before'), capacity: 1 });
    expect(await untilError(merged)).toEqual([[], 'before']);
    expect(drain(input)).toEqual([1]);
  });
});

it('stands in no line and watches nothing when it is over, nor at an input that is', () => {
  const [a, b] = [new Channel<number>(), new Channel<number>()];
  const merged = merge([a, b], { capacity: 1 });
  expect([a, b, merged].map(watchersOf)).toEqual([1, 1, 1]);
  a.close();
  expect([a, b, merged].map(watchersOf)).toEqual([0, 1, 1]);
  expect([a, b].map(({ available }) => available)).toEqual([0, 1]);
  merged.cancel();
  expect([a, b, merged].map(watchersOf)).toEqual([0, 0, 0]);
  expect([a, b].map(({ available }) => available)).toEqual([0, 0]);
});

it('joins stages: what is merged can be piped on', async () => {
  const sink = new Channel<number>(1);
  const piped = pipeTo(merge(holding([1, 3]), holding([2, 4])), sink);
  expect(await all(sink)).toEqual([1, 2, 3, 4]);
  await piped;
});

it.each([
  [[null], 'Expected `channels[0]` to be a Channel, got null'],
  [[new Channel(), {}], 'Expected `channels[1]` to be a Channel, got Object'],
  [[[new Channel(), 1]], 'Expected `channels[1]` to be a Channel, got 1'],
  [[[], { capacity: -1 }], 'Expected `capacity` to be an integer ≥ 0, got -1'],
  [[[], { onDrop: 1 }], 'Expected `onDrop` to be a function, got 1'],
  [[[], { signal: 'no' }], 'Expected `signal` to be an AbortSignal, got "no"'],
  [[[], { cancel: 0 }], 'Expected `cancel` to be a boolean, got 0'],
] as [never[], string][])('merge(...%j) is refused at the call', (given, message) => {
  expect(() => merge(...given)).toThrow(message);
});
