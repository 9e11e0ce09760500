import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/**
 * Every `ts` block of the README and of the doc comments runs as a program of its own, with the
 * package's names leading to the sources. What it prints must be what its comments behind
 * `console.log(…)` say, in order; a comment that ends in `…` says how a line begins.
 */
interface Snippet {
  readonly title: string;
  readonly code: string;
}

function blocksOf(title: string, text: string): Snippet[] {
  const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)];
  return blocks.map(([, code = ''], index) => ({ title: `${title}, ${index + 1}`, code }));
}

function commentsOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/^ *\* ?/gm, '');
}

const sources = ['src', 'operators', 'marbles'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('specs'))
    .map((file) => join(folder, file)),
);

const snippets = [
  ...blocksOf('README.md', readFileSync('README.md', 'utf8')),
  ...sources.flatMap((path) => blocksOf(path, commentsOf(path))),
];

const expectedOf = (code: string) =>
  [...code.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, output]) => output).join(' ');

const folder = '.cache/snippets';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const run = promisify(execFile);

it('there are snippets', () => expect(snippets.length).toBeGreaterThan(10));

it.each(snippets)('$title', { timeout: 60_000 }, async ({ title, code }) => {
  const path = join(folder, `${title.replaceAll(/\W+/g, '-')}.mts`);
  writeFileSync(path, code);
  const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', path]);
  const printed = stdout.trim().replaceAll('\n', ' ');
  expect(stderr).toBe('');
  const expected = expectedOf(code);
  if (expected.endsWith('…')) expect(printed).toContain(expected.slice(0, -1));
  else expect(printed).toBe(expected);
});
