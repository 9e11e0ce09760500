import * as operators from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { unhandledBy } from './bed.js';
import { laws } from './laws.js';
import { plant } from './planted.js';
import { others, subjects } from './subjects.js';

describe.each(laws)('law $number: $says', ({ check, broken }) => {
  // Some take their time on a machine that is busy.
  it.each(subjects)('$title', { timeout: 60_000 }, check);

  it('passes what is sound', () => check(plant((_, sound) => sound())));

  it('catches what is broken', async () => {
    await unhandledBy(() => expect(check(broken)).rejects.toThrow());
  });
});

it('the laws are numbered from 1 to 12', () => {
  const numbers = [...new Set(laws.map(({ number }) => number))];
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
});

it('every operator is under the laws', () => {
  const functions = Object.keys(operators).filter((name) => /^[a-z]/.test(name));
  const made = subjects.flatMap((subject) => subject.made);
  expect(functions.sort()).toEqual([...new Set([...made, ...others])].sort());
});
