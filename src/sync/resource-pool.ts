import type { WaitOptions } from '../channel/types.js';
import { checkFunction, checkCount, checkMilliseconds } from '../check.js';
import { systemClock, type Clock } from '../clock.js';
import { ResourcePoolClosedError } from '../errors.js';
import type { Given } from '../line/line.js';
import { report } from '../callbacks.js';
import { Waiter, leaveOnAbort, takeFirst } from '../line/waiters.js';
import { ASYNC_DISPOSE, DISPOSE } from './dispose.js';
import { IdleStack, type Resting } from './idle-stack.js';
import { LazySignal } from './lazy-signal.js';
import { permit, type Permit } from './permit.js';
import { PoolQueue, type Prospect, type Seeker } from './pool-queue.js';
import { settle } from './settle.js';
import { WaitGroup } from './wait-group.js';

/** How a pool makes, checks and disposes of its resources, and how many there may be. */
export interface ResourcePoolOptions<T> {
  /**
   * Makes a resource; only called when somebody needs one. Its error goes to the one for whom it was
   * called. The signal aborts when the pool closes, so that a slow creation need not be waited for.
   */
  readonly create: (context: { readonly signal: AbortSignal }) => T | PromiseLike<T>;
  /** How many resources there may be at a time: an integer ≥ 1, or `Infinity`. */
  readonly max: number;
  /**
   * Whether a resource that was used before can be used again; asked each time before it is lent. If not,
   * or if this fails, the resource is disposed of, and another one comes in its place.
   */
  readonly validate?: ((resource: Given<T>) => boolean | PromiseLike<boolean>) | undefined;
  /** Ends a resource. Default: its own `Symbol.asyncDispose` or `Symbol.dispose`, if it has one. */
  readonly dispose?: ((resource: Given<T>) => unknown) | undefined;
  /** A resource that nobody has used for so many milliseconds is disposed of. Default `Infinity`. */
  readonly idleTimeout?: number | undefined;
  /** Where time comes from. Default: the host. */
  readonly clock?: Clock | undefined;
}

/**
 * A resource that was acquired. Give it back by calling the lease, or let `using` do so at the end of the
 * block; the second time is a no-op. Do not use the resource afterwards.
 */
export interface Lease<out T> extends Permit {
  readonly resource: T;
  /** Gives it back as one that nobody is to use again: it is disposed of. A no-op if it was given back. */
  discard(): void;
}

/** A resource and its place in the pool, from before its creation until after its disposal. */
class Place<T> implements Prospect<Lease<T>>, Resting {
  seeker: Seeker<Lease<T>> | undefined = undefined;
  resource: T | undefined = undefined;
  deadline = Infinity;
}

/**
 * Lends resources that are costly to make (connections, workers, buffers), of which there are never more
 * than `max`: Go's `sql.DB`. They are made when they are first needed.
 *
 * Whoever waits is served in order, by whatever is ready first: a resource that comes back goes to the first
 * who waits, and nobody can come between. Of idle resources, the last one used is lent first, so that
 * those not needed reach their `idleTimeout`. A place is free again when its resource is disposed of, or
 * when that has failed.
 *
 * What `dispose` throws goes to whoever waits in `close`, else to the host as an unhandled rejection.
 *
 * Invariants, between any two calls:
 * - places = resources that are being created or checked, idle, lent, or being disposed of; at most `max`;
 * - nobody waits without need: as many are being checked as wait, or nothing is idle; and as much is under
 *   way as is waited for, or there is no place;
 * - a pool that is closed has nobody waiting and nothing idle.
 *
 * ```ts
 * import { ResourcePool } from 'rxjs-sluice';
 *
 * let made = 0;
 * const pool = new ResourcePool({
 *   create: async () => ({ id: ++made, ask: async (n: number) => n * 2, end: () => {} }),
 *   max: 2,
 *   dispose: (connection) => connection.end(),
 *   idleTimeout: 30_000,
 * });
 * console.log(await pool.use((connection) => connection.ask(21))); // 42
 * {
 *   using lease = await pool.acquire({ signal: AbortSignal.timeout(1000) });
 *   console.log(lease.resource.id, pool.size, pool.lent); // 1 1 1
 * }
 * await pool.close();
 * console.log(pool.size); // 0
 * ```
 */
