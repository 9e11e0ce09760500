import {
  Channel,
  ResourcePool,
  TaskGroup,
  broadcastChannel,
  distribute,
  merge,
  pipeTo,
  type ChannelBroadcast,
  type Lease,
  type Permit,
  type ReceiveChannel,
  type SendChannel,
} from 'rxjs-sluice';
import { describe, expectTypeOf, it } from 'vitest';

describe('a channel', () => {
  const numbers = new Channel<number>(3);

  it('is both of its ends', () => {
    expectTypeOf(numbers).toExtend<SendChannel<number>>();
    expectTypeOf(numbers).toExtend<ReceiveChannel<number>>();
  });

  it('takes and gives values of its own type', () => {
    expectTypeOf(numbers.trySend).parameter(0).toEqualTypeOf<number>();
    expectTypeOf(numbers.tryReceive()).toEqualTypeOf<
      IteratorResult<number, undefined> | undefined
    >();
    expectTypeOf(numbers.receive()).toEqualTypeOf<Promise<IteratorResult<number, undefined>>>();
    // @ts-expect-error -- a string is no number
    numbers.trySend('1');
  });

  it('tells values from the end', () => {
    const result = numbers.tryReceive();
    if (result?.done === false) expectTypeOf(result.value).toEqualTypeOf<number>();
    if (result?.done === true) expectTypeOf(result.value).toEqualTypeOf<undefined>();
  });

  it('gives its values to for await', async () => {
    for await (const value of numbers) expectTypeOf(value).toEqualTypeOf<number>();
  });

  it('hears of drops by value and reason', () => {
    new Channel<string>(1, {
      overflow: 'drop-oldest',
      onDrop: (value, reason) => {
        expectTypeOf(value).toEqualTypeOf<string>();
        expectTypeOf(reason).toExtend<string>();
      },
    });
    // @ts-expect-error -- no such policy
    new Channel<string>(1, { overflow: 'drop-all' });
  });
});

describe('a send-only channel', () => {
  const sender: SendChannel<number> = new Channel<number>(3);

  it('has no receiving side', () => {
    expectTypeOf(sender).not.toHaveProperty('tryReceive');
    expectTypeOf(sender).not.toHaveProperty('receive');
    expectTypeOf(sender).not.toHaveProperty(Symbol.asyncIterator);
    expectTypeOf<SendChannel<number>>().not.toExtend<ReceiveChannel<number>>();
    // @ts-expect-error -- it only sends
    sender.tryReceive();
  });

  it('of a wider type stands in for one of a narrower type, and not the other way', () => {
    expectTypeOf<SendChannel<number | string>>().toExtend<SendChannel<number>>();
    expectTypeOf<SendChannel<number>>().not.toExtend<SendChannel<number | string>>();
  });
});

describe('a receive-only channel', () => {
  const receiver: ReceiveChannel<number> = new Channel<number>(3);

  it('has no sending side', () => {
    expectTypeOf(receiver).not.toHaveProperty('trySend');
    expectTypeOf(receiver).not.toHaveProperty('send');
    expectTypeOf(receiver).not.toHaveProperty('close');
    expectTypeOf<ReceiveChannel<number>>().not.toExtend<SendChannel<number>>();
    // @ts-expect-error -- it only receives
    receiver.trySend(1);
  });

  it('of a narrower type stands in for one of a wider type, and not the other way', () => {
    expectTypeOf<ReceiveChannel<number>>().toExtend<ReceiveChannel<number | string>>();
    expectTypeOf<ReceiveChannel<number | string>>().not.toExtend<ReceiveChannel<number>>();
  });
});

describe('a resource pool', () => {
  interface Connection {
    ask(query: string): Promise<number>;
  }
  const connect = async (_options?: { signal: AbortSignal }): Promise<Connection> => ({
    ask: async () => 1,
  });

  it('lends what is created, at once or later', () => {
    const later = new ResourcePool({ create: () => connect(), max: 1 });
    expectTypeOf(later).toEqualTypeOf<ResourcePool<Connection>>();
    expectTypeOf(later.acquire()).toEqualTypeOf<Promise<Lease<Connection>>>();
    expectTypeOf(later.tryAcquire()).toEqualTypeOf<Lease<Connection> | undefined>();
    const atOnce = new ResourcePool({ create: () => new Uint8Array(8), max: 1 });
    expectTypeOf(atOnce).toEqualTypeOf<ResourcePool<Uint8Array<ArrayBuffer>>>();
  });

  it('checks and ends what is created, whether or not the signal is asked for', () => {
    const pool = new ResourcePool({
      create: ({ signal }) => {
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return connect({ signal });
      },
      max: 1,
      validate: (connection) => {
        expectTypeOf(connection).toEqualTypeOf<Connection>();
        return true;
      },
      dispose: async (connection) => {
        expectTypeOf(connection).toEqualTypeOf<Connection>();
      },
    });
    expectTypeOf(pool).toEqualTypeOf<ResourcePool<Connection>>();
  });

  it('is not widened by what takes more', () => {
    const pool = new ResourcePool({
      create: () => connect(),
      max: 1,
      dispose: (resource: object) => resource,
    });
    expectTypeOf(pool).toEqualTypeOf<ResourcePool<Connection>>();
    // @ts-expect-error -- no connection is a number
    new ResourcePool({ create: () => connect(), max: 1, dispose: (n: number) => n });
    // @ts-expect-error -- its bound is to be named
    new ResourcePool({ create: () => connect() });
  });

  it('gives the result of a use', () => {
    const pool = new ResourcePool({ create: () => connect(), max: 1 });
    expectTypeOf(pool.use((connection) => connection.ask('all'))).toEqualTypeOf<Promise<number>>();
    expectTypeOf(pool.use(() => 'sync')).toEqualTypeOf<Promise<string>>();
  });

  it('has leases that are permits, and that stand in for those of a wider type', () => {
    expectTypeOf<Lease<number>>().toExtend<Permit>();
    expectTypeOf<Lease<number>>().toExtend<Lease<number | string>>();
    expectTypeOf<Lease<number | string>>().not.toExtend<Lease<number>>();
  });
});

