import { PGlite } from '@electric-sql/pglite';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHECKSUM_SQL, fingerprint } from '../../examples/ingest/checksum.js';
import { displayOn } from '../../examples/ingest/display.js';
import { EnrichmentService } from '../../examples/ingest/enrichment-service.js';
import { enrichmentOf, type Flight } from '../../examples/ingest/flight.js';
import { FlightFile, VEGA_FLIGHTS } from '../../examples/ingest/flight-file.js';
import { lockFolder } from '../../examples/ingest/folder-lock.js';
import { Ledger } from '../../examples/ingest/ledger.js';
import type { Progress } from '../../examples/ingest/progress.js';
import { reason } from '../../examples/ingest/reason.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingest-parts-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const flight = (key: number, delay = 0, distance = 800, time = 12): Flight => ({
  key,
  delay,
  distance,
  time,
});

describe('enrichmentOf', () => {
  it.each([
    [30, 'short', 34],
    [929, 'short', 146],
    [930, 'medium', 146],
    [2485, 'long', 341],
  ])('%i miles: %s haul, %i minutes', (distance, haul, blockMinutes) => {
    expect(enrichmentOf(flight(0, 0, distance))).toMatchObject({ haul, blockMinutes });
  });

  it.each([
    [-1, 'early'],
    [0, 'on time'],
    [14, 'on time'],
    [15, 'late'],
    [59, 'late'],
    [60, 'very late'],
  ])('%i minutes: %s', (delay, delayClass) => {
    expect(enrichmentOf(flight(0, delay))).toMatchObject({ delayClass });
  });

  it.each([
    [13.5, 0, 13],
    [13.5, 31, 12],
    [0.25, 16, 23],
    [23.75, -20, 0],
    [1, 1444, 0],
  ])('left at %f, %i minutes late: due in hour %i', (time, delay, scheduledHour) => {
    expect(enrichmentOf(flight(0, delay, 800, time))).toMatchObject({ scheduledHour });
  });
});

describe('the checksum', () => {
  it(
    'is the same in JavaScript and in SQL, and tells values that changed places',
    { timeout: 60_000 },
    async () => {
      const rows = [flight(0, 3, 50), flight(1, 70, 3000, 0.5), flight(2, -4, 1000, 23.9)].map(
        (each) => ({ key: each.key, ...enrichmentOf(each) }),
      );
      const exchanged = rows.map((row, i) => ({ ...row, key: rows[(i + 1) % rows.length]!.key }));
      const database = await PGlite.create();
      const inSql = async (table: typeof rows) => {
        const { rows: found } = await database.query<{ checksum: string }>(
          `select ${CHECKSUM_SQL} as checksum from (
           select key, haul, "blockMinutes" as block_minutes, "scheduledHour" as scheduled_hour,
                  "delayClass" as delay_class
           from json_to_recordset($1::json) as row (
             key integer, haul text, "blockMinutes" integer, "scheduledHour" integer, "delayClass" text
           )
         ) as flights`,
          [JSON.stringify(table)],
        );
        return found[0]!.checksum;
      };
      const inJs = (table: typeof rows) =>
        String(table.reduce((sum, row) => sum + fingerprint(row), 0n));

      expect(await inSql(rows)).toBe(inJs(rows));
      expect(await inSql([...rows].reverse())).toBe(inJs(rows));
      expect(await inSql([])).toBe('0');
      expect(await inSql(exchanged)).not.toBe(inJs(rows));
      await database.close();
    },
  );
});

describe('Ledger', () => {
  it('accounts for each record, and expects of the database what was not dropped', () => {
    const ledger = new Ledger();
    const flights = [flight(0, 5), flight(1, 20), flight(2, 70)];
    flights.forEach(ledger.onRead);
    expect(ledger.inFlight).toBe(3);

    ledger.onWritten(flights.slice(0, 2));
    ledger.onDropped(flights[2]!);

    expect(ledger).toMatchObject({ read: 3, written: 2, dropped: 1, batches: 1, inFlight: 0 });
    expect(ledger.maxInFlight).toBe(3);
    const other = new Ledger();
    flights.slice(0, 2).forEach(other.onRead);
    expect(ledger.checksum).toBe(other.checksum);
  });
});

