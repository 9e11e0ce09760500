import { Channel } from 'rxjs-sluice';

/** Waits for itself. */
export async function main() {
  const channel = new Channel<string>();
  await channel.send('is anybody there?');
  return channel.receive();
}
