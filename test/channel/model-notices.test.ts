import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { libraryCopy } from '../support/library-copy.js';
import { capacities, likeTheModel } from './like-the-model.js';
import { inTheChannel } from './planted-in-channel.js';
import { inSelect } from './planted-in-select.js';
import type { Planted } from './planted.js';
import { subjectFrom } from './subject.js';

/** The same scripts each time: what is broken may do anything, and must not fail to be noticed by chance. */
const seed = 20_261_121;

/** Notices what is planted, at whichever capacity it shows. */
async function notice({ change, overflow = 'block' }: Planted, endOnFailure: boolean) {
  const make = subjectFrom(await libraryCopy(change));
  for (const capacity of capacities) {
    const property = likeTheModel(make, { capacity, overflow });
    const tried = await fc.check(property, { seed, numRuns: 1000, endOnFailure });
    if (tried.failed) return tried;
  }
  return expect.fail('nothing is noticed');
}

describe.each([
  ['a channel', inTheChannel],
  ['a select', inSelect],
])('the comparison notices %s that', (_, planted) => {
  it.each(planted.map((one) => [one.title, one] as const))('%s', async (__, one) => {
    expect((await notice(one, true)).failed).toBe(true);
  });
});

it('what is noticed shrinks to little', async () => {
  const ghosts = inTheChannel.find(({ title }) => title.includes('ghost'));
  const { counterexample } = await notice(ghosts!, false);
  const names = counterexample?.[1].flat().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['abort']));
  expect(names?.length).toBeLessThanOrEqual(3);
});
