import {
  ResourcePool,
  ResourcePoolClosedError,
  type Lease,
  type ResourcePoolOptions,
} from 'rxjs-sluice';
import { describe, expect, it, vi } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { FailingClock } from '../support/failing-clock.js';
import { later } from '../support/later.js';
import { uncaughtBy } from '../support/uncaught-by.js';
import { Factory, poolOf, type Thing } from './resource-pool/factory.js';

/** Everything at once. */
const prompt = () => new Factory(['creating', 'checking', 'ending']);

/** Notes in `log` how an acquire ends. */
function note(log: unknown[], name: string, acquiring: Promise<Lease<Thing>>) {
  return acquiring.then(
    (lease) => {
      log.push(`${name} ${lease.resource.id}`);
      return lease;
    },
    (error: unknown) => void log.push([name, error]),
  );
}

const idOf = (lease: Lease<Thing> | undefined) => lease?.resource.id;

describe('a resource pool', () => {
  it('makes a resource when it is needed, and not before; lends the last one used first', async () => {
    const factory = prompt();
    const { pool, counts } = poolOf(factory, { max: 3 });
    expect([factory.made, pool.max, pool.size]).toEqual([0, 3, 0]);
    const leases = [await pool.acquire(), await pool.acquire()];
    expect(leases.map(idOf)).toEqual([0, 1]);
    leases[1]?.();
    leases[0]?.();
    expect(counts()).toEqual({ size: 2, idle: 2, lent: 0, waiting: 0 });
    expect(idOf(await pool.acquire())).toBe(0);
    expect(idOf(pool.tryAcquire())).toBe(1);
    expect(idOf(pool.tryAcquire())).toBe(2);
    expect(pool.tryAcquire()).toBeUndefined();
    expect(counts()).toEqual({ size: 3, idle: 0, lent: 3, waiting: 0 });
  });

  it('hands what comes back to the first who waits, and nobody comes between', async () => {
    const { pool, counts } = poolOf(prompt(), { max: 1 });
    const first = await pool.acquire();
    const log: unknown[] = [];
    const second = note(log, 'second', pool.acquire());
    void note(log, 'third', pool.acquire());
    first();
    expect(pool.tryAcquire()).toBeUndefined();
    await later();
    expect([log, counts()]).toEqual([['second 0'], { size: 1, idle: 0, lent: 1, waiting: 1 }]);
    (await second)?.();
    await later();
    expect(log).toEqual(['second 0', 'third 0']);
  });

  it('counts a second release for nothing, also when the resource is out again', async () => {
    const { pool } = poolOf(prompt(), { max: 1 });
    const lease = await pool.acquire();
    lease();
    lease();
    lease.discard();
    expect([pool.idle, pool.lent]).toEqual([1, 0]);
    await pool.acquire();
    lease();
    lease.discard();
    expect([pool.idle, pool.lent, pool.tryAcquire()]).toEqual([0, 1, undefined]);
  });

  it('takes back at the end of a `using` block, also when it throws', async () => {
    const { pool } = poolOf(prompt());
    const work = async () => {
      using one = await pool.acquire();
      using two = await pool.acquire();
      expect([idOf(one), idOf(two), pool.lent]).toEqual([0, 1, 2]);
      throw new Error('in the block');
    };
    await expect(work()).rejects.toThrow('in the block');
    expect([pool.idle, pool.lent]).toEqual([2, 0]);
  });

  it('makes and lends without a promise where the callbacks need none', () => {
    const factory = prompt();
    const { pool } = poolOf(factory, { max: 1, validate: factory.options.validate });
    const lease = pool.tryAcquire();
    lease?.();
    expect(idOf(pool.tryAcquire())).toBe(0);
    expect(factory.noted()).toEqual(['create 0', 'check 0']);
  });

  it('keeps what a tryAcquire has begun for whoever comes next', async () => {
    const factory = new Factory();
    const { pool, counts } = poolOf(factory, { max: 3 });
    expect([pool.tryAcquire(), pool.tryAcquire()]).toEqual([undefined, undefined]);
    expect(counts()).toEqual({ size: 1, idle: 0, lent: 0, waiting: 0 });
    const acquiring = pool.acquire();
    expect([factory.made, pool.tryAcquire(), factory.made]).toEqual([1, undefined, 1]);
    factory.creating[0]?.yes();
    (await acquiring)();
    expect(idOf(pool.tryAcquire())).toBe(0);
  });

  it('lends what is idle, though something else is being created for nobody', async () => {
    const factory = new Factory();
    const { pool } = poolOf(factory);
    const first = pool.acquire();
    factory.creating[0]?.yes();
    const lease = await first;
    expect(pool.tryAcquire()).toBeUndefined();
    lease();
    expect([factory.made, pool.idle]).toEqual([2, 1]);
    expect(idOf(await pool.acquire())).toBe(0);
  });

  it('calls the methods of its options as such', async () => {
    class Options implements ResourcePoolOptions<number> {
      readonly max = 1;
      private made = 0;
      create() {
        return ++this.made;
      }
      validate(n: number) {
        return n === this.made;
      }
      dispose(n: number) {
        this.made -= n;
      }
    }
    const options = new Options();
    const pool = new ResourcePool(options);
    for (let round = 0; round < 2; round++) {
      using lease = await pool.acquire();
      expect(lease.resource).toBe(1);
    }
    await pool.close();
    expect(options).toMatchObject({ made: 0 });
  });

  it.each([
    [{ create: 1 }, 'Expected `create` to be a function, got 1'],
    [{ max: 0 }, 'Expected `max` to be an integer ≥ 1 or Infinity, got 0'],
    [{ max: 1.5 }, 'Expected `max` to be an integer ≥ 1 or Infinity, got 1.5'],
    [{ max: undefined }, 'Expected `max` to be an integer ≥ 1 or Infinity, got undefined'],
    [{ validate: true }, 'Expected `validate` to be a function, got true'],
    [{ dispose: 'end' }, 'Expected `dispose` to be a function, got "end"'],
    [{ idleTimeout: -1 }, 'Expected `idleTimeout` to be a number of milliseconds ≥ 0, got -1'],
    [{ idleTimeout: NaN }, 'Expected `idleTimeout` to be a number of milliseconds ≥ 0, got NaN'],
  ])('refuses %j', (wrong, message) => {
    const options = { create: () => 1, max: 1, ...wrong } as never;
    expect(() => new ResourcePool(options)).toThrow(message);
  });
});

