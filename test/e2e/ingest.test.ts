import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VEGA_FLIGHTS } from '../../examples/ingest/flight-file.js';
import type { PipeName } from '../../examples/ingest/options.js';
import type { Report } from '../../examples/ingest/report.js';
import { gone, IngestProcess } from './ingest-process.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (...args: string[]) => new IngestProcess(['--json', '--data', folder, ...args]);

/** What the database of the tests holds of a run once the job has ended. */
async function rowsOf(run: number): Promise<number> {
  const database = await PGlite.create(join(folder, 'pglite'));
  const { rows } = await database.query<{ rows: number }>(
    'select count(*)::integer as rows from ingest_flight where run = $1',
    [run],
  );
  await database.close();
  return rows[0]!.rows;
}

/** Every record is where the report says, and the database agrees. */
function expectBalanced(report: Report): void {
  const { read, written, dropped, verification } = report;
  expect(read).toBe(written + dropped);
  expect(verification).toMatchObject({ equal: true, held: { rows: written } });
}

describe('npm start', { timeout: 120_000 }, () => {
  it('takes each record through the server into the database, within its bounds', async () => {
    const { code, report } = await start('--limit', '3000', '--concurrency', '8', '--batch', '200')
      .ended;

    expect(code).toBe(0);
    expect(report()).toMatchObject({
      end: 'complete',
      read: 3000,
      written: 3000,
      dropped: 0,
      enrichment: { limit: 8, answered: 3000, refused: 0 },
    });
    expectBalanced(report());
    const { stages, maxInFlight, batches, run } = report();
    expect(stages.map(({ name, capacity }) => [name, capacity])).toEqual([
      ['enrich', 16],
      ['batch', 200],
      ['insert', 2],
    ]);
    for (const { maxHeld, capacity } of stages) expect(maxHeld).toBeLessThanOrEqual(capacity);
    expect(maxInFlight).toBeLessThanOrEqual(16 + 200 + 2 * 200);
    expect(batches).toBeGreaterThanOrEqual(15);
    expect(await rowsOf(run)).toBe(3000);
  });

  it('gives every run an id of its own, and says how it went', async () => {
    const args = ['--limit', '50', '--data', folder];
    const first = await new IngestProcess(args).ended;
    const second = await new IngestProcess(args).ended;

    expect(first.code).toBe(0);
    expect(second.code).toBe(0);
    expect(first.stdout).toContain('50 in = 50 out + 0 dropped');
    expect(first.stdout).toMatch(/50 rows, checksum \d+, as computed/);
    expect(first.stdout).toMatch(/enrich +held at most \d+ of 64/);
    expect(first.stderr).toMatch(/50 in, 50 written in \d+ batches/); // one, where time does not press
    const run = ({ stdout }: { stdout: string }) => Number(/^run (\d+)/.exec(stdout)![1]);
    expect(run(second)).toBe(run(first) + 1);
  });

  it('shows its options', async () => {
    const { code, stdout } = await start('--help').ended;

    expect(code).toBe(0);
    for (const option of ['--limit', '--concurrency', '--batch', '--compare', 'DATABASE_URL']) {
      expect(stdout).toContain(option);
    }
  });

  it.each(['0', '1.5', '-3', 'many'])('refuses --limit %s', async (limit) => {
    const { code, stderr } = await start('--limit', limit).ended;

    expect(code).toBe(1);
    expect(stderr).toContain('Expected an integer ≥ 1');
  });

  it('--compare runs the job with either pipe and shows what RxJS alone holds', async () => {
    const args = ['--limit', '4000', '--concurrency', '8', '--batch', '100', '--data', folder];
    const { code, stdout, stderr } = await new IngestProcess([...args, '--compare', '--json'])
      .ended;

    expect(stderr).not.toContain('Error');
    expect(code).toBe(0);
    const [sluice, stock] = JSON.parse(stdout) as [Report, Report];
    expect([sluice.pipe, stock.pipe]).toEqual(['sluice', 'stock']);
    for (const report of [sluice, stock]) {
      expect(report).toMatchObject({ read: 4000, written: 4000 });
      expectBalanced(report);
    }
    const bound = 16 + 100 + 2 * 100;
    expect(sluice.maxInFlight).toBeLessThanOrEqual(bound);
    expect(stock.maxInFlight).toBeGreaterThan(bound);
  });

  it('--compare prints both reports side by side', async () => {
    const { code, stdout } = await new IngestProcess([
      '--limit',
      '100',
      '--data',
      folder,
      '--compare',
    ]).ended;

    expect(code).toBe(0);
    expect(stdout).toMatch(/rxjs-sluice +RxJS alone/);
    expect(stdout).toMatch(/most records in flight +\d+ +\d+/);
    expect(stdout).toMatch(/peak heap, with garbage +[\d.]+ MB +[\d.]+ MB/);
  });
});

