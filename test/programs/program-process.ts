import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as timeIsUp } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { busyWith } from './busy-with.js';
import type { Told } from './host.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * How long a hung program has to end when it is told to, and how long an inspector has to look at it.
 */
const GRACE_MS = 2_000;
const INSPECTION_MS = 10_000;

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What its host told; nothing if it was killed. */
  readonly told: Partial<Told>;
  /** Whether it had to be ended. */
  readonly hung: boolean;
  /** The functions that it ran when it was hung and could not even be told to end. */
  readonly busyWith: readonly string[];
}

/** A program in a Node of its own. */
export class ProgramProcess {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly closed: Promise<[number | null, NodeJS.Signals | null]>;
  private readonly stdout: () => string;
  private readonly stderr: () => string;
  private readonly told: () => string;

  /** @param args - as for `host.ts`. */
  constructor(args: readonly string[]) {
    // Should it hang, an inspector is opened, at any free port. Until then there is none.
    const flags = ['--inspect-port=0', '--import', 'tsx', 'test/programs/host.ts'];
    this.child = spawn(process.execPath, [...flags, ...args], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    }) as ChildProcessByStdio<null, Readable, Readable>;
    this.closed = once(this.child, 'close') as typeof this.closed;
    // It does not outlive the one who waits for it.
    const kill = () => this.child.kill('SIGKILL');
    process.once('exit', kill);
    void this.closed.then(() => process.off('exit', kill));
    this.stdout = textOf(this.child.stdout);
    this.stderr = textOf(this.child.stderr);
    this.told = textOf(this.child.stdio[3] as Readable);
  }

  /** Waits for its end, or ends it if it is not over `limitMs` milliseconds after it began. */
  async end(limitMs: number): Promise<Ended> {
    await Promise.race([once(this.child.stdio[3] as Readable, 'data'), this.closed]);
    const hung = !(await this.endsWithin(limitMs));
    const busyWith = hung ? await this.stop() : [];
    const [code, signal] = await this.closed;
    const told = JSON.parse(this.told().trim() || '{}') as Partial<Told>;
    return { code, signal, stdout: this.stdout(), stderr: this.stderr(), told, hung, busyWith };
  }

  private async endsWithin(ms: number): Promise<boolean> {
    const guard = new AbortController();
    const late = timeIsUp(ms, false, guard).catch(() => false);
    try {
      return await Promise.race([this.closed.then(() => true), late]);
    } finally {
      guard.abort();
    }
  }

  /** Ends it, and finds out what it is busy with. */
  private async stop(): Promise<string[]> {
    const { child } = this;
    child.kill('SIGTERM'); // its host tells what it waits for, unless it is in a loop that never ends
    if (await this.endsWithin(GRACE_MS)) return [];
    const grace = AbortSignal.timeout(INSPECTION_MS);
    try {
      child.kill('SIGUSR1'); // Node opens its inspector, even then
      for (;;) {
        const [url] = /ws:\S+/.exec(this.stderr()) ?? [];
        if (url !== undefined) return await busyWith(url, grace);
        await once(child.stderr, 'data', { signal: grace });
      }
    } catch (error) {
      return [`what cannot be found out: ${String(error)}`];
    } finally {
      child.kill('SIGKILL');
    }
  }
}

/** Gathers what `stream` says. */
function textOf(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => (text += more));
  return () => text;
}
