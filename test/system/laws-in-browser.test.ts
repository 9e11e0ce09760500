import { describe, expect, it } from 'vitest';
import { laws, subjectsOf } from '../laws/laws.js';
import { installedRxjs } from '../support/installed-rxjs.js';
import { findingsOf } from './browser/open.js';

/** What was built and would be published, under the same laws as the sources, in a browser. */
const onEach = await Promise.all(
  installedRxjs.map(async (rxjs) => {
    // A browser has no setImmediate: a turn of its loop is a message, which no timer of the page's delays.
    const inject = ['set-immediate.ts'];
    return { rxjs, findings: await findingsOf({ file: 'laws-page.ts', rxjs, inject }) };
  }),
);

describe.each(onEach)('in Chromium, on $rxjs', ({ findings }) => {
  it.each(Object.entries(findings))('%s', (_, result) => {
    expect(result).toBe('passed');
  });

  it('all of them were tried', () => {
    const tried = laws.reduce((sum, law) => sum + subjectsOf(law).length + 2, 0);
    expect(Object.keys(findings)).toHaveLength(tried);
  });
});