describe('a creation', () => {
  it('that fails tells the one it was for, and leaves the place to the next', async () => {
    const factory = new Factory();
    const { pool, counts } = poolOf(factory, { max: 1 });
    const log: unknown[] = [];
    void note(log, 'first', pool.acquire());
    void note(log, 'second', pool.acquire());
    factory.creating[0]?.no('refused');
    await later();
    expect([log, factory.made]).toEqual([[['first', 'refused']], 2]);
    factory.creating[0]?.yes();
    await later();
    expect(log).toEqual([['first', 'refused'], 'second 1']);
    expect(counts()).toEqual({ size: 1, idle: 0, lent: 1, waiting: 0 });
  });

  it('that fails before one that began sooner tells nobody else', async () => {
    const factory = new Factory();
    const { pool } = poolOf(factory);
    const log: unknown[] = [];
    void note(log, 'slow', pool.acquire());
    void note(log, 'fails', pool.acquire());
    factory.creating[1]?.no('refused');
    await later();
    factory.creating[0]?.yes();
    await later();
    expect(log).toEqual([['fails', 'refused'], 'slow 0']);
  });

  it('that throws tells the one it was for, and holds nothing', async () => {
    const create = vi.fn((): Thing => {
      throw new Error('broken');
    });
    const pool = new ResourcePool({ create, max: 1 });
    await expect(pool.acquire()).rejects.toThrow('broken');
    expect(() => pool.tryAcquire()).toThrow(new Error('broken'));
    expect([pool.size, create.mock.calls.length]).toEqual([0, 2]);
  });

  it('that throws `undefined` fails all the same', async () => {
    const create = (): Thing => {
      throw undefined;
    };
    const pool = new ResourcePool({ create, max: 1 });
    await expect(pool.acquire()).rejects.toBeUndefined();
    const caught = vi.fn();
    try {
      pool.tryAcquire();
    } catch (error) {
      caught(error);
    }
    expect(caught.mock.calls).toEqual([[undefined]]);
  });

  it('that is overtaken by a resource that comes back stays for the next, or idle', async () => {
    const factory = new Factory();
    const { pool, counts } = poolOf(factory);
    const first = pool.acquire();
    factory.creating[0]?.yes();
    const lease = await first;
    const log: unknown[] = [];
    void note(log, 'second', pool.acquire());
    expect(factory.made).toBe(2);
    lease();
    await later();
    expect(log).toEqual(['second 0']);
    void note(log, 'third', pool.acquire());
    expect(factory.made).toBe(2);
    factory.creating[0]?.yes();
    await later();
    expect(log).toEqual(['second 0', 'third 1']);
    expect(counts()).toEqual({ size: 2, idle: 0, lent: 2, waiting: 0 });
  });

  it('whose acquire was aborted goes to the next who waits', async () => {
    const factory = new Factory();
    const { pool } = poolOf(factory, { max: 1 });
    const controller = new AbortController();
    const log: unknown[] = [];
    void note(log, 'aborted', pool.acquire({ signal: controller.signal }));
    void note(log, 'next', pool.acquire());
    controller.abort('enough');
    await later();
    expect([log, pool.waiting, factory.made]).toEqual([[['aborted', 'enough']], 1, 1]);
    factory.creating[0]?.yes();
    await later();
    expect(log).toEqual([['aborted', 'enough'], 'next 0']);
  });

  it('whose acquire was aborted tells the next who waits if it fails', async () => {
    const factory = new Factory();
    const { pool } = poolOf(factory, { max: 1 });
    const controller = new AbortController();
    const log: unknown[] = [];
    void note(log, 'aborted', pool.acquire({ signal: controller.signal }));
    controller.abort('enough');
    void note(log, 'next', pool.acquire());
    expect(factory.made).toBe(1);
    factory.creating[0]?.no('refused');
    await later();
    expect([log, pool.size]).toEqual([
      [
        ['aborted', 'enough'],
        ['next', 'refused'],
      ],
      0,
    ]);
  });

  it('that nobody waits for stays idle; its failure concerns nobody', async () => {
    const factory = new Factory();
    const { pool, counts } = poolOf(factory);
    const controller = new AbortController();
    const heard = await uncaughtBy(() => {
      const { signal } = controller;
      for (const acquiring of [pool.acquire({ signal }), pool.acquire({ signal })]) {
        acquiring.catch(() => {});
      }
      controller.abort();
      factory.creating[1]?.no('refused');
      factory.creating[0]?.yes();
    });
    expect([heard, counts()]).toEqual([[], { size: 1, idle: 1, lent: 0, waiting: 0 }]);
  });

  it('that throws for thousands who wait fails each, in order', async () => {
    let failing = false;
    const pool = new ResourcePool({
      create: () => {
        if (failing) throw new Error('broken');
        return {};
      },
      max: 1,
    });
    const lease = await pool.acquire();
    failing = true;
    const failed: number[] = [];
    for (let i = 0; i < 20_000; i++) pool.acquire().catch(() => failed.push(i));
    lease.discard();
    await later();
    expect(failed).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    expect([pool.size, pool.waiting]).toEqual([0, 0]);
  });
});

