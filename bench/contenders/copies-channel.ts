import { ReadableStream } from 'node:stream/web';
import { Channel, broadcastChannel } from '../../src/index.js';
import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';
import { fillAll, iterableOf, placesFor } from './channel-bare.js';
import { branches, sameOf } from './copies.js';

// Every value goes to each of four `for await` loops.

/** A ring for each loop; the producer awaits only where one of them is full. */
export const bareRings =
  (capacity: number): Run =>
  (count) => {
    const rings = Array.from({ length: branches }, () => placesFor(capacity));
    void fillAll(rings, count);
    return sumOfEach(rings.map((places) => iterableOf(places, count)));
  };

export const withBroadcastChannel =
  (capacity: number): Run =>
  async (count) => {
    const channel = new Channel<number>(capacity);
    const copies = broadcastChannel(channel, branches, { capacity });
    void produce(channel, count);
    return sumOfEach(copies);
  };

async function produce(channel: Channel<number>, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1)
    if (!channel.trySend(value)) await channel.send(value);
  channel.close();
}

export async function loadMult(): Promise<(capacity: number) => Run> {
  const { channel, mult } = await import('@thi.ng/csp');
  return (capacity) => async (count) => {
    const values = channel<number>(capacity);
    const copies = mult(values);
    const taps = Array.from({ length: branches }, () =>
      copies.subscribe(channel<number>(capacity)),
    );
    void (async () => {
      for (let value = 1; value <= count; value += 1)
        if (!values.offer(value)) await values.write(value);
      values.close();
    })();
    return sumOfEach(taps);
  };
}

/** `tee` makes two of one; it knows no capacity, and lets the faster branch run ahead of the slower. */
export const withTee: Run = (count) => {
  let value = 1;
  const values = new ReadableStream<number>({
    pull(controller) {
      if (value <= count) controller.enqueue(value++);
      else controller.close();
    },
  });
  return sumOfEach(values.tee().flatMap((half) => half.tee()));
};

async function sumOfEach(copies: Iterable<AsyncIterable<number>>): Promise<number> {
  return sameOf(await Promise.all(Array.from(copies, sumRead)));
}
