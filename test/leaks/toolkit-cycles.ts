import { getEventListeners } from 'node:events';
import {
  CancelScope,
  Channel,
  Cond,
  Mutex,
  Once,
  RWMutex,
  RateLimiter,
  ResourcePool,
  Semaphore,
  TaskGroup,
  WaitGroup,
  after,
  broadcastChannel,
  distribute,
  merge,
  pipeTo,
  recv,
  select,
  send,
  tick,
  trySelect,
  type Clock,
  type ReceiveChannel,
  type SendChannel,
} from 'rxjs-sluice';
import { countingSignal } from '../support/counting-signal.js';
import { HandClock } from '../support/hand-clock.js';

/** How many wait in a noun that keeps this to itself. */
const waitersIn = (noun: object): number =>
  (Reflect.get(noun, 'waiters') as { readonly size: number }).size;

/** What outlives every wait, and can tell whether one has left something there. */
export class Lasting implements Clock {
  readonly time = new HandClock();
  readonly empty = new Channel<number>();
  readonly full = new Channel<number>(1);
  readonly semaphore = new Semaphore(1);
  readonly mutex = new Mutex();
  readonly rwMutex = new RWMutex();
  readonly cond = new Cond(this.mutex);
  readonly waitGroup = new WaitGroup();
  readonly limiter = new RateLimiter({ rate: 1, burst: 1, clock: this });
  readonly pool = new ResourcePool<object>({ create: () => ({}), max: 1, clock: this });
  readonly ticks = tick(7);
  private readonly around = countingSignal();
  readonly signal = this.around.controller.signal;
  /** Aborts each wait of a cycle, and not the signal that lasts. */
  private waits: AbortController[] = [];
  /** Those that aborted last, to which nobody has anything left to listen. */
  private aborted: AbortSignal[] = [];

  constructor() {
    this.full.trySend(0);
    void this.semaphore.tryAcquire();
    void this.mutex.tryLock();
    void this.rwMutex.tryLock();
    this.waitGroup.add();
    this.limiter.allow();
    void this.pool.tryAcquire();
  }

  now(): number {
    return this.time.now();
  }

  schedule(task: () => void, delayMs: number): () => void {
    const timer = this.time.schedule(task, delayMs);
    return () => timer.unsubscribe();
  }

  /** A signal that aborts at the end of the cycle. */
  brief(): AbortSignal {
    const controller = new AbortController();
    this.waits.push(controller);
    return controller.signal;
  }

  end(): void {
    const waits = this.waits.splice(0);
    for (const controller of waits) controller.abort();
    this.aborted = waits.map(({ signal }) => signal);
  }

  /** What is left. */
  left(): Readonly<Record<string, number>> {
    const { empty, full, time, semaphore, mutex, rwMutex, cond, waitGroup, limiter, pool } = this;
    const stale = this.aborted.map((signal) => getEventListeners(signal, 'abort').length);
    return {
      listeners: stale.reduce((sum, count) => sum + count, this.around.listeners()),
      timers: time.armed,
      receivers: empty.available,
      senders: empty.waiting + full.waiting - 1,
      watchers: [empty, full].reduce((sum, { watchers }) => sum + (watchers?.size ?? 0), 0),
      acquirers: semaphore.waiting + mutex.semaphore.waiting,
      lockers: (Reflect.get(rwMutex, 'semaphore') as Semaphore).waiting,
      sleepers: waitersIn(cond),
      awaiting: waitersIn(waitGroup),
      limited: limiter.waiting,
      borrowers: pool.waiting,
    };
  }
}

/** One use of what it is called, from beginning to end; what it waits for in vain is given up. */
export type Cycle = (lasting: Lasting) => unknown;

const given = (promise: Promise<unknown>): void => void promise.catch(() => {});

const cancelled = (...channels: readonly ReceiveChannel<number>[]): void => {
  for (const channel of channels) channel.cancel();
};

