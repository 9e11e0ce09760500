import { check } from '../../src/check.js';

/** What a value can be assigned to a lane by: what is the same in every process. */
export type LaneKey = string | number | bigint | boolean | null | undefined;

const OFFSET = 0x811c_9dc5;
const PRIME = 0x0100_0193;

const add = (hash: number, byte: number): number => Math.imul(hash ^ byte, PRIME);

/** A byte behind the first of its character. */
const tail = (hash: number, bits: number): number => add(hash, 0x80 | (bits & 0x3f));

/** FNV-1a, 32 bits, of the UTF-8 bytes of `text`. */
export function fnv1a(text: string): number {
  let hash = OFFSET;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      hash = add(hash, unit);
    } else if (unit < 0x800) {
      hash = tail(add(hash, 0xc0 | (unit >> 6)), unit);
    } else {
      const code = text.codePointAt(i) as number;
      if (code > 0xffff) i++; // a pair of surrogates
      hash = long(hash, code);
    }
  }
  return hash >>> 0;
}

/** A character of three bytes or four. */
function long(hash: number, code: number): number {
  // Half a pair of surrogates: what every encoder writes for it.
  if ((code & ~0x7ff) === 0xd800) return long(hash, 0xfffd);
  const head =
    code > 0xffff
      ? tail(add(hash, 0xf0 | (code >> 18)), code >> 12)
      : add(hash, 0xe0 | (code >> 12));
  return tail(tail(head, code >> 6), code);
}

/**
 * The lane of `key`, of so many: the hash of its text, the upper half folded into the lower (the low bits
 * alone depend only on the low bits of each byte).
 */
export function laneOf(key: LaneKey, lanes: number): number {
  const plain = key === null || (typeof key !== 'object' && typeof key !== 'function');
  check(plain && typeof key !== 'symbol', 'by(value)', 'a string or another primitive', key);
  const hash = fnv1a(String(key));
  return ((hash ^ (hash >>> 16)) >>> 0) % lanes;
}
