import { setImmediate as turn } from 'node:timers/promises';
import { lastValueFrom, Subject, tap } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { enrichmentOf, type EnrichedFlight, type Flight } from '../../examples/ingest/flight.js';
import { Ledger } from '../../examples/ingest/ledger.js';
import { sluicePipe, type Parts } from '../../examples/ingest/pipe.js';
import { stockPipe } from '../../examples/ingest/stock-pipe.js';

const FLIGHTS = 1000;
const CONCURRENCY = 4;
const BATCH = 10;
/** The pool and its queue, an open batch, a batch being written and one behind it. */
const BOUND = 2 * CONCURRENCY + BATCH + 2 * BATCH;

let closed: boolean;
let ledger: Ledger;
let stop: Subject<void>;
/** Each call lets one batch be written. */
let commits: (() => void)[];

beforeEach(() => {
  closed = false;
  ledger = new Ledger();
  stop = new Subject();
  commits = [];
});

async function* flights(): AsyncGenerator<Flight> {
  try {
    for (let key = 0; key < FLIGHTS; key++) yield { key, delay: 0, distance: 100, time: 12 };
  } finally {
    closed = true;
  }
}

const parts = (changes: Partial<Parts> = {}): Parts => ({
  flights: flights(),
  limit: Infinity,
  concurrency: CONCURRENCY,
  batchSize: BATCH,
  batchTimeoutMs: 60_000,
  stop,
  enrich: async (flight) => ({ ...flight, ...enrichmentOf(flight) }),
  insert: (batch) =>
    new Promise((resolve) => {
      commits.push(() => resolve(batch));
    }),
  onRead: ledger.onRead,
  onDropped: ledger.onDropped,
  ...changes,
});

const run = (pipe: typeof sluicePipe, changes?: Partial<Parts>) =>
  lastValueFrom(pipe(parts(changes)).written.pipe(tap(ledger.onWritten)), { defaultValue: [] });

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** Commits each batch as it comes, until nothing more is read or written. */
async function commitAll(ended: Promise<unknown>): Promise<void> {
  let over = false;
  const watched = ended.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    commits.splice(0).forEach((commit) => commit());
    await turn();
  }
  await watched;
}

describe('sluicePipe', () => {
  it('reads as far as there is room, while the database writes nothing', async () => {
    const ended = run(sluicePipe);
    while (ledger.read < BOUND) await turn();
    await turns(100);

    expect(ledger.read).toBe(BOUND);
    expect(commits).toHaveLength(1);
    await commitAll(ended);
    expect(ledger).toMatchObject({ read: FLIGHTS, written: FLIGHTS, batches: FLIGHTS / BATCH });
    expect(ledger.maxInFlight).toBeLessThanOrEqual(BOUND);
  });

  it('stops reading when told to, closes the file, and writes what it holds', async () => {
    const ended = run(sluicePipe);
    while (ledger.read < BOUND) await turn();
    stop.next();

    await commitAll(ended);
    expect(ledger).toMatchObject({ read: BOUND, written: BOUND, dropped: 0 });
    expect(closed).toBe(true);
  });

  it('reads no more than the limit', async () => {
    await commitAll(run(sluicePipe, { limit: 25 }));

    expect(ledger).toMatchObject({ read: 25, written: 25, batches: 3 });
    expect(closed).toBe(true);
  });

  it('accounts for each record when the database fails', async () => {
    let batches = 0;
    const insert = async (batch: EnrichedFlight[]) => {
      if (++batches === 3) throw new Error('gone');
      return batch;
    };

    await expect(run(sluicePipe, { insert })).rejects.toThrow('gone');
    expect(ledger.written).toBe(2 * BATCH);
    expect(ledger.dropped).toBeGreaterThanOrEqual(BATCH);
    expect(ledger.inFlight).toBe(0);
    expect(closed).toBe(true);
  });

  it('aborts what runs, and writes what was gathered, when an enrichment fails', async () => {
    const aborted: number[] = [];
    const enrich = async (flight: Flight, signal?: AbortSignal) => {
      if (flight.key === 15) throw new Error('refused');
      if (flight.key >= 12) {
        signal?.addEventListener('abort', () => aborted.push(flight.key));
        return new Promise<never>(() => undefined);
      }
      return { ...flight, ...enrichmentOf(flight) };
    };
    const ended = run(sluicePipe, { enrich });
    const failed = expect(ended).rejects.toThrow('refused');
    await commitAll(ended);
    await failed;

    expect(aborted).toEqual([12, 13, 14]);
    expect(ledger.written).toBe(12);
    expect(ledger.inFlight).toBe(0);
  });
});

describe('stockPipe', () => {
  it('reads everything, while the database writes nothing', async () => {
    const ended = run(stockPipe);
    while (ledger.read < FLIGHTS) await turn();

    expect(ledger.written).toBe(0);
    await commitAll(ended);
    expect(ledger).toMatchObject({ read: FLIGHTS, written: FLIGHTS, maxInFlight: FLIGHTS });
  });

  it('loses what it holds, in silence, when the database fails', async () => {
    const insert = () => Promise.reject(new Error('gone'));

    await expect(run(stockPipe, { insert })).rejects.toThrow('gone');
    expect(ledger.dropped).toBe(0);
    expect(ledger.inFlight).toBeGreaterThan(0);
  });
});
