import { Channel, ChannelClosedError } from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { uncaughtBy } from '../support/uncaught-by.js';
import { later } from '../support/later.js';

const value = <T>(held: T) => ({ done: false, value: held });

describe('a producer that closes the channel when it is asked', () => {
  it('ends a receive at a rendezvous with its error', async () => {
    const channel = new Channel<number>();
    channel.onAvailable(() => channel.close(new Error('dry')));
    const heard = vi.fn();
    channel.receive().then(heard, heard);
    await later();
    expect(heard.mock.calls).toEqual([[new Error('dry')]]);
  });

  it('ends a tryReceive at a rendezvous with its error', () => {
    const channel = new Channel<number>();
    channel.onAvailable(() => channel.close(new Error('dry')));
    expect(() => channel.tryReceive()).toThrow('dry');
  });

  it('leaves a send that waits behind it to be received before done', async () => {
    const channel = new Channel<number>();
    channel.onAvailable(() => channel.close());
    const sent = channel.send(1);
    expect(await channel.receive()).toEqual(value(1));
    await sent;
  });

  it.each([[[]], [[value(1)]]])(
    'may do so while another has yet to hear of it: that one receives what waits, then the end (%j)',
    async (sent) => {
      const channel = new Channel<number>();
      const log: unknown[] = [];
      channel.onAvailable(() => channel.close());
      channel.onAvailable(() => log.push(channel.tryReceive(), channel.tryReceive()));
      channel.onAvailable(() => log.push('told'));
      const sends = sent.map((one) => channel.send(one.value));
      const end = { done: true, value: undefined };
      expect(channel.tryReceive()).toEqual(end);
      expect(log).toEqual(['told', ...sent, end, ...(sent.length > 0 ? [] : [end])]);
      await Promise.all(sends);
    },
  );

  it('leaves its place to a send that waits behind it', async () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);
    channel.onAvailable(() => channel.close());
    const sent = vi.fn();
    void channel.send(2).then(sent);
    expect(channel.tryReceive()).toEqual(value(1));
    await later();
    expect([channel.length, channel.waiting, sent.mock.calls.length]).toEqual([1, 1, 1]);
  });
});

it('a producer that receives when it is asked gets what a send behind it holds', async () => {
  const channel = new Channel<number>();
  const got: unknown[] = [];
  channel.onAvailable(() => got.push(channel.tryReceive()));
  const sent = channel.send(1);
  got.push(channel.tryReceive());
  await sent;
  expect([got, channel.arrived, channel.waiting]).toEqual([[value(1), undefined], 1, 0]);
});

describe('a producer that throws when it is asked', () => {
  const failing = () => {
    throw new Error('producer');
  };

  it('does not lose the value that was taken; the host hears of the error', async () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);
    channel.onAvailable(failing);
    let taken: unknown;
    const heard = await uncaughtBy(() => (taken = channel.tryReceive()));
    expect([taken, heard]).toEqual([value(1), [new Error('producer')]]);
  });

  it('does not keep others from being asked ever after', async () => {
    const channel = new Channel<number>(1);
    channel.trySend(1);
    const resume = vi.fn();
    channel.onAvailable(failing);
    channel.onAvailable(resume);
    await uncaughtBy(() => channel.tryReceive());
    channel.onAvailable(resume);
    expect([channel.available, resume.mock.calls.length]).toEqual([1, 2]);
  });
});

it('a receiver that throws when it hears of the end does not keep those behind it from hearing', async () => {
  const channel = new Channel<number>();
  const fail = () => {
    throw new Error('receiver');
  };
  channel.receiveWith(fail, fail);
  const heard = vi.fn();
  channel.receive().then(heard, heard);
  expect(await uncaughtBy(() => channel.close())).toEqual([new Error('receiver')]);
  expect(heard).toHaveBeenCalledTimes(1);
});

describe('one that gives up its wait while another is told of the end', () => {
  it('is not told, if it receives', () => {
    const channel = new Channel<number>();
    const told = vi.fn();
    channel.receiveWith(
      () => giveUp(),
      () => {},
    );
    const giveUp = channel.receiveWith(told, told);
    channel.close();
    expect(told).not.toHaveBeenCalled();
  });

  it('is not resumed, if it waits for room', () => {
    const channel = new Channel<number>();
    const resume = vi.fn();
    channel.onAvailable(() => withdraw());
    const withdraw = channel.onAvailable(resume);
    channel.close();
    expect(resume).not.toHaveBeenCalled();
  });
});

it('a producer that receives when it is told of the close leaves the stack flat, whoever has yet to be told', () => {
  const channel = new Channel<number>();
  const heard = vi.fn();
  const many = 20_000;
  channel.onAvailable(() => void heard(channel.tryReceive()));
  for (let n = 0; n < many; n++) channel.onAvailable(heard);
  channel.close();
  expect(heard).toHaveBeenCalledTimes(many + 1);
  expect(heard).toHaveBeenCalledWith({ done: true, value: undefined });
});

it('a producer that cancels the channel when it closes does not keep those behind it from being told', async () => {
  const channel = new Channel<number>();
  const resume = vi.fn();
  const sent = channel.send(1);
  channel.onAvailable(() => channel.cancel());
  channel.onAvailable(resume);
  channel.close();
  await expect(sent).rejects.toBeInstanceOf(ChannelClosedError);
  expect([resume.mock.calls.length, channel.waiting]).toEqual([1, 0]);
});

describe('a callback that throws', () => {
  it('when it is handed a value has received it: the channel goes on behind it', async () => {
    const channel = new Channel<number>();
    channel.receiveWith(
      () => {
        throw new Error('receiver');
      },
      () => {},
    );
    const next = channel.receive();
    expect(() => channel.trySend(1)).toThrow('receiver');
    channel.trySend(2);
    expect([await next, channel.arrived, channel.available]).toEqual([value(2), 2, 0]);
  });

  it('when a value is dropped leaves the channel as it stands after the drop', () => {
    const channel = new Channel<number>(1, {
      overflow: 'drop-oldest',
      onDrop: () => {
        throw new Error('onDrop');
      },
    });
    channel.trySend(1);
    expect(() => channel.trySend(2)).toThrow('onDrop');
    expect([channel.arrived, channel.length, channel.tryReceive()]).toEqual([2, 1, value(2)]);
  });
});

it('an iterator that was left takes nothing more from the channel', async () => {
  const channel = new Channel<number>(1);
  channel.trySend(1);
  const iterator = channel[Symbol.asyncIterator]();
  await iterator.return?.();
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
  expect(channel.length).toBe(1);
});

it('a send whose receiver throws has been dealt with all the same', async () => {
  const channel = new Channel<number>();
  const got: unknown[] = [];
  channel.onAvailable(() => {
    channel.receiveWith(
      (result) => {
        got.push(result);
        throw new Error('mine');
      },
      () => {},
    );
  });
  channel.onAvailable(() => {});
  const settled: number[] = [];
  for (const n of [1, 2]) void channel.send(n).then(() => settled.push(n));
  const heard = await uncaughtBy(() => got.unshift(channel.tryReceive()));
  expect([got, heard, settled]).toEqual([[value(1), value(2)], [new Error('mine')], [1, 2]]);
});
