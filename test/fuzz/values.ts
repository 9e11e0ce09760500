/** What flows through a pipe that is tried: numbers, alone or gathered, as batches and `conflate` do. */
export type Value = number | readonly Value[];

/** By which keys, weights, costs and tasks go. */
export const numberOf = (value: Value | undefined): number =>
  typeof value === 'object' ? numberOf(value[0]) : (value ?? 0);

/** The same shape, and another number in every place. */
export const plus = (value: Value, n: number): Value =>
  typeof value === 'object' ? value.map((each) => plus(each, n)) : value + n;

/** What was gathered, one by one. */
export const unpacked = (value: Value): readonly Value[] =>
  typeof value === 'object' ? value : [value];

export const show = (value: Value): string =>
  typeof value === 'object' ? `[${value.map(show).join(' ')}]` : String(value);

/** 0, 1, … or as many from `start`. */
export const numbers = (count: number, start = 0): number[] =>
  Array.from({ length: count }, (_, n) => start + n);
