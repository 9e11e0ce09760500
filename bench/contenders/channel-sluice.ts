import { Channel } from '../../src/index.js';
import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** Waits only when it has to: the form for hot loops. */
export function tryThenAwait(capacity: number): Run {
  return (count) => {
    const channel = new Channel<number>(capacity);
    void produceTrying(channel, count);
    return consumeTrying(channel);
  };
}

async function produceTrying(channel: Channel<number>, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1)
    if (!channel.trySend(value)) await channel.send(value);
  channel.close();
}

async function consumeTrying(channel: Channel<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const result = channel.tryReceive() ?? (await channel.receive());
    if (result.done) return sum;
    sum += result.value;
  }
}

/** Awaits each operation. */
export function awaitEach(capacity: number): Run {
  return (count) => {
    const channel = new Channel<number>(capacity);
    void produceAwaiting(channel, count);
    return consumeAwaiting(channel);
  };
}

async function produceAwaiting(channel: Channel<number>, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) await channel.send(value);
  channel.close();
}

async function consumeAwaiting(channel: Channel<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const result = await channel.receive();
    if (result.done) return sum;
    sum += result.value;
  }
}

/** The consumer is a `for await` loop. */
export const iterate = (capacity: number): Run => iterating(capacity, produceAwaiting);

/** Likewise, but the producer waits only when it has to. */
export const tryAndIterate = (capacity: number): Run => iterating(capacity, produceTrying);

function iterating(capacity: number, produce: typeof produceTrying): Run {
  return (count) => {
    const channel = new Channel<number>(capacity);
    void produce(channel, count);
    return sumRead(channel);
  };
}
