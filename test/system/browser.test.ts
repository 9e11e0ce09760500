import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rxjs-sluice-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Opens the page in Chromium and returns what it wrote of itself. */
async function open(page: string): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [page],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    // What was built and would be published; the tests beside the sources use those.
    alias: {
      'rxjs-sluice': './dist/index.js',
      'rxjs-sluice/operators': './dist/operators/index.js',
    },
  });
  const file = join(folder, 'page.html');
  const script = outputFiles[0]?.text ?? '';
  writeFileSync(file, `<!doctype html><body></body><script type="module">${script}</script>`);
  const dom = execFileSync(
    process.env['CHROMIUM'] ?? 'chromium',
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--user-data-dir=${join(folder, 'profile')}`,
      // The page's clock runs ahead while it waits, and the page is read when it is through.
      '--virtual-time-budget=60000',
      '--dump-dom',
      pathToFileURL(file).href,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const body = /<body>(.*?)<\/body>/s.exec(dom)?.[1] ?? '';
  return JSON.parse(decodeURIComponent(body)) as Record<string, string>;
}

const results = Object.entries(await open('test/system/browser/page.ts'));

it.each(results)('in Chromium, %s', (_, result) => {
  expect(result).toBe('passed');
});

it('Chromium ran the whole page', () => {
  expect(results).toHaveLength(5);
});
