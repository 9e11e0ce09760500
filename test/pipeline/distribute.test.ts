import { Channel, distribute, type DropReason } from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { all, drain, holding, listen, untilError, watchersOf } from './channels.js';

const value = <T>(held: T) => ({ done: false, value: held });
const done = { done: true, value: undefined };

/** Two outputs of a rendezvous, with a value in hand: who waited for it has given up. */
function withOneInHand(signal?: AbortSignal) {
  const dropped: [number, DropReason][] = [];
  const source = new Channel<number>();
  const onDrop = (n: number, reason: DropReason) => dropped.push([n, reason]);
  const outputs = distribute(source, 2, { onDrop, signal });
  outputs[0].receiveWith(vi.fn(), vi.fn())();
  expect([source.trySend(1), source.trySend(2)]).toEqual([true, false]);
  return { source, outputs, dropped };
}

describe('distribute', () => {
  it('gives each value to one output, by turns where all have room', async () => {
    const outputs = distribute(holding([1, 2, 3, 4, 5, 6, 7]), 3);
    expect(await Promise.all(outputs.map(all))).toEqual([
      [1, 4, 7],
      [2, 5],
      [3, 6],
    ]);
  });

  it('gives turns where values come one by one, too', () => {
    const source = new Channel<number>();
    const heard: string[] = [];
    for (const [i, output] of distribute(source, 3).entries()) {
      listen(output, (n) => heard.push(`${i}: ${n}`));
    }
    for (let n = 0; n < 6; n++) expect(source.trySend(n)).toBe(true);
    expect(heard).toEqual(['0: 0', '1: 1', '2: 2', '0: 3', '1: 4', '2: 5']);
  });

  it('is not held up by an output that is full', () => {
    const source = new Channel<number>();
    const [stuck, free] = distribute(source, 2, { capacity: 1 });
    const heard: number[] = [];
    listen(free, (n) => heard.push(n));
    for (let n = 0; n < 5; n++) expect(source.trySend(n)).toBe(true);
    expect([drain(stuck), heard]).toEqual([[0], [1, 2, 3, 4]]);
  });

  it('takes nothing while no output has room', () => {
    const source = holding([1, 2, 3, 4, 5], { closed: false });
    const [a, b] = distribute(source, 2, { capacity: 2 });
    expect([source.length, a.length, b.length, a.capacity]).toEqual([1, 2, 2, 2]);
    expect([b.tryReceive(), source.length]).toEqual([value(2), 0]);
    expect([drain(a), drain(b)]).toEqual([
      [1, 3],
      [4, 5],
    ]);
  });

  it('gives a value to whoever has room first', () => {
    const source = holding([1, 2], { closed: false });
    const [a, b] = distribute(source, 2);
    expect([b.tryReceive(), a.tryReceive()]).toEqual([value(1), value(2)]);
  });

  it('keeps the one value that came when room had gone for whoever has room first', () => {
    const { source, outputs } = withOneInHand();
    expect(outputs[1].tryReceive()).toEqual(value(1));
    expect(source.available).toBe(0);
  });

  it('keeps a value for another output where the one with room goes as it is taken', () => {
    const source = holding([1], { closed: false });
    const [a, b] = distribute(source, 2);
    source.onAvailable(() => a.cancel());
    expect([a.tryReceive(), b.tryReceive()]).toEqual([done, value(1)]);
  });

  it('closes all outputs when the input is drained, not before what is in hand is given', () => {
    const { source, outputs } = withOneInHand();
    source.close();
    expect(outputs.map(({ closed }) => closed)).toEqual([false, false]);
    expect([outputs[0].tryReceive(), outputs[0].tryReceive(), outputs[1].tryReceive()]).toEqual([
      value(1),
      done,
      done,
    ]);
  });

  it('closes all outputs with an error of the input, behind what they hold', async () => {
    const outputs = distribute(holding([1, 2, 3], { error: 'broken' }), 2, { capacity: 2 });
    expect(await Promise.all(outputs.map(untilError))).toEqual([
      [[1, 3], 'broken'],
      [[2], 'broken'],
    ]);
  });

  it('serves a thousand outputs', () => {
    const source = new Channel<number>();
    const outputs = distribute(source, 1000, { capacity: 3 });
    for (let n = 0; n < 3000; n++) expect(source.trySend(n)).toBe(true);
    expect(source.trySend(3000)).toBe(false);
    expect(outputs.map(drain)).toEqual(outputs.map((_, i) => [i, i + 1000, i + 2000]));
  });
});

