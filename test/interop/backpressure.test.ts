import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Observable } from 'rxjs';
import { fromEvent, map, merge, takeUntil } from 'rxjs';
import { backpressure, StageMeter, toAsyncIterable, workerPool } from 'rxjs-sluice/operators';
import { afterEach, describe, expect, it } from 'vitest';

/** What a Node stream in flowing mode gives, until it ends. */
const chunksOf = (stream: NodeJS.ReadableStream): Observable<Buffer> =>
  merge(
    fromEvent(stream, 'data') as Observable<Buffer>,
    fromEvent(stream, 'error').pipe(
      map((error) => {
        throw error;
      }),
    ),
  ).pipe(takeUntil(fromEvent(stream, 'end')));

/** `backpressure` on a stream's own switches, and the calls that it made. */
function switched(stream: NodeJS.ReadableStream) {
  const calls: string[] = [];
  const operator = backpressure<Buffer>({
    pause: () => {
      calls.push('pause');
      stream.pause();
    },
    resume: () => {
      calls.push('resume');
      stream.resume();
    },
  });
  return { calls, operator };
}

/** Work that takes many turns of the event loop: more than the next chunk. */
async function slowly(chunk: Buffer): Promise<Buffer> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  return chunk;
}

const expectAlternating = (calls: readonly string[]): void => {
  expect(calls.length).toBeGreaterThan(2);
  expect(calls).toEqual(calls.map((_, at) => (at % 2 === 0 ? 'pause' : 'resume')));
};

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('backpressure', () => {
  it('pauses a socket whose data is worked off slowly; TCP stops the sender, and nothing is lost', async () => {
    const SIZE = 8 * 2 ** 20;
    let accepted = 0;
    let ended = false;
    const server = createServer((socket) => {
      const chunk = Buffer.alloc(2 ** 16);
      const write = (): void => {
        while (accepted < SIZE) {
          chunk.fill(accepted / chunk.length);
          accepted += chunk.length;
          if (!socket.write(Buffer.from(chunk))) return void socket.once('drain', write);
        }
        socket.end(() => (ended = true));
      };
      write();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const socket: Socket = createConnection((server.address() as AddressInfo).port, '127.0.0.1');
    closing.push(() => socket.destroy());

    const { calls, operator } = switched(socket);
    const meter = new StageMeter();
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const work = async (chunk: Buffer): Promise<Buffer> => {
      await gate;
      return slowly(chunk);
    };
    const chunks = chunksOf(socket).pipe(operator, workerPool(2, work, { ordered: true, meter }));
    let received = 0;
    let wrong = 0;
    const done = (async () => {
      for await (const chunk of toAsyncIterable(chunks, { capacity: 2 })) {
        for (const byte of chunk) if (byte !== (Math.floor(received++ / 2 ** 16) & 255)) wrong++;
      }
    })();
    // The sender has come to a halt when it accepts no more from one look to the next.
    for (let before = -1; before !== accepted || accepted === 0;) {
      before = accepted;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect([calls.at(-1), ended]).toEqual(['pause', false]);
    expect(meter.held).toBeLessThanOrEqual(meter.capacity + 1);
    expect(accepted).toBeLessThan(SIZE);
    open();
    await done;
    expect([received, wrong]).toEqual([SIZE, 0]);
    expect(meter.maxHeld).toBeLessThanOrEqual(meter.capacity + 1);
    expectAlternating(calls);
  });

  it('pauses a file that is read in flowing mode', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
    closing.push(() => rm(folder, { recursive: true }));
    const path = join(folder, 'numbers');
    const text = Array.from({ length: 20_000 }, (_, n) => `${n}\n`).join('');
    await writeFile(path, text);

    const file = createReadStream(path, { highWaterMark: 1024 });
    const { calls, operator } = switched(file);
    const meter = new StageMeter();
    const pipe = chunksOf(file).pipe(operator, workerPool(1, slowly, { meter }));
    const read: Buffer[] = [];
    for await (const chunk of toAsyncIterable(pipe, { capacity: 0 })) {
      read.push(chunk);
    }
    expect(Buffer.concat(read).toString()).toBe(text);
    expect(meter.maxHeld).toBeLessThanOrEqual(meter.capacity);
    expectAlternating(calls);
  });

  it('pauses an EventTarget that can be told to stop', async () => {
    const target = new EventTarget();
    let paused = false;
    let sent = 0;
    const calls: string[] = [];
    const send = (): void => {
      for (; !paused && sent < 100; sent++)
        target.dispatchEvent(new MessageEvent('message', { data: sent }));
    };
    const pipe = fromEvent<MessageEvent<number>>(target, 'message').pipe(
      backpressure({
        pause: () => {
          calls.push('pause');
          paused = true;
        },
        resume: () => {
          calls.push('resume');
          paused = false;
          send();
        },
      }),
      map(({ data }) => data),
    );
    const heard: number[] = [];
    const iterator = toAsyncIterable(pipe, { capacity: 3 })[Symbol.asyncIterator]();
    const first = iterator.next();
    send();
    heard.push((await first).value as number);
    // One was taken, and three more fill the places.
    expect([sent, paused]).toEqual([4, true]);
    while (heard.length < 100) heard.push((await iterator.next()).value as number);
    await iterator.return?.();
    expect(heard).toEqual(Array.from({ length: 100 }, (_, n) => n));
    expectAlternating(calls);
  });
});
