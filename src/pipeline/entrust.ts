import type { Channel } from '../channel/channel.js';
import { report } from '../callbacks.js';

/**
 * Puts in the line of `channel`, as a send that waits, a value that cannot go back to where it was taken
 * from: if the channel is cancelled before it has gone in, `onDrop` hears of it. `settled` hears of either.
 */
export function entrust<T>(channel: Channel<T>, value: T, settled: (taken: boolean) => void): void {
  const { line } = channel;
  if (!channel.closed) {
    const refused = (): void => {
      line.arrived++;
      line.push(value); // `cancel` drops it with the rest
      settled(false);
    };
    channel.waitToSend(value, () => settled(true), refused);
    return;
  }
  line.arrived++;
  try {
    line.drop(value, 'cancelled');
  } catch (error) {
    report(error);
  }
  settled(false);
}
