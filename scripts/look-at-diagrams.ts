/**
 * Renders marble diagrams to PNG as pages show them, in light and in dark, for people to look at, and measures
 * their texts in Chromium; ends with a list, and an exit code of 1, where one does not fit.
 *
 *     tsx scripts/look-at-diagrams.ts              docs/diagrams/*.svg
 *     tsx scripts/look-at-diagrams.ts a.svg b.svg  these
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { faultsOf, openPage, portrait } from './diagrams-in-browser.js';

const root = resolve(import.meta.dirname, '..');
const album = join(root, '.cache/diagrams');

const named = process.argv.slice(2);
const committed = (): string[] =>
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /^diagrams[\\/][^\\/]+\.svg$/.test(path))
    .sort()
    .map((path) => join(root, 'docs', path));
const paths = named.length > 0 ? named : committed();
if (paths.length === 0) throw new Error('There is no diagram in docs/diagrams');

mkdirSync(album, { recursive: true });
const faults: string[] = [];
const { page, close } = await openPage();
try {
  for (const path of paths) {
    const svg = readFileSync(path, 'utf8');
    const name = basename(path, '.svg');
    faults.push(...(await faultsOf(page, svg)).map((fault) => `${name}: ${fault}`));
    for (const scheme of ['light', 'dark'] as const) {
      writeFileSync(join(album, `${name}-${scheme}.png`), await portrait(page, svg, scheme));
    }
  }
} finally {
  await close();
}

for (const fault of faults) console.error(fault);
console.log(`${paths.length} diagrams in ${album}, ${faults.length} faults`);
if (faults.length > 0) process.exitCode = 1;
