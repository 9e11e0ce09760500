import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PATIENCE, long, report } from '../support/proof.js';
import type { Soaked } from './soak.js';

const run = promisify(execFile);

const BYTES = long ? 1e8 : 1e6;
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? 10);
const [kind, size] = long ? (['minutes', MINUTES] as const) : (['values', 1e5] as const);

/** By how much the heap may be larger in the last quarter of a run than in the second, in bytes. */
const GROWTH = 2_000_000;

async function soak(kind: string, size: number, ...more: string[]): Promise<Soaked> {
  const flags = ['--expose-gc', '--no-warnings', '--import', 'tsx'];
  const script = resolve('test/soak/soak.ts');
  const { stdout } = await run(process.execPath, [...flags, script, kind, String(size), ...more], {
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout) as Soaked;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** The median of the last quarter less that of the second: the first is for warming up. */
function growth({ heaps }: Soaked): number {
  const quarter = Math.floor(heaps.length / 4);
  return median(heaps.slice(-quarter)) - median(heaps.slice(quarter, 2 * quarter));
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

function tell(part: string, tried: string, soaked: Soaked): void {
  const held = `in order, nothing lost; at most ${soaked.held} held; the heap grew by ${megabytes(Math.max(0, growth(soaked)))}`;
  report({ part: `soak: ${part}`, tried, held });
}

it.each([
  ['node', 'a file'],
  ['web', 'a web stream'],
])(
  'of a stream (%s) every byte arrives in order, and the heap stays flat',
  async (kind, what) => {
    const soaked = await soak(kind, BYTES);
    expect([soaked.amount, soaked.arrived]).toEqual([BYTES, soaked.sent]);
    expect(soaked.heaps.length).toBeGreaterThan(8);
    expect(growth(soaked)).toBeLessThan(GROWTH);
    expect(soaked.held).toBeLessThanOrEqual(4 + 8 + 8);
    expect(existsSync(soaked.folder ?? '')).toBe(false);
    tell(what, `${BYTES.toLocaleString('en')} bytes through batches, a pool and a channel`, soaked);
  },
  PATIENCE,
);

it(
  'of an endless source every value arrives in order, and the heap stays flat',
  async () => {
    const soaked = await soak(kind, size);
    expect([soaked.amount > 0, soaked.arrived]).toEqual([true, soaked.sent]);
    expect(growth(soaked)).toBeLessThan(GROWTH);
    const span = kind === 'minutes' ? `${size} minutes, ` : '';
    tell('an endless source', `${span}${soaked.amount.toLocaleString('en')} values`, soaked);
  },
  PATIENCE,
);

it(
  'a heap that grows is found out',
  async () => {
    expect(growth(await soak('values', 2e5, '--leak'))).toBeGreaterThan(GROWTH);
  },
  PATIENCE,
);