/** By the names of what is exported. */
export const cycles: Readonly<Record<string, Cycle>> = {
  Channel(lasting) {
    const { empty, full } = lasting;
    given(empty.send(1, { signal: lasting.brief() }));
    given(full.send(1, { signal: lasting.brief() }));
    lasting.end();
    given(empty.receive({ signal: lasting.brief() }));
    empty.receiveWith(
      () => {},
      () => {},
    )();
    full.onAvailable(() => {})();
    void full[Symbol.asyncIterator]().return?.();
    lasting.end();
    // One that is closed, under a signal that goes on.
    const own = new Channel<number>(1);
    const { signal } = lasting;
    for (const n of [1, 2, 3]) given(own.send(n, { signal }));
    own.cancel();
    given(own.receive({ signal }));
  },
  select(lasting) {
    const { empty, full, signal, ticks } = lasting;
    const ready = new Channel<number>(1);
    ready.trySend(1);
    const cases = {
      in: recv(empty),
      out: send(full as SendChannel<number>, 1),
      late: after(5),
      ticks,
    };
    given(select({ ...cases, ready: recv(ready) }, { signal, clock: lasting }));
    given(select(cases, { signal: lasting.brief(), clock: lasting }));
    const coming = new Channel<number>();
    given(select({ ...cases, coming: recv(coming) }, { signal, clock: lasting }));
    coming.trySend(1);
    lasting.end();
  },
  trySelect(lasting) {
    const { empty, full } = lasting;
    trySelect({ in: recv(empty), out: send(full as SendChannel<number>, 1), late: after(5) });
  },
  pipeTo(lasting) {
    const { empty, full, signal } = lasting;
    given(pipeTo(empty, new Channel<number>(), { signal: lasting.brief() }));
    given(pipeTo(empty, full, { signal: lasting.brief(), close: false }));
    lasting.end();
    const target = new Channel<number>();
    given(pipeTo(empty, target, { signal }));
    target.cancel();
  },
  merge(lasting) {
    const { empty, full, signal } = lasting;
    cancelled(merge([empty, full], { signal }));
    merge([empty, new Channel<number>()], { signal: lasting.brief() });
    lasting.end();
    lasting.full.trySend(0);
  },
  distribute(lasting) {
    const { empty, signal } = lasting;
    cancelled(...distribute(empty, 3, { signal, capacity: 2 }));
    distribute(empty, 2, { signal: lasting.brief() });
    lasting.end();
  },
  broadcastChannel(lasting) {
    const { empty, signal } = lasting;
    cancelled(...broadcastChannel(empty, 3, { signal, capacity: 2 }));
    const hub = broadcastChannel(empty, { signal: lasting.brief() });
    cancelled(hub.subscribe(), hub.subscribe({ capacity: 1, overflow: 'drop-oldest' }));
    hub.subscribe();
    lasting.end();
  },
  Semaphore: waits(({ semaphore }, signal) => semaphore.acquire({ signal })),
  Mutex: waits(({ mutex }, signal) => mutex.lock({ signal })),
  RWMutex: waits(({ rwMutex }, signal) =>
    Promise.allSettled([rwMutex.lock({ signal }), rwMutex.readLock({ signal })]),
  ),
  async Cond(lasting) {
    const { cond, signal } = lasting;
    // Each time the mutex is locked again before the wait is over.
    const abandoned = cond.wait({ signal: lasting.brief() });
    lasting.end();
    await abandoned.catch(() => {});
    for (const wake of ['signal', 'broadcast'] as const) {
      const woken = cond.wait({ signal });
      cond[wake]();
      await woken;
    }
    const mutex = new Mutex();
    void mutex.tryLock();
    given(new Cond(mutex).wait({ signal: lasting.brief() }));
    lasting.end();
  },
  WaitGroup: waits(({ waitGroup }, signal) => waitGroup.wait({ signal })),
  Once(lasting) {
    return new Once<Lasting>().do(() => lasting);
  },
  RateLimiter(lasting) {
    const { limiter } = lasting;
    given(limiter.wait({ signal: lasting.brief() }));
    given(limiter.wait({ signal: lasting.brief() }));
    limiter.reserve().cancel();
    limiter.allow();
    lasting.end();
  },
  ResourcePool(lasting) {
    given(lasting.pool.acquire({ signal: lasting.brief() }));
    lasting.end();
    const own = new ResourcePool<object>({
      create: () => ({}),
      max: 1,
      idleTimeout: 9,
      clock: lasting,
    });
    const { signal } = lasting;
    const lease = own.tryAcquire();
    given(own.acquire({ signal }).then((next) => next()));
    given(own.acquire({ signal: lasting.brief() }));
    lasting.end();
    lease?.();
    return own.use(() => {}, { signal }).then(() => own.close({ signal }));
  },
  async TaskGroup(lasting) {
    const { signal } = lasting;
    const group = new TaskGroup({ signal, limit: 1 });
    for (let i = 0; i < 3; i++) given(group.go(({ signal: own }) => own.aborted));
    await group.wait({ signal: lasting.brief() });
    const failing = new TaskGroup({ signal });
    given(failing.go(() => Promise.reject(new Error('task'))));
    await failing.wait().catch(() => {});
    lasting.end();
  },
  CancelScope(lasting) {
    const { signal } = lasting;
    const scope = new CancelScope({ signal, timeout: 9, clock: lasting });
    given(lasting.empty.receive(scope));
    scope.cancel();
    new CancelScope({ signal, timeout: 1, deadline: lasting.now() + 1, clock: lasting });
    lasting.time.advance(1);
  },
};

/** Waits in vain, until it is given up. */
function waits(wait: (lasting: Lasting, signal: AbortSignal) => Promise<unknown>): Cycle {
  return (lasting) => {
    given(wait(lasting, lasting.brief()));
    given(wait(lasting, lasting.brief()));
    lasting.end();
  };
}

/** One that leaves something behind, for each thing that can be left. */
export const leaking: Readonly<Record<string, Cycle>> = {
  listeners: ({ signal }) => signal.addEventListener('abort', () => {}),
  timers: (lasting) => lasting.schedule(() => {}, 9),
  receivers: ({ empty }) => empty.receive(),
  senders: ({ full }) => void full.send(1),
  watchers: ({ empty }) => void pipeTo(empty, new Channel<number>()).catch(() => {}),
  acquirers: ({ semaphore }) => semaphore.acquire(),
  lockers: ({ rwMutex }) => rwMutex.readLock(),
  sleepers: ({ cond }) => cond.wait(),
  awaiting: ({ waitGroup }) => waitGroup.wait(),
  limited: ({ limiter }) => limiter.wait(),
  borrowers: ({ pool }) => pool.acquire(),
};
