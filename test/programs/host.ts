/**
 * Runs a program in a process of its own. On descriptor 3 it writes an empty line when the program
 * begins, and in the end a {@link Told} as JSON.
 *
 *     node --import tsx test/programs/host.ts sieve 3>&1
 *     node --import tsx test/programs/host.ts --where dining-philosophers naive 3>&1
 *
 * With `--where` it tells where each promise was made that never settled. That is slow.
 */
import { writeSync } from 'node:fs';
import { promiseHooks } from 'node:v8';
import { later } from '../support/later.js';

/** What a program exports. What `main` results in goes through JSON. */
export interface Program {
  readonly main: (...args: string[]) => unknown;
}

/** What became of a program. */
export interface Told {
  /** What `main` resulted in, if it came to an end. */
  readonly result?: unknown;
  /** What kept the process alive when `main` was over, or now if it is not. */
  readonly handles: readonly string[];
  /** How many promises never settled: of loops that wait, and of what they wait for. */
  readonly waits: number;
  /** Lines of programs where these were made, and how many there. */
  readonly where: Readonly<Record<string, number>>;
}

const withWhere = process.argv[2] === '--where';
const [path = '', ...args] = process.argv.slice(withWhere ? 3 : 2);
const { main } = (await import(new URL(`${path}.ts`, import.meta.url).href)) as Program;

/** What keeps the process alive, but for what did so `before`. */
function handles(before: readonly string[] = []): string[] {
  const known = [...before];
  return process.getActiveResourcesInfo().filter((name) => {
    const at = known.indexOf(name);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

/** The innermost line of a program among those that led to `made`. */
function lineOf(made: Error | undefined): string {
  const lines = made?.stack?.split('\n').slice(2) ?? [];
  const line = lines.find((line) => line.includes('test/programs/') && !line.includes('/host.ts'));
  return /test\/programs\/(.*?):\d+\)?$/.exec(line ?? '')?.[1] ?? 'elsewhere';
}

const pending = new Map<Promise<unknown>, Error | undefined>();
Error.stackTraceLimit = 50;
promiseHooks.createHook({
  init: (promise) => pending.set(promise, withWhere ? new Error('made here') : undefined),
  settled: (promise) => pending.delete(promise),
});

const before = handles();
const over: { result?: unknown; handles?: readonly string[] } = {};
process.once('SIGTERM', () => process.exit()); // somebody has lost patience
process.on('exit', () => {
  const where: Record<string, number> = {};
  if (withWhere) {
    for (const made of pending.values()) where[lineOf(made)] = (where[lineOf(made)] ?? 0) + 1;
  }
  const told: Told = { handles: handles(before), ...over, waits: pending.size, where };
  writeSync(3, JSON.stringify(told));
});
writeSync(3, '\n');
over.result = await main(...args);
await later(); // what called it back last, a file system's request, say, is over then
over.handles = handles(before);
