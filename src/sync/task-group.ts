import type { WaitOptions } from '../channel/types.js';
import { checkFunction, checkCount, checkSignal } from '../check.js';
import { ASYNC_DISPOSE } from './dispose.js';
import { LazySignal } from './lazy-signal.js';
import type { Permit } from './permit.js';
import { Semaphore, UNLIMITED } from './semaphore.js';
import { settle } from './settle.js';
import { TaskPromise, reportIfUnheard, type Failure } from './task-promise.js';
import { WaitGroup } from './wait-group.js';

/** What a group of tasks belongs to, and how many of them may run at a time. */
export interface TaskGroupOptions extends WaitOptions {
  /** The signal of what surrounds the group: when it aborts, so does the group's, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many tasks may run at a time: an integer ≥ 1, or `Infinity`. Default `Infinity`. */
  readonly limit?: number | undefined;
}

const placesFor = (limit: number): number => Math.min(limit, UNLIMITED);

/**
 * Tasks that are parts of one: Go's `golang.org/x/sync/errgroup`. They share a signal; the first error
 * aborts it, and so the rest; `wait` waits until all have ended and rejects with that error.
 *
 * Each task is given the group, and so its signal: `({ signal }) => fetch(url, { signal })`. It may add tasks
 * to the group, and those may too. One that waits for another of the group while it holds the last
 * place under `limit` waits for ever, as in Go.
 *
 * The signal aborts with the first error, with the reason of the surrounding signal, or with an `AbortError`
 * when the first `wait` is over, whichever comes first. From then on no task begins: one that is added, or
 * still waits for its turn, fails with the signal's reason without having run. (Go's group runs it.) What
 * runs is not stopped, if it does not heed the signal, and is waited for.
 *
 * An error has to be heard of. `wait` always tells the first. The end of an `await using` block waits too,
 * and throws it unless somebody has heard of it already: from `wait`, or by listening to the promise of
 * each task that failed. Where nobody does and nobody waits, it goes to the host as an unhandled rejection
 * when the group is collected.
 *
 * The block does not know why it ends: if it may throw while tasks run, let its body be a task as well.
 *
 * Invariants:
 * - `tasks` counts those that run, `runningNow`, and those that wait for their turn in `places`;
 * - the surrounding signal is listened to only while that can matter: from when the group's is read, or a
 *   task waits for its turn, until the group's has aborted.
 *
 * ```ts
 * import { TaskGroup } from 'rxjs-sluice';
 *
 * const sizes: Record<string, number> = { a: 10, b: 20 };
 * const measure = async (name: string) => sizes[name] ?? Promise.reject(new Error(`no ${name}`));
 *
 * const group = new TaskGroup({ limit: 2 }); // g := new(errgroup.Group); g.SetLimit(2)
 * const [a, b] = [group.go(() => measure('a')), group.go(() => measure('b'))];
 * await group.wait();
 * console.log((await a) + (await b)); // 30
 *
 * const failing = new TaskGroup();
 * const other = failing.go(({ signal }) => new Promise((_, reject) => {
 *   signal.onabort = () => reject(new Error('other: given up'));
 * }));
 * failing.go(() => measure('c'));
 * await failing.wait().catch((error: Error) => console.log(error.message)); // no c
 * await other.catch((error: Error) => console.log(error.message)); // other: given up
 * ```
 */
export class TaskGroup implements AsyncDisposable {
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  private readonly tasks = new WaitGroup();
  private readonly places: Semaphore;
  private readonly own = new LazySignal();
  private readonly around: AbortSignal | undefined;
  private listening = false;
  private runningNow = 0;
  private limitNow: number;
  private failure: Failure | undefined;
  private isOver = false;

  /**
   * @throws {RangeError} for a limit that is neither an integer ≥ 1 nor `Infinity`.
   * @throws {TypeError} if `signal` is not an AbortSignal.
   */
  constructor({ signal, limit = Infinity }: TaskGroupOptions = {}) {
    checkSignal('signal', signal);
    checkCount('limit', limit, 1);
    // Not as a field: bundlers cannot drop a class with a computed one.
    this[ASYNC_DISPOSE] = () => this.dispose();
    this.around = signal;
    this.limitNow = limit;
    this.places = new Semaphore(placesFor(limit));
  }

  /** Aborts with the first error, with what surrounds the group, or when the group is over. Made when it is read. */
  get signal(): AbortSignal {
    this.heed();
    this.listen();
    return this.own.signal;
  }

  /** How many tasks may run at a time. */
  get limit(): number {
    return this.limitNow;
  }

  /** How many tasks run. */
  get running(): number {
    return this.runningNow;
  }

  /** How many tasks wait for their turn. */
  get waiting(): number {
    return this.tasks.count - this.runningNow;
  }

