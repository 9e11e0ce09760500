import { Channel, Cond, Mutex, Once, RWMutex, WaitGroup, type Permit } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { later } from '../support/later.js';

describe('a mutex', () => {
  it('lets one at a time in, in order', async () => {
    const mutex = new Mutex();
    const log: string[] = [];
    const work = async (name: string) => {
      using _lock = await mutex.lock();
      log.push(`${name} in`);
      await later();
      log.push(`${name} out`);
    };
    await Promise.all([work('a'), work('b'), work('c')]);
    expect(log).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    expect(mutex.locked).toBe(false);
  });

  it('is locked by tryLock only if it is free; unlocking twice frees it once', () => {
    const mutex = new Mutex();
    const unlock = mutex.tryLock();
    expect([mutex.locked, mutex.tryLock()]).toEqual([true, undefined]);
    unlock?.();
    mutex.tryLock();
    unlock?.();
    expect(mutex.locked).toBe(true);
  });

  it('is not locked by who has given up', async () => {
    const mutex = new Mutex();
    const unlock = await mutex.lock();
    const controller = new AbortController();
    const waits = mutex.lock({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waits).rejects.toThrow('enough');
    unlock();
    expect(mutex.locked).toBe(false);
  });
});

describe('a read-write mutex', () => {
  it('lets readers in together, and a writer alone', async () => {
    const mutex = new RWMutex();
    const readers = [await mutex.readLock(), await mutex.readLock()];
    const third = mutex.tryReadLock();
    expect([third === undefined, mutex.tryLock()]).toEqual([false, undefined]);
    for (const unlock of [...readers, third]) unlock?.();
    const unlock = mutex.tryLock();
    expect([mutex.tryReadLock(), mutex.tryLock(), unlock === undefined]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  it('does not let readers pass a writer that waits', async () => {
    const mutex = new RWMutex();
    const log: string[] = [];
    const held = await mutex.readLock();
    const note = (name: string) => (unlock: Permit) => {
      log.push(name);
      return unlock;
    };
    const writer = mutex.lock().then(note('writer'));
    const reader = mutex.readLock().then(note('reader'));
    expect(mutex.tryReadLock()).toBeUndefined();
    held();
    (await writer)();
    (await reader)();
    expect(log).toEqual(['writer', 'reader']);
  });

  it('lets readers in when the writer that they wait behind gives up', async () => {
    const mutex = new RWMutex();
    await mutex.readLock();
    const controller = new AbortController();
    const writer = mutex.lock({ signal: controller.signal });
    const reader = mutex.readLock();
    controller.abort(new Error('enough'));
    await expect(writer).rejects.toThrow('enough');
    (await reader)();
  });

  it('is not locked by a reader who has given up', async () => {
    const mutex = new RWMutex();
    const unlock = await mutex.lock();
    const controller = new AbortController();
    const reader = mutex.readLock({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(reader).rejects.toThrow('enough');
    unlock();
    expect(mutex.tryLock()).toBeDefined();
  });
});

describe('a wait group', () => {
  it('waits for all that was added, and can be used again', async () => {
    const group = new WaitGroup();
    for (let round = 0; round < 2; round++) {
      group.add(3);
      let over = 0;
      const waits = [group.wait(), group.wait()].map((wait) => wait.then(() => over++));
      group.done();
      group.add(-1);
      await later();
      expect([group.count, over]).toEqual([1, 0]);
      group.done();
      await Promise.all(waits);
      expect([group.count, over]).toEqual([0, 2]);
    }
  });

  it('does not wait where nothing is to be done', async () => {
    await new WaitGroup().wait();
    const signal = AbortSignal.abort(new Error('before'));
    await expect(new WaitGroup().wait({ signal })).rejects.toThrow('before');
  });

  it('throws when more is done than there was, and stays as it is', () => {
    const group = new WaitGroup();
    group.add(1);
    expect(() => {
      group.add(-2);
    }).toThrow(new RangeError('Expected `delta` to be at least -1, got -2'));
    expect(group.count).toBe(1);
    group.done();
    expect(() => {
      group.done();
    }).toThrow('Expected `delta` to be at least 0, got -1');
    expect(() => {
      group.add(0.5);
    }).toThrow('Expected `delta` to be an integer, got 0.5');
  });

  it('counts a task as done however it ends', async () => {
    const group = new WaitGroup();
    const fails = group.go(async () => {
      await later();
      throw new Error('task');
    });
    const throws = group.go(() => {
      throw new Error('at once');
    });
    const returns = group.go(() => 7);
    expect(group.count).toBeGreaterThan(0);
    const ends = await Promise.allSettled([fails, throws, returns]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await group.wait();
  });

  it('stops waiting when the signal aborts', async () => {
    const group = new WaitGroup();
    group.add();
    const controller = new AbortController();
    const waits = group.wait({ signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waits).rejects.toThrow('enough');
    await expect(group.wait({ signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('once', () => {
  it('runs the first, and gives its result to all', async () => {
    const once = new Once<number>();
    let runs = 0;
    const run = async () => {
      runs++;
      await later();
      return runs;
    };
    expect(once.called).toBe(false);
    expect(await Promise.all([once.do(run), once.do(run)])).toEqual([1, 1]);
    expect([await once.do(() => 9), runs, once.called]).toEqual([1, 1, true]);
  });

  it('gives its error to all, thrown or rejected', async () => {
    for (const fail of [
      () => {
        throw new Error('once');
      },
      async () => Promise.reject(new Error('once')),
    ]) {
      const once = new Once<number>();
      const both = await Promise.allSettled([once.do(fail), once.do(() => 1)]);
      expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    }
  });

  it('does not deadlock when it is asked for while it runs', async () => {
    const once = new Once<string>();
    let inner: Promise<string> | undefined;
    const outer = once.do(async () => {
      await later();
      inner = once.do(() => 'inner');
      return 'outer';
    });
    expect([await outer, await inner]).toEqual(['outer', 'outer']);
  });

  it('runs the first alone, and gives its result to those who ask from inside it', async () => {
    const once = new Once<string>();
    let called = false;
    let inner: Promise<string> | undefined;
    const outer = once.do(() => {
      called = once.called;
      inner = once.do(() => 'inner');
      return 'outer';
    });
    expect([called, await outer, await inner]).toEqual([true, 'outer', 'outer']);
  });

  it('gives its error to those who ask from inside it', async () => {
    const once = new Once<string>();
    let inner: Promise<string> | undefined;
    const outer = once.do(() => {
      inner = once.do(() => 'inner');
      throw new Error('outer');
    });
    await expect(outer).rejects.toThrow('outer');
    expect(inner).toBe(outer);
  });

  it('does not run for a caller whose signal has aborted', async () => {
    const once = new Once<number>();
    const signal = AbortSignal.abort(new Error('before'));
    await expect(once.do(() => expect.fail('it runs'), { signal })).rejects.toThrow('before');
    expect(once.called).toBe(false);
    expect(await once.do(() => 1)).toBe(1);
    await expect(once.do(() => 2, { signal })).rejects.toThrow('before');
  });

  it('goes on when the one for whom it runs gives up the wait', async () => {
    const once = new Once<number>();
    const controller = new AbortController();
    const end = new Channel<number>();
    const run = async () => (await end.receive()).value!;
    const first = once.do(run, { signal: controller.signal });
    const second = once.do(run, { signal: new AbortController().signal });
    const third = once.do(run);
    controller.abort(new Error('enough'));
    await expect(first).rejects.toThrow('enough');
    end.trySend(7);
    expect(await Promise.all([second, third])).toEqual([7, 7]);
  });

  it('gives its result, or its error, also to those who come with a signal when it is over', async () => {
    const { signal } = new AbortController();
    const good = new Once<number>();
    const bad = new Once<number>();
    for (let call = 0; call < 2; call++) {
      expect(await good.do(() => 1, { signal })).toBe(1);
      await expect(bad.do(() => Promise.reject(new Error('once')), { signal })).rejects.toThrow(
        'once',
      );
    }
  });

  it('keeps nothing of those who gave up while it hangs', async () => {
    const once = new Once<number>();
    let listeners = 0;
    const hangs: PromiseLike<number> = new Promise(() => {});
    const promise = once.do(() => hangs);
    const then = promise.then.bind(promise);
    promise.then = ((...given: Parameters<typeof then>) => {
      listeners++;
      return then(...given);
    }) as typeof promise.then;
    for (let call = 0; call < 3; call++) {
      const controller = new AbortController();
      const both = [1, 2].map((n) => once.do(() => n, { signal: controller.signal }));
      controller.abort(new Error('enough'));
      for (const wait of both) await expect(wait).rejects.toThrow('enough');
    }
    expect(listeners).toBe(1);
  });

  it('fails where its result is to be its own', async () => {
    const once = new Once<string>();
    await expect(once.do(() => once.do(() => 'inner'))).rejects.toThrow(TypeError);
  });
});

describe('a condition', () => {
  const bed = () => {
    const mutex = new Mutex();
    return { mutex, cond: new Cond(mutex), log: [] as string[] };
  };

  it('lets others lock while one waits, who holds the mutex again when it goes on', async () => {
    const { mutex, cond, log } = bed();
    const waiter = (async () => {
      const unlock = await mutex.lock();
      log.push('waits');
      await cond.wait();
      log.push(mutex.locked ? 'woken, locked' : 'woken');
      unlock();
    })();
    await later();
    expect(mutex.locked).toBe(false);
    const unlock = await mutex.lock();
    cond.signal();
    log.push('signalled');
    await later();
    unlock();
    await waiter;
    expect([log, mutex.locked]).toEqual([['waits', 'signalled', 'woken, locked'], false]);
  });

  it('wakes the one that has waited longest by signal, and all by broadcast', async () => {
    const { mutex, cond, log } = bed();
    const wait = async (name: string) => {
      using _lock = await mutex.lock();
      await cond.wait();
      log.push(name);
    };
    const all = ['a', 'b', 'c', 'd'].map(wait);
    await later();
    cond.signal();
    await later();
    expect(log).toEqual(['a']);
    cond.broadcast();
    await Promise.all(all);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
    cond.signal(); // nobody waits: nothing happens
    expect(mutex.locked).toBe(false);
  });

  it('locks the mutex again before it rejects on abort', async () => {
    const { mutex, cond, log } = bed();
    const controller = new AbortController();
    const waiter = (async () => {
      using _lock = await mutex.lock();
      await cond.wait({ signal: controller.signal }).catch(() => log.push('aborted'));
      expect(mutex.locked).toBe(true);
    })();
    await later();
    const unlock = await mutex.lock();
    controller.abort();
    await later();
    expect(log).toEqual([]);
    unlock();
    await waiter;
    expect([log, mutex.locked]).toEqual([['aborted'], false]);
    const held = await mutex.lock();
    const next = mutex.lock().then((unlock) => {
      log.push('next');
      unlock();
    });
    await expect(cond.wait({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow(
      'before',
    );
    expect([log, mutex.locked]).toEqual([['aborted'], true]); // it was not unlocked
    held();
    await next;
  });

  it('refuses to wait where nobody holds the mutex', async () => {
    const { cond } = bed();
    await expect(cond.wait()).rejects.toThrow('Expected the mutex to be locked');
    expect(() => new Cond({} as never)).toThrow('Expected `mutex` to be a Mutex, got Object');
  });
});
