import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { PATIENCE, long, report } from '../support/proof.js';
import { growth } from './flatness.js';
import type { Soaked } from './soak.js';
import { SourceServer } from './source-server.js';

const run = promisify(execFile);

const BYTES = long ? 1e8 : 4e6;
const WHOLE = 10;
const MINUTES = Number(process.env['SOAK_MINUTES'] ?? WHOLE);
const [kind, size] = long ? (['minutes', MINUTES] as const) : (['values', 1e5] as const);

/** By how much the heap may grow over a run, in bytes. */
const GROWTH = 300_000;

/** The most that each stage may hold: a batch; what works and what waits; places, and the rest of a batch. */
const HOLDS = { batches: 4, pool: 4 + 4, channel: 8 + 3 };

async function soak(kind: string, size: number, ...more: string[]): Promise<Soaked> {
  const flags = ['--expose-gc', '--no-warnings', '--import', 'tsx'];
  const script = resolve('test/soak/soak.ts');
  const { stdout } = await run(process.execPath, [...flags, script, kind, String(size), ...more], {
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout) as Soaked;
}

function expectFlat({ heaps, held }: Soaked): void {
  expect(heaps.length).toBeGreaterThan(40);
  expect(growth(heaps)).toBeLessThan(GROWTH);
  for (const stage of ['batches', 'pool', 'channel'] as const) {
    expect(held[stage], `the most that the stage of ${stage} held`).toBeLessThanOrEqual(
      HOLDS[stage],
    );
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

function tell(part: string, tried: string, { heaps, held }: Soaked): void {
  const most = Object.entries(held).map(([stage, count]) => `${count} (${stage})`);
  report({
    part: `soak: ${part}`,
    tried,
    held: `in order, nothing lost; at most ${most.join(', ')} held; a line through ${heaps.length} samples of the heap rises by ${megabytes(Math.max(0, growth(heaps)))}`,
  });
}

const through = `${BYTES.toLocaleString('en')} bytes through batches, a pool and a channel`;

it(
  'of a Node stream (a file) every byte arrives in order, and the heap stays flat',
  async () => {
    const soaked = await soak('node', BYTES);
    expect([soaked.amount, soaked.arrived]).toEqual([BYTES, soaked.sent]);
    expectFlat(soaked);
    expect(existsSync(soaked.folder ?? '')).toBe(false);
    tell('a file', through, soaked);
  },
  PATIENCE,
);

it(
  'of a web stream (the body of a fetch) every byte arrives in order, and the heap stays flat',
  async () => {
    const server = new SourceServer(BYTES);
    const url = await server.listen();
    try {
      const soaked = await soak('web', BYTES, url);
      expect([soaked.amount, soaked.arrived]).toEqual([BYTES, server.sent]);
      expectFlat(soaked);
      tell('the body of a fetch', through, soaked);
    } finally {
      await server.close();
    }
  },
  PATIENCE,
);

it(
  'of an endless source every value arrives in order, and the heap stays flat',
  async () => {
    const soaked = await soak(kind, size);
    expect([soaked.amount > 0, soaked.arrived]).toEqual([true, soaked.sent]);
    expectFlat(soaked);
    const shortened = MINUTES < WHOLE ? `SHORTENED by SOAK_MINUTES: of ${WHOLE} minutes, ` : '';
    const span = kind === 'minutes' ? `${shortened}${size} minutes, ` : '';
    tell('an endless source', `${span}${soaked.amount.toLocaleString('en')} values`, soaked);
  },
  PATIENCE,
);

describe('a heap that grows is found out', () => {
  it(
    'by one number for each value',
    async () => {
      expect(growth((await soak('values', 2e5, '--leak')).heaps)).toBeGreaterThan(GROWTH);
    },
    PATIENCE,
  );

  it.each([
    ['steadily', (n: number) => 1e6 + n * 5_000 + (n % 7) * 1e5],
    ['in steps', (n: number) => 1e6 + 400_000 * Math.floor(n / 32) + (n % 5) * 1e5],
  ])('%s, under samples that differ by more', (_, heap) => {
    expect(growth(Array.from({ length: 128 }, (_, n) => heap(n)))).toBeGreaterThan(GROWTH);
  });

  it('and one that does not is not, however its samples differ', () => {
    const heaps = Array.from({ length: 128 }, (_, n) => 1e6 + ((n * 48_271) % 101) * 1e4);
    const late = heaps.map((heap, n) => (n > 64 && n % 5 === 0 ? heap + 2e6 : heap));
    for (const each of [heaps, late]) expect(Math.abs(growth(each))).toBeLessThan(GROWTH);
  });
});
