/**
 * Runs a pipe over a long source, in a process of its own, and prints what came of it as JSON:
 *
 *     node --expose-gc --import tsx test/soak/soak.ts node 1e8
 *     node --expose-gc --import tsx test/soak/soak.ts web 1e8
 *     node --expose-gc --import tsx test/soak/soak.ts values 1e6
 *     node --expose-gc --import tsx test/soak/soak.ts minutes 10
 */
import { createHash, type Hash } from 'node:crypto';
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

/** What a run found. */
export interface Soaked {
  /** How many bytes or values came through. */
  readonly amount: number;
  /** A digest of what was sent, and of what arrived. */
  readonly sent: string;
  readonly arrived: string;
  /** The heap and its buffers in bytes, after each collection, through the run. */
  readonly heaps: readonly number[];
  /** The most that the stages ever held together. */
  readonly held: number;
  /** Where its file was. */
  readonly folder?: string;
}

/** What a leak may keep, to show that it would be seen: `--leak` keeps a little of each chunk. */
const leaks = process.argv.includes('--leak');
const kept: unknown[] = [];

const CHUNK = 64 * 1024;

/** Chunks of pseudo-random bytes, so many in all, and the digest of them. */
function* chunks(bytes: number, hash: Hash): Generator<Buffer> {
  let state = 1;
  for (let left = bytes; left > 0; left -= CHUNK) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, left));
    for (let i = 0; i + 4 <= chunk.length; i += 4) {
      state = Math.imul(state, 48_271) + 11;
      chunk.writeInt32LE(state | 0, i);
    }
    chunk.fill(state & 255, chunk.length & ~3);
    hash.update(chunk);
    yield chunk;
  }
}

/** The stages: batches, a pool with promises, and a channel; in the order of the source. */
function staged<T>(source: Observable<T>, meters: readonly StageMeter[]): AsyncIterable<T> {
  const [batches, pool, channel] = meters;
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

/** Reads `source` through the stages to its end, or until `take` says so; it says when a sample is due, too. */
async function soak<T>(
  source: Observable<T>,
  take: (value: T) => 'goes on' | 'sample' | 'over',
): Promise<Pick<Soaked, 'heaps' | 'held'>> {
  const meters = ['batches', 'pool', 'channel'].map((name) => new StageMeter(name));
  const heaps: number[] = [];
  for await (const value of staged(source, meters)) {
    if (leaks) kept.push({ value, meters });
    const then = take(value);
    if (then !== 'goes on') heaps.push(heapUsed());
    if (then === 'over') break;
  }
  return { heaps, held: meters.reduce((sum, { maxHeld }) => sum + maxHeld, 0) };
}

const SAMPLES = 64;

/** Bytes of a stream, whose chunks may be of any size. */
async function soakBytes(source: Observable<Uint8Array>, bytes: number, sent: () => string) {
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
  return { amount, sent: sent(), arrived: arrived.digest('hex'), ...found };
}

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
    return { ...(await soakBytes(source, bytes, () => sent)), folder };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function soakWeb(bytes: number): Promise<Soaked> {
  const hash = createHash('sha256');
  const source = chunks(bytes, hash);
  const stream = new ReadableStream<Buffer>({
    pull(controller) {
      const next = source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
  return await soakBytes(pullFrom<Buffer>(stream), bytes, () => hash.digest('hex'));
}

function* naturals(): Generator<number> {
  for (let n = 0; ; n++) yield n;
}

/** The endless source, until it is over: `isOver` is asked after each of so many values. */
async function soakNaturals(every: number, isOver: (amount: number) => boolean): Promise<Soaked> {
  let amount = 0;
  let wrong = 0;
  const found = await soak(pullFrom(naturals()), (n) => {
    if (n !== amount) wrong++;
    amount++;
    if (amount % every !== 0) return 'goes on';
    return isOver(amount) ? 'over' : 'sample';
  });
  return { amount, sent: '0 out of order', arrived: `${wrong} out of order`, ...found };
}

const [kind, given] = process.argv.slice(2);
const size = Number(given);
const kinds: Readonly<Record<string, () => Promise<Soaked>>> = {
  node: () => soakFile(size),
  web: () => soakWeb(size),
  values: () => soakNaturals(Math.ceil(size / SAMPLES), (amount) => amount >= size),
  minutes() {
    const end = Date.now() + size * 60_000;
    return soakNaturals(200_000, () => Date.now() >= end);
  },
};
const run = kinds[kind ?? ''];
if (run === undefined) throw new Error(`Expected one of ${Object.keys(kinds).join(', ')}`);
console.log(JSON.stringify(await run()));