describe('a wait for a resource', () => {
  it('takes nothing when the signal has aborted, and listens only while it waits', async () => {
    const factory = prompt();
    const { pool } = poolOf(factory, { max: 1 });
    const reason = new Error('before');
    await expect(pool.acquire({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(factory.made).toBe(0);
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    const lease = await pool.acquire({ signal });
    expect(listeners()).toBe(0);
    const second = pool.acquire({ signal });
    expect(listeners()).toBe(1);
    lease();
    expect(listeners()).toBe(0);
    await second;
  });

  it('ends at once when it is aborted', async () => {
    const { pool, counts } = poolOf(prompt(), { max: 1 });
    const lease = await pool.acquire();
    const controller = new AbortController();
    const waits = pool.acquire({ signal: controller.signal });
    controller.abort(new Error('enough'));
    expect(pool.waiting).toBe(0);
    await expect(waits).rejects.toThrow('enough');
    lease();
    expect(counts()).toEqual({ size: 1, idle: 1, lent: 0, waiting: 0 });
  });

  it('ends when the signal aborts while it begins', async () => {
    const controller = new AbortController();
    const pool = new ResourcePool({
      create: () => {
        controller.abort(new Error('meanwhile'));
        return new Promise<Thing>(() => {});
      },
      max: 1,
    });
    await expect(pool.acquire({ signal: controller.signal })).rejects.toThrow('meanwhile');
    expect(pool.waiting).toBe(0);
  });
});

describe('a resource that is discarded', () => {
  it('is disposed of, and only then is its place free', async () => {
    const factory = new Factory(['creating']);
    const { pool, counts } = poolOf(factory, { max: 1 });
    const lease = await pool.acquire();
    const log: unknown[] = [];
    void note(log, 'next', pool.acquire());
    lease.discard();
    lease();
    await later();
    expect([log, counts()]).toEqual([[], { size: 1, idle: 0, lent: 0, waiting: 1 }]);
    expect(factory.noted()).toEqual(['create 0', 'end 0']);
    factory.ending[0]?.yes();
    await later();
    expect(log).toEqual(['next 1']);
  });

  it('frees its place also when that fails, which the host is told', async () => {
    for (const dispose of [
      () => {
        throw new Error('stuck');
      },
      () => Promise.reject(new Error('stuck')),
    ]) {
      const { pool } = poolOf(prompt(), { max: 1, dispose });
      const lease = await pool.acquire();
      const next = pool.acquire();
      expect(await uncaughtBy(() => lease.discard())).toEqual([new Error('stuck')]);
      expect(idOf(await next)).toBe(1);
    }
  });

  it('is ended in its own way where no other is given', async () => {
    const ends: string[] = [];
    const kinds: object[] = [
      { [Symbol.dispose]: () => ends.push('dispose') },
      {
        [Symbol.asyncDispose]: async () => ends.push('asyncDispose'),
        [Symbol.dispose]: () => ends.push('not this'),
      },
      {},
    ];
    for (const kind of kinds) {
      const pool = new ResourcePool({ create: () => kind, max: 1 });
      (await pool.acquire())();
      await pool.close();
    }
    expect(ends).toEqual(['dispose', 'asyncDispose']);
  });
});

describe('a check', () => {
  it('comes before each further use, also from hand to hand, and not before the first', async () => {
    const factory = prompt();
    const { validate } = factory.options;
    const { pool } = poolOf(factory, { max: 1, validate });
    const first = await pool.acquire();
    expect(factory.noted()).toEqual(['create 0']);
    const second = pool.acquire();
    first();
    expect(factory.noted()).toEqual(['check 0']);
    (await second)();
    expect(factory.noted()).toEqual([]);
    await pool.acquire();
    expect(factory.noted()).toEqual(['check 0']);
  });

  it.each([
    ['is false', () => false],
    ['is false, later', () => Promise.resolve(false)],
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('gone'))],
  ])('that %s has the resource disposed of, and another made', async (_, validate) => {
    const factory = prompt();
    const { pool, counts } = poolOf(factory, { max: 1, validate });
    (await pool.acquire())();
    expect(idOf(await pool.acquire())).toBe(1);
    expect(factory.noted()).toEqual(['create 0', 'end 0', 'create 1']);
    expect(counts()).toEqual({ size: 1, idle: 0, lent: 1, waiting: 0 });
  });

  it('that fails is followed by those of what else is idle, however much there is', async () => {
    const count = 20_000;
    const factory = prompt();
    const checked: number[] = [];
    const { pool } = poolOf(factory, {
      max: count,
      validate: ({ id }) => {
        checked.push(id);
        return id === 0;
      },
    });
    const leases = await Promise.all(Array.from({ length: count }, () => pool.acquire()));
    for (const lease of leases) lease();
    expect(idOf(pool.tryAcquire())).toBe(0);
    expect([checked.length, pool.size]).toEqual([count, 1]);
  });

  it('that fails has another begun at once where there is a place, however slow the end is', async () => {
    const factory = new Factory(['creating', 'checking']);
    const { pool, counts } = poolOf(factory, { validate: () => false });
    (await pool.acquire())();
    expect(idOf(await pool.acquire())).toBe(1);
    expect(counts()).toEqual({ size: 2, idle: 0, lent: 1, waiting: 0 });
  });

  it('is made of no more than are waited for', async () => {
    const factory = new Factory(['creating', 'ending']);
    const { pool } = poolOf(factory, { max: 3, validate: factory.options.validate });
    const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    for (const lease of leases) lease();
    void pool.acquire();
    void pool.acquire();
    expect([factory.checking.map(({ id }) => id), pool.idle]).toEqual([[2, 1], 1]);
  });

  it('that is slow does not hold up a resource that comes back', async () => {
    const factory = new Factory(['creating', 'ending']);
    const { pool } = poolOf(factory, { validate: factory.options.validate });
    const leases = [await pool.acquire(), await pool.acquire()];
    const log: unknown[] = [];
    void note(log, 'first', pool.acquire());
    void note(log, 'second', pool.acquire());
    for (const lease of leases) lease();
    factory.checking[1]?.yes();
    await later();
    expect(log).toEqual(['first 1']);
    factory.checking[0]?.no();
    await later();
    expect(log).toEqual(['first 1', 'second 2']);
  });

  it('for one who has given up leaves the resource idle', async () => {
    const factory = new Factory(['creating', 'ending']);
    const { pool, counts } = poolOf(factory, { validate: factory.options.validate });
    (await pool.acquire())();
    const controller = new AbortController();
    const waits = pool.acquire({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waits).rejects.toThrow('enough');
    expect(counts()).toEqual({ size: 1, idle: 0, lent: 0, waiting: 0 });
    factory.checking[0]?.yes();
    await later();
    expect(counts()).toEqual({ size: 1, idle: 1, lent: 0, waiting: 0 });
  });
});

describe('an idle resource', () => {
  const idle = async (pool: ResourcePool<Thing>, count: number) => {
    const leases = await Promise.all(Array.from({ length: count }, () => pool.acquire()));
    for (const lease of leases) lease();
  };

  it('is disposed of when nobody has used it for so long', async () => {
    const factory = prompt();
    const { pool, time } = poolOf(factory, { idleTimeout: 1000 });
    await idle(pool, 1);
    time.advance(999);
    (await pool.acquire())();
    time.advance(999);
    expect(pool.idle).toBe(1);
    time.advance(1);
    expect([pool.size, factory.noted()]).toEqual([0, ['create 0', 'end 0']]);
  });

  it('that is not needed ends, though others are in use all the time', async () => {
    const factory = prompt();
    const { pool, time } = poolOf(factory, { idleTimeout: 1000 });
    await idle(pool, 2);
    for (let at = 0; at < 2000; at += 100) {
      (await pool.acquire())();
      time.advance(100);
    }
    expect(factory.noted()).toEqual(['create 0', 'create 1', 'end 0']);
  });

  it('has one timer with all the others, for the one that is due first, and none when none is idle', async () => {
    const { pool, time } = poolOf(prompt(), { max: 3, idleTimeout: 1000 });
    const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    expect(time.armed).toBe(0);
    for (const lease of leases) {
      lease();
      expect(time.armed).toBe(1);
      time.advance(100);
    }
    expect(time.made).toBe(1);
    time.advance(700);
    expect([pool.idle, time.armed]).toEqual([2, 1]);
    time.advance(100);
    expect([pool.idle, time.armed]).toEqual([1, 1]);
    using _last = await pool.acquire();
    expect(time.armed).toBe(0);
  });

  it('of many that are due together ends with them', async () => {
    const factory = prompt();
    const { pool, time } = poolOf(factory, { max: 3, idleTimeout: 1000 });
    await idle(pool, 3);
    time.advance(1000);
    expect([pool.size, time.armed, time.made]).toEqual([0, 0, 1]);
    expect(factory.noted().slice(3)).toEqual(['end 0', 'end 1', 'end 2']);
  });

  it('stays for ever without a timeout, and needs no timer for that', async () => {
    const { pool, time } = poolOf(prompt());
    await idle(pool, 2);
    time.advance(2 ** 40);
    expect([pool.idle, time.made]).toEqual([2, 0]);
  });

  it('can stay for longer than a timer of the host reaches', async () => {
    const { pool, time } = poolOf(prompt(), { idleTimeout: 2 ** 33 });
    await idle(pool, 1);
    time.advance(2 ** 33 - 1);
    expect([pool.idle, time.longest]).toEqual([1, 2 ** 31 - 1]);
    time.advance(1);
    expect(pool.idle).toBe(0);
  });

  it('does not stay longer because the clock is set back, however many others there are', async () => {
    const { time } = poolOf(prompt());
    let wrong = 0;
    const clock = {
      now: () => time.now() + wrong,
      schedule: (task: () => void, delay: number) => {
        const timer = time.schedule(task, delay);
        return () => timer.unsubscribe();
      },
    };
    const { pool } = poolOf(prompt(), { max: 5, idleTimeout: 1000, clock });
    const acquiring = Array.from({ length: 5 }, () => pool.acquire());
    for (const lease of await Promise.all(acquiring)) {
      lease();
      time.advance(100);
    }
    wrong = -3_600_000;
    time.advance(1499);
    expect(pool.size).toBe(5); // nor shorter
    time.advance(1);
    expect([pool.size, time.armed]).toEqual([0, 0]); // one timeout after the timer found the clock set back
  });

  it('that expires may be replaced from its disposal', async () => {
    const factory = prompt();
    const acquired: Promise<Lease<Thing>>[] = [];
    const { pool, time } = poolOf(factory, {
      max: 2,
      idleTimeout: 1000,
      dispose: () => acquired.push(pool.acquire()),
    });
    await idle(pool, 2);
    time.advance(1000);
    expect((await Promise.all(acquired)).map(idOf)).toEqual([2, 3]);
    expect(pool.size).toBe(2);
  });
});

describe('the use of a resource', () => {
  it('gives the result, and gives the resource back', async () => {
    const { pool } = poolOf(prompt());
    expect(await pool.use(({ id }) => `used ${id}`)).toBe('used 0');
    expect(await pool.use(async ({ id }) => (await later(), `used ${id}`))).toBe('used 0');
    expect([pool.idle, pool.lent]).toEqual([1, 0]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('failed');
      },
    ],
    ['rejects', () => Promise.reject(new Error('failed'))],
  ])('that %s discards the resource, and fails with its error', async (_, work) => {
    const factory = prompt();
    const { pool } = poolOf(factory);
    await expect(pool.use(work)).rejects.toThrow('failed');
    expect([factory.noted(), pool.size]).toEqual([['create 0', 'end 0'], 0]);
  });

  it('waits as an acquire does', async () => {
    const { pool } = poolOf(prompt(), { max: 1 });
    using _lease = await pool.acquire();
    const controller = new AbortController();
    const work = vi.fn();
    const waits = pool.use(work, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waits).rejects.toThrow('enough');
    expect(work).not.toHaveBeenCalled();
  });

  it('refuses what is no function, and takes nothing', async () => {
    const { pool } = poolOf(prompt());
    await expect(pool.use(undefined as never)).rejects.toThrow(
      'Expected `work` to be a function, got undefined',
    );
    expect(pool.size).toBe(0);
  });
});

describe('a pool that closes', () => {
  const over = (closing: Promise<void>) => {
    const state = { over: false };
    void closing.then(() => (state.over = true));
    return state;
  };

  it('rejects who waits', async () => {
    const { pool } = poolOf(prompt(), { max: 1 });
    const lease = await pool.acquire();
    const waits = pool.acquire();
    const closing = pool.close();
    expect([pool.closed, pool.waiting]).toEqual([true, 0]);
    await expect(waits).rejects.toMatchObject({ code: 'ERR_RESOURCE_POOL_CLOSED' });
    lease();
    await closing;
  });

  it('ends what is idle, and waits for what is out and for the end of it', async () => {
    const factory = new Factory(['creating']);
    const { pool, counts } = poolOf(factory);
    const [idle, out] = [await pool.acquire(), await pool.acquire()];
    idle();
    const closing = over(pool.close());
    expect(factory.noted().slice(2)).toEqual(['end 0']);
    factory.ending[0]?.yes();
    await later();
    expect([closing.over, counts()]).toEqual([false, { size: 1, idle: 0, lent: 1, waiting: 0 }]);
    out();
    await later();
    expect([closing.over, counts()]).toEqual([false, { size: 1, idle: 0, lent: 0, waiting: 0 }]);
    factory.ending[0]?.yes();
    await later();
    expect([closing.over, pool.size]).toEqual([true, 0]);
  });

  it('gives out nothing any more', async () => {
    const { pool } = poolOf(prompt());
    (await pool.acquire())();
    await pool.close();
    await expect(pool.acquire()).rejects.toBeInstanceOf(ResourcePoolClosedError);
    await expect(pool.use(() => 1)).rejects.toBeInstanceOf(ResourcePoolClosedError);
    expect(() => pool.tryAcquire()).toThrow(ResourcePoolClosedError);
    const reason = new Error('before');
    await expect(pool.acquire({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('calls off what is being created, and ends it if it comes all the same', async () => {
    const factory = new Factory(['ending']);
    const signals: AbortSignal[] = [];
    const { pool } = poolOf(factory, {
      create: ({ signal }) => {
        signals.push(signal);
        return factory.options.create();
      },
    });
    const waits = [pool.acquire(), pool.acquire()];
    expect(signals[0]?.aborted).toBe(false);
    const closing = over(pool.close());
    for (const wait of waits) await expect(wait).rejects.toBeInstanceOf(ResourcePoolClosedError);
    expect(signals[0]?.reason).toBeInstanceOf(ResourcePoolClosedError);
    expect(signals[1]).toBe(signals[0]);
    factory.creating[1]?.no(signals[0]?.reason);
    await later();
    expect(closing.over).toBe(false);
    factory.creating[0]?.yes();
    await later();
    expect([closing.over, factory.noted()]).toEqual([true, ['create 0', 'create 1', 'end 0']]);
  });

  it('can be closed again, with the same outcome', async () => {
    const { pool } = poolOf(prompt());
    const lease = await pool.acquire();
    const closings = [over(pool.close()), over(pool.close())];
    await later();
    expect(closings).toEqual([{ over: false }, { over: false }]);
    lease();
    await pool.close();
    expect(closings).toEqual([{ over: true }, { over: true }]);
  });

  it('tells who waits for that what could not be disposed of, when all is over', async () => {
    const { pool } = poolOf(prompt(), {
      max: 3,
      dispose: ({ id }) => {
        if (id < 2) throw new Error(`stuck ${id}`);
      },
    });
    const leases = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    leases[0]?.();
    leases[1]?.();
    const closings = [pool.close(), pool.close()];
    expect(pool.size).toBe(1);
    leases[2]?.();
    for (const closing of [...closings, pool.close()]) {
      await expect(closing).rejects.toMatchObject({
        message: 'Could not dispose of 2 of the resources',
        errors: [new Error('stuck 0'), new Error('stuck 1')],
      });
    }
  });

  it('need not be waited for any longer than a signal says', async () => {
    const { pool } = poolOf(prompt(), {
      dispose: () => {
        throw new Error('stuck');
      },
    });
    const [idle, lease] = [await pool.acquire(), await pool.acquire()];
    idle();
    const { controller, listeners } = countingSignal();
    const closing = pool.close({ signal: controller.signal });
    expect(listeners()).toBe(1);
    const refused = expect(closing).rejects.toThrow('enough');
    // Nobody waits any more whom it could tell.
    const heard = await uncaughtBy(() => controller.abort(new Error('enough')));
    await refused;
    expect([heard, pool.closed, listeners()]).toEqual([[new Error('stuck')], true, 0]);
    expect(await uncaughtBy(() => lease())).toEqual([new Error('stuck')]);
    await pool.close();
  });

  it('tells who still waits what could not be disposed of, when another gives up', async () => {
    const { pool } = poolOf(prompt(), {
      dispose: () => {
        throw new Error('stuck');
      },
    });
    const [idle, lease] = [await pool.acquire(), await pool.acquire()];
    idle();
    const controller = new AbortController();
    const closing = pool.close();
    const givesUp = pool.close({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(givesUp).rejects.toThrow('enough');
    lease();
    const errors = [new Error('stuck'), new Error('stuck')];
    await expect(closing).rejects.toMatchObject({ errors });
  });

  it('sets no timer, and leaves none', async () => {
    const { pool, time } = poolOf(prompt(), { idleTimeout: 1000 });
    const leases = [await pool.acquire(), await pool.acquire()];
    leases[0]?.();
    expect(time.armed).toBe(1);
    const closing = pool.close();
    leases[1]?.();
    await closing;
    expect(time.armed).toBe(0);
  });

  it('is closed at the end of an `await using` block', async () => {
    const factory = new Factory(['creating']);
    const { pool } = poolOf(factory);
    const block = (async () => {
      await using kept = pool;
      (await kept.acquire())();
    })();
    await later();
    expect([pool.closed, pool.size]).toEqual([true, 1]);
    factory.ending[0]?.yes();
    await block;
    expect(pool.size).toBe(0);
  });
});

describe('a callback of a pool', () => {
  it('may acquire: it comes behind who waits', async () => {
    const inner: Promise<Lease<Thing>>[] = [];
    let made = 0;
    const pool = new ResourcePool<Thing>({
      create: () => {
        if (made === 0) inner.push(pool.acquire());
        expect(pool.tryAcquire()).toBeUndefined();
        return { id: made++ };
      },
      max: 2,
    });
    expect(idOf(await pool.acquire())).toBe(0);
    expect(idOf(await inner[0])).toBe(1);
  });

  it('may give back: who it is called for gets that', async () => {
    const leases: Lease<Thing>[] = [];
    const factory = prompt();
    const { pool, counts } = poolOf(factory, {
      create: () => {
        leases[0]?.();
        return factory.options.create();
      },
    });
    leases.push(await pool.acquire());
    expect(idOf(await pool.acquire())).toBe(0);
    expect(counts()).toEqual({ size: 2, idle: 1, lent: 1, waiting: 0 });
  });

  it('may close the pool: what it makes is ended', async () => {
    const factory = prompt();
    let closing: Promise<void> | undefined;
    const { pool } = poolOf(factory, {
      create: () => {
        closing = pool.close();
        return factory.options.create();
      },
    });
    await expect(pool.acquire()).rejects.toBeInstanceOf(ResourcePoolClosedError);
    await closing;
    expect([factory.noted(), pool.size]).toEqual([['create 0', 'end 0'], 0]);
  });
});

describe('who waits in a pool, and is called off as a resource is given up,', () => {
  const calledOff = (again: () => Thing | Promise<Thing>) => {
    const controller = new AbortController();
    const { signal } = controller;
    let made = 0;
    const { pool } = poolOf(prompt(), {
      max: 1,
      create: () => (made++ > 0 ? again() : { id: 0 }),
    });
    const lease = pool.tryAcquire();
    signal.addEventListener('abort', () => lease?.discard());
    const wait = pool.acquire({ signal });
    controller.abort('off');
    return { wait, made: () => made };
  };

  it('has none created', async () => {
    const { wait, made } = calledOff(() => ({ id: 1 }));
    await expect(wait).rejects.toBe('off');
    expect(made()).toBe(1);
  });

  it('hears of no creation that fails', async () => {
    const { wait } = calledOff(() => {
      throw new Error('create');
    });
    await expect(wait).rejects.toBe('off');
  });

  it('gets none, though it is `create` that calls it off', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { pool, counts } = poolOf(prompt(), {
      create: () => {
        controller.abort('off');
        return { id: 0 };
      },
    });
    await expect(pool.acquire({ signal })).rejects.toBe('off');
    expect(counts()).toEqual({ size: 1, idle: 1, lent: 0, waiting: 0 });
  });
});

it('what has rested for too long is disposed of, even if the clock then fails', () => {
  const clock = new FailingClock();
  const factory = prompt();
  const { pool } = poolOf(factory, { max: 2, idleTimeout: 2, clock });
  const leases = [pool.tryAcquire(), pool.tryAcquire()];
  leases[0]?.();
  clock.time.advance(1);
  leases[1]?.();
  clock.fails = 'schedule';
  expect(() => clock.time.advance(1)).toThrow('clock');
  expect([pool.size, pool.idle]).toEqual([1, 1]);
});

it('a clock that fails when a resource is to rest keeps nobody from being lent one later', async () => {
  const clock = new FailingClock();
  const factory = prompt();
  const leases: (Lease<Thing> | undefined)[] = [];
  const { pool } = poolOf(factory, {
    max: 2,
    idleTimeout: 2,
    clock,
    create: () => {
      leases[0]?.(); // whoever this is for gets that
      clock.fails = leases.length > 0 ? 'now' : undefined;
      return factory.options.create();
    },
  });
  leases.push(pool.tryAcquire());
  expect(idOf(await pool.acquire())).toBe(0);
  clock.fails = undefined;
  expect(idOf(pool.tryAcquire())).toBe(1);
});