describe('an output that is cancelled', () => {
  it('leaves: onDrop hears of what it holds, the others get the rest', () => {
    const dropped = vi.fn();
    const source = holding([1, 2, 3, 4, 5, 6], { closed: false });
    const [a, b] = distribute(source, 2, { capacity: 2, onDrop: dropped });
    a.cancel();
    source.close();
    expect(dropped.mock.calls).toEqual([
      [1, 'cancelled'],
      [3, 'cancelled'],
    ]);
    expect([drain(b), b.closed]).toEqual([[2, 4, 5, 6], true]);
  });

  it('in the call that brings it a value, leaves the next to the others', () => {
    const source = new Channel<number>();
    const outputs = distribute(source, 3);
    const heard: string[] = [];
    for (const [i, output] of outputs.entries()) {
      listen(output, (n) => {
        heard.push(`${i}: ${n}`);
        if (i === 1) output.cancel();
      });
    }
    for (let n = 0; n < 5; n++) source.trySend(n);
    expect(heard).toEqual(['0: 0', '1: 1', '2: 2', '0: 3', '2: 4']);
  });

  it('leaves a value in hand to the others', () => {
    const { outputs, dropped } = withOneInHand();
    outputs[0].cancel();
    expect([dropped, outputs[1].tryReceive()]).toEqual([[], value(1)]);
  });

  it('as the last one, leaves the input as it is; onDrop hears of what is in hand', () => {
    const { source, outputs, dropped } = withOneInHand();
    for (const output of outputs) output.cancel();
    expect([dropped, source.closed, source.available]).toEqual([[[1, 'cancelled']], false, 0]);
  });

  it('as the last one, by its receiver, takes nothing of what that sends on hearing of the end', () => {
    const dropped = vi.fn();
    const source = new Channel<number>();
    const [output] = distribute(source, 1, { onDrop: dropped });
    let sent: unknown;
    output.receiveWith(() => (sent = source.trySend(1)), vi.fn());
    output.cancel();
    expect([sent, dropped.mock.calls]).toEqual([false, []]);
  });

  it('as the last one, cancels the input with its reason, where that is asked for', () => {
    const source = new Channel<number>();
    const [a, b] = distribute(source, 2, { cancel: true });
    a.cancel('one');
    expect(source.closed).toBe(false);
    b.cancel('two');
    expect(() => source.tryReceive()).toThrow('two');
  });
});

describe('the signal of distribute', () => {
  it('closes the outputs with its reason, behind what they hold and what is in hand', async () => {
    const { controller, listeners } = countingSignal();
    const { source, outputs, dropped } = withOneInHand(controller.signal);
    expect(listeners()).toBe(1);
    controller.abort('stop');
    expect(await Promise.all(outputs.map(untilError))).toEqual([
      [[1], 'stop'],
      [[], 'stop'],
    ]);
    expect([listeners(), dropped, source.closed]).toEqual([0, [], false]);
  });
});

it('stands in no line and watches nothing when it is over', () => {
  const source = new Channel<number>();
  const outputs = distribute(source, 2, { capacity: 1 });
  expect([source, ...outputs].map(watchersOf)).toEqual([1, 1, 1]);
  outputs[0].cancel();
  expect([source, ...outputs].map(watchersOf)).toEqual([1, 0, 1]);
  outputs[1].cancel();
  expect([source, ...outputs].map(watchersOf)).toEqual([0, 0, 0]);
  expect(source.available).toBe(0);
});

it.each([
  [[null, 2], 'Expected `channel` to be a Channel, got null'],
  [[new Channel(), 0], 'Expected `n` to be an integer ≥ 1, got 0'],
  [[new Channel(), 1.5], 'Expected `n` to be an integer ≥ 1, got 1.5'],
  [[new Channel(), 2, { capacity: NaN }], 'Expected `capacity` to be an integer ≥ 0, got NaN'],
  [[new Channel(), 2, { onDrop: 1 }], 'Expected `onDrop` to be a function, got 1'],
  [[new Channel(), 2, { cancel: 1 }], 'Expected `cancel` to be a boolean, got 1'],
] as [[never, never, never], string][])(
  'distribute(...%j) is refused at the call',
  (given, message) => {
    expect(() => distribute(...given)).toThrow(message);
  },
);
