import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../examples/ingest/report.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed. */
  readonly report: () => Report;
}

/** `npm start -- …args` in a process group of its own, as a shell would start it. */
export class IngestProcess {
  stdout = '';
  stderr = '';
  /** Settles when the process has ended and nobody holds its output open any more. */
  readonly ended: Promise<Ended>;
  private readonly child;

  /** `ahead` is a module that it and each process it starts run before anything else. */
  constructor(args: readonly string[], databaseUrl?: string, ahead?: string) {
    const { DATABASE_URL: _own, ...own } = process.env;
    const env = {
      ...own,
      ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
      ...(ahead !== undefined && {
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(ahead)}`,
      }),
    };
    this.child = spawn(process.execPath, ['--import', 'tsx', 'examples/ingest/main.ts', ...args], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = this.end();
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** What `pattern` finds on stderr, as soon as it does. */
  async until(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = pattern.exec(this.stderr);
      if (match !== null) return match;
      const more = once(this.child.stderr, 'data');
      const event = await Promise.race([more.then(() => 'data'), this.ended.then(() => 'end')]);
      if (event === 'end') throw new Error(`ended without ${String(pattern)}:\n${this.stderr}`);
    }
  }

  /** The process id of its enrichment server. */
  async server(): Promise<number> {
    const [, pid] = await this.until(/enriched by process (\d+)/);
    return Number(pid);
  }

  /** Ctrl-C in a terminal: the signal goes to the whole group. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  private async end(): Promise<Ended> {
    const [code, signal] = (await once(this.child, 'close')) as [
      number | null,
      NodeJS.Signals | null,
    ];
    const { stdout, stderr } = this;
    return { code, signal, stdout, stderr, report: () => JSON.parse(stdout) as Report };
  }
}

/** Waits until there is no process `pid`. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(20);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