describe('npm start, interrupted', { timeout: 120_000 }, () => {
  it('finishes what it holds on Ctrl-C, verifies it, and exits 130', async () => {
    const job = start();
    await job.until(/, [1-9][\d,]* written/);
    job.interrupt();
    const { code, report, stderr } = await job.ended;

    expect(code).toBe(130);
    expect(stderr).toContain('SIGINT: reads no more, finishes what is held');
    expect(stderr).not.toContain('Error');
    expect(report()).toMatchObject({ end: 'interrupted', signal: 'SIGINT', dropped: 0 });
    expect(report().read).toBeLessThan(200_000);
    expectBalanced(report());
    expect(await rowsOf(report().run)).toBe(report().written);
    await gone(await job.server());
  });

  it('does so on SIGTERM, with its exit code', async () => {
    const job = start();
    await job.until(/, [1-9][\d,]* written/);
    process.kill(job.pid, 'SIGTERM');
    const { code, report } = await job.ended;

    expect(code).toBe(143);
    expectBalanced(report());
  });

  it('stops at once on the second Ctrl-C, though the server hangs, and leaves nobody behind', async () => {
    const job = start();
    const server = await job.server();
    await job.until(/, [1-9][\d,]* written/);
    process.kill(server, 'SIGSTOP');
    job.interrupt();
    await job.until(/once more stops at once/);
    job.interrupt();
    const { code, stderr } = await job.ended;

    expect(code).toBe(130);
    expect(stderr).toMatch(/Stopped at once: [\d,]+ in, [\d,]+ out, [1-9][\d,]* dropped/);
    await gone(server);
  });

  it('is not outlived by its server, nor hinders the next run, when it is killed', async () => {
    const job = start();
    const server = await job.server();
    await job.until(/, [1-9][\d,]* written/);
    process.kill(job.pid, 'SIGKILL');
    await job.ended;
    await gone(server);

    const next = await start('--limit', '50').ended;
    expect(next.code).toBe(0);
    expectBalanced(next.report());
  });

  it('--compare hands Ctrl-C on, once, and ends with what the first pipe reports', async () => {
    const job = start('--compare');
    await job.until(/, [1-9][\d,]* written/);
    job.interrupt();
    const { code, stdout } = await job.ended;

    expect(code).toBe(130);
    const reports = JSON.parse(stdout) as Report[];
    expect(reports).toMatchObject([{ pipe: 'sluice', end: 'interrupted', dropped: 0 }]);
    expectBalanced(reports[0]!);
  });

  /** `--compare` in which the process that runs `pipe` first runs `code`. */
  const compareWith = (pipe: PipeName, code: string) =>
    new IngestProcess(
      ['--compare', '--json', '--data', folder, '--limit', '50'],
      undefined,
      `if (process.argv.includes('${pipe}')) { setInterval(() => {}, 1000); ${code} }`,
    );

  it.each([
    ['SIGINT', 130, 'sluice', []],
    ['SIGTERM', 143, 'sluice', []],
    ['SIGINT', 130, 'stock', [{ pipe: 'sluice', end: 'complete' }]],
  ] as const)(
    '--compare exits on %s with %i while the process of the %s pipe starts',
    async (signal, exitCode, pipe, reported) => {
      const job = compareWith(pipe, "console.error('starts'); await new Promise(() => {});");
      await job.until(/starts/);
      process.kill(-job.pid, signal);
      const { code, stdout } = await job.ended;

      expect(code).toBe(exitCode);
      expect(JSON.parse(stdout)).toMatchObject(reported);
    },
  );

  it('--compare does not begin the second pipe when Ctrl-C comes too late for the first', async () => {
    const job = compareWith(
      'sluice',
      `const { exit } = process;
       process.exit = (code) => {
         process.once('SIGINT', () => exit(code));
         console.error('exits with', code);
       };`,
    );
    await job.until(/exits with 0/);
    job.interrupt();
    const { code, stdout } = await job.ended;

    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject([{ pipe: 'sluice', end: 'complete' }]);
  });
});

