import { describe, expect, it } from 'vitest';
import { ProgramError, run, type RunOptions } from './run.js';

/** What the runner says of a planted program. */
async function faultsOf(program: string, options?: RunOptions): Promise<string> {
  const error: unknown = await run(`planted/${program}`, options).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(ProgramError);
  return (error as ProgramError).message;
}

describe.concurrent('the runner of programs', { timeout: 90_000 }, () => {
  it('notices a deadlock, and tells who waits where', async () => {
    const message = await faultsOf('waits', { where: true });
    expect(message).toContain('waits for itself');
    expect(message).toContain('made at planted/waits.ts:6');
  });

  it('notices a loop that is left waiting, and tells where', async () => {
    const message = await faultsOf('listens', { where: true });
    expect(message).toMatch(/leaves \d+ promises unsettled/);
    expect(message).toContain('made at planted/listens.ts');
    expect(message).not.toContain('ended with');
  });

  it('notices a timer that is left, and stops the program in the end', async () => {
    const message = await faultsOf('lingers', { limitMs: 200 });
    expect(message).toContain('was not over after 200 ms');
    expect(message).toContain('is kept alive by Timeout');
  });

  it('stops a program that never gives up its turn, and tells what it was busy with', async () => {
    const message = await faultsOf('spins', { limitMs: 200 });
    expect(message).toContain('was not over after 200 ms');
    expect(message).toContain('was busy with main (test/programs/planted/spins.ts)');
  });

  it('notices an error that nobody hears of', async () => {
    const message = await faultsOf('throws');
    expect(message).toContain('ended with code 1');
    expect(message).toContain('Error: nobody hears of this');
  });
});
