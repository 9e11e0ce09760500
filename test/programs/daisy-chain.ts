/** Ten thousand tasks in a row, each of which adds one. Go's test/chan/goroutines.go. */
import { Channel, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';

const TASKS = 10_000;

async function addOne(left: SendChannel<number>, right: ReceiveChannel<number>) {
  const { value } = await right.receive();
  await left.send(1 + (value as number));
}

export async function main() {
  const leftmost = new Channel<number>();
  let right = leftmost;
  for (let n = 0; n < TASKS; n++) {
    const left = right;
    right = new Channel();
    void addOne(left, right);
  }
  await right.send(0);
  return (await leftmost.receive()).value;
}
