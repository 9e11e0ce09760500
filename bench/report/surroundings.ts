import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { chromiumPath } from '../../scripts/chromium.js';

const packages = [
  'rxjs',
  'effect',
  '@thi.ng/csp',
  '@repeaterjs/repeater',
  'ix',
  'p-map',
  'p-limit',
  'p-queue',
  'p-throttle',
  'fastq',
  'async',
  'async-sema',
  'dataloader',
  'limiter',
  'bottleneck',
  'esbuild',
] as const;

/** What the figures depend on. Programs that are not installed are left out. */
export function versions(): Record<string, string> {
  const programs = {
    node: process.version.slice(1),
    v8: process.versions.v8,
    go: said('go', 'version')?.match(/go(\d\S*)/)?.[1],
    chromium: said(chromiumPath, '--version')?.match(/\d\S*/)?.[0],
  };
  const installed = packages.map((name): [string, string] => {
    const manifest = readFileSync(`node_modules/${name}/package.json`, 'utf8');
    return [name, (JSON.parse(manifest) as { version: string }).version];
  });
  const found = Object.entries(programs).filter((entry): entry is [string, string] => !!entry[1]);
  return Object.fromEntries([...found, ...installed]);
}

function said(program: string, argument: string): string | undefined {
  try {
    return execFileSync(program, [argument], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}

export function machine(): string {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.replace(/\s+/g, ' ').trim() ?? 'an unnamed processor';
  return `${model}, ${cores.length} cores, ${gigabytes} GB, ${type()} ${release()}`;
}

/** How many processes wanted a core, on average over the last minute. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;
