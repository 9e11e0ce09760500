import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planted } from './planted.js';
import { lawful } from './trial.js';

describe('the trial notices a pipeline that', () => {
  it.each(planted)('$title', async (subject) => {
    const { failed } = await fc.check(lawful(subject), { numRuns: 1000, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
