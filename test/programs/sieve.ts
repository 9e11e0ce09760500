/**
 * The concurrent prime sieve: a filter for each prime, all of them at work at once.
 *
 * Hoare, "Communicating Sequential Processes" (1978), 6.1; McIlroy; Go's test/chan/sieve1.go.
 */
import { Channel, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';

/** Sends 2, 3, 4, … until nobody wants more. */
async function generate(numbers: SendChannel<number>) {
  for (let n = 2; !numbers.closed; n++) await numbers.send(n).catch(() => undefined);
}

/** Passes on what `prime` does not divide, until there is no more or nobody wants more. */
async function filter(from: ReceiveChannel<number>, to: SendChannel<number>, prime: number) {
  try {
    for await (const n of from) if (n % prime !== 0) await to.send(n);
    to.close();
  } catch {
    from.cancel();
  }
}

export async function main() {
  const numbers = new Channel<number>();
  const running = [generate(numbers)];
  let candidates = numbers; // what no prime so far divides
  let sum = 0;
  let prime = 0;
  for (let count = 0; count < 1000; count++) {
    prime = (await candidates.receive()).value as number;
    sum += prime;
    const left = new Channel<number>();
    running.push(filter(candidates, left, prime));
    candidates = left;
  }
  numbers.cancel(); // from the one end, and
  candidates.cancel(); // from the other
  await Promise.all(running);
  return { prime, sum };
}
