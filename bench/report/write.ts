import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartOf } from './chart.js';
import { limitLines } from './limits.js';
import { code, table, tidied } from './markdown.js';
import { pageOf } from './page.js';
import type { Figures, Result } from './result.js';

/** Writes the page and a chart for each section, and the limits into the page on performance. */
export async function writePage(
  folder: string,
  figures: Figures,
  results: readonly Result[],
): Promise<void> {
  const charts = join(folder, 'benchmarks');
  await mkdir(charts, { recursive: true });
  // A section that is gone leaves no chart behind.
  for (const name of await readdir(charts)) if (name.endsWith('.svg')) await rm(join(charts, name));
  for (const result of results) {
    await writeFile(join(charts, `${result.section.id}.svg`), chartOf(result));
  }
  await writeFile(join(folder, 'benchmarks.md'), await pageOf(figures, results));
  const performance = join(folder, 'performance.md');
  if (!existsSync(performance)) return;
  const text = withLimits(await readFile(performance, 'utf8'), results);
  await writeFile(performance, await tidied(text));
}

const begin = '<!-- limits: written by the benchmark -->';
const end = '<!-- end of limits -->';

/** The text with the table between the two marks renewed. */
export function withLimits(text: string, results: readonly Result[]): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`Expected the marks ${begin} and ${end}, got neither`);
  const lines = limitLines(results).map(
    ([section = '', ours = '', figure = '', bare = '', ...rest]) => [
      `[${section}](benchmarks.md#${section})`,
      code(ours),
      figure,
      code(bare),
      ...rest,
    ],
  );
  const headings = ['section', 'ours', 'figure', 'limit', 'least', 'unit', 'times'];
  return `${text.slice(0, from)}${begin}\n\n${table(headings, lines)}\n\n${text.slice(to)}`;
}
