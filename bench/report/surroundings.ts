import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { chromiumVersion, goVersion, versionOf } from '../../scripts/versions.js';

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
    go: goVersion(),
    chromium: chromiumVersion(),
  };
  const installed = packages.map((name): [string, string] => [name, versionOf(name)]);
  const found = Object.entries(programs).filter((entry): entry is [string, string] => !!entry[1]);
  return Object.fromEntries([...found, ...installed]);
}

export function machine(): string {
  const cores = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const model = cores[0]?.model.replace(/\s+/g, ' ').trim() ?? 'an unnamed processor';
  return `${model}, ${cores.length} cores, ${gigabytes} GB, ${type()} ${release()}`;
}

/** How many processes wanted a core, on average over the last minute. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100;
