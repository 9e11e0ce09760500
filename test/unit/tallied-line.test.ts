import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TalliedLine, Tally } from '../../src/line/tallied-line.js';

it('a tally is the sum over its lines, whatever is put in, taken out and dropped', () => {
  const overflow = fc.constantFrom('block', 'drop-oldest', 'drop-newest', 'error');
  const step = fc.tuple(fc.constantFrom('put', 'put', 'put', 'take', 'clear'), fc.nat(2));
  fc.assert(
    fc.property(overflow, fc.nat(3), fc.nat(1), fc.array(step), (policy, places, spare, script) => {
      const tally = new Tally(places, spare);
      let dropped = 0;
      const lines = [0, 1, 2].map(() => {
        const line = new TalliedLine<number>(policy, 2, () => {
          dropped++;
          expect(tally.waiting).toBe(lines.reduce((sum, { length }) => sum + length, 0));
        });
        line.tally = tally;
        return line;
      });
      for (const [what, which] of script) {
        const line = lines[which]!;
        if (what === 'put') line.put(which, places);
        else if (what === 'clear') line.clear('unsubscribed');
        else if (line.length > 0) line.take();
        const lengths = lines.map(({ length }) => length);
        const sum = (of: (length: number) => number) =>
          lengths.reduce((total, length) => total + of(length), 0);
        expect(tally.waiting).toBe(sum((length) => length));
        expect(tally.beyond).toBe(sum((length) => Math.max(0, length - places)));
        expect(tally.parked).toBe(Math.max(0, tally.beyond - spare));
        expect(lines.reduce((total, line) => total + line.dropped, 0)).toBe(dropped);
      }
    }),
    { numRuns: 500 },
  );
});
