import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gone, IngestProcess } from '../e2e/ingest-process.js';

const run = promisify(execFile);

/** PostgreSQL does not work for root. */
async function asServer(command: string, ...args: string[]): Promise<string> {
  const { stdout } =
    process.getuid?.() === 0
      ? await run('runuser', ['-u', 'postgres', '--', command, ...args], { cwd: '/' })
      : await run(command, args);
  return stdout.trim();
}

/** A cluster of its own, from Debian's package, in a temporary folder. */
class Cluster {
  private constructor(
    private readonly programs: string,
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async create(): Promise<Cluster> {
    const installed = '/usr/lib/postgresql';
    const [version] = (await readdir(installed)).sort((a, b) => Number(b) - Number(a));
    const programs = join(installed, version!, 'bin');
    const folder = await asServer('mktemp', '--directory', '--tmpdir', 'ingest-postgres-XXXXXX');
    const cluster = new Cluster(programs, folder, await freePort());
    await asServer(
      join(programs, 'initdb'),
      ...['--pgdata', cluster.data, '--username', 'postgres', '--auth', 'trust', '--no-sync'],
    );
    await cluster.start();
    return cluster;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/postgres`;
  }

  async start(): Promise<void> {
    const settings = `-h 127.0.0.1 -p ${this.port} -k ${this.folder}`;
    await this.control('start', '--wait', '--log', join(this.folder, 'log'), '-o', settings);
  }

  async stop(): Promise<void> {
    await this.control('stop', '--mode', 'immediate');
  }

  async remove(): Promise<void> {
    await this.stop();
    await asServer('rm', '--recursive', this.folder);
  }

  async query<Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query(sql, parameters)).rows as Row[];
    } finally {
      await client.end();
    }
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private async control(action: string, ...args: string[]): Promise<void> {
    // Silent, or the server would inherit this test's pipes and hold them open.
    await asServer(
      'sh',
      ...['-c', 'exec "$0" "$@" >/dev/null 2>&1', join(this.programs, 'pg_ctl')],
      ...[action, '--pgdata', this.data, ...args],
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

describe('npm start with a PostgreSQL server', { timeout: 120_000 }, () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.create();
  }, 120_000);

  afterAll(() => cluster.remove());

  const start = (...args: string[]) => new IngestProcess(['--json', ...args], cluster.url);

  it('writes there, two that begin at the same moment in an empty database included', async () => {
    const [one, other] = await Promise.all([
      start('--limit', '3000').ended,
      start('--limit', '2000').ended,
    ]);

    expect([one.code, other.code]).toEqual([0, 0]);
    for (const { report } of [one, other]) {
      const { read, written, verification } = report();
      expect(read).toBe(written);
      expect(verification).toMatchObject({ equal: true, held: { rows: written } });
    }
    expect(one.report().run).not.toBe(other.report().run);
    expect(
      await cluster.query('select run, count(*)::integer as rows from ingest_flight group by run'),
    ).toEqual(
      expect.arrayContaining([
        { run: one.report().run, rows: 3000 },
        { run: other.report().run, rows: 2000 },
      ]),
    );
  });

  it('drains into it on Ctrl-C', async () => {
    const job = start();
    await job.until(/, [1-9][\d,]* written/);
    job.interrupt();
    const { code, report } = await job.ended;

    expect(code).toBe(130);
    const { end, read, written, dropped, verification } = report();
    expect({ end, dropped }).toEqual({ end: 'interrupted', dropped: 0 });
    expect(read).toBe(written);
    expect(verification).toMatchObject({ equal: true });
  });

  it('reports what was committed when the server crashes in mid-run', async () => {
    const job = start();
    await job.until(/, [1-9][\d,]* written/);
    await cluster.stop();
    const { code, report, stderr } = await job.ended;
    await cluster.start();

    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: Cannot write to PostgreSQL at .+: .+/);
    const { run, read, written, dropped } = report();
    expect(read).toBe(written + dropped);
    const [held] = await cluster.query<{ rows: number }>(
      'select count(*)::integer as rows from ingest_flight where run = $1',
      [run],
    );
    // The batch whose acknowledgement was lost may have been committed, and counts as dropped.
    expect(held!.rows).toBeGreaterThanOrEqual(written);
    expect(held!.rows).toBeLessThanOrEqual(written + 500);
    await gone(await job.server());
  });
});
