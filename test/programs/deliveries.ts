/**
 * Each value is delivered once, and to each consumer those of one producer in order: whatever the
 * capacity, however many produce and consume, and in whichever way they send and receive.
 */
import {
  Channel,
  recv,
  select,
  send,
  trySelect,
  type ReceiveChannel,
  type SendChannel,
} from 'rxjs-sluice';

const CAPACITIES = [0, 1, 2, 7];
const PRODUCERS = [1, 2, 4];
const CONSUMERS = [1, 2, 4];
/** How many values each producer sends. */
const EACH = 40;

interface Parcel {
  readonly from: number;
  readonly serial: number;
}

type Send = (channel: SendChannel<Parcel>, parcel: Parcel) => Promise<unknown>;
type Receive = (channel: ReceiveChannel<Parcel>) => Promise<IteratorResult<Parcel, undefined>>;
type Consume = (
  channel: ReceiveChannel<Parcel>,
  deliver: (parcel: Parcel) => void,
) => Promise<void>;

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Tries again whenever there is room, and while there is: later it may be gone. */
const whenRoom = (channel: SendChannel<Parcel>, attempt: () => boolean) =>
  new Promise<void>((resolve) => {
    const tryNow = () => {
      if (attempt()) resolve();
      else channel.onAvailable(tryNow);
    };
    tryNow();
  });

const sends: Readonly<Record<string, Send>> = {
  'await send': (channel, parcel) => channel.send(parcel),
  'await select': (channel, parcel) => select({ sent: send(channel, parcel), never: undefined }),
  trySend: (channel, parcel) => whenRoom(channel, () => channel.trySend(parcel)),
  trySelect: (channel, parcel) =>
    whenRoom(channel, () => trySelect({ sent: send(channel, parcel) }) !== undefined),
};

const receives: Readonly<Record<string, Receive>> = {
  'await receive': (channel) => channel.receive(),
  'await select': (channel) => select({ parcel: recv(channel), never: undefined }),
  async tryReceive(channel) {
    for (;;) {
      const received = channel.tryReceive();
      if (received !== undefined) return received;
      await turn();
    }
  },
  async trySelect(channel) {
    for (;;) {
      const received = trySelect({ parcel: recv(channel) });
      if (received !== undefined) return received;
      await turn();
    }
  },
  receiveWith: (channel) =>
    new Promise((resolve, reject) => void channel.receiveWith(resolve, reject)),
};

/** One way after the other. */
function inTurn<F>(ways: Readonly<Record<string, F>>): () => F {
  const functions = Object.values(ways);
  let n = 0;
  return () => functions[n++ % functions.length]!;
}

/** Consumes with what `way` gives for each value. */
const consumeWith =
  (way: () => Receive): Consume =>
  async (channel, deliver) => {
    for (;;) {
      const { value, done } = await way()(channel);
      if (done) return;
      deliver(value);
    }
  };

const producing: Readonly<Record<string, () => Send>> = {
  ...Object.fromEntries(Object.entries(sends).map(([name, way]) => [name, () => way])),
  'all of them': inTurn(sends),
};

const consuming: Readonly<Record<string, Consume>> = {
  ...Object.fromEntries(
    Object.entries(receives).map(([name, way]) => [name, consumeWith(() => way)]),
  ),
  async 'for await'(channel, deliver) {
    for await (const parcel of channel) deliver(parcel);
  },
  'all of them': consumeWith(inTurn(receives)),
};

/** What went wrong, if anything. */
async function trial(
  capacity: number,
  producers: number,
  consumers: number,
  way: () => Send,
  consume: Consume,
): Promise<string[]> {
  const channel = new Channel<Parcel>(capacity);
  const wrong: string[] = [];
  const delivered = new Set<string>();
  let most = 0;

  async function produce(from: number) {
    for (let serial = 0; serial < EACH; serial++) {
      await way()(channel, { from, serial });
      most = Math.max(most, channel.length);
    }
  }

  function consumer() {
    const last = new Array<number>(producers).fill(-1);
    return consume(channel, ({ from, serial }) => {
      const parcel = `${serial} from ${from}`;
      if (delivered.has(parcel)) wrong.push(`${parcel} came twice`);
      if (serial <= last[from]!) wrong.push(`${parcel} came after ${last[from]}`);
      last[from] = serial;
      delivered.add(parcel);
    });
  }

  const consumed = Array.from({ length: consumers }, consumer);
  await Promise.all(Array.from({ length: producers }, (_, from) => produce(from)));
  channel.close();
  await Promise.all(consumed);
  if (delivered.size !== producers * EACH) wrong.push(`${delivered.size} came`);
  if (most > capacity) wrong.push(`${most} were held`);
  return wrong;
}

export async function main() {
  const wrong: string[] = [];
  let trials = 0;
  for (const [sending, way] of Object.entries(producing)) {
    for (const [receiving, consume] of Object.entries(consuming)) {
      for (const capacity of CAPACITIES) {
        for (const producers of PRODUCERS) {
          for (const consumers of CONSUMERS) {
            const faults = await trial(capacity, producers, consumers, way, consume);
            const name = `${sending}, ${receiving}, ${capacity}, ${producers}:${consumers}`;
            wrong.push(...faults.map((fault) => `${name}: ${fault}`));
            trials++;
          }
        }
      }
    }
  }
  return { trials, wrong };
}
