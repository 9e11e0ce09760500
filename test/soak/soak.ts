/**
 * Runs a pipe over a long source, in a process of its own, and prints what came of it as JSON:
 *
 *     node --expose-gc --import tsx test/soak/soak.ts node 1e8
 *     node --expose-gc --import tsx test/soak/soak.ts web 1e8 http://127.0.0.1:8080/
 *     node --expose-gc --import tsx test/soak/soak.ts values 1e6
 *     node --expose-gc --import tsx test/soak/soak.ts minutes 10
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { concatMap, from, type Observable } from 'rxjs';
import {
  StageMeter,
  batchWithTimeout,
  bufferedChannel,
  pullFrom,
  toAsyncIterable,
  workerPool,
} from 'rxjs-sluice/operators';
import { chunks } from './chunks.js';

type Stage = 'batches' | 'pool' | 'channel';

/** What a run found. */
export interface Soaked {
  /** How many bytes or values came through. */
  readonly amount: number;
  /** A digest of what was sent, where it was sent from here, and of what arrived. */
  readonly sent?: string;
  readonly arrived: string;
  /** The heap and its buffers in bytes, after each collection, through the run. */
  readonly heaps: readonly number[];
  /** The most that each stage ever held. */
  readonly held: Readonly<Record<Stage, number>>;
  /** Where its file was. */
  readonly folder?: string;
}

/** What a leak keeps, to show that it would be seen: `--leak` keeps one number for each value. */
const leaks = process.argv.includes('--leak');
const kept: number[] = [];

/** The stages: batches, a pool with promises, and a channel; in the order of the source. */
function staged<T>(
  source: Observable<T>,
  { batches, pool, channel }: Readonly<Record<Stage, StageMeter>>,
): AsyncIterable<T> {
  return toAsyncIterable(
    source.pipe(
      batchWithTimeout(4, 5, { meter: batches }),
      workerPool(
        4,
        async (batch: T[]) => {
          await Promise.resolve();
          return batch;
        },
        { ordered: true, meter: pool },
      ),
      concatMap((batch) => from(batch)),
      bufferedChannel(8, { meter: channel }),
    ),
  );
}

function heapUsed(): number {
  globalThis.gc?.();
  const { heapUsed: heap, arrayBuffers } = process.memoryUsage();
  return heap + arrayBuffers;
}

/** What is to be done after a value. */
type Then = 'goes on' | 'sample' | 'over';

/** Reads `source` through the stages to its end, or until `take` says so; it says when a sample is due, too. */
async function soak<T>(
  source: Observable<T>,
  take: (value: T) => Then,
): Promise<Pick<Soaked, 'heaps' | 'held'>> {
  const batches = new StageMeter('batches');
  const pool = new StageMeter('pool');
  const channel = new StageMeter('channel');
  const heaps: number[] = [];
  for await (const value of staged(source, { batches, pool, channel })) {
    if (leaks) kept.push(kept.length);
    const then = take(value);
    if (then !== 'goes on') heaps.push(heapUsed());
    if (then === 'over') break;
  }
  const held = { batches: batches.maxHeld, pool: pool.maxHeld, channel: channel.maxHeld };
  return { heaps, held };
}

const SAMPLES = 64;

/** Bytes of a stream, whose chunks may be of any size. */
async function soakBytes(source: Observable<Uint8Array>, bytes: number): Promise<Soaked> {
  const arrived = createHash('sha256');
  let amount = 0;
  let due = 0;
  const found = await soak(source, (chunk) => {
    arrived.update(chunk);
    amount += chunk.length;
    if (amount < due) return 'goes on';
    due += bytes / SAMPLES;
    return 'sample';
  });
  return { amount, arrived: arrived.digest('hex'), ...found };
}

/** A Node stream: a file. */
async function soakFile(bytes: number): Promise<Soaked> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-soak-'));
  try {
    const path = join(folder, 'bytes');
    const hash = createHash('sha256');
    const file = createWriteStream(path);
    for (const chunk of chunks(bytes, hash)) {
      if (!file.write(chunk))
        await new Promise((resolve) => file.once('drain', () => resolve(undefined)));
    }
    await finished(file.end());
    const sent = hash.digest('hex');
    const source = pullFrom<Buffer>(createReadStream(path));
    return { ...(await soakBytes(source, bytes)), sent, folder };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A web stream: the body of what a server answers. */
async function soakWeb(bytes: number, url: string): Promise<Soaked> {
  const { body } = await fetch(url);
  if (body === null) throw new Error('Expected the answer to have a body');
  return await soakBytes(pullFrom<Uint8Array>(body), bytes);
}

function* naturals(): Generator<number> {
  for (let n = 0; ; n++) yield n;
}

/** The endless source, until it is over: what then is asked after each of so many values. */
async function soakNaturals(every: number, then: (amount: number) => Then): Promise<Soaked> {
  let amount = 0;
  let wrong = 0;
  const found = await soak(pullFrom(naturals()), (n) => {
    if (n !== amount) wrong++;
    amount++;
    return amount % every === 0 ? then(amount) : 'goes on';
  });
  return { amount, sent: '0 out of order', arrived: `${wrong} out of order`, ...found };
}

/** How many samples there are of a run that goes by time. */
const TIMED_SAMPLES = 256;

async function soakMinutes(minutes: number): Promise<Soaked> {
  const start = Date.now();
  const step = (minutes * 60_000) / TIMED_SAMPLES;
  let due = 1;
  return await soakNaturals(10_000, () => {
    if (Date.now() < start + due * step) return 'goes on';
    due++;
    return due > TIMED_SAMPLES ? 'over' : 'sample';
  });
}

const [kind, given, url = ''] = process.argv.slice(2);
const size = Number(given);
const kinds: Readonly<Record<string, () => Promise<Soaked>>> = {
  node: () => soakFile(size),
  web: () => soakWeb(size, url),
  values: () =>
    soakNaturals(Math.ceil(size / SAMPLES), (amount) => (amount >= size ? 'over' : 'sample')),
  minutes: () => soakMinutes(size),
};
const run = kinds[kind ?? ''];
if (run === undefined) throw new Error(`Expected one of ${Object.keys(kinds).join(', ')}`);
console.log(JSON.stringify(await run()));
