import { Channel, ChannelClosedError, ChannelOverflowError, type DropReason } from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { later } from '../support/later.js';
import { uncaughtBy } from '../support/uncaught-by.js';

const done = { done: true, value: undefined };
const value = <T>(held: T) => ({ done: false, value: held });

describe('a buffered channel', () => {
  it('takes as many values as it has places, and gives them back in order', () => {
    const channel = new Channel<number>(2);
    expect([1, 2, 3].map((n) => channel.trySend(n))).toEqual([true, true, false]);
    expect([channel.length, channel.available, channel.waiting]).toEqual([2, 0, 2]);
    expect([1, 2, 3].map(() => channel.tryReceive())).toEqual([value(1), value(2), undefined]);
  });

  it('lets waiting sends in, in order, as places become free', async () => {
    const channel = new Channel<number>(1);
    const sent: number[] = [];
    for (const n of [1, 2, 3]) void channel.send(n).then(() => sent.push(n));
    await later();
    expect([sent, channel.length, channel.waiting]).toEqual([[1], 1, 3]);
    expect(channel.tryReceive()).toEqual(value(1));
    await later();
    expect([sent, channel.length, channel.waiting]).toEqual([[1, 2], 1, 2]);
  });

  it('carries undefined and null as values', async () => {
    const channel = new Channel<undefined | null>(2);
    channel.trySend(undefined);
    channel.trySend(null);
    expect([channel.tryReceive(), await channel.receive()]).toEqual([
      value(undefined),
      value(null),
    ]);
  });
});

describe('a rendezvous', () => {
  it('passes a value from hand to hand, whoever comes first', async () => {
    const channel = new Channel<string>();
    expect(channel.trySend('nobody is there')).toBe(false);
    const received = channel.receive();
    expect(channel.available).toBe(1);
    expect(channel.trySend('a')).toBe(true);
    expect(await received).toEqual(value('a'));
    const sent = channel.send('b');
    expect(channel.tryReceive()).toEqual(value('b'));
    await sent;
  });

  it('asks a producer that waits for room when somebody tries to receive', () => {
    const channel = new Channel<number>();
    channel.onAvailable(() => channel.trySend(7));
    expect(channel.tryReceive()).toEqual(value(7));
    expect(channel.tryReceive()).toBeUndefined();
  });
});

describe('those who wait', () => {
  it('are served in the order in which they came, sends and producers in one queue', async () => {
    const channel = new Channel<string>(1);
    channel.trySend('held');
    void channel.send('first');
    channel.onAvailable(() => channel.trySend('second'));
    void channel.send('third');
    const received: unknown[] = [];
    for (let i = 0; i < 4; i++) received.push((await channel.receive()).value);
    expect(received).toEqual(['held', 'first', 'second', 'third']);
  });

  it('receive in the order in which they asked', async () => {
    const channel = new Channel<number>();
    const received = [channel.receive(), channel.receive(), channel.receive()];
    for (const n of [1, 2, 3]) channel.trySend(n);
    expect(await Promise.all(received)).toEqual([value(1), value(2), value(3)]);
  });
});

describe('close', () => {
  it('lets what is held, waiting sends included, be received before done', async () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);
    const sent = channel.send(2);
    channel.close();
    channel.close(new Error('only the first call counts'));
    expect([await channel.receive(), await channel.receive()]).toEqual([value(1), value(2)]);
    await sent;
    expect([channel.tryReceive(), await channel.receive(), channel.closed]).toEqual([
      done,
      done,
      true,
    ]);
  });

  it('gives its error to whoever waits, and to try and await alike once drained', async () => {
    const channel = new Channel<number>(1);
    const error = new Error('gone');
    const waiting = channel.receive();
    channel.close(error);
    await expect(waiting).rejects.toBe(error);
    await expect(channel.receive()).rejects.toBe(error);
    expect(() => channel.tryReceive()).toThrow(error);
  });

  it('refuses what is sent afterwards, and hands it back', async () => {
    const channel = new Channel<number>(1);
    channel.close();
    expect(() => channel.trySend(1)).toThrow(ChannelClosedError);
    await expect(channel.send(5)).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED', value: 5 });
    expect(channel.available).toBe(0);
  });

  it('tells producers that wait for room', () => {
    const channel = new Channel<number>();
    const resume = vi.fn();
    channel.onAvailable(resume);
    channel.close();
    expect(resume).toHaveBeenCalledTimes(1);
  });
});

