import type { Operators } from '../support/library-copy.js';
import { SHAPES, functions, places } from './api-report.js';

/**
 * What of the public API the pipes have used, as they were made: each function that was called, each kind of
 * value that its parameters and options were given, and whether an option was left out.
 */
export class Generated {
  private readonly seen = new Set<string>();

  /** The library, which notes here what is called. */
  noting(library: Operators): Operators {
    const noted = Object.entries(library).map(([name, made]) => [
      name,
      isFunction(name) ? this.notingCalls(name, made as never) : made,
    ]);
    return Object.fromEntries(noted) as Operators;
  }

  private notingCalls(
    name: string,
    call: (...args: readonly unknown[]) => unknown,
  ): (...args: readonly unknown[]) => unknown {
    return (...args) => {
      for (let at = 0; at < MOST_PARAMETERS; at++) this.note(`${name}(${at})`, args[at]);
      return call(...args);
    };
  }

  private note(place: string, value: unknown): void {
    this.seen.add(`${place}: ${kindOf(value)}`);
    if (!isPlain(value)) return;
    const given = Object.entries(value).filter(([, each]) => each !== undefined);
    for (const [option, each] of given) this.seen.add(`${place}.${option}: ${kindOf(each)}`);
    this.seen.add(`${place}: { ${given.map(([option]) => option).join(' ')} }`);
  }

  /** Of what the API report names, what no pipe has used. */
  get missing(): string[] {
    return [
      ...functions.filter((name) => !this.has(`${name}(0): `)),
      ...places().flatMap(({ name, kinds, optional }) => [
        ...kinds.filter((kind) => !this.isGiven(name, kind)).map((kind) => `${name}: ${kind}`),
        ...(optional && !this.isLeftOut(name) ? [`${name}: left out`] : []),
      ]),
    ];
  }

  private isGiven(place: string, kind: string): boolean {
    if (kind !== 'object') return this.seen.has(`${place}: ${kind}`);
    return ['object', ...SHAPES].some((shape) => this.seen.has(`${place}: ${shape}`));
  }

  private isLeftOut(place: string): boolean {
    const [parameter = '', option] = place.split('.');
    if (this.seen.has(`${parameter}: absent`)) return true;
    return option !== undefined && [...this.seen].some(isCallWithout(parameter, option));
  }

  private has(beginning: string): boolean {
    return [...this.seen].some((one) => one.startsWith(beginning));
  }
}

const isCallWithout = (parameter: string, option: string) => (seen: string) =>
  seen.startsWith(`${parameter}: { `) && !seen.split(' ').includes(option);

/**
 * What cannot be left out of a pipe that is watched, with the reason.
 */
export const reasons: Readonly<Record<string, string>> = {
  'scheduler: left out': 'it would go by the time of the host',
  'meter: left out': 'conservation is read off it, at every event',
  'onDrop: left out': 'what is dropped is counted by it',
  'onLink: left out': 'each link that is made is checked by it',
  'explain(1): left out': 'it would print; a unit test reads that',
};

const isPlain = (value: unknown): value is object =>
  Object(value) === value && Object.getPrototypeOf(value) === Object.prototype;

/** No function has more. */
const MOST_PARAMETERS = 3;

/** Not a class. */
const isFunction = (name: string): boolean => name.startsWith(name.charAt(0).toLowerCase());

/** What a value is called in a type. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'boolean') return String(value);
  if (Object(value) !== value) return typeof value;
  if (typeof value === 'function') return 'function';
  const shape = value as object;
  if ('subscribe' in shape) return 'Observable'; // from rxjs 8 on it is an AsyncIterable too
  if ('limit$' in shape) return 'AdaptiveLimit';
  if ('getReader' in shape) return 'ReadableStream';
  if (Symbol.asyncIterator in shape) return 'AsyncIterable';
  if (Symbol.iterator in shape) return 'Iterable';
  return 'object';
}