export class ResourcePool<T> implements AsyncDisposable {
  /** How many resources there may be at a time. */
  readonly max: number;
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  private readonly queue = new PoolQueue<Lease<T>>();
  private readonly places = new WaitGroup();
  private readonly ending = new LazySignal();
  private readonly rested: IdleStack<Place<T>>;
  private lentNow = 0;
  private checking = 0;
  private filling = false;
  private isClosed = false;
  private closers = 0;
  private readonly failures: unknown[] = [];

  /**
   * @throws {RangeError} for a `max` that is neither an integer ≥ 1 nor `Infinity`, or an `idleTimeout` that
   *   is not a number of milliseconds ≥ 0.
   * @throws {TypeError} if `create`, `validate` or `dispose` is no function.
   */
  constructor(private readonly options: ResourcePoolOptions<T>) {
    const { create, max, validate, dispose, idleTimeout = Infinity, clock = systemClock } = options;
    checkFunction('create', create);
    checkCount('max', max, 1);
    checkFunction('validate', validate, true);
    checkFunction('dispose', dispose, true);
    checkMilliseconds('idleTimeout', idleTimeout);
    // Not as a field: bundlers cannot drop a class with a computed one.
    this[ASYNC_DISPOSE] = () => this.close();
    this.max = max;
    this.rested = new IdleStack(idleTimeout, clock, (place) => this.end(place));
  }

  /** How many places are taken: by resources that are being created or checked, idle, lent, or being disposed of. */
  get size(): number {
    return this.places.count;
  }

  /** How many resources nobody uses. */
  get idle(): number {
    return this.rested.length;
  }

  /** How many resources are out. */
  get lent(): number {
    return this.lentNow;
  }

  /** How many wait for a resource. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.isClosed;
  }

  /**
   * Acquires a resource if that needs no waiting; else `undefined`. Where it must first be created or
   * checked, and that takes a promise, it needs waiting. What was begun then goes on: what comes of it is
   * there for whoever asks next, and its failure concerns nobody.
   *
   * @throws what `create` throws.
   * @throws {ResourcePoolClosedError} if the pool is closed.
   */
  tryAcquire(): Lease<T> | undefined {
    if (this.queue.size > 0) return undefined;
    const given: { lease?: Lease<T>; failure?: { readonly error: unknown } } = {};
    const seeker = this.seek(
      (lease) => (given.lease = lease),
      (error) => (given.failure = { error }),
    );
    this.queue.remove(seeker);
    if (given.failure !== undefined) throw given.failure.error;
    return given.lease;
  }

