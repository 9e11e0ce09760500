import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { blocksOf, pages, saidBy, type Block } from '../docs/markdown.js';

/**
 * Every `go` block of `docs/` is formatted, passes `go vet`, and runs as a program of its own: its
 * functions and types as they stand, the rest as `main`, with the imports that it needs. What it prints
 * must be what its comments behind `fmt.Print…` say, as with the TypeScript beside it.
 *
 * A block may say behind `go` which version it needs: with an older one only its form is checked. One that
 * says `deadlock` must end in Go's report of it.
 */
interface Program extends Block {
  readonly name: string;
  readonly source: string;
}

const paths: Readonly<Record<string, string>> = {
  atomic: 'sync/atomic',
  errgroup: 'golang.org/x/sync/errgroup',
  http: 'net/http',
  httptest: 'net/http/httptest',
  rate: 'golang.org/x/time/rate',
  semaphore: 'golang.org/x/sync/semaphore',
  signal: 'os/signal',
};
const standard = ['context', 'errors', 'fmt', 'io', 'os', 'runtime', 'sync', 'syscall', 'time'];

function importsOf(code: string): string[] {
  const bare = code.replaceAll(/\/\/.*$/gm, '');
  const used = new Set([...bare.matchAll(/(?<![.\w])(\w+)\.[A-Z]/g)].map(([, name = '']) => name));
  const known = [...standard.map((name) => [name, name] as const), ...Object.entries(paths)];
  return known.filter(([name]) => used.has(name)).map(([, path]) => path);
}

/** Declarations as they stand, and the rest within `main`. */
function programOf(code: string): string {
  const declarations: string[] = [];
  const main = code.replaceAll(/^(?:func|type) (?:.*\{\n[\s\S]*?^\}|.*)\n+/gm, (declaration) => {
    declarations.push(declaration.trimEnd());
    return '';
  });
  const imports = importsOf(code).map((path) => `import "${path}"`);
  const body = main.trim().replaceAll(/^(?=.)/gm, '\t');
  return [
    'package main',
    ...(imports.length > 0 ? [imports.join('\n')] : []),
    ...declarations,
    `func main() {\n${body}\n}\n`,
  ].join('\n\n');
}

const folder = mkdtempSync(join(tmpdir(), 'rxjs-sluice-go-'));
afterAll(() => rmSync(folder, { recursive: true }));

// golang.org/x comes from Debian's packages, which stand in a GOPATH.
const env = {
  ...process.env,
  GO111MODULE: 'off',
  GOPATH: `${folder}${delimiter}/usr/share/gocode`,
};
const go = (...args: string[]) =>
  spawnSync('go', args, { cwd: join(folder, 'src'), env, encoding: 'utf8' });

const programs = pages
  .flatMap(([path, text]) => blocksOf(path, text, 'go'))
  .map((block): Program => {
    const name = block.title.toLowerCase().replaceAll(/\W+/g, '_');
    const source = programOf(block.code);
    mkdirSync(join(folder, 'src', name), { recursive: true });
    writeFileSync(join(folder, 'src', name, 'main.go'), source);
    return { ...block, name, source };
  });

const minor = (version: string) => Number(/1\.(\d+)/.exec(version)?.[1] ?? 0);
const installed = minor(execFileSync('go', ['version'], { encoding: 'utf8' }));
const runs = programs.filter(({ note }) => minor(note) <= installed);
const newer = programs.filter(({ note }) => minor(note) > installed);

it('there are programs, and few that need a newer Go', () => {
  expect(programs.length).toBeGreaterThan(30);
  expect(newer.length).toBeLessThan(6);
});

it('every program is formatted as gofmt does', () => {
  const { stdout, stderr } = spawnSync('gofmt', ['-d', 'src'], { cwd: folder, encoding: 'utf8' });
  expect(stdout + stderr).toBe('');
});

it('every program passes go vet', () => {
  const { stderr } = go('vet', ...runs.map(({ name }) => name));
  expect(stderr.replaceAll(/^#.*\n/gm, '')).toBe('');
});

describe('running', () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const built = go('build', '-o', bin, ...runs.map(({ name }) => name));

  it('all are built', () => {
    expect(built.stderr).toBe('');
  });

  it.each(runs)('$title', ({ name, code, note }) => {
    const { stdout, stderr } = spawnSync(join(bin, name), { encoding: 'utf8', timeout: 60_000 });
    if (note === 'deadlock') expect(stderr).toContain('all goroutines are asleep - deadlock!');
    else expect(stderr).toBe('');
    expect(stdout.trim().replaceAll('\n', ' ')).toBe(saidBy(code, 'fmt.Print'));
  });
});
