import { Channel } from 'rxjs-sluice';

async function listen(channel: Channel<string>) {
  for await (const word of channel) if (word === 'stop') return;
}

/** Leaves a loop behind that waits for a word which nobody says. */
export function main() {
  const channel = new Channel<string>();
  void listen(channel);
  channel.trySend('go on');
  return 'over';
}
