import { AsyncLocalStorage } from 'node:async_hooks';
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
  pipeTo,
  recv,
  select,
  send,
  type WaitOptions,
} from 'rxjs-sluice';
import { pullFrom, workerPool } from 'rxjs-sluice/operators';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { countingSignal } from '../support/counting-signal.js';
import { HandClock } from '../support/hand-clock.js';
import { later } from '../support/later.js';

/** Something to wait for that is not there yet. */
interface Wait {
  readonly wait: (options?: WaitOptions) => Promise<unknown>;
  /** Lets one who waits go on: the first. At once, where there is no promise. */
  readonly serve: () => void | Promise<void>;
}

const permits = (wait: (options?: WaitOptions) => Promise<() => void>, held: () => void): Wait => ({
  wait: async (options) => (await wait(options))(),
  serve: held,
});

/** Begins a task that runs until it is told to end; it ends as promises do, a little later. */
function taskIn(group: TaskGroup): () => Promise<void> {
  const end = new Channel<never>();
  void group.go(() => end.receive());
  return () => {
    end.close();
    return later();
  };
}

type Waits = Readonly<Record<string, () => Wait | Promise<Wait>>>;

const waitsOnChannels: Waits = {
  send() {
    const channel = new Channel<string>();
    return {
      wait: (options) => channel.send('value', options),
      serve: () => expect(channel.tryReceive()).toEqual({ done: false, value: 'value' }),
    };
  },
  'send on a full channel'() {
    const channel = new Channel<string>(1);
    channel.trySend('first');
    return {
      wait: (options) => channel.send('value', options),
      serve: () => expect(channel.tryReceive()).toEqual({ done: false, value: 'first' }),
    };
  },
  receive() {
    const channel = new Channel<string>();
    return {
      wait: (options) => channel.receive(options),
      serve: () => expect(channel.trySend('value')).toBe(true),
    };
  },
  'select of a receive'() {
    const channel = new Channel<string>();
    return {
      wait: (options) => select({ got: recv(channel) }, options),
      serve: () => expect(channel.trySend('value')).toBe(true),
    };
  },
  'select of a send'() {
    const channel = new Channel<string>();
    return {
      wait: (options) => select({ sent: send(channel, 'value') }, options),
      serve: () => expect(channel.tryReceive()).toEqual({ done: false, value: 'value' }),
    };
  },
};

const otherWaits: Waits = {
  async acquire() {
    const semaphore = new Semaphore(1);
    return permits((options) => semaphore.acquire(options), await semaphore.acquire());
  },
  async lock() {
    const mutex = new Mutex();
    return permits((options) => mutex.lock(options), await mutex.lock());
  },
  async 'lock behind a reader'() {
    const mutex = new RWMutex();
    return permits((options) => mutex.lock(options), await mutex.readLock());
  },
  async readLock() {
    const mutex = new RWMutex();
    return permits((options) => mutex.readLock(options), await mutex.lock());
  },
  'RateLimiter.wait'() {
    const time = new HandClock();
    const limiter = new RateLimiter({ rate: 1, clock: schedulerClock(time) });
    limiter.allow();
    return { wait: (options) => limiter.wait(options), serve: () => time.advance(1000) };
  },
  async 'ResourcePool.acquire'() {
    const pool = new ResourcePool({ max: 1, create: () => 'connection' });
    return permits((options) => pool.acquire(options), await pool.acquire());
  },
  'TaskGroup.wait'() {
    const group = new TaskGroup();
    const serve = taskIn(group);
    return { wait: (options) => group.wait(options), serve };
  },
  'TaskGroup.ready'() {
    const group = new TaskGroup({ limit: 1 });
    const serve = taskIn(group);
    return { wait: (options) => group.ready(options), serve };
  },
  'WaitGroup.wait'() {
    const group = new WaitGroup();
    group.add();
    return { wait: (options) => group.wait(options), serve: () => group.done() };
  },
  'Once.do'() {
    const once = new Once<unknown>();
    const end = new Channel<never>();
    return {
      wait: (options) => once.do(() => end.receive(), options),
      serve() {
        end.close();
        return later();
      },
    };
  },
  'Cond.wait'() {
    const mutex = new Mutex();
    const cond = new Cond(mutex);
    const wait = async (options?: WaitOptions) => {
      using _lock = await mutex.lock();
      try {
        await cond.wait(options);
      } finally {
        expect(mutex.locked).toBe(true);
      }
    };
    return { wait, serve: () => cond.signal() };
  },
};

