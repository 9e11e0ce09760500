/** How far into a value its picture goes. */
interface Limits {
  /** Levels of objects in objects. */
  readonly depth: number;
  /** Entries of one object. */
  readonly entries: number;
  /** Entries of all objects together: of those that refer to one another there are many ways to each. */
  readonly inAll: number;
}

/** For a legend: what tells one value from another at a glance. */
const GLANCE: Limits = { depth: 3, entries: 12, inAll: 2000 };
/** For two values that look alike at a glance. */
const CLOSELY: Limits = { depth: 12, entries: 1000, inAll: 10_000 };

/**
 * A value on one line: `{ id: 1, tags: ['a'] }`. It runs no getter but those of an error's name and message,
 * and ends whatever the value is. `closely` shows more of it.
 */
export function inspect(value: unknown, closely = false): string {
  return new Inspector(closely ? CLOSELY : GLANCE).show(value);
}

class Inspector {
  /** The objects in which the one at hand lies. */
  private readonly path: object[] = [];
  /** How many entries may still be shown. */
  private left: number;

  constructor(private readonly limits: Limits) {
    this.left = limits.inAll;
  }

  show(value: unknown): string {
    if (typeof value === 'string') return quoted(value);
    if (typeof value === 'bigint') return `${value}n`;
    if (Object.is(value, -0)) return '-0';
    if (!isObject(value)) return String(value);
    if (this.path.includes(value)) return '[Circular]';
    try {
      this.path.push(value);
      return this.showObject(value);
    } catch {
      return '[Object]'; // A proxy that throws, or one that was revoked.
    } finally {
      this.path.pop();
    }
  }

  private showObject(value: object): string {
    const asymmetric = this.showAsymmetric(value);
    if (asymmetric !== undefined) return asymmetric;
    if (typeof value === 'function') return `[Function: ${ownName(value) || '?'}]`;
    if (value instanceof Error) return showError(value);
    if (value instanceof Date) return isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof RegExp) return String(value);
    const name = className(value);
    if (this.path.length > this.limits.depth) return `[${name === '' ? 'Object' : name}]`;
    if (Array.isArray(value)) return this.list(name === 'Array' ? '' : name, '[]', value);
    if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
      return this.list(name, '[]', value as unknown as Iterable<unknown>);
    }
    if (value instanceof Set) return this.list(name, '{}', value as Set<unknown>);
    if (value instanceof Map) return this.pairs(name, value as Map<unknown, unknown>);
    return this.fields(name === 'Object' ? '' : name, value);
  }

  /** `expect.any(Number)` and its like, in vitest and in jest. */
  private showAsymmetric(value: object): string | undefined {
    const kind: unknown = Object.getOwnPropertyDescriptor(value, '$$typeof')?.value;
    if (kind !== Symbol.for('jest.asymmetricMatcher')) return undefined;
    const { sample, toAsymmetricMatcher } = value as Record<string, unknown>;
    if (typeof toAsymmetricMatcher === 'function') {
      return String(Reflect.apply(toAsymmetricMatcher, value, []));
    }
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- these have a toString of their own
    return `${String(value)}(${sample === undefined ? '' : this.show(sample)})`;
  }

  private list(name: string, brackets: string, values: Iterable<unknown>): string {
    return this.enclosed(name, brackets, values, (value) => this.show(value));
  }

  private pairs(name: string, map: ReadonlyMap<unknown, unknown>): string {
    return this.enclosed(
      name,
      '{}',
      map,
      ([key, value]) => `${this.show(key)} => ${this.show(value)}`,
    );
  }

  private fields(name: string, value: object): string {
    const keys = Reflect.ownKeys(value).filter((key) =>
      Object.prototype.propertyIsEnumerable.call(value, key),
    );
    return this.enclosed(name, '{}', keys, (key) => {
      const field = Object.getOwnPropertyDescriptor(value, key);
      const shown = field !== undefined && 'value' in field ? this.show(field.value) : '[Getter]';
      return `${showKey(key)}: ${shown}`;
    });
  }

  private enclosed<T>(
    name: string,
    brackets: string,
    entries: Iterable<T>,
    show: (entry: T) => string,
  ): string {
    const shown: string[] = [];
    let more = 0;
    for (const entry of entries) {
      if (shown.length < this.limits.entries && this.left > 0) {
        this.left--;
        shown.push(show(entry));
      } else more++;
    }
    if (more > 0) shown.push(`… ${more} more`);
    const [open = '', close = ''] = brackets;
    const space = brackets === '{}' && shown.length > 0 ? ' ' : '';
    return `${name === '' ? '' : `${name} `}${open}${space}${shown.join(', ')}${space}${close}`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(
    // Whatever would break the line, and the colours of a terminal.
    // eslint-disable-next-line no-control-regex
    /[\\\u0000-\u001F\u007F-\u009F\u2028\u2029]|['"]/g,
    (character) => {
      if (character === '\\') return '\\\\';
      if (character === "'" || character === '"')
        return character === quote ? `\\${quote}` : character;
      const code = character.charCodeAt(0).toString(16).padStart(4, '0');
      return ESCAPES[character] ?? `\\u${code}`;
    },
  );
  return `${quote}${escaped}${quote}`;
}

function showError(error: Error): string {
  // A subclass that forgot to set its name is told by its class.
  const name = error.name === 'Error' ? className(error) || 'Error' : error.name;
  const message = error.message.replace(/\s+/g, ' ');
  return message === '' ? name : `${name}: ${message}`;
}

/** '' where it has no class. */
function className(value: object): string {
  const prototype = Object.getPrototypeOf(value) as { constructor?: unknown } | null;
  const made: unknown = prototype?.constructor;
  return typeof made === 'function' ? ownName(made) : '';
}

/** '' where a getter would have to tell. */
function ownName(made: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(made, 'name')?.value;
  return typeof name === 'string' ? name : '';
}

const isObject = (value: unknown): value is object => Object(value) === value;

function showKey(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$|^\d+$/u.test(key) ? key : quoted(key);
}
