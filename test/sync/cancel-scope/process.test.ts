import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

describe('in a process of its own', () => {
  const run = promisify(execFile);
  const node = async (program: string, ...args: string[]) => {
    const path = resolve(import.meta.dirname, program);
    const flags = ['--expose-gc', '--no-warnings', '--import', 'tsx'];
    return run(process.execPath, [...flags, path, ...args]);
  };
  const retained = async (kind: string) => Number((await node('retention.ts', kind)).stdout);

  // Node 24 mended AbortSignal.any; a listener that is not removed is kept everywhere.
  const major = Number(process.versions.node.split('.')[0]);
  const leaky = major < 24 ? ['forgetful', 'AbortSignal.any'] : ['forgetful'];

  it('a scope that has ended leaves nothing with a signal that lives on', async () => {
    expect(await retained('CancelScope')).toBeLessThan(100);
  }, 60_000);

  it.each(leaky)(
    'and this would be seen: %s',
    async (kind) => {
      expect(await retained(kind)).toBeGreaterThan(1000);
    },
    60_000,
  );

  it('a scope keeps the process until its time is up, so that who waits hears of it', async () => {
    const { stdout } = await node('alive.ts', 'wait');
    expect(stdout.trim()).toBe('TimeoutError');
  }, 60_000);

  it('a scope that has ended does not keep the process', async () => {
    const { stdout } = await node('alive.ts', 'cancel');
    expect(stdout.trim()).toBe('over');
  }, 60_000);
});
