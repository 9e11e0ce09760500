import type { Diagram } from '../diagram/diagram.js';
import { parseMarbles } from '../diagram/parse.js';

/** What the letters of a diagram stand for. Those that are not named stand for themselves. */
export type Values<T> = Readonly<Record<string, T>>;

/** One thing that a source does. */
export type Step<T> =
  | { readonly kind: 'next'; readonly value: T }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'complete' };

/** What a source does, and at which frame. */
export type Script<T> = readonly { readonly frame: number; readonly step: Step<T> }[];

/** What `#` stands for where nothing else is given, as in RxJS. */
export const ERROR = 'error';

/** Reads what a source does off its diagram. */
export function scriptOf<T>(
  marbles: string,
  values: Values<T> | undefined,
  error: unknown,
  allowed?: string,
): Script<T> {
  return stepsOf(parseMarbles(marbles, allowed), values, error);
}

export function stepsOf<T>(
  { marks }: Diagram,
  values: Values<T> = {},
  error: unknown = ERROR,
): Script<T> {
  return marks.flatMap((mark): Script<T> => {
    const { frame, kind } = mark;
    if (kind === 'next') return [{ frame, step: { kind, value: valueOf(mark.symbol, values) } }];
    if (kind === 'error') return [{ frame, step: { kind, error } }];
    return kind === 'complete' ? [{ frame, step: { kind } }] : [];
  });
}

/** What a letter stands for. */
export function valueOf<T>(symbol: string, values: Values<T>): T {
  // Where no value is given, T is string.
  return Object.hasOwn(values, symbol) ? (values[symbol] as T) : (symbol as T);
}
