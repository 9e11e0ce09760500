import type { Kind } from './diagram.js';

type Special = Exclude<Kind, 'next'>;

/** The sign of each special mark. */
export const SIGNS: Readonly<Record<Special, string>> = {
  complete: '|',
  error: '#',
  subscribe: '^',
  unsubscribe: '!',
};

/** What stands for no value: the space and the signs of time, of groups and of special marks. */
export const SPECIAL = ' -()|#^!';

const specials = /* @__PURE__ */ Object.keys(SIGNS) as Special[];

/** The kind of mark for which a grapheme stands. */
export const kindOf = (grapheme: string): Kind =>
  specials.find((kind) => SIGNS[kind] === grapheme) ?? 'next';

/** Signs as a message speaks of them: `` `|`, `#` and `^` ``. */
export const listed = (signs: string): string =>
  Array.from(signs, (sign) => `\`${sign}\``)
    .join(', ')
    .replace(/, (?=[^,]+$)/, ' and ');
