import fc from 'fast-check';
import { Channel, type LineOptions, type Overflow } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { planted } from './planted.js';
import { Reference, type Make } from './reference.js';
import { Trial, compare, turns } from './trial.js';

const capacities = [0, 1, 2, 3, 7];
const policies: Overflow[] = ['block', 'drop-oldest', 'drop-newest', 'error'];

/** What `make` makes does as the model does, whatever is done to it. */
const likeTheModel = (make: Make, capacity: number, overflow: Overflow) =>
  fc.asyncProperty(turns, (script) =>
    compare(
      new Trial(make, capacity, overflow),
      new Trial((...given) => new Reference(...given), capacity, overflow),
      script,
    ),
  );

const sound: Make = (capacity, options: LineOptions<number>) => new Channel(capacity, options);

describe.each(policies)('under overflow: %j', (overflow) => {
  it.each(capacities)('a channel of capacity %i does as the model does', async (capacity) => {
    await fc.assert(likeTheModel(sound, capacity, overflow), { numRuns: 1000 });
  });
});

describe('the comparison notices a channel that', () => {
  it.each(planted)('$title', async ({ make, overflow = 'block' }) => {
    // At whichever capacity the difference shows.
    const tried = await Promise.all(
      capacities.map((capacity) =>
        fc.check(likeTheModel(make, capacity, overflow), { numRuns: 400, endOnFailure: true }),
      ),
    );
    expect(tried.some(({ failed }) => failed)).toBe(true);
  });
});
