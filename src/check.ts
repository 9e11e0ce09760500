/** Checks of arguments, and the one form of message that they all use. */

/** A short, safe picture of any value, for an error message. */
const show = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : typeof value === 'object' && value !== null
      ? Object.prototype.toString.call(value).slice(8, -1)
      : typeof value === 'function'
        ? 'a function'
        : String(value);

/** ``Expected `name` to be …, got …`` */
const expected = (name: string, what: string, value: unknown): string =>
  `Expected \`${name}\` to be ${what}, got ${show(value)}`;

/** Throws a `RangeError` unless `value` is an integer ≥ `min`; `Infinity` passes where `orInfinity` says so. */
export function checkInteger(name: string, value: unknown, min: number, orInfinity = false): void {
  if ((Number.isInteger(value) && (value as number) >= min) || (orInfinity && value === Infinity))
    return;
  throw new RangeError(
    expected(name, `an integer ≥ ${min}${orInfinity ? ' or Infinity' : ''}`, value),
  );
}

/** Throws a `RangeError` unless `value` is a number of milliseconds ≥ 0; `Infinity` passes. */
export function checkMilliseconds(name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0) return;
  throw new RangeError(expected(name, 'a number of milliseconds ≥ 0', value));
}

/** Throws a `TypeError` unless `value` is absent or one of `allowed`. */
export function checkOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return;
  throw new TypeError(expected(name, `one of ${allowed.map(show).join(', ')}`, value));
}

/** Throws a `TypeError` unless `value` is a function, or absent where `optional` says so. */
export function checkFunction(name: string, value: unknown, optional = false): void {
  if (typeof value === 'function' || (optional && value === undefined)) return;
  throw new TypeError(expected(name, 'a function', value));
}

/** Throws a `TypeError`: `value` is not what the caller needs. */
export function refuse(name: string, what: string, value: unknown): never {
  throw new TypeError(expected(name, what, value));
}