  /**
   * Adds a task. It begins at once where `limit` lets it, else in its turn; `ready` waits for that without
   * having tasks pile up. Returns a promise of its result, which may be ignored: its error is not lost,
   * and a host does not call it unhandled.
   *
   * Once the signal has aborted, the promise rejects with its reason and the task does not run; after the
   * group is over, when nobody waits for it any more, such a promise is not to be ignored.
   *
   * @throws {TypeError} if `task` is no function.
   */
  go<T>(task: (group: this) => T | PromiseLike<T>): Promise<T> {
    return this.tryGo(task) ?? this.add(task, undefined);
  }

  /** As `go`, if the task need not wait for its turn; else `undefined`, and it is not added. */
  tryGo<T>(task: (group: this) => T | PromiseLike<T>): Promise<T> | undefined {
    checkFunction('task', task);
    this.heed();
    if (this.isOver) return Promise.reject(this.signal.reason);
    const place = this.places.tryAcquire();
    return place && this.add(task, place);
  }

  /**
   * Waits until `go` would begin a task at once; behind those that wait for their turn already. The place is not
   * kept: by the time that you hear of it, a task that was added since may have taken it, and one that you add
   * waits for its turn. False: no task will begin any more, since the group's signal has aborted. Rejects with
   * the signal's reason.
   *
   * ```ts
   * import { Channel, TaskGroup } from 'rxjs-sluice';
   *
   * const jobs = new Channel<number>(10);
   * for (const job of [1, 2, 3]) jobs.trySend(job);
   * jobs.close();
   * await using group = new TaskGroup({ limit: 2 });
   * for await (const job of jobs) {
   *   if (!(await group.ready())) break; // one has failed: the end of the block tells how
   *   group.go(async () => console.log(job)); // 1 2 3
   * }
   * ```
   */
  async ready({ signal }: WaitOptions = {}): Promise<boolean> {
    if (signal?.aborted) throw signal.reason;
    this.heed();
    let place = this.places.tryAcquire();
    if (place === undefined) {
      this.listen();
      place = await this.places.acquire({ signal });
    }
    place();
    return !this.own.aborted;
  }

  /**
   * Changes how many tasks may run at a time. Where more run, none begins until enough have ended.
   *
   * @throws {RangeError} for a limit that is neither an integer ≥ 1 nor `Infinity`.
   */
  setLimit(limit: number): void {
    checkCount('limit', limit, 1);
    this.limitNow = limit;
    if (!this.own.aborted) this.places.resize(placesFor(limit));
  }

  /**
   * Waits until all tasks have ended, those included that are added meanwhile. Then the group is over, and
   * its signal aborts. Rejects with the first error of a task; or with the reason of the signal given here,
   * which ends the wait and nothing else.
   */
  async wait(options?: WaitOptions): Promise<void> {
    await this.finish(options);
    if (this.failure === undefined) return;
    this.failure.told = true;
    throw this.failure.error;
  }

  private async dispose(): Promise<void> {
    await this.finish();
    if (this.failure?.told === false && this.failure.unheard > 0) await this.wait();
  }

  private async finish(options?: WaitOptions): Promise<void> {
    do await this.tasks.wait(options);
    while (this.tasks.count > 0);
    this.isOver = true;
    this.heed();
    this.stop();
  }

  private add<T>(task: (group: this) => T | PromiseLike<T>, place: Permit | undefined): Promise<T> {
    let resolve!: (result: T) => void;
    let reject!: (error: unknown) => void;
    const promise = new TaskPromise<T>((fulfil, fail) => {
      resolve = fulfil;
      reject = fail;
    });
    const run = (place: Permit): void => {
      this.runningNow++;
      settle(
        () => {
          if (this.own.aborted) throw this.own.signal.reason;
          return task(this);
        },
        (result) => {
          resolve(result);
          this.ended(place);
        },
        (error) => {
          promise.failed(this, this.failed(error));
          reject(error);
          this.ended(place);
        },
      );
    };
    this.tasks.add();
    if (place !== undefined) {
      run(place);
    } else {
      this.listen();
      void this.places.acquire().then(run);
    }
    return promise;
  }

  private ended(place: Permit): void {
    this.runningNow--;
    place();
    this.tasks.done();
  }

  private failed(error: unknown): Failure {
    if (this.failure === undefined) {
      this.failure = { error, unheard: 0, told: false };
      reportIfUnheard(this, this.failure);
      this.stop(error);
    }
    return this.failure;
  }

  // ---- the signal --------------------------------------------------------------------------------

  private listen(): void {
    if (this.listening || this.own.aborted) return;
    this.listening = true;
    this.around?.addEventListener('abort', this.heed);
  }

  /** Stops if what surrounds the group has been aborted. */
  private readonly heed = (): void => {
    if (this.around?.aborted) this.stop(this.around.reason);
  };

  /** No task begins from now on. Those that wait for their turn get it, and fail without having run. */
  private stop(reason?: unknown): void {
    if (this.own.aborted) return;
    if (this.listening) this.around?.removeEventListener('abort', this.heed);
    this.places.resize(UNLIMITED);
    this.own.abort(reason);
  }
}
