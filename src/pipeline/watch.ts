import type { Channel } from '../channel/channel.js';

/** Calls `look` when `channel` closes, and whenever it may be drained since. Returns a function that gives that up. */
export function watch<T>(channel: Channel<T>, look: () => void): () => void {
  const watchers = (channel.watchers ??= new Set());
  watchers.add(look);
  return () => void watchers.delete(look);
}
