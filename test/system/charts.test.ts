import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultsOf, openPage } from '../../scripts/diagrams-in-browser.js';

const folder = 'docs/benchmarks';
const charts = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith('.svg'))
  : [];

const { page, close } = await openPage();
afterAll(close);

describe('the charts of the benchmark, in Chromium', () => {
  it('are there', () => expect(charts).not.toEqual([]));

  it.each(charts)('every text has its place: %s', async (name) => {
    expect(await faultsOf(page, readFileSync(join(folder, name), 'utf8'))).toEqual([]);
  });
});
