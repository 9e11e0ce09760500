/**
 * The long form of the proof: the laws on every rxjs, Node and in a browser; fuzzed pipelines, faults, leaks
 * and soaks. Ends with a table of what was tried and what held.
 *
 *     npm run proof                    all parts, in less than an hour
 *     npm run proof -- fuzz leaks      these
 *     npm run proof -- --write         all, and writes docs/proof.md
 *     npm run proof -- --list          names them
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { installedRxjs } from '../test/support/installed-rxjs.js';
import type { Finding, Reported } from '../test/support/proof.js';
import { chromiumVersion, versionOf } from './versions.js';
import { readReport, reportTo } from './vitest-report.js';

process.chdir(resolve(import.meta.dirname, '..'));

const NODES = [20, 22, 24, 26];
const cache = resolve('.cache/proof');
const findings = join(cache, 'findings.jsonl');
const vitest = resolve('node_modules/vitest/vitest.mjs');

interface Part {
  readonly says: string;
  /** Tries it; returns the rows that it does not report by itself. Throws where it cannot be tried. */
  readonly run: () => readonly Row[];
}

interface Row extends Finding {
  readonly ok: boolean;
}

/** Test files in which something failed. */
const failures = new Set<string>();

/** Runs test files in one Node; a row says how many held. */
function test(
  { part, tried }: Pick<Row, 'part' | 'tried'>,
  args: readonly string[],
  node = process.execPath,
): Row {
  const report = join(cache, 'report.json');
  rmSync(report, { force: true });
  const before = reported().length;
  const { status } = spawnSync(node, [vitest, 'run', ...args, ...reportTo(report)], {
    stdio: 'inherit',
    env: { ...process.env, CI: 'true', PROOF: 'long', PROOF_FINDINGS: findings },
  });
  const { passed, failed, skipped, failedFiles } = readReport(report);
  // One that died without a report may not have looked at what it had found.
  const found = reported().slice(before);
  for (const file of failedFiles ?? found.map(({ testFile }) => testFile)) failures.add(file);
  const all = passed + failed + skipped;
  const ok = status === 0 && all > 0 && passed === all;
  return { part, tried, held: `${passed} of ${all} tests`, ok };
}

interface NodeProgram {
  readonly program: string;
  readonly version: string;
}

/** The `node` of a major version, installed from npm beside the project. */
function nodeOf(version: number): NodeProgram {
  const [major] = process.versions.node.split('.');
  if (Number(major) === version) {
    return { program: process.execPath, version: process.versions.node };
  }
  const folder = join(cache, `node${version}`);
  const name = `node-${platform() === 'win32' ? 'win' : platform()}-${arch()}`;
  const program = join(
    folder,
    'node_modules',
    name,
    'bin',
    platform() === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--no-save', '--no-package-lock', '--prefix', folder];
    const shell = platform() === 'win32';
    spawnSync('npm', [...args, `${name}@${version}`], { stdio: 'inherit', shell });
  }
  const found = existsSync(program)
    ? spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.trim()
    : 'nothing';
  if (!found.startsWith(`v${version}.`)) throw new Error(`Expected Node ${version}, got ${found}`);
  return { program, version: found.slice(1) };
}

/** The versions of rxjs that the laws are tried on, as they are installed. */
const rxjsVersions = (): string => installedRxjs.map(versionOf).join(', ');

const MATRIX = ['test/laws', 'test/interop', 'test/link', 'test/surface', 'marbles/specs'];

const folder = (name: string, says: string): Part => ({
  says,
  run() {
    const tried = `all tests of test/${name}, in their long form`;
    return [test({ part: name, tried }, ['--project', 'rxjs', `test/${name}`])];
  },
});

