import type { Channel } from '../channel/channel.js';

/**
 * Calls `ended` when `channel` closes, and when a cancel has emptied it. Returns a function that gives that
 * up.
 */
export function watch<T>(channel: Channel<T>, ended: () => void): () => void {
  const watchers = (channel.watchers ??= new Set());
  watchers.add(ended);
  return () => void watchers.delete(ended);
}
