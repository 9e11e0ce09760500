import { isSymbol } from '../diagram/graphemes.js';
import type { Same } from './compare.js';

/** Stands for every value for which no letter was left. */
export const NAMELESS = '*';
/** Stands for what is left out. */
export const ELLIPSIS = '…';

/** The letter of a value that stands for itself: a string of one character. */
export const ownLetter = (value: unknown): string | undefined =>
  typeof value === 'string' && isSymbol(value) && value !== NAMELESS && value !== ELLIPSIS
    ? value
    : undefined;

/** The digit of a level. */
export const ownDigit = (value: unknown): string | undefined =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9
    ? String(value)
    : undefined;

/**
 * Gives each value a symbol, and equal values the same one: the symbol of the expectation that names it,
 * its own character, or a letter that is not taken.
 */
export class Symbols {
  /** What each symbol stands for: those of the expectation, then those given here, in that order. */
  private readonly meanings: Map<string, unknown>;
  private readonly known = new Map<unknown, string>();
  private readonly free = letters();

  constructor(
    named: ReadonlyMap<string, unknown>,
    private readonly same: Same,
    private readonly own: (value: unknown) => string | undefined,
  ) {
    this.meanings = new Map(named);
  }

  /** Names values, of which none takes the own character of another; the `important` ones first. */
  nameAll(values: readonly unknown[], important: readonly unknown[]): void {
    const foreign = [...important, ...values].filter((value) => !this.isKnown(value));
    for (const value of foreign) {
      const symbol = this.own(value);
      if (symbol !== undefined && !this.meanings.has(symbol)) this.give(value, symbol);
    }
    for (const value of foreign) if (!this.isKnown(value)) this.give(value, this.nextFree());
  }

  /** The symbol of a value that was named. */
  of(value: unknown): string {
    return this.known.get(value) ?? NAMELESS;
  }

  /** Whether there is something to say of a symbol beyond what it shows. */
  needsWords(symbol: string): boolean {
    return this.meanings.has(symbol) && this.own(this.meanings.get(symbol)) !== symbol;
  }

  meaningOf(symbol: string): unknown {
    return this.meanings.get(symbol);
  }

  private isKnown(value: unknown): boolean {
    if (this.known.has(value)) return true;
    for (const [symbol, meaning] of this.meanings) {
      if (!this.same(value, meaning)) continue;
      this.known.set(value, symbol);
      return true;
    }
    return false;
  }

  private give(value: unknown, symbol: string): void {
    this.known.set(value, symbol);
    if (symbol !== NAMELESS) this.meanings.set(symbol, value);
  }

  private nextFree(): string {
    for (;;) {
      const { value = NAMELESS } = this.free.next();
      if (!this.meanings.has(value)) return value;
    }
  }
}

/** All one column wide, and none like another. */
function* letters(): Generator<string, undefined> {
  for (const [from = '', to = ''] of ['az', 'AZ', 'αω']) {
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++) {
      yield String.fromCharCode(code);
    }
  }
  return undefined;
}
