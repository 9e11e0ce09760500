/**
 * Four channels, and on each a sender and a receiver that wait there alone; and between them a select
 * that sends on all four and one that receives from all four, which turn away from a channel (Go's
 * nil channel) once they are through with it. Go's runtime/chan_test.go, TestSelectStress.
 */
import { Channel, recv, select, send } from 'rxjs-sluice';
import { seeded } from './seeded.js';

const EACH = 5_000;
const NAMES = ['a', 'b', 'c', 'd'] as const;
type Name = (typeof NAMES)[number];

/** What `make` makes for each name. */
const each = <T>(make: (name: Name, n: number) => T) =>
  Object.fromEntries(NAMES.map((name, n) => [name, make(name, n)])) as Record<Name, T>;

export async function main() {
  const channels = each((_, n) => new Channel<number>([0, 0, 2, 3][n]));
  const received = each(() => 0);
  const random = seeded(1);

  async function sendAlone(name: Name) {
    for (let n = 0; n < EACH; n++) await channels[name].send(n);
  }

  async function receiveAlone(name: Name) {
    for (let n = 0; n < EACH; n++, received[name]++) await channels[name].receive();
  }

  /** Chooses until each channel has happened `EACH` times. */
  async function choose(act: 'send' | 'receive') {
    const left = each(() => EACH);
    while (NAMES.some((name) => left[name] > 0)) {
      const wanted = (name: Name) => left[name] > 0;
      const chosen =
        act === 'send'
          ? await select(
              each((name) => wanted(name) && send(channels[name], 0)),
              { random },
            )
          : await select(
              each((name) => wanted(name) && recv(channels[name])),
              { random },
            );
      left[chosen.case]--;
      if (act === 'receive') received[chosen.case]++;
    }
  }

  await Promise.all([
    ...NAMES.flatMap((name) => [sendAlone(name), receiveAlone(name)]),
    choose('send'),
    choose('receive'),
  ]);
  return { received, left: each((name) => channels[name].length) };
}