interface Context {
  readonly signal: AbortSignal;
  readonly cancel: () => unknown;
}

const cause = new Error('the cause');

/** Each of Go's contexts, and the name of the error that it ends with. */
const contexts: Readonly<Record<string, readonly [name: string, begin: () => Context]>> = {
  WithCancel: ['AbortError', () => new CancelScope()],
  'WithCancel, of the platform': [
    'AbortError',
    () => {
      const controller = new AbortController();
      return { signal: controller.signal, cancel: () => controller.abort() };
    },
  ],
  WithCancelCause: [
    'Error',
    () => {
      const { signal, cancel } = new CancelScope();
      return { signal, cancel: () => cancel(cause) };
    },
  ],
  WithTimeout: ['TimeoutError', () => timed({ timeout: 5 })],
  WithDeadline: ['TimeoutError', () => timed({ deadline: 5 })],
  'WithTimeout, of the platform': [
    'TimeoutError',
    () => {
      const signal = AbortSignal.timeout(1);
      const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
      return { signal, cancel: () => ended };
    },
  ],
  'WithCancel of a context that is cancelled': [
    'Error',
    () => {
      const around = new CancelScope();
      return { signal: new CancelScope(around).signal, cancel: () => around.cancel(cause) };
    },
  ],
  'AbortSignal.any': [
    'Error',
    () => {
      const [one, other] = [new AbortController(), new AbortController()];
      const signal = AbortSignal.any([one.signal, other.signal]);
      return { signal, cancel: () => other.abort(cause) };
    },
  ],
};

function timed(time: { timeout: number } | { deadline: number }): Context {
  const clock = new HandClock();
  const { signal } = new CancelScope({ ...time, clock: schedulerClock(clock) });
  return { signal, cancel: () => clock.advance(5) };
}

describe.each(Object.entries({ ...waitsOnChannels, ...otherWaits }))('%s', (_, begin) => {
  describe.each(Object.entries(contexts))('under %s', (_, [name, context]) => {
    it('rejects with its reason, and whoever waits behind moves up', async () => {
      const { wait, serve } = await begin();
      const { signal, cancel } = context();
      const first = wait({ signal }).then(
        () => expect.fail('it went on'),
        (reason: unknown) => reason,
      );
      const second = wait();
      await later();
      await cancel();
      expect(await first).toBe(signal.reason);
      expect(signal.reason).toHaveProperty('name', name);
      await serve();
      await second;
    });

    it('rejects at once where it was cancelled before, and takes nothing', async () => {
      const { wait, serve } = await begin();
      const { signal, cancel } = context();
      await cancel();
      const behind = wait();
      await expect(wait({ signal })).rejects.toBe(signal.reason);
      await serve();
      await behind;
    });
  });

  it('goes on under Background and TODO: no signal at all', async () => {
    for (const options of [undefined, {}, { signal: undefined }]) {
      const { wait, serve } = await begin();
      const waiting = wait(options);
      await later();
      await serve();
      await waiting;
    }
  });

  it('stands when it happened before the context was cancelled, in the same turn', async () => {
    const { wait, serve } = await begin();
    const { controller, listeners } = countingSignal();
    const waiting = wait({ signal: controller.signal });
    await later();
    const served = serve();
    if (served !== undefined) await served;
    controller.abort(cause);
    await waiting;
    expect(listeners()).toBe(0);
  });

  it('leaves no listener on the signal, however it ends', async () => {
    for (const end of ['serve', 'abort'] as const) {
      const { wait, serve } = await begin();
      const { controller, listeners } = countingSignal();
      const waiting = wait({ signal: controller.signal });
      await later();
      expect(listeners()).toBe(1);
      if (end === 'serve') await serve();
      else controller.abort(cause);
      await waiting.catch(() => {});
      expect(listeners()).toBe(0);
    }
  });

  it('carries values (WithValue) through, whoever ends the wait', async () => {
    const user = new AsyncLocalStorage<string>();
    for (const end of ['serve', 'abort'] as const) {
      const { wait, serve } = await begin();
      const controller = new AbortController();
      const mine = user.run('mine', async () => {
        await wait({ signal: controller.signal }).catch(() => {});
        return user.getStore();
      });
      await later();
      await user.run("somebody else's", () =>
        end === 'serve' ? serve() : controller.abort(cause),
      );
      expect([await mine, user.getStore()]).toEqual(['mine', undefined]);
    }
  });
});

