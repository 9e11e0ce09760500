/**
 * A select that can send on several channels sends on one of them, and only there. Go's
 * test/chan/doubleselect.go.
 */
import { Channel, merge, select, send } from 'rxjs-sluice';

const VALUES = 20_000;

export async function main() {
  const channels = [0, 1, 2, 3].map(() => new Channel<number>());
  const [a, b, c, d] = channels as [
    Channel<number>,
    Channel<number>,
    Channel<number>,
    Channel<number>,
  ];

  async function sender() {
    for (let n = 0; n < VALUES; n++) {
      await select({ a: send(a, n), b: send(b, n), c: send(c, n), d: send(d, n) });
    }
    for (const channel of channels) channel.close();
  }

  const times = new Uint8Array(VALUES);
  const sent = sender();
  for await (const n of merge(channels)) times[n]!++;
  await sent;
  return { once: times.filter((count) => count === 1).length };
}
