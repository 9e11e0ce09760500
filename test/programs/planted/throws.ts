import { Channel } from 'rxjs-sluice';

async function fail(channel: Channel<string>) {
  await channel.receive();
  throw new Error('nobody hears of this');
}

/** Ends well, but for a part that fails unheard. */
export function main() {
  const channel = new Channel<string>();
  void fail(channel);
  channel.trySend('go');
  return 'well';
}
