import type { Drop } from './picture.js';
import { inWords } from './show.js';

/** Reads a value of a row of drops. */
export function dropOf(value: unknown): Drop {
  if (typeof value === 'object' && value !== null && 'value' in value && 'reason' in value) {
    if (typeof value.reason === 'string') return { value: value.value, reason: value.reason };
  }
  throw new TypeError(
    `Expected each value of a row of drops to be { value, reason }, got ${inWords(value)}`,
  );
}