describe('FlightFile', () => {
  const fileOf = async (text: string) => {
    const path = join(folder, 'flights.json');
    await writeFile(path, text);
    return FlightFile.find(path);
  };
  const keysOf = async (file: FlightFile) => {
    const keys: number[] = [];
    for await (const { key } of file) keys.push(key);
    return keys;
  };

  it('reads the flights of vega-datasets, and no further than it is asked', async () => {
    const file = await FlightFile.find(VEGA_FLIGHTS);
    const found: Flight[] = [];
    for await (const each of file) {
      found.push(each);
      if (found.length === 3) break;
    }

    expect(found).toEqual([flight(0, 0, 1452, 0), flight(1, 171, 2227, 0), flight(2, 177, 491, 0)]);
    expect(file.fractionRead).toBeGreaterThan(0);
    expect(file.fractionRead).toBeLessThan(0.05);
  });

  it('has no records in an empty array', async () => {
    expect(await keysOf(await fileOf(' [ ] '))).toEqual([]);
  });

  it.each([
    ['', 'expected a value'],
    ['{"delay":1}', 'should be an array'],
    ['[{"delay":1,"distance":2,"time":3}', 'expected'],
    ['[{"delay":1,"distance":2,"time":3},]', 'unexpected token'],
    ['[null]', 'it is not an object'],
    ['[[1, 2, 3]]', 'expected `delay` to be a number, got undefined'],
    ['[{"delay":1,"distance":null,"time":3}]', 'expected `distance` to be a number, got null'],
  ])('refuses %s', async (text, message) => {
    await expect(keysOf(await fileOf(text))).rejects.toThrow(message);
  });

  it('refuses a folder', async () => {
    await expect(keysOf(await FlightFile.find(folder))).rejects.toThrow('EISDIR');
  });
});

describe('the enrichment server', () => {
  it('answers 503 above its limit, and counts', async () => {
    const service = await EnrichmentService.start(2);
    try {
      const answers = await Promise.all(
        Array.from({ length: 300 }, () =>
          fetch(`${service.url}/enrichment?delay=20&distance=800&time=12`),
        ),
      );
      const answered = answers.filter(({ status }) => status === 200).length;
      const refused = answers.filter(({ status }) => status === 503).length;
      expect(refused).toBeGreaterThan(0);
      expect(answered + refused).toBe(300);
      expect(await service.figures()).toEqual({ limit: 2, answered, refused, mostAtOnce: 2 });
    } finally {
      await service.stop();
    }
  });

  it('gives the client what it asks for, or says why not', async () => {
    const service = await EnrichmentService.start(2);
    try {
      const known = flight(7, 20, 800, 12);
      expect(await service.enrich(known)).toEqual({ ...known, ...enrichmentOf(known) });
      await expect(service.enrich(flight(8, NaN))).rejects.toThrow(
        /^Cannot enrich flight 8: http:\S+ answered 400: .*not a flight/,
      );
      await expect(service.enrich(known, AbortSignal.abort())).rejects.toThrow('abort');
    } finally {
      await service.stop();
    }
  });
});

describe('lockFolder', () => {
  it('gives the folder to one at a time, and takes it from the dead', async () => {
    const lock = join(folder, 'lock');
    const parent = String(process.ppid);
    await writeFile(lock, parent);
    await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${parent}`);

    const beyondAllProcesses = 2 ** 30;
    await writeFile(lock, String(beyondAllProcesses));
    const unlock = await lockFolder(folder);
    await unlock();
    await (
      await lockFolder(folder)
    )();
  });
});

describe('displayOn', () => {
  const progress: Progress = {
    read: 84_112,
    written: 83_500,
    batches: 167,
    inFlight: 612,
    expected: 200_000,
    perSecond: 6812.4,
    heapBytes: 41_234_567,
    stages: [{ name: 'enrich', held: 48, capacity: 64 }],
  };
  const shown = (stream: PassThrough) => String(stream.read());
  const streamLike = (terminal: object) =>
    Object.assign(new PassThrough(), terminal) as unknown as PassThrough & NodeJS.WriteStream;

  it('draws a bar for each stage on a terminal, 80 columns wide at most', () => {
    const stream = streamLike({ isTTY: true, columns: 80, rows: 24 });
    const display = displayOn(stream);
    display.show(progress);
    display.note('a note');
    display.close();

    const text = shown(stream);
    expect(text).toContain('read    ██████████░░░░░░░░░░░░░░ 84,112 records');
    expect(text).toContain('enrich  ██████████████████░░░░░░ holds 48 of 64');
    expect(text).toContain('83,500 records, 167 batches');
    expect(text).toContain('612 in flight, 6,812/s, heap 41.2 MB');
    expect(text).toContain('a note');
    // A line ends where the cursor goes to another, or back to the first column.
    // eslint-disable-next-line no-control-regex
    const lines = text.split(/\n|\u001b\[1G/).map((line) => line.replace(/\u001b\[[\d;?]*\w/g, ''));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('writes plain lines elsewhere', () => {
    const stream = streamLike({ isTTY: false });
    const display = displayOn(stream);
    display.show(progress);
    display.show({ ...progress, stages: [] });
    display.note('a note');
    display.close();

    expect(shown(stream)).toBe(
      '84,112 in, 83,500 written in 167 batches, 612 in flight (enrich 48/64), 6,812/s, heap 41.2 MB\n' +
        '84,112 in, 83,500 written in 167 batches, 612 in flight, 6,812/s, heap 41.2 MB\n' +
        'a note\n',
    );
  });
});

describe('reason', () => {
  it('finds words in errors that have none of their own', () => {
    expect(reason(new AggregateError([new Error('refused')]))).toBe('refused');
    expect(reason(Object.assign(new Error(), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(reason(new TypeError())).toBe('TypeError');
    expect(reason('odd')).toBe('odd');
  });
});
