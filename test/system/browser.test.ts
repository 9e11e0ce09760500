import { expect, it } from 'vitest';
import { findingsOf } from './browser/open.js';

const findings = Object.entries(await findingsOf({ file: 'page.ts' }));

it.each(findings)('in Chromium, %s', (_, result) => {
  expect(result).toBe('passed');
});

it('Chromium ran the whole page', () => {
  expect(findings).toHaveLength(5);
});
