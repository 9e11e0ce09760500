import fc from 'fast-check';
import * as library from 'rxjs-sluice';
import { describe, it } from 'vitest';
import { capacities, likeTheModel, policies } from './like-the-model.js';
import { subjectFrom } from './subject.js';

describe.each(policies)('under overflow: %j', (overflow) => {
  it.each(capacities)('a channel of capacity %i does as the model does', async (capacity) => {
    await fc.assert(likeTheModel(subjectFrom(library), { capacity, overflow }), { numRuns: 1000 });
  });
});
