/** Values come out in the order in which they went in. Go's test/chan/fifo.go. */
import { Channel, pipeTo, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';

const RELAYS = 100;
const VALUES = 200;

/** All that one holds, and then all of it again. */
async function buffered() {
  const channel = new Channel<number>(VALUES);
  for (let n = 0; n < VALUES; n++) await channel.send(n);
  channel.close();
  const received = [];
  for await (const n of channel) received.push(n);
  return received;
}

async function relay(from: ReceiveChannel<number>, to: SendChannel<number>) {
  for await (const n of from) await to.send(n);
  to.close();
}

/** From hand to hand along a row of relays. */
async function relayed(capacity: number, pass: typeof relay) {
  const channels = Array.from({ length: RELAYS + 1 }, () => new Channel<number>(capacity));
  const relays = channels.slice(1).map((to, n) => pass(channels[n]!, to));
  const [first, last] = [channels[0]!, channels[RELAYS]!];

  async function feed() {
    for (let n = 0; n < VALUES; n++) await first.send(n);
    first.close();
  }

  const feeding = feed();
  const received = [];
  for await (const n of last) received.push(n);
  await Promise.all([feeding, ...relays]);
  return received;
}

export async function main() {
  const runs: number[][] = [await buffered()];
  for (const capacity of [0, 1, 7]) {
    runs.push(await relayed(capacity, relay), await relayed(capacity, pipeTo));
  }
  const inOrder = (values: number[]) => values.length === VALUES && values.every((n, i) => n === i);
  return runs.map(inOrder);
}
