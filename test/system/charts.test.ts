import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultsOf, openPage } from '../../scripts/diagrams-in-browser.js';

/** Charts of a run that is too short to mean anything, and those of the docs, where there are any. */
const folder = mkdtempSync(join(tmpdir(), 'charts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const quick = ['--only', 'batch', 'select', 'semaphore-try', '--count', '1000', '--rounds', '1'];
const bench = ['--import', 'tsx', 'bench/main.ts', ...quick, '--write', folder];
execFileSync(process.execPath, bench, { stdio: 'ignore' });

const charts = [join(folder, 'benchmarks'), 'docs/benchmarks'].filter(existsSync).flatMap((path) =>
  readdirSync(path)
    .filter((name) => name.endsWith('.svg'))
    .map((name) => join(path, name)),
);

const { page, close } = await openPage();
afterAll(close);

describe('the charts of the benchmark, in Chromium', () => {
  it('are there', () => expect(charts.length).toBeGreaterThanOrEqual(3));

  it.each(charts)('every text has its place: %s', async (path) => {
    expect(await faultsOf(page, readFileSync(path, 'utf8'))).toEqual([]);
  });
});
