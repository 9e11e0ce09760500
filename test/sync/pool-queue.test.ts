import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Waiter } from '../../src/line/waiters.js';
import { PoolQueue, type Prospect, type Seeker } from '../../src/sync/pool-queue.js';

const nobody = () => {};
const seekerOf = (): Seeker<void> => new Waiter(nobody);
const prospectOf = (): Prospect<void> => ({ seeker: undefined });

describe('the queue of a pool', () => {
  interface Bed {
    readonly queue: PoolQueue<void>;
    readonly seekers: Seeker<void>[];
    readonly prospects: Prospect<void>[];
  }

  const takeAt = <T>(array: T[], share: number): T | undefined =>
    array.splice(Math.floor(share * array.length), 1)[0];

  const steps = {
    push: ({ queue, seekers }: Bed) => {
      const seeker = seekerOf();
      seekers.push(seeker);
      queue.push(seeker);
    },
    shift: ({ queue, seekers }: Bed) => {
      expect(queue.shift() === seekers.shift()).toBe(true);
    },
    leave: ({ queue, seekers }: Bed, share: number) => {
      const seeker = takeAt(seekers, share);
      if (seeker === undefined) return;
      expect([queue.remove(seeker), queue.remove(seeker)]).toEqual([true, false]);
    },
    offer: ({ queue, prospects }: Bed) => {
      const prospect = prospectOf();
      prospects.push(prospect);
      queue.offer(prospect);
    },
    withdraw: ({ queue, prospects }: Bed, share: number) => {
      const prospect = takeAt(prospects, share);
      if (prospect === undefined) return;
      const { seeker } = prospect;
      expect(queue.withdraw(prospect) === seeker).toBe(true);
      expect(prospect.seeker).toBeUndefined();
    },
  };
  const name = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]));
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('has something under way for as many as it can, the first, each alone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, share), { maxLength: 60, size: 'max' }), (script) => {
        const bed: Bed = { queue: new PoolQueue(), seekers: [], prospects: [] };
        const { queue, seekers, prospects } = bed;
        for (const [step, which] of script) {
          steps[step](bed, which);
          const served = Math.min(seekers.length, prospects.length);
          const places = prospects
            .filter(({ seeker }) => seeker !== undefined)
            .map(({ seeker }) => seekers.indexOf(seeker!));
          expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: served }, (_, i) => i));
          expect(queue.anyNeedy()).toBe(seekers.length > prospects.length);
          expect(queue.size).toBe(seekers.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('leaves what is under way with the one it is for, for as long as nothing else ends', () => {
    const queue = new PoolQueue<void>();
    const [first, second, third] = [seekerOf(), seekerOf(), seekerOf()];
    const [slow, failing] = [prospectOf(), prospectOf()];
    queue.push(first);
    queue.offer(slow);
    queue.push(second);
    queue.offer(failing);
    queue.push(third);
    expect([slow.seeker === first, failing.seeker === second]).toEqual([true, true]);
    expect(queue.withdraw(failing) === second).toBe(true);
    queue.remove(second);
    expect([slow.seeker === first, queue.anyNeedy()]).toEqual([true, true]);
  });
});
