import type { Hash } from 'node:crypto';

const CHUNK = 64 * 1024;

/** Chunks of pseudo-random bytes, so many bytes in all; `hash` hears of each. */
export function* chunks(bytes: number, hash: Hash): Generator<Buffer> {
  let state = 1;
  for (let left = bytes; left > 0; left -= CHUNK) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, left));
    for (let i = 0; i + 4 <= chunk.length; i += 4) {
      state = Math.imul(state, 48_271) + 11;
      chunk.writeInt32LE(state | 0, i);
    }
    chunk.fill(state & 255, chunk.length & ~3);
    hash.update(chunk);
    yield chunk;
  }
}