describe('npm start, failing', { timeout: 120_000 }, () => {
  it('writes all that it read of a file that breaks off', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, (await readFile(VEGA_FLIGHTS)).subarray(0, 100_000));
    const { code, report, stderr } = await start('--file', file).ended;

    expect(code).toBe(1);
    const { read, written } = report();
    expect(stderr).toContain(`Error: Cannot read ${file} past record ${read}`);
    expect(report().end).toBe('failed');
    expect(read).toBeGreaterThan(1500);
    expect(written).toBe(read);
    expectBalanced(report());
    expect(await rowsOf(report().run)).toBe(written);
  });

  it('says which record is not a flight', async () => {
    const file = join(folder, 'odd.json');
    await writeFile(
      file,
      '[{"delay":1,"distance":2,"time":3},{"delay":"late","distance":2,"time":3}]',
    );
    const { code, report, stderr } = await start('--file', file).ended;

    expect(code).toBe(1);
    expect(stderr).toContain('past record 1: expected `delay` to be a number, got "late"');
    expectBalanced(report());
    expect(report().written).toBe(1);
  });

  it('does not begin without its file', async () => {
    const { code, stdout, stderr } = await start('--file', join(folder, 'none.json')).ended;

    expect(code).toBe(1);
    expect(stderr).toContain('Error: Cannot read flights: ENOENT');
    expect(stdout).toBe('');
  });

  it.each([
    ['--compare', ''],
    ['--compare --json', '[]\n'],
  ])('%s prints no table when the job cannot begin', async (options, printed) => {
    const args = ['--data', folder, '--file', join(folder, 'none.json')];
    const { code, stdout, stderr } = await new IngestProcess([...options.split(' '), ...args])
      .ended;

    expect(code).toBe(1);
    expect(stderr).toMatch(/^Error: Cannot read flights: ENOENT.*\n$/);
    expect(stdout).toBe(printed);
  });

  it('reports what was committed when the server dies', async () => {
    const job = start();
    const server = await job.server();
    await job.until(/, [1-9][\d,]* written/);
    process.kill(server, 'SIGKILL');
    const { code, report, stderr } = await job.ended;

    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: Cannot enrich flight \d+/);
    expect(stderr).toContain(`the enrichment server (process ${server}) ended with SIGKILL`);
    expect(report().end).toBe('failed');
    expect(report().enrichment).toBeUndefined();
    expect(report().written).toBeGreaterThan(0);
    expect(report().dropped).toBeGreaterThan(0);
    expectBalanced(report());
    expect(await rowsOf(report().run)).toBe(report().written);
  });

  it('keeps its folder to itself', async () => {
    const job = start();
    await job.server();
    const { code, stderr } = await start('--limit', '1').ended;
    job.interrupt();
    await job.ended;

    expect(code).toBe(1);
    expect(stderr).toContain(`${folder} is in use by process ${job.pid}`);
  });

  it('says so when its database cannot be reached', async () => {
    const job = new IngestProcess([], 'postgres://postgres@127.0.0.1:1/postgres');
    const { code, stderr } = await job.ended;

    expect(code).toBe(1);
    expect(stderr).toContain('Cannot connect to PostgreSQL at 127.0.0.1:1: connect ECONNREFUSED');
  });
});

describe('npm start with DATABASE_URL', { timeout: 120_000 }, () => {
  let database: PGlite;
  let server: PGLiteSocketServer;
  let url: string;

  beforeAll(async () => {
    database = await PGlite.create();
    server = new PGLiteSocketServer({ db: database, port: 0, host: '127.0.0.1' });
    const listening = new Promise<{ port: number }>((resolve) =>
      server.addEventListener('listening', (event) =>
        resolve((event as CustomEvent<{ port: number }>).detail),
      ),
    );
    await server.start();
    url = `postgres://postgres@127.0.0.1:${(await listening).port}/postgres`;
  });

  afterAll(async () => {
    await server.stop();
    await database.close();
  });

  it('writes there', async () => {
    const { code, report } = await new IngestProcess(['--json', '--limit', '1200'], url).ended;

    expect(code).toBe(0);
    expect(report().database).toBe(`PostgreSQL at ${new URL(url).host}`);
    expectBalanced(report());
    expect(report().written).toBe(1200);
  });

  it('reports what was committed when the database goes away in mid-run', async () => {
    const job = new IngestProcess(['--json'], url);
    await job.until(/, [1-9][\d,]* written/);
    await server.stop();
    const { code, report, stderr } = await job.ended;

    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: Cannot write to PostgreSQL at .+/);
    const { run, end, read, written, dropped, verification } = report();
    expect(end).toBe('failed');
    expect(read).toBe(written + dropped);
    expect('unknown' in verification && verification.unknown).toContain('ECONNREFUSED');

    const { rows } = await database.query<{ rows: number }>(
      'select count(*)::integer as rows from ingest_flight where run = $1',
      [run],
    );
    // The batch whose acknowledgement was lost may have been committed, and counts as dropped.
    expect(rows[0]!.rows).toBeGreaterThanOrEqual(written);
    expect(rows[0]!.rows).toBeLessThanOrEqual(written + 500);
    await gone(await job.server());
  });
});
