/** The error that a callback is made to throw. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** How often it throws: at one call alone, or at that and at every call after it. */
export type Span = 'once' | 'from then on';

/**
 * Counts the calls of a callback, and makes one of them throw, or every one from that on.
 *
 * ```ts
 * const strike = new Strike(3);
 * workerPool(2, strike.before((n: number) => of(n))); // the third task does not begin
 * ```
 */
export class Strike {
  calls = 0;
  /** How many calls have thrown. */
  thrown = 0;
  readonly fault: Fault;
  /** Called just before it throws for the first time. */
  falls: () => void = () => {};

  /** @param at - which call throws, from 1; 0: none. */
  constructor(
    readonly at = 0,
    readonly span: Span = 'once',
  ) {
    this.fault = new Fault(`call ${at}`);
  }

  /** One call. */
  readonly hit = (): void => {
    const { at, span } = this;
    const call = ++this.calls;
    if (at === 0 || call < at || (call > at && span === 'once')) return;
    if (this.thrown++ === 0) this.falls();
    throw this.fault;
  };

  /** `callback`, some calls of which throw in its place. */
  before<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      this.hit();
      return callback(...args);
    };
  }

  /** `callback`, which does what it does; after some calls of it, they throw. */
  after<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      callback(...args);
      this.hit();
    };
  }
}
