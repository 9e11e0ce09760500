/**
 * Two tasks, each of which sends and receives on one channel, whichever comes first: what it receives
 * is never its own. Go's runtime/chan_test.go, TestSelfSelect.
 */
import { Channel, recv, select, send } from 'rxjs-sluice';
import { seeded } from './seeded.js';

const ROUNDS = 10_000;

export async function main() {
  const channel = new Channel<string>();
  const random = seeded(2);
  let [own, received] = [0, 0];

  async function task(me: string) {
    for (let round = 0; round < ROUNDS; round++) {
      const chosen = await select({ heard: recv(channel), said: send(channel, me) }, { random });
      if (chosen.case === 'said') continue;
      received++;
      if (chosen.value === me) own++;
    }
  }

  await Promise.all([task('left'), task('right')]);
  return { own, received };
}
