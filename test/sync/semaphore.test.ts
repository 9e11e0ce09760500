import fc from 'fast-check';
import { Semaphore, type Permit } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';

/** Acquires, and notes in `log` when that succeeds or fails. */
function note(log: unknown[], name: string, acquiring: Promise<Permit>): void {
  acquiring.then(
    () => log.push(name),
    (error: unknown) => log.push([name, error]),
  );
}

describe('a semaphore', () => {
  it('lets so many hold it, and hands what is given back to the first who waits', async () => {
    const semaphore = new Semaphore(2);
    const first = await semaphore.acquire();
    await semaphore.acquire();
    const log: unknown[] = [];
    note(log, 'third', semaphore.acquire());
    note(log, 'fourth', semaphore.acquire());
    await later();
    expect([log, semaphore.available, semaphore.waiting]).toEqual([[], 0, 2]);
    first();
    expect(semaphore.tryAcquire()).toBeUndefined(); // nobody comes between
    await later();
    expect([log, semaphore.waiting]).toEqual([['third'], 1]);
  });

  it('counts a second release for nothing', async () => {
    const semaphore = new Semaphore(1);
    const release = await semaphore.acquire();
    release();
    release();
    expect(semaphore.available).toBe(1);
    const again = semaphore.tryAcquire();
    release();
    expect([again === undefined, semaphore.available]).toEqual([false, 0]);
  });

  it('is released by `using`, also when the block throws', async () => {
    const semaphore = new Semaphore(1);
    const use = async () => {
      using held = await semaphore.acquire();
      expect([semaphore.available, typeof held]).toEqual([0, 'function']);
      throw new Error('in the block');
    };
    await expect(use()).rejects.toThrow('in the block');
    expect(semaphore.available).toBe(1);
  });

  it('does not starve a large request', async () => {
    const semaphore = new Semaphore(3);
    const held = await semaphore.acquire();
    const log: unknown[] = [];
    note(log, 'large', semaphore.acquire({ weight: 3 }));
    note(log, 'small', semaphore.acquire());
    await later();
    expect([log, semaphore.available, semaphore.tryAcquire()]).toEqual([[], 0, undefined]);
    held();
    await later();
    expect(log).toEqual(['large']);
  });

  it('serves those behind when a large request is aborted', async () => {
    const semaphore = new Semaphore(3);
    await semaphore.acquire();
    const controller = new AbortController();
    const log: unknown[] = [];
    note(log, 'large', semaphore.acquire({ weight: 3, signal: controller.signal }));
    note(log, 'small', semaphore.acquire({ weight: 2 }));
    controller.abort('no more');
    await later();
    expect(log).toHaveLength(2);
    expect(log).toEqual(expect.arrayContaining([['large', 'no more'], 'small']));
    expect([semaphore.available, semaphore.waiting]).toEqual([0, 0]);
  });

  it('takes nothing when the signal has aborted, and keeps no listener when it has not', async () => {
    const semaphore = new Semaphore(1);
    await expect(
      semaphore.acquire({ signal: AbortSignal.abort(new Error('before')) }),
    ).rejects.toThrow('before');
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    const release = await semaphore.acquire({ signal });
    expect(listeners()).toBe(0);
    const second = semaphore.acquire({ signal });
    expect(listeners()).toBe(1);
    release();
    await second;
    expect(listeners()).toBe(0);
  });

  it('can grow and shrink; what is held stays so', async () => {
    const semaphore = new Semaphore(1);
    const held = await semaphore.acquire();
    const log: unknown[] = [];
    note(log, 'a', semaphore.acquire());
    note(log, 'b', semaphore.acquire());
    semaphore.resize(2);
    await later();
    expect([log, semaphore.size]).toEqual([['a'], 2]);
    semaphore.resize(1);
    held();
    await later();
    expect([log, semaphore.available]).toEqual([['a'], 0]);
    semaphore.resize(2);
    await later();
    expect(log).toEqual(['a', 'b']);
  });

  it('has nothing to lend while more is held than its size', async () => {
    const semaphore = new Semaphore(2);
    const held = [await semaphore.acquire(), await semaphore.acquire()];
    semaphore.resize(0);
    expect([semaphore.available, semaphore.waiting]).toEqual([0, 0]);
    for (const release of held) release();
    expect(semaphore.available).toBe(0);
    semaphore.resize(1);
    expect(semaphore.available).toBe(1);
  });

  it('rejects who waits for more than there ever will be', async () => {
    const semaphore = new Semaphore(3);
    await semaphore.acquire({ weight: 3 });
    const large = semaphore.acquire({ weight: 3 });
    const small = semaphore.acquire({ weight: 1 });
    semaphore.resize(2);
    await expect(large).rejects.toThrow(
      new RangeError('Expected `weight` to be an integer from 1 to 2, got 3'),
    );
    expect(semaphore.waiting).toBe(1);
    semaphore.resize(4);
    (await small)();
  });

  it.each([0, 4, 1.5, NaN])('refuses a weight of %d', async (weight) => {
    const semaphore = new Semaphore(3);
    const message = `Expected \`weight\` to be an integer from 1 to 3, got ${weight}`;
    expect(() => semaphore.tryAcquire(weight)).toThrow(new RangeError(message));
    await expect(semaphore.acquire({ weight })).rejects.toThrow(new RangeError(message));
    expect(semaphore.available).toBe(3);
  });

  it('refuses a size that is none', () => {
    expect(() => new Semaphore(-1)).toThrow('Expected `size` to be an integer ≥ 0, got -1');
    expect(() => {
      new Semaphore(1).resize(NaN);
    }).toThrow('Expected `size` to be an integer ≥ 0, got NaN');
  });

  it('serves in order and never lends more than it has, whatever is done to it', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('acquire' as const), n: fc.integer({ min: 1, max: 4 }) }),
      fc.record({
        do: fc.constant('acquire, as one who waits' as const),
        n: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({ do: fc.constant('try' as const), n: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('release' as const), n: fc.nat(9) }),
      fc.record({ do: fc.constant('abort' as const), n: fc.nat(9) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (script) => {
        const semaphore = new Semaphore(4);
        const held: { release: Permit; weight: number }[] = [];
        let waiting: { id: number; weight: number; controller: AbortController }[] = [];
        const served: number[] = [];
        const late: number[] = [];
        let id = 0;
        for (const { do: what, n } of script) {
          if (what === 'acquire' || what === 'acquire, as one who waits') {
            const shared = what === 'acquire' ? undefined : waiting.at(-1)?.controller;
            const mine = { id: id++, weight: n, controller: shared ?? new AbortController() };
            const { signal } = mine.controller;
            waiting.push(mine);
            semaphore.acquire({ weight: n, signal }).then(
              (release) => {
                if (signal.aborted) late.push(mine.id);
                held.push({ release, weight: n });
                served.push(mine.id);
                waiting = waiting.filter((other) => other !== mine);
              },
              () => (waiting = waiting.filter((other) => other !== mine)),
            );
          } else if (what === 'try') {
            const release = semaphore.tryAcquire(n);
            if (release !== undefined) held.push({ release, weight: n });
          } else if (what === 'release') {
            const [given] = held.splice(n % Math.max(1, held.length), 1);
            given?.release();
            given?.release();
          } else {
            waiting[n % Math.max(1, waiting.length)]?.controller.abort();
          }
          await later();
          const lent = held.reduce((sum, { weight }) => sum + weight, 0);
          expect(lent).toBeLessThanOrEqual(4);
          expect([semaphore.waiting, late]).toEqual([waiting.length, []]);
          // Nobody waits without need.
          if (waiting[0] !== undefined) expect(lent + waiting[0].weight).toBeGreaterThan(4);
          else expect(semaphore.available).toBe(4 - lent);
        }
        expect(served).toEqual([...served].sort((a, b) => a - b));
      }),
      { numRuns: 100 },
    );
  });
});
