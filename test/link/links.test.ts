import * as rx from 'rxjs';
import * as operators from 'rxjs/operators';
import { describe, expect, it } from 'vitest';
import type { InstalledRxjs } from '../support/installed-rxjs.js';
import { catalogue, withoutInput } from './catalogue/index.js';
import { classify, linkClasses } from './experiment.js';
import { linksPage } from './page.js';

const installed = (process.env['RXJS'] ?? 'rxjs') as InstalledRxjs;

for (const is of linkClasses) {
  describe(`${is}:`, () => {
    for (const { name, input, use, build, missing } of catalogue[is]) {
      const title = [name, input, use].filter((part) => part !== undefined).join(', ');
      if (missing?.includes(installed)) {
        it(`${title}, is missing`, () => expect(rx).not.toHaveProperty(name));
      } else {
        it(title, async () => expect(await classify(build)).toBe(is));
      }
    }
  });
}

it('every function that rxjs exports is in the catalogue, or has no input', () => {
  const told = [
    ...linkClasses.flatMap((is) => catalogue[is].map(({ name }) => name)),
    ...Object.values(withoutInput).flat(),
  ];
  const exported = Object.entries({ ...operators, ...rx })
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name);
  expect(exported.filter((name) => !told.includes(name))).toEqual([]);
});

// The page says what was found on all versions; one of their runs is enough to write it.
if (installed === 'rxjs') {
  it('docs/links.md shows the catalogue', async () => {
    await expect(await linksPage(catalogue)).toMatchFileSnapshot('../../docs/links.md');
  });
}