describe('a context that several waits share', () => {
  // Not on a channel: there the first gets it, since a value that was handed over stays so.
  it.each(Object.entries(otherWaits))(
    'ends each %s, and what one who hears of it first gives goes to the next',
    async (_, begin) => {
      const { wait, serve } = await begin();
      const controller = new AbortController();
      const { signal } = controller;
      signal.addEventListener('abort', () => void serve());
      const all = Promise.allSettled([wait({ signal }), wait({ signal }), wait()]);
      await later();
      controller.abort(cause);
      expect(await all).toMatchObject([
        { status: 'rejected', reason: cause },
        { status: 'rejected', reason: cause },
        { status: 'fulfilled' },
      ]);
    },
  );

  it('is why each ends, though there will never be enough for some by then', async () => {
    const { signal, cancel } = new CancelScope();
    const semaphore = new Semaphore(3);
    semaphore.tryAcquire(3);
    const limiter = new RateLimiter({ rate: 0, burst: 3 });
    limiter.allow(3);
    signal.addEventListener('abort', () => {
      semaphore.resize(1);
      limiter.setBurst(1);
    });
    const all = Promise.allSettled([
      semaphore.acquire({ weight: 2, signal }),
      limiter.wait({ cost: 2, signal }),
    ]);
    cancel(cause);
    for (const wait of await all) expect(wait).toEqual({ status: 'rejected', reason: cause });
  });

  it('is why each ends, though what they wait at is closed by then', async () => {
    const { signal, cancel } = new CancelScope();
    const jobs = new Channel<number>();
    const results = new Channel<number>();
    const pool = new ResourcePool({ create: () => ({}), max: 1 });
    const lent = await pool.acquire();
    signal.addEventListener('abort', () => {
      results.close(new Error('closed'));
      void pool.close();
    });
    const all = Promise.allSettled([
      pipeTo(jobs, new Channel(), { signal, cancel: true }), // its channel takes nothing: it waits at both
      jobs.send(1, { signal }),
      jobs.send(2, { signal }),
      select({ send: send(jobs, 3) }, { signal }),
      results.receive({ signal }),
      select({ result: recv(results) }, { signal }),
      pool.acquire({ signal }),
    ]);
    cancel(cause);
    for (const wait of await all) expect(wait).toEqual({ status: 'rejected', reason: cause });
    lent();
  });

  it('leaves what a channel has given by then: a value, or that it is closed', async () => {
    const { signal, cancel } = new CancelScope();
    const channel = new Channel<number>();
    signal.addEventListener('abort', () => {
      channel.trySend(1);
      channel.close();
    });
    const all = Promise.all([
      channel.receive({ signal }),
      channel.receive({ signal }),
      select({ next: recv(channel) }, { signal }),
    ]);
    cancel(cause);
    expect(await all).toEqual([
      { done: false, value: 1 },
      { done: true, value: undefined },
      { case: 'next', done: true, value: undefined },
    ]);
  });

  it('lets none have what was too little for one before it', async () => {
    const { signal, cancel } = new CancelScope();
    const semaphore = new Semaphore(4);
    semaphore.tryAcquire(2);
    const mutex = new RWMutex();
    const reading = mutex.tryReadLock();
    const limiter = new RateLimiter({ rate: 1, burst: 4, clock: schedulerClock(new HandClock()) });
    limiter.allow(2);
    const costs = [4, 2, 4, 1];
    const all = Promise.allSettled([
      ...costs.map((weight) => semaphore.acquire({ weight, signal })),
      ...costs.map((cost) => (cost === 4 ? mutex.lock({ signal }) : mutex.readLock({ signal }))),
      ...costs.map((cost) => limiter.wait({ cost, signal })),
    ]);
    cancel(cause);
    expect([semaphore.available, limiter.waiting, limiter.tokens]).toEqual([2, 0, 2]);
    reading?.();
    expect(mutex.tryLock()).toBeDefined();
    for (const wait of await all) expect(wait).toEqual({ status: 'rejected', reason: cause });
  });
});

