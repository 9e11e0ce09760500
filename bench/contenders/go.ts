import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Contender } from '../harness/types.js';

const run = promisify(execFile);
const program = resolve('.cache/bench/go-peer');

/** The Go program of `bench/go`, which warms up, repeats and checks as the harness does. */
export function goProgram(name: string, args: readonly string[]): Contender {
  return {
    name,
    side: 'go',
    kind: 'goroutines',
    prepare: () => (built ??= build()),
    sample: async ({ count, warmUpMs, measureMs }) => {
      const { stdout } = await run(program, [
        ...args,
        `-count=${count}`,
        `-warm-up-ms=${warmUpMs}`,
        `-measure-ms=${measureMs}`,
      ]);
      return Number(stdout);
    },
  };
}

let built: Promise<string | undefined> | undefined;

async function build(): Promise<string | undefined> {
  try {
    await run('go', ['build', '-o', program, '.'], { cwd: resolve('bench/go') });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return 'Go is not installed (Debian: apt-get install golang-go)';
  }
}
