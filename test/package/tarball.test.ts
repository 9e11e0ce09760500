import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, inject, it } from 'vitest';

const tarball = inject('tarball');
const tsc = resolve('node_modules/.bin/tsc');

const consumers: string[] = [];
afterAll(() => {
  for (const folder of consumers) rmSync(folder, { recursive: true });
});

/** An empty folder into which the packed package is installed, as a user would. */
class Consumer {
  readonly folder = mkdtempSync(join(tmpdir(), 'rxjs-sluice-consumer-'));

  constructor(...dependencies: readonly string[]) {
    consumers.push(this.folder);
    writeFileSync(join(this.folder, 'package.json'), '{ "private": true }\n');
    cpSync('test/package/consumer', this.folder, { recursive: true });
    this.run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...dependencies);
  }

  run(program: string, ...args: readonly string[]): string {
    const options = { cwd: this.folder, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(program, args, options);
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Compiles strictly, the package's own declarations included, with no other types at hand. */
  compile(file: string, ...options: readonly string[]): void {
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
    const platform = ['--target', 'es2022', '--lib', 'es2022,dom'];
    this.run(tsc, file, ...strict, ...platform, ...options);
  }
}

describe.each(['7.5.5', '7.8.2', '8.0.0-alpha.14'])('installed beside rxjs %s', (version) => {
  const consumer = new Consumer(tarball, `rxjs@${version}`);

  it('each entry works from an ES module', () => {
    expect(consumer.run('node', 'use.mjs')).toBe('used\n');
  });

  it('each entry works from CommonJS', () => {
    expect(consumer.run('node', 'use.cjs')).toBe('used\n');
  });

  it('each entry works from an ES module in TypeScript (NodeNext)', () => {
    consumer.compile('use.mts', '--module', 'nodenext', '--outDir', 'esm');
    expect(consumer.run('node', 'esm/use.mjs')).toBe('used\n');
  });

  it('each entry works from CommonJS in TypeScript (NodeNext)', () => {
    consumer.compile('use.cts', '--module', 'nodenext', '--outDir', 'cjs');
    expect(consumer.run('node', 'cjs/use.cjs')).toBe('used\n');
  });

  it('each entry works from TypeScript in a bundle (Bundler)', async () => {
    const resolution = ['--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit'];
    consumer.compile('use.mts', ...resolution);
    await build({
      absWorkingDir: consumer.folder,
      entryPoints: ['use.mts'],
      outfile: 'bundle.mjs',
      bundle: true,
      format: 'esm',
    });
    expect(consumer.run('node', 'bundle.mjs')).toBe('used\n');
  });

  it('classes have one identity, imported or required', () => {
    expect(consumer.run('node', 'identity.mjs')).toBe('used\n');
  });
});

describe('installed where rxjs is not', () => {
  const consumer = new Consumer(tarball);

  it('brings nothing with it', () => {
    const installed = readdirSync(join(consumer.folder, 'node_modules'));
    expect(installed.filter((name) => !name.startsWith('.'))).toEqual(['rxjs-sluice']);
  });

  it('channels work from an ES module', () => {
    expect(consumer.run('node', 'without-rxjs.mjs')).toBe('used\n');
  });

  it('channels work from CommonJS', () => {
    expect(consumer.run('node', 'without-rxjs.cjs')).toBe('used\n');
  });

  it('channels work from TypeScript', () => {
    consumer.compile('without-rxjs.mts', '--module', 'nodenext', '--outDir', 'esm');
    expect(consumer.run('node', 'esm/without-rxjs.mjs')).toBe('used\n');
  });
});

it('the package holds what it publishes and nothing else', () => {
  const listing = execFileSync('tar', ['--list', '--gzip', '--file', tarball], {
    encoding: 'utf8',
  });
  const files = listing
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
  const outside = files.filter((path) => !path.startsWith('dist/')).sort();
  expect(outside).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'marbles/package.json',
    'operators/package.json',
    'package.json',
  ]);
  const kinds = new Set(
    files.filter((path) => path.startsWith('dist/')).map((path) => path.replace(/^[^.]*/, '')),
  );
  expect([...kinds].sort()).toEqual(['.cjs', '.cjs.map', '.d.cts', '.d.ts', '.js', '.js.map']);
});