  /**
   * Acquires a resource, waiting for it. Rejects as `tryAcquire` throws, with what a creation for this call
   * rejects with, when the pool closes, or with the signal's reason: then nothing is held, and what was
   * begun for it comes to others.
   */
  acquire({ signal }: WaitOptions = {}): Promise<Lease<T>> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw signal.reason;
      leaveOnAbort(this.seek(resolve, reject, signal), signal);
    });
  }

  /**
   * Acquires a resource, waiting for it, for as long as `work` takes, and returns its result. If `work` fails,
   * the resource is discarded: nobody knows what state it is in. (`using` cannot tell, and gives back.)
   * The signal ends the wait, not the work.
   */
  async use<R>(work: (resource: T) => R | PromiseLike<R>, options?: WaitOptions): Promise<R> {
    checkFunction('work', work);
    const lease = await this.acquire(options);
    try {
      return await work(lease.resource);
    } catch (error) {
      lease.discard();
      throw error;
    } finally {
      lease();
    }
  }

  /**
   * Ends the pool: nobody can acquire any more, and who waits is rejected. Waits until all that is out has
   * come back and every resource is disposed of. Can be called again, to wait again. Rejects with the
   * signal's reason: then the pool is closed, and only the wait is over.
   *
   * @throws {AggregateError} (rejects) of what `dispose` threw meanwhile, when all is over.
   */
  async close({ signal }: WaitOptions = {}): Promise<void> {
    const { failures } = this;
    this.closers++;
    if (!this.isClosed) this.shut();
    try {
      await this.places.wait({ signal });
    } catch (reason) {
      if (this.closers === 1) for (const error of failures.splice(0)) report(error);
      throw reason;
    } finally {
      this.closers--;
    }
    if (failures.length === 0) return;
    throw new AggregateError(failures, `Could not dispose of ${failures.length} of the resources`);
  }

  private shut(): void {
    this.isClosed = true;
    const seekers = this.queue.all();
    for (const seeker of seekers) this.queue.remove(seeker);
    const idle = this.rested.clear();
    for (const seeker of seekers) seeker.fail(new ResourcePoolClosedError());
    this.ending.abort(new ResourcePoolClosedError());
    for (const place of idle) this.end(place);
  }

  // ---- towards whoever waits ---------------------------------------------------------------------

  private seek(
    resolve: (lease: Lease<T>) => void,
    reject: (error: unknown) => void,
    signal?: AbortSignal,
  ): Seeker<Lease<T>> {
    if (this.isClosed) throw new ResourcePoolClosedError();
    const seeker: Seeker<Lease<T>> = new Waiter(resolve, reject);
    seeker.signal = signal;
    this.queue.push(seeker);
    this.fill();
    return seeker;
  }

  /** Begins what those who wait need, for as long as there is a place. A call during a call leaves it to that. */
  private readonly fill = (): void => {
    if (this.filling) return;
    this.filling = true;
    const { queue, rested } = this;
    try {
      for (;;) {
        if (rested.length > 0 && this.checking < queue.size) this.check(rested.pop());
        else if (queue.anyNeedy() && this.size < this.max) this.create();
        else break;
      }
    } finally {
      this.filling = false; // even if the clock has failed
    }
  };

  private create(): void {
    const place = new Place<T>();
    this.places.add();
    this.queue.offer(place);
    settle(
      () => this.options.create(this.ending),
      (resource) => {
        place.resource = resource;
        this.ready(place);
      },
      (error) => {
        const seeker = this.queue.withdraw(place);
        if (seeker !== undefined) this.queue.remove(seeker);
        this.free();
        seeker?.fail(error);
      },
    );
  }

  /** Lends a resource that was used before, if it can be used again. */
  private check(place: Place<T>): void {
    const { queue, options } = this;
    if (options.validate === undefined) {
      this.pass(place);
      return;
    }
    queue.offer(place);
    const checked = (good: boolean): void => {
      this.checking--;
      if (good) {
        this.ready(place);
      } else {
        queue.withdraw(place);
        this.end(place);
        this.fill();
      }
    };
    this.checking++;
    settle(
      () => options.validate?.(place.resource as T) as boolean,
      checked,
      () => checked(false),
    );
  }

  /** What was under way is there. */
  private ready(place: Place<T>): void {
    this.queue.withdraw(place);
    this.pass(place);
  }

  /** A resource can be used: by the first who waits, else it rests. */
  private pass(place: Place<T>): void {
    const seeker = takeFirst(this.queue);
    if (seeker !== undefined) {
      this.lentNow++;
      seeker.resolve(this.leaseOf(place));
    } else if (this.isClosed) {
      this.end(place);
    } else {
      this.rested.push(place);
    }
  }

  private leaseOf(place: Place<T>): Lease<T> {
    let broken = false;
    const lease = permit(() => this.giveBack(place, broken)) as Permit & {
      resource: T;
      discard: () => void;
    };
    lease.resource = place.resource as T;
    lease.discard = () => {
      broken = true;
      lease();
    };
    return lease;
  }

  // ---- back, and out -----------------------------------------------------------------------------

  private giveBack(place: Place<T>, broken: boolean): void {
    this.lentNow--;
    if (broken || this.isClosed) this.end(place);
    else if (this.queue.size > 0) this.check(place);
    else this.rested.push(place);
  }

  private end(place: Place<T>): void {
    const resource = place.resource as T;
    const { options } = this;
    settle(
      () => (options.dispose === undefined ? disposeOf(resource) : options.dispose(resource)),
      this.free,
      (error) => {
        if (this.closers > 0) this.failures.push(error);
        else report(error);
        this.free();
      },
    );
  }

  /** A place is free. */
  private readonly free = (): void => {
    this.places.done();
    this.fill();
  };
}

/** Ends a resource in the way that is its own, if there is one. */
function disposeOf(resource: unknown): unknown {
  const own = Object(resource) as Partial<AsyncDisposable & Disposable>;
  return (own[ASYNC_DISPOSE] ?? own[DISPOSE])?.call(own);
}
