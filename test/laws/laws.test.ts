import * as operators from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { laws } from './laws.js';
import { others, subjects } from './subjects.js';

describe.each(laws)('law $number: $intent', ({ check }) => {
  it.each(subjects)('$title', check);
});

it('every operator is under the laws', () => {
  const functions = Object.keys(operators).filter((name) => /^[a-z]/.test(name));
  const stages = subjects.map(({ operator }) => operator);
  expect(functions.sort()).toEqual([...new Set([...stages, ...others])].sort());
});
