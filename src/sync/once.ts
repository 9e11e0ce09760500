/**
 * Runs a function once, however often it is asked for: Go's `sync.Once` and `sync.OnceValue`.
 *
 * ```ts
 * import { Once } from 'rxjs-sluice';
 *
 * const config = new Once<{ port: number }>();
 * const load = async () => ({ port: 8080 });
 * const [first, second] = await Promise.all([config.do(load), config.do(load)]);
 * console.log(first === second, first.port); // true 8080
 * ```
 */
export class Once<T> {
  private result: Promise<T> | undefined;

  /** Whether `do` was called. */
  get called(): boolean {
    return this.result !== undefined;
  }

  /**
   * The first caller's `run` runs; every caller gets its result, or its error. Who asks from inside `run` gets
   * the promise of it: a `run` that waits for that waits for ever.
   */
  do(run: () => T | PromiseLike<T>): Promise<T> {
    if (this.result === undefined) {
      let begin!: () => void;
      this.result = new Promise((resolve, reject) => {
        begin = () => {
          try {
            resolve(run());
          } catch (error) {
            reject(error);
          }
        };
      });
      begin(); // only now: `run` may ask again
    }
    return this.result;
  }
}
