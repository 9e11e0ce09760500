/** The error that a callback is made to throw. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/**
 * Counts the calls of a callback, and makes one of them throw.
 *
 * ```ts
 * const strike = new Strike(3);
 * workerPool(2, strike.before((n: number) => of(n))); // the third task does not begin
 * ```
 */
export class Strike {
  calls = 0;
  readonly fault: Fault;
  /** Called just before it throws. */
  falls: () => void = () => {};

  /** @param at - which call throws, from 1; 0: none. */
  constructor(readonly at = 0) {
    this.fault = new Fault(`call ${at}`);
  }

  /** One call. */
  readonly hit = (): void => {
    if (++this.calls !== this.at) return;
    this.falls();
    throw this.fault;
  };

  /** `callback`, of which one call throws in its place. */
  before<A extends unknown[], R>(callback: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      this.hit();
      return callback(...args);
    };
  }

  /** `callback`, which does what it does; after one call of it, that throws. */
  after<A extends unknown[]>(callback: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      callback(...args);
      this.hit();
    };
  }
}
