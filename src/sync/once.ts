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

  /** The first caller's `run` runs; every caller gets its result, or its error. */
  do(run: () => T | PromiseLike<T>): Promise<T> {
    return (this.result ??= new Promise((resolve) => resolve(run())));
  }
}
