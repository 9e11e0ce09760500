import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import type { Figures } from './enrichment-server.js';
import type { EnrichedFlight, Enrichment, Flight } from './flight.js';
import { reason } from './reason.js';

const SERVER = fileURLToPath(new URL('./enrichment-server.ts', import.meta.url));

/** Longer than this no answer takes, unless the server hangs. */
const ANSWER_TIMEOUT_MS = 10_000;

/** What it did is of interest only if it can tell quickly. */
const FIGURES_TIMEOUT_MS = 1000;

/** A socket breaks a moment before its process is known to be dead. */
const LAST_WORDS_MS = 500;

/** The enrichment server, in a process of its own, and the HTTP client for it. */
export class EnrichmentService {
  private readonly pool: Pool;
  private readonly exit: Promise<unknown>;

  private constructor(
    private readonly server: ChildProcess,
    readonly url: string,
    limit: number,
  ) {
    this.exit = new Promise((resolve) => server.once('exit', resolve));
    this.pool = new Pool(url, {
      connections: limit,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
  }

  /** @param limit - how many requests at once the server takes; it answers 503 to more. */
  static async start(limit: number): Promise<EnrichmentService> {
    const server = fork(SERVER, [String(limit)], {
      // In a session of its own: Ctrl-C in the terminal is for the job, which still needs the server.
      detached: true,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    // Should it hang and not see its channel close.
    process.once('exit', () => server.kill('SIGKILL'));
    const [port] = (await Promise.race([
      once(server, 'message'),
      once(server, 'exit').then(([code]) => {
        throw new Error(`The enrichment server did not start: exit code ${String(code)}`);
      }),
    ])) as [number];
    return new EnrichmentService(server, `http://127.0.0.1:${port}`, limit);
  }

  get processId(): number | undefined {
    return this.server.pid;
  }

  async enrich(flight: Flight, signal?: AbortSignal): Promise<EnrichedFlight> {
    const { key, delay, distance, time } = flight;
    try {
      const path = `/enrichment?delay=${delay}&distance=${distance}&time=${time}`;
      const enrichment = await this.get<Enrichment>(path, signal);
      return { ...flight, ...enrichment };
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Error(`Cannot enrich flight ${key}: ${reason(error)}${await this.lastWords()}`, {
        cause: error,
      });
    }
  }

  figures(): Promise<Figures> {
    return this.get('/figures', AbortSignal.timeout(FIGURES_TIMEOUT_MS));
  }

  /** At once: the server holds nothing that would be worth waiting for. */
  async stop(): Promise<void> {
    this.server.kill('SIGKILL');
    await this.exit;
    await this.pool.destroy();
  }

  private async get<T>(path: string, signal?: AbortSignal): Promise<T> {
    const { statusCode, body } = await this.pool.request({ method: 'GET', path, signal });
    if (statusCode === 200) return (await body.json()) as T;
    throw new Error(`${this.url} answered ${statusCode}: ${await body.text()}`);
  }

  private async lastWords(): Promise<string> {
    await Promise.race([this.exit, sleep(LAST_WORDS_MS)]);
    const { pid, signalCode, exitCode } = this.server;
    if (signalCode === null && exitCode === null) return '';
    return `; the enrichment server (process ${String(pid)}) ended with ${String(signalCode ?? exitCode)}`;
  }
}