describe('cancel', () => {
  it('hands what is held to onDrop, and waiting sends back to their senders', async () => {
    const dropped: [number, DropReason][] = [];
    const channel = new Channel<number>(2, { onDrop: (n, reason) => dropped.push([n, reason]) });
    channel.trySend(1);
    channel.trySend(2);
    const sent = channel.send(3);
    channel.cancel();
    await expect(sent).rejects.toMatchObject({ code: 'ERR_CHANNEL_CLOSED', value: 3 });
    expect(dropped).toEqual([
      [1, 'cancelled'],
      [2, 'cancelled'],
    ]);
    expect([channel.length, channel.waiting, channel.tryReceive()]).toEqual([0, 0, done]);
  });

  it('tells onDrop of every value, even where it throws; what more it throws the host is told', async () => {
    const dropped: number[] = [];
    const onDrop = (n: number) => {
      dropped.push(n);
      throw new Error(`drop ${n}`);
    };
    const channel = new Channel<number>(2, { onDrop });
    channel.trySend(1);
    channel.trySend(2);
    const told = await uncaughtBy(() =>
      expect(() => channel.cancel()).toThrow(new Error('drop 1')),
    );
    expect([dropped, told]).toEqual([[1, 2], [new Error('drop 2')]]);
  });
});

describe('overflow', () => {
  const run = (overflow: 'drop-oldest' | 'drop-newest', capacity: number) => {
    const dropped: number[] = [];
    const channel = new Channel<number>(capacity, { overflow, onDrop: (n) => dropped.push(n) });
    const answers = [1, 2, 3].map((n) => channel.trySend(n));
    channel.close();
    const kept: number[] = [];
    while (channel.length > 0) kept.push(channel.tryReceive()?.value ?? NaN);
    return { answers, kept, dropped };
  };
  const yes = [true, true, true];

  it('drops the oldest or the newest, and answers true: the channel dealt with it', () => {
    expect(run('drop-oldest', 2)).toEqual({ answers: yes, kept: [2, 3], dropped: [1] });
    expect(run('drop-newest', 2)).toEqual({ answers: yes, kept: [1, 2], dropped: [3] });
  });

  it('keeps nothing at capacity 0 under a drop policy', () => {
    expect(run('drop-oldest', 0)).toEqual({ answers: yes, kept: [], dropped: [1, 2, 3] });
  });

  it("fails under 'error', by try and await alike", async () => {
    const channel = new Channel<number>(1, { overflow: 'error' });
    channel.trySend(1);
    expect(() => channel.trySend(2)).toThrow(ChannelOverflowError);
    await expect(channel.send(3)).rejects.toMatchObject({ code: 'ERR_CHANNEL_OVERFLOW', value: 3 });
    expect(channel.length).toBe(1);
  });
});

