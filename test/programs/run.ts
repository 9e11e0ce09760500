import { ProgramProcess, type Ended } from './program-process.js';

/** How to run a program. */
export interface RunOptions {
  readonly args?: readonly string[];
  /** How long it may take from when it begins, in milliseconds; after that it counts as hung. */
  readonly limitMs?: number;
  /** Whether a failure tells where each wait began that was left. That is slow. */
  readonly where?: boolean;
}

/** A program did not do what every program has to. The message says how, and what it was doing. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}

/**
 * Runs `test/programs/<path>.ts` in a Node of its own, where one that hangs harms nobody, and returns
 * what its `main` results in.
 *
 * The program must end by itself and with code 0. When its `main` is over, nothing may keep it alive,
 * no timer and no socket; and at its end no promise may be left unsettled: that is a loop that waits
 * for a value which never comes, Go's leaked goroutine.
 */
export async function run(path: string, options: RunOptions = {}): Promise<unknown> {
  const { args = [], limitMs = 60_000, where = false } = options;
  const command = [...(where ? ['--where'] : []), path, ...args];
  const ended = await new ProgramProcess(command).end(limitMs);
  const faults = faultsOf(ended, limitMs);
  if (faults.length === 0) return ended.told.result;
  const again = `node --import tsx test/programs/host.ts --where ${[path, ...args].join(' ')} 3>&1`;
  throw new ProgramError(
    [
      `The program ${[path, ...args].join(' ')}`,
      ...faults.map((fault) => `- ${fault}`),
      ...(where || !ended.told.waits ? [] : [`Where it waits is told by: ${again}`]),
      ended.stdout,
      ended.stderr,
    ].join('\n'),
  );
}

function faultsOf(ended: Ended, limitMs: number): string[] {
  const { code, signal, hung, busyWith } = ended;
  const { handles = [], waits = 0, where = {} } = ended.told;
  const faults: string[] = [];
  if (hung) faults.push(`was not over after ${limitMs} ms`);
  else if (code === 13) faults.push('waits for itself: nothing is left that could go on');
  else if (code !== 0) faults.push(`ended with ${signal ?? `code ${code}`}`);
  if (handles.length > 0) faults.push(`is kept alive by ${handles.join(', ')}`);
  if (waits > 0) faults.push(`leaves ${waits} promises unsettled`);
  for (const [line, count] of Object.entries(where)) faults.push(`  ${count} made at ${line}`);
  for (const frame of busyWith) faults.push(`was busy with ${frame}`);
  return faults;
}
