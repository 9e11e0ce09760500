import {
  Channel,
  broadcastChannel,
  distribute,
  merge,
  pipeTo,
  type ReceiveChannel,
} from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { holding, listen, produce } from './channels.js';

const MANY = 1_000_000;
const SUM = (MANY * (MANY - 1)) / 2;

function* countTo(n: number) {
  for (let i = 0; i < n; i++) yield i;
}

/** What is received is added up, in the call that brings it. */
function summing(...outputs: readonly ReceiveChannel<number>[]) {
  const all = { sum: 0, count: 0 };
  for (const output of outputs) {
    listen(output, (n) => {
      all.sum += n;
      all.count++;
    });
  }
  return all;
}

const builds: Readonly<
  Record<string, (source: Channel<number>, capacity: number) => readonly ReceiveChannel<number>[]>
> = {
  pipeTo: (source, capacity) => {
    const target = new Channel<number>(capacity);
    void pipeTo(source, target);
    return [target];
  },
  'merge, with an input that is silent': (source, capacity) => [
    merge([new Channel<number>(), source], { capacity }),
  ],
  distribute: (source, capacity) => distribute(source, 3, { capacity }),
  'broadcastChannel to one': (source, capacity) => broadcastChannel(source, 1, { capacity }),
};

describe.each(Object.entries(builds))('a million values on a flat stack: %s', (_, build) => {
  it.each([0, 64])('sent by a producer as there is room, capacity %i', (capacity) => {
    const source = new Channel<number>(capacity);
    const received = summing(...build(source, capacity));
    produce(source, countTo(MANY));
    expect(received).toEqual({ sum: SUM, count: MANY });
  });

  it('sent by a producer that began to wait before anybody received', () => {
    const source = new Channel<number>();
    const outputs = build(source, 0);
    produce(source, countTo(MANY));
    expect(summing(...outputs)).toEqual({ sum: SUM, count: MANY });
  });

  it('held when the pipeline begins', () => {
    const source = holding([...countTo(MANY)]);
    expect(summing(...build(source, 0))).toEqual({ sum: SUM, count: MANY });
  });
});

describe('a receiver that sends back what it receives', () => {
  it('does not deepen the stack: a ring of pipes', () => {
    const [there, back] = [new Channel<number>(1), new Channel<number>(1)];
    void pipeTo(there, back);
    let last = 0;
    listen(back, (n) => {
      last = n;
      if (n < MANY) there.trySend(n + 1);
    });
    there.trySend(1);
    expect(last).toBe(MANY);
  });

  it('does not deepen the stack: each to the next of a thousand inputs', () => {
    const inputs = Array.from({ length: 1000 }, () => new Channel<number>(1));
    let last = 0;
    listen(merge(...inputs), (n) => {
      last = n;
      if (n < 100_000) inputs[n % 1000]!.trySend(n + 1);
    });
    inputs[0]!.trySend(1);
    expect(last).toBe(100_000);
  });

  it('does not deepen the stack: to what it was distributed or broadcast from', () => {
    for (const outputs of [
      (source: Channel<number>) => distribute(source, 2),
      (source: Channel<number>) => broadcastChannel(source, 2),
    ]) {
      const source = new Channel<number>(4);
      let last = 0;
      for (const output of outputs(source)) {
        listen(output, (n) => {
          if (n > last && n < 100_000) source.trySend(n + 1);
          last = n;
        });
      }
      source.trySend(1);
      expect(last).toBe(100_000);
    }
  });

  it('may close, cancel and send from inside what it receives', () => {
    const [source, target] = [new Channel<number>(4), new Channel<number>()];
    const piped = pipeTo(source, target);
    const heard: number[] = [];
    listen(target, (n) => {
      heard.push(n);
      if (n === 1) for (const more of [2, 3, 4]) source.trySend(more);
      if (n === 3) source.close();
    });
    source.trySend(1);
    expect([heard, target.closed]).toEqual([[1, 2, 3, 4], true]);
    return piped;
  });
});