const parts: Readonly<Record<string, Part>> = {
  laws: {
    says: `the laws, links and marble specs on rxjs ${rxjsVersions()}, on Node ${NODES.join(', ')}`,
    run: () =>
      NODES.map(nodeOf).map(({ program, version }) => {
        const part = `laws, Node ${version}`;
        const tried = `laws × subjects, interop, links, marble specs, on rxjs ${rxjsVersions()}`;
        return test({ part, tried }, MATRIX, program);
      }),
  },
  browser: {
    says: 'the laws in headless Chromium, on what would be published',
    run() {
      const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
      if (built.status !== 0) throw new Error('The build failed');
      const config = ['--config', 'test/system/vitest.config.ts', 'laws-in-browser'];
      return [
        test(
          {
            part: `laws, Chromium ${chromiumVersion() ?? ''}`,
            tried: `laws × subjects, on the built package, on rxjs ${rxjsVersions()}`,
          },
          config,
        ),
      ];
    },
  },
  fuzz: folder('fuzz', 'random pipelines against a reference interpreter'),
  faults: folder(
    'faults',
    'every callback throws at every call; sources that break their contract',
  ),
  leaks: folder('leaks', '1e5 cycles and more of everything leave nothing behind'),
  soak: folder(
    'soak',
    '1e8 bytes of a Node stream and of a web stream, and ten minutes of an endless source',
  ),
};

function reported(): readonly Reported[] {
  if (!existsSync(findings)) return [];
  const lines = readFileSync(findings, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Reported);
}

const findingsSoFar = (): readonly Row[] =>
  reported().map(({ testFile, ...finding }) => ({ ...finding, ok: !failures.has(testFile) }));

const minutesSince = (start: number): string => ((performance.now() - start) / 60_000).toFixed(1);

async function prove(names: readonly string[], write: boolean): Promise<void> {
  mkdirSync(cache, { recursive: true });
  rmSync(findings, { force: true });
  const rows: Row[] = [];
  const begun = performance.now();
  for (const name of names) {
    const started = performance.now();
    console.log(`\n── ${name}: ${parts[name]?.says ?? ''}`);
    try {
      rows.push(...(parts[name]?.run() ?? []));
    } catch (error) {
      rows.push({ part: name, tried: 'nothing', held: String(error), ok: false });
    }
    console.log(`── ${name}: ${minutesSince(started)} min`);
  }
  const all = [...rows, ...findingsSoFar()];
  const width = Math.max(...all.map(({ part }) => part.length));
  console.log('\nWhat was tried, and what held\n');
  for (const { part, tried, held, ok } of all) {
    console.log(`${ok ? 'held  ' : 'FAILED'}  ${part.padEnd(width)}  ${tried}`);
    console.log(`${' '.repeat(width + 10)}${held}`);
  }
  const failed = all.filter(({ ok }) => !ok).length;
  const summary = `${all.length - failed} held, ${failed} failed, in ${minutesSince(begun)} minutes`;
  console.log(`\n${summary}`);
  if (failed > 0) process.exitCode = 1;
  if (write) await writePage(summary, all);
}

async function writePage(summary: string, rows: readonly Row[]): Promise<void> {
  const { format, resolveConfig } = await import('prettier');
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const lines = rows.map(
    ({ part, tried, held, ok }) =>
      `| ${cell(part)} | ${cell(tried)} | ${ok ? '' : '**failed:** '}${cell(held)} |`,
  );
  const page = `# Proof

What \`npm run proof -- --write\` tried on ${new Date().toISOString().slice(0, 10)} on ${platform()}, where nothing else is
said with Node ${process.versions.node} and rxjs ${versionOf('rxjs')}, and what held. ${summary}. [Mutation testing](mutation.md) has a page of its own.

| part | tried | held |
|---|---|---|
${lines.join('\n')}
`;
  const style = await resolveConfig('docs/proof.md');
  writeFileSync('docs/proof.md', await format(page, { ...style, parser: 'markdown' }));
}

await new Command('npm run proof --')
  .description('Tries, in long form, what the tests try in short form, and says what held.')
  .argument('[parts...]', `of ${Object.keys(parts).join(', ')}`)
  .option('--list', 'name the parts, and try nothing')
  .option('--write', 'write docs/proof.md too, of all parts')
  .action(async (names: string[], { list, write }: { list?: boolean; write?: boolean }) => {
    if (list) {
      for (const [name, { says }] of Object.entries(parts))
        console.log(`${name.padEnd(8)} ${says}`);
      return;
    }
    const unknown = names.filter((name) => !(name in parts));
    if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}`);
    if (write && names.length > 0) throw new Error('Expected all parts with `write`');
    await prove(names.length > 0 ? names : Object.keys(parts), write === true);
  })
  .parseAsync();
