import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { openPage } from '../../scripts/diagrams-in-browser.js';
import { laws } from '../laws/laws.js';
import { subjects } from '../laws/subjects.js';

/** What was built and would be published, under the same laws as the sources, in a browser. */
const { outputFiles } = await build({
  entryPoints: ['test/system/browser/laws-page.ts'],
  bundle: true,
  write: false,
  format: 'iife',
  target: 'es2022',
  // A browser has no setImmediate: a turn of its loop is a message, which no timer of the page's delays.
  inject: ['test/system/browser/set-immediate.ts'],
  ignoreAnnotations: true, // `sideEffects: false` would leave it out
  alias: {
    vitest: './test/system/browser/expect.ts',
    'rxjs-sluice': './dist/index.js',
    'rxjs-sluice/operators': './dist/operators/index.js',
    'rxjs-sluice/marbles': './dist/marbles/index.js',
  },
});

const { page, close } = await openPage();
afterAll(close);
await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
const results = await page.evaluate(() =>
  (globalThis as unknown as { holdAll(): Promise<Record<string, string>> }).holdAll(),
);

it.each(Object.entries(results))('in Chromium, %s', (_, result) => {
  expect(result).toBe('passed');
});

it('all of them were tried', () => {
  expect(Object.keys(results)).toHaveLength(laws.length * (subjects.length + 2));
});
