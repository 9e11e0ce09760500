import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring, insertAt, removeAt, shiftMany, valueAt } from '../../src/line/ring.js';
import { later } from '../support/later.js';

const filled = (count: number) => {
  const ring = new Ring<number>();
  for (let n = 0; n < count; n++) ring.push(n);
  return ring;
};

const contents = <T>(ring: Ring<T>) =>
  Array.from({ length: ring.length }, (_, i) => valueAt(ring, i));

/** Its invariants: they stand at the head of its file. */
function keepsItsPlaces({ slots, head, length }: Ring<number>): boolean {
  const { length: size } = slots;
  const empty = Array.from({ length: size - length }, (_, i) => slots[(head + length + i) % size]);
  return (
    (size & (size - 1)) === 0 &&
    (head < size || head === 0) &&
    empty.every((slot) => slot === undefined)
  );
}

describe('a ring does as an array does', () => {
  /** `share` says where, or how much, as a share of what is there. */
  const steps = {
    push: (ring: Ring<number>, array: number[], share: number) => {
      for (let n = 0; n <= share * 12; n++) {
        ring.push(n);
        array.push(n);
      }
    },
    shift: (ring: Ring<number>, array: number[]) => {
      if (array.length > 0) expect(ring.shift()).toBe(array.shift());
    },
    shiftMany: (ring: Ring<number>, array: number[], share: number) => {
      const count = Math.floor(share * (array.length + 1));
      expect(shiftMany(ring, count)).toEqual(array.splice(0, count));
    },
    removeAt: (ring: Ring<number>, array: number[], share: number) => {
      const index = Math.floor(share * array.length);
      if (array.length > 0) expect([removeAt(ring, index)]).toEqual(array.splice(index, 1));
    },
    insertAt: (ring: Ring<number>, array: number[], share: number) => {
      const index = Math.floor(share * (array.length + 1));
      insertAt(ring, index, -1);
      array.splice(index, 0, -1);
    },
  };
  const name = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]));
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('whatever is put in and taken out, where, and in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, share), { maxLength: 60, size: 'max' }), (script) => {
        const ring = new Ring<number>();
        const array: number[] = [];
        for (const [step, where] of script) {
          steps[step](ring, array, where);
          expect(contents(ring)).toEqual(array);
          expect(keepsItsPlaces(ring)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.keys(steps) as (keyof typeof steps)[])(
    'wherever its values lie in its memory: %s',
    (step) => {
      for (let head = 0; head < 8; head++) {
        for (let length = 1; length <= 8; length++) {
          for (let n = 0; n <= length; n++) {
            const ring = filled(8);
            // It never runs empty, and so does not begin anew.
            for (let i = 0; i < head; i++) {
              ring.shift();
              ring.push(8 + i);
            }
            while (ring.length > length) ring.shift();
            const array = contents(ring);
            steps[step](ring, array, (n + 0.5) / (length + 1));
            expect([contents(ring), keepsItsPlaces(ring)]).toEqual([array, true]);
          }
        }
      }
    },
  );

  it('when it grows while its values lie across the end of its memory', () => {
    const ring = filled(8);
    for (let n = 0; n < 5; n++) ring.shift();
    for (let n = 8; n < 40; n++) ring.push(n);
    expect(contents(ring)).toEqual(Array.from({ length: 35 }, (_, i) => i + 5));
  });

  it('with undefined among its values', () => {
    const ring = new Ring<number | undefined>();
    for (const value of [undefined, 1, undefined]) ring.push(value);
    expect([ring.length, removeAt(ring, 1), ring.shift(), ring.shift(), ring.length]).toEqual([
      3,
      1,
      undefined,
      undefined,
      0,
    ]);
  });
});

describe('nothing that was taken stays alive', () => {
  const taking: Readonly<Record<string, (ring: Ring<object>) => unknown>> = {
    shift: (ring) => ring.shift(),
    shiftMany: (ring) => shiftMany(ring, 2),
    removeAt: (ring) => removeAt(ring, 1),
    'the last shift': (ring) => [ring.shift(), ring.shift(), ring.shift()],
  };

  it.each(Object.keys(taking))('by %s', async (by) => {
    const ring = new Ring<object>();
    const refs = Array.from({ length: 3 }, () => {
      const value = {};
      ring.push(value);
      return new WeakRef(value);
    });
    taking[by]!(ring);
    await later();
    globalThis.gc!();
    // Asking a WeakRef keeps its target alive for the turn, so each is asked only now.
    const alive = new Set(refs.map((ref) => ref.deref()).filter((value) => value !== undefined));
    expect(alive).toEqual(new Set(contents(ring)));
    expect(alive.size).toBe(ring.length);
  });
});

it('gives back the memory of a long backlog when it is empty', () => {
  const count = 1 << 20;
  const used = () => {
    globalThis.gc!();
    return process.memoryUsage().heapUsed;
  };
  const before = used();
  const ring = filled(count);
  const full = used();
  while (ring.length > 0) ring.shift();
  const after = used();
  // A place takes four bytes at the least.
  expect(full - before).toBeGreaterThan(count * 4);
  expect(after - before).toBeLessThan(count);
  expect([ring.length, keepsItsPlaces(ring)]).toEqual([0, true]);
});
