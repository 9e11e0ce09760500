/**
 * Hamming's numbers, which have no prime factors but 2, 3 and 5, in order. Each is twice, three times
 * or five times an earlier one: so they go round in a circle. Dijkstra, "A Discipline of Programming"
 * (1976), 17.
 */
import { Channel, broadcastChannel, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';

const COUNT = 1_691; // the last below 2³¹

/** A circle stalls where it cannot hold what is under way: here, what the multiples of 5 lag behind. */
const CAPACITY = 1_024;

async function multiply(factor: number, numbers: ReceiveChannel<number>, to: SendChannel<number>) {
  for await (const n of numbers) await to.send(factor * n);
  to.close();
}

/** Merges what is in order, and leaves out what comes again; until nobody wants more. */
async function mergeInOrder(sources: readonly ReceiveChannel<number>[], to: SendChannel<number>) {
  const next = async (source: ReceiveChannel<number>) => (await source.receive()).value ?? Infinity;
  const heads = await Promise.all(sources.map(next));
  for (let least; (least = Math.min(...heads)) < Infinity;) {
    await to.send(least);
    for (const [n, source] of sources.entries())
      if (heads[n] === least) heads[n] = await next(source);
  }
}

export async function main() {
  const numbers = new Channel<number>(1);
  const [twice, thrice, fiveTimes, printed] = broadcastChannel(numbers, 4, { capacity: CAPACITY });
  const products = [2, 3, 5].map(() => new Channel<number>());
  const [by2, by3, by5] = products as [Channel<number>, Channel<number>, Channel<number>];
  const running = Promise.allSettled([
    multiply(2, twice, by2),
    multiply(3, thrice, by3),
    multiply(5, fiveTimes, by5),
    mergeInOrder(products, numbers),
  ]);
  await numbers.send(1);

  const hamming: number[] = [];
  for await (const n of printed) if (hamming.push(n) === COUNT) break;
  for (const channel of [numbers, ...products]) channel.cancel();
  await running;
  return { first: hamming.slice(0, 20), last: hamming.at(-1) };
}