describe('values of a context (WithValue)', () => {
  const user = new AsyncLocalStorage<string>();

  it('are those of each iteration of for await', async () => {
    const channel = new Channel<number>();
    const seen: (string | undefined)[] = [];
    const loop = user.run('mine', async () => {
      for await (const _ of channel) seen.push(user.getStore());
      seen.push(user.getStore());
    });
    await user.run("somebody else's", async () => {
      for (let n = 0; n < 3; n++) await channel.send(n);
      channel.close();
    });
    await loop;
    expect(seen).toEqual(['mine', 'mine', 'mine', 'mine']);
  });

  it("are in a callback those of whoever calls it: bind it to have one's own", () => {
    const channel = new Channel<number>();
    const seen: (string | undefined)[] = [];
    const note = () => void seen.push(user.getStore());
    user.run('mine', () => {
      channel.receiveWith(note, note);
      channel.receiveWith(AsyncLocalStorage.bind(note), note);
    });
    user.run("somebody else's", () => {
      channel.trySend(1);
      channel.trySend(2);
    });
    expect(seen).toEqual(["somebody else's", 'mine']);
  });

  it('are in a task of a worker pool those at subscription', async () => {
    const pool = pullFrom([1, 2, 3]).pipe(
      workerPool(1, async () => user.getStore()),
      toArray(),
    );
    const seen = await user.run('mine', () => lastValueFrom(pool));
    expect(seen).toEqual(['mine', 'mine', 'mine']);
  });
});

describe('a task of a worker pool', () => {
  it('has a context that is cancelled with the pipe, and can pass it on to a wait', async () => {
    const never = new Channel<never>();
    const failed: unknown[] = [];
    const pool = pullFrom([1, 2]).pipe(
      workerPool(2, (_, { signal }) =>
        never.receive({ signal }).catch((error: unknown) => {
          failed.push((error as Error).name);
        }),
      ),
    );
    const pipe = pool.subscribe();
    await later();
    pipe.unsubscribe();
    await later();
    expect(failed).toEqual(['AbortError', 'AbortError']);
  });

  it('can have a time of its own within that context', async () => {
    const clock = new HandClock();
    const never = new Channel<never>();
    const pool = pullFrom([1]).pipe(
      workerPool(1, async (_, { signal }) => {
        using scope = new CancelScope({ signal, timeout: 5, clock: schedulerClock(clock) });
        // To return the promise without awaiting it would end the scope first.
        return await never.receive(scope).catch((error: unknown) => (error as Error).name);
      }),
    );
    const name = lastValueFrom(pool);
    await later();
    clock.advance(5);
    expect(await name).toBe('TimeoutError');
  });
});