describe('a signal', () => {
  it('that has aborted wins, though the call could go on', async () => {
    const channel = new Channel<number>(2);
    channel.trySend(1);
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(channel.receive({ signal })).rejects.toThrow('stop');
    await expect(channel.send(2, { signal })).rejects.toThrow('stop');
    expect(channel.length).toBe(1);
  });

  it('takes a waiting call out of the queue, and nothing is lost', async () => {
    const channel = new Channel<number>();
    const controller = new AbortController();
    const given = channel.receive({ signal: controller.signal });
    const kept = channel.receive();
    controller.abort(new Error('stop'));
    await expect(given).rejects.toThrow('stop');
    expect(channel.trySend(1)).toBe(true);
    expect(await kept).toEqual(value(1));
  });

  it('takes a waiting send back', async () => {
    const channel = new Channel<number>();
    const controller = new AbortController();
    const given = channel.send(1, { signal: controller.signal });
    const kept = channel.send(2);
    controller.abort(new Error('stop'));
    await expect(given).rejects.toThrow('stop');
    expect([channel.waiting, channel.tryReceive()]).toEqual([1, value(2)]);
    await kept;
  });

  it('lets a hand-over stand that came before it in the same turn', async () => {
    const channel = new Channel<number>();
    const controller = new AbortController();
    const received = channel.receive({ signal: controller.signal });
    channel.trySend(1);
    controller.abort();
    expect(await received).toEqual(value(1));
  });

  it('is listened to only while a call waits', async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, 'addEventListener');
    const removed = vi.spyOn(signal, 'removeEventListener');
    const channel = new Channel<number>(1);
    await channel.send(1, { signal });
    await channel.receive({ signal });
    expect(added).toHaveBeenCalledTimes(0);
    const received = channel.receive({ signal });
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 0]);
    channel.trySend(2);
    await received;
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('for await', () => {
  it('reads to the end', async () => {
    const channel = new Channel<number>(1);
    void (async () => {
      for (let n = 1; n <= 3; n++) await channel.send(n);
      channel.close();
    })();
    const received: number[] = [];
    for await (const n of channel) received.push(n);
    expect(received).toEqual([1, 2, 3]);
  });

  it('leaves the channel open when it is left early', async () => {
    const channel = new Channel<number>(2);
    channel.trySend(1);
    channel.trySend(2);
    for await (const n of channel) {
      expect(n).toBe(1);
      break;
    }
    expect([channel.closed, channel.tryReceive()]).toEqual([false, value(2)]);
  });
});

describe('receiveWith', () => {
  it('calls back at once where it can, else later, and not at all when given up', () => {
    const channel = new Channel<number>(1);
    const received: unknown[] = [];
    const failed = vi.fn();
    channel.trySend(1);
    channel.receiveWith((result) => received.push(result), failed);
    channel.receiveWith((result) => received.push(result), failed)();
    channel.receiveWith((result) => received.push(result), failed);
    channel.trySend(2);
    expect([received, failed.mock.calls.length]).toEqual([[value(1), value(2)], 0]);
  });
});

it.each([-1, 1.5, NaN, Infinity, '1' as unknown as number])(
  'capacity %s is refused at the call',
  (capacity) => {
    expect(() => new Channel(capacity)).toThrow('Expected `capacity` to be an integer ≥ 0, got');
  },
);

describe.each([0, 1, 2, 7])('at capacity %i', (capacity) => {
  it.each(
    [1, 2, 4].flatMap((senders) => [1, 2, 4].map((receivers) => [senders, receivers] as const)),
  )(
    '%i producers and %i consumers lose nothing, in order per producer',
    async (senders, receivers) => {
      const count = 200;
      const channel = new Channel<[sender: number, n: number]>(capacity);
      const received: [number, number][] = [];
      const reading = Array.from({ length: receivers }, async () => {
        for await (const message of channel) received.push(message);
      });
      await Promise.all(
        Array.from({ length: senders }, async (_, sender) => {
          for (let n = 0; n < count; n++) await channel.send([sender, n]);
        }),
      );
      channel.close();
      await Promise.all(reading);
      for (let sender = 0; sender < senders; sender++) {
        const own = received.filter(([from]) => from === sender).map(([, n]) => n);
        expect(own).toEqual(Array.from({ length: count }, (_, n) => n));
      }
    },
  );
});

describe('a send that waits', () => {
  it('goes on when its value stands in line already', () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);
    const lengths: number[] = [];
    channel.waitToSend(2, () => lengths.push(channel.length), vi.fn());
    expect(channel.tryReceive()).toEqual(value(1));
    expect(lengths).toEqual([1]);
  });
});

describe('an iterator that is left', () => {
  it('ends each next() that waits, and takes nothing from then on', async () => {
    const channel = new Channel<number>();
    const left = channel[Symbol.asyncIterator]();
    const stays = channel[Symbol.asyncIterator]();
    const asked = [left.next(), left.next(), stays.next()];
    await left.return?.();
    expect(channel.available).toBe(1);
    expect(channel.trySend(1)).toBe(true);
    expect(await Promise.all(asked)).toEqual([done, done, value(1)]);
  });
});
