import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, expect, it } from 'vitest';
import { blocksOf, pages, saidBy, type Block } from './markdown.js';

/**
 * Every `ts` block of the README, of `docs/` and of the doc comments is sound TypeScript and runs as a
 * program of its own, with the package's names leading to the sources. What it prints must be what its
 * comments behind `console.log(…)` say, in order; a comment that ends in `…` says how a line begins.
 */
interface Snippet extends Block {
  readonly path: string;
}

function commentsOf(path: string): string {
  return readFileSync(path, 'utf8').replace(/^ *\* ?/gm, '');
}

const sources = ['src', 'operators', 'marbles'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('specs'))
    .map((file) => join(folder, file)),
);

// Within the repository, so that they find what they import; a folder for each run.
mkdirSync('.cache', { recursive: true });
const folder = mkdtempSync('.cache/snippets-');
afterAll(() => rmSync(folder, { recursive: true }));

const snippets = [
  ...pages.flatMap(([path, text]) => blocksOf(path, text, 'ts')),
  ...sources.flatMap((path) => blocksOf(path, commentsOf(path), 'ts')),
].map((block): Snippet => {
  const path = join(folder, `${block.title.replaceAll(/\W+/g, '-')}.mts`);
  writeFileSync(path, block.code);
  return { ...block, path };
});

const run = promisify(execFile);

it('there are snippets', () => expect(snippets.length).toBeGreaterThan(10));

it('every snippet is sound TypeScript', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  // A snippet shows a thing, and need not use it.
  const compilerOptions = { ...config.compilerOptions, noUnusedLocals: false };
  const { options } = ts.parseJsonConfigFileContent({ compilerOptions }, ts.sys, resolve('.'));
  const program = ts.createProgram(
    snippets.map(({ path }) => path),
    options,
  );
  const complaints = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 0;
    return `${file?.fileName}:${line + 1} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
  expect(complaints.filter((complaint) => complaint.includes(folder))).toEqual([]);
});

it.each(snippets.filter(({ note }) => note !== 'test'))(
  '$title',
  { timeout: 60_000 },
  async ({ path, code }) => {
    const { stdout, stderr } = await run(process.execPath, ['--import', 'tsx', path]);
    const printed = stdout.trim().replaceAll('\n', ' ');
    expect(stderr).toBe('');
    const expected = saidBy(code, 'console.log');
    if (expected.endsWith('…')) expect(printed).toContain(expected.slice(0, -1));
    else expect(printed).toBe(expected);
  },
);
