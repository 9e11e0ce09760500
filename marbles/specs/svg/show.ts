import { graphemes } from '../../diagram/graphemes.js';

/** A value as a marble shows it: one text, or a text for each item of an array. */
export type Shown =
  | { readonly kind: 'one'; readonly text: string }
  | { readonly kind: 'many'; readonly texts: readonly string[] };

/** A marble that is longer than this ends in an ellipsis; the words that go with the picture have it all. */
const longest = 28;
const mostItems = 12;

export function show(value: unknown): Shown {
  if (!Array.isArray(value) || value.length === 0) return { kind: 'one', text: short(value) };
  const texts = value.map(short);
  if (texts.length <= mostItems) return { kind: 'many', texts };
  return { kind: 'many', texts: [...texts.slice(0, mostItems - 2), '…', ...texts.slice(-1)] };
}

function short(value: unknown): string {
  const characters = graphemes(inWords(value));
  if (characters.length <= longest) return characters.join('');
  return `${characters.slice(0, longest - 1).join('')}…`;
}

/** The value whole, as the picture's description has it. */
export function inWords(value: unknown): string {
  return visible(plain(value));
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value === '' ? "''" : value;
  if (Array.isArray(value)) return `[${value.map(inWords).join(', ')}]`;
  if (value instanceof Error) return value.message === '' ? value.name : value.message;
  if (typeof value === 'function') return value.name === '' ? 'function' : value.name;
  if (
    typeof value !== 'object' ||
    value === null ||
    Object.getPrototypeOf(value) !== Object.prototype
  ) {
    return String(value);
  }
  const fields = Object.entries(value).map(([name, field]) => `${name}: ${inWords(field)}`);
  return `{ ${fields.join(', ')} }`;
}

/** In place of what XML may not have, or what no one would see, a sign for it. */
function visible(text: string): string {
  return text
    .replace(/\p{Cc}/gu, (control) => {
      const code = control.charCodeAt(0);
      return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
    })
    .replace(/[\p{Cs}\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu, '\ufffd')
    .replace(/^ | $| (?= )/g, '\u2423');
}

/** A title, a label or a caption: white space is one space, and XML can have it. */
export function asLine(text: string): string {
  return visible(text.replace(/\s+/gu, ' ').trim());
}
