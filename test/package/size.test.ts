import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

interface Measured {
  readonly name: string;
  readonly size: number;
  readonly sizeLimit: number;
}

// Exceeded limits are for the tests below to tell; anything else that goes wrong ends here.
const { stdout, stderr } = spawnSync('size-limit', ['--json'], { encoding: 'utf8' });
const measured = JSON.parse(stdout) as Measured[] | { readonly error: string };
if (!Array.isArray(measured)) throw new Error(`${measured.error}\n${stderr}`);

it.each(measured.map(({ name, size, sizeLimit }) => [name, sizeLimit, size] as const))(
  '%s, with all that it needs, is at most %d bytes gzipped',
  (_, sizeLimit, size) => {
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThanOrEqual(sizeLimit);
  },
);
