import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blocksOf, pages } from './markdown.js';

/** Every `ts test` block of the docs is a test file, the first of a page its setup: all run here. */
mkdirSync('.cache', { recursive: true });
const folder = mkdtempSync('.cache/guide-');
afterAll(() => rmSync(folder, { recursive: true }));

const blocks = pages
  .flatMap(([path, text]) => blocksOf(path, text, 'ts'))
  .filter(({ note }) => note === 'test');

it('there are tests in the docs', () => expect(blocks.length).toBeGreaterThan(5));

for (const { title, code } of blocks) {
  const path = resolve(folder, `${title.replaceAll(/\W+/g, '-')}.ts`);
  writeFileSync(path, code);
  const load = (): Promise<unknown> => import(/* @vite-ignore */ path);
  if (code.includes("it('"))
    describe(title, async () => {
      await load();
    });
  else await load();
}