describe('a task group', () => {
  const group = new TaskGroup({ limit: 2 });

  it('gives the result of a task, returned or promised', () => {
    expectTypeOf(group.go(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(group.go(async () => 'text')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(group.tryGo(async () => 1)).toEqualTypeOf<Promise<number> | undefined>();
    expectTypeOf(group.go(() => {})).toEqualTypeOf<Promise<void>>();
  });

  it('hands a task the group, and so its signal', () => {
    void group.go(({ signal }) => {
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
    });
    void group.go((inner) => {
      expectTypeOf(inner).toEqualTypeOf<TaskGroup>();
    });
    // @ts-expect-error -- a task is no promise
    void group.go(Promise.resolve(1));
  });

  it('can be the options of a wait', () => {
    void group.go((inner) => new Channel<number>().receive(inner));
  });
});

describe('pipelines', () => {
  const numbers = new Channel<number>(3);
  const receiver: ReceiveChannel<number> = numbers;

  it('pipe what is received to what takes at least that', () => {
    expectTypeOf(pipeTo(receiver, new Channel<number>())).toEqualTypeOf<Promise<void>>();
    void pipeTo(receiver, new Channel<number | string>(), { close: false, cancel: true });
    // @ts-expect-error -- numbers are no strings
    void pipeTo(receiver, new Channel<string>());
    // @ts-expect-error -- it only receives
    void pipeTo(numbers, receiver);
    const sender: SendChannel<number> = numbers;
    // @ts-expect-error -- it only sends
    void pipeTo(sender, numbers);
  });

  it('merge into a channel of all that the inputs carry', () => {
    expectTypeOf(merge(receiver, numbers)).toEqualTypeOf<ReceiveChannel<number>>();
    const mixed = merge(numbers, new Channel<string>());
    expectTypeOf(mixed).toEqualTypeOf<ReceiveChannel<number | string>>();
    expectTypeOf(merge()).toEqualTypeOf<ReceiveChannel<never>>();
    const listed = merge([numbers, new Channel<string>()], {
      capacity: 1,
      onDrop: (value) => expectTypeOf(value).toEqualTypeOf<number | string>(),
    });
    expectTypeOf(listed).toEqualTypeOf<ReceiveChannel<number | string>>();
    // @ts-expect-error -- options go with an array
    merge(numbers, { capacity: 1 });
  });

  it('make as many outputs as are written down', () => {
    const [left, right] = distribute(receiver, 2);
    expectTypeOf(left).toEqualTypeOf<ReceiveChannel<number>>();
    expectTypeOf(right).toEqualTypeOf<ReceiveChannel<number>>();
    expectTypeOf(distribute(receiver, [1, 2, 3].length)).toEqualTypeOf<ReceiveChannel<number>[]>();
    expectTypeOf(distribute(receiver, 1000)).toEqualTypeOf<ReceiveChannel<number>[]>();
    expectTypeOf(broadcastChannel(receiver, 1)).toEqualTypeOf<[ReceiveChannel<number>]>();
    // @ts-expect-error -- there are only two
    const [, , third] = broadcastChannel(receiver, 2, { onDrop: (value: number) => value });
    expectTypeOf(third).toEqualTypeOf<undefined>();
  });

  it('broadcast to whoever subscribes', () => {
    const broadcast = broadcastChannel(receiver, { overflow: 'drop-oldest' });
    expectTypeOf(broadcast).toEqualTypeOf<ChannelBroadcast<number>>();
    expectTypeOf(broadcastChannel(receiver)).toEqualTypeOf<ChannelBroadcast<number>>();
    const output = broadcast.subscribe({
      capacity: 2,
      onDrop: (value) => expectTypeOf(value).toEqualTypeOf<number>(),
    });
    expectTypeOf(output).toEqualTypeOf<ReceiveChannel<number>>();
    // @ts-expect-error -- no such policy
    broadcast.subscribe({ overflow: 'drop-all' });
  });
});
