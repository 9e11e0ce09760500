/** Checks of arguments, and the one form of message that they all use. */

/** A short, safe picture of any value, for an error message. */
const show = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value)
    : Object(value) === value
      ? {}.toString.call(value).slice(8, -1)
      : String(value);

/** Throws ``Expected `name` to be …, got …`` unless `ok`. */
export function check(
  ok: boolean,
  name: string,
  what: string,
  value: unknown,
  Wrong: ErrorConstructor = TypeError,
): asserts ok {
  if (!ok) throw new Wrong(`Expected \`${name}\` to be ${what}, got ${show(value)}`);
}

/** Throws a `RangeError` unless `value` is an integer ≥ `min`. */
export function checkInteger(name: string, value: unknown, min: number): void {
  const ok = Number.isInteger(value) && (value as number) >= min;
  check(ok, name, `an integer ≥ ${min}`, value, RangeError);
}

/** As `checkInteger`, but `Infinity` passes. */
export function checkCount(name: string, value: unknown, min: number): void {
  const ok = value === Infinity || (Number.isInteger(value) && (value as number) >= min);
  check(ok, name, `an integer ≥ ${min} or Infinity`, value, RangeError);
}

/** Throws a `RangeError` unless `value` is a number, and such a one as `what` says, which `ok` tells. */
export function checkNumber(
  name: string,
  value: unknown,
  what: string,
  ok: (value: number) => boolean,
): void {
  check(typeof value === 'number' && ok(value), name, what, value, RangeError);
}

/** Throws a `RangeError` unless `value` is a number of milliseconds ≥ 0; `Infinity` passes. */
export function checkMilliseconds(name: string, value: unknown): void {
  checkNumber(name, value, 'a number of milliseconds ≥ 0', (ms) => ms >= 0);
}

/** Throws a `TypeError` unless `value` is a boolean. */
export function checkBoolean(name: string, value: unknown): void {
  check(typeof value === 'boolean', name, 'a boolean', value);
}

/** Throws a `TypeError` unless `value` is absent or one of `allowed`. */
export function checkOneOf(name: string, value: unknown, ...allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return;
  check(false, name, `one of ${allowed.map(show).join(', ')}`, value);
}

/** Throws a `TypeError` unless `value` is a function, or absent where `optional` says so. */
export function checkFunction(name: string, value: unknown, optional = false): void {
  check(
    typeof value === 'function' || (optional && value === undefined),
    name,
    'a function',
    value,
  );
}

/** Throws a `TypeError` unless `value` is an AbortSignal, of whatever realm, or absent. */
export function checkSignal(name: string, value: unknown): void {
  const given = Object(value) as object;
  const isSignal = 'aborted' in given && 'addEventListener' in given;
  check(value === undefined || isSignal, name, 'an AbortSignal', value);
}
