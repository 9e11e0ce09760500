import fc from 'fast-check';
import * as library from 'rxjs-sluice';
import type { Overflow } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { libraryCopy } from '../support/library-copy.js';
import { turns } from './commands.js';
import { modelled } from './modelled.js';
import { inSelect, inTheChannel } from './planted.js';
import { subjectFrom, type Kind, type Make } from './subject.js';
import { Trial, compare } from './trial.js';

const capacities = [0, 1, 2, 3, 7];
const policies: Overflow[] = ['block', 'drop-oldest', 'drop-newest', 'error'];

const kind: fc.Arbitrary<Kind> = fc.record({
  capacity: fc.constantFrom(...capacities),
  overflow: fc.constantFrom(...policies),
});

/** What `make` makes does as the model does, whatever is done to it; beside it is some other channel. */
const likeTheModel = (make: Make, first: Kind) =>
  fc.asyncProperty(kind, turns, (second, script) => {
    const kinds = [first, second];
    return compare(new Trial(make, kinds), new Trial(modelled, kinds), script);
  });

describe.each(policies)('under overflow: %j', (overflow) => {
  it.each(capacities)('a channel of capacity %i does as the model does', async (capacity) => {
    await fc.assert(likeTheModel(subjectFrom(library), { capacity, overflow }), { numRuns: 1000 });
  });
});

describe.each([
  ['a channel', inTheChannel],
  ['a select', inSelect],
])('the comparison notices %s that', (_, planted) => {
  it.each(planted)('$title', async ({ change, overflow = 'block' }) => {
    const make = subjectFrom(await libraryCopy(change));
    expect(await isNoticed(make, overflow)).toBe(true);
  });
});

/** At whichever capacity the difference shows. */
async function isNoticed(make: Make, overflow: Overflow): Promise<boolean> {
  for (const capacity of capacities) {
    const property = likeTheModel(make, { capacity, overflow });
    const { failed } = await fc.check(property, { numRuns: 1000, endOnFailure: true });
    if (failed) return true;
  }
  return false;
}
