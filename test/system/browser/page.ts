/**
 * What a browser can do with the library, run by browser.test.ts: each property is a check, named as
 * a test is, and throws where it fails.
 */
import { Channel } from 'rxjs-sluice';
import {
  batchWithTimeout,
  bufferedChannel,
  pullFrom,
  StageMeter,
  toAsyncIterable,
  workerPool,
} from 'rxjs-sluice/operators';
import { fromEvent, lastValueFrom, take, toArray } from 'rxjs';

function expect(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`Expected ${wanted}, got ${got}`);
}

/** A stream that tells how far it was read, and whether it was let go. */
function countingStream(end: number) {
  const state = { pulled: 0, cancelled: false };
  const stream = new ReadableStream<number>(
    {
      pull(controller) {
        if (state.pulled === end) controller.close();
        else controller.enqueue(state.pulled++);
      },
      cancel() {
        state.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { state, stream };
}

const checks: Readonly<Record<string, () => Promise<void>>> = {
  async 'a channel passes values from hand to hand'() {
    const channel = new Channel<string>();
    void channel.send('hello').then(() => channel.close());
    const received: string[] = [];
    for await (const value of channel) received.push(value);
    expect(received, ['hello']);
  },

  async 'a web stream goes through every stage in order'() {
    const { stream } = countingStream(100);
    const pipe = pullFrom(stream).pipe(
      bufferedChannel(4),
      workerPool(4, (n) => new Promise<number>((done) => setTimeout(done, n % 3, n)), {
        ordered: true,
      }),
      batchWithTimeout(10, 1_000),
      toArray(),
    );
    const batches = await lastValueFrom(pipe);
    expect(batches.length, 10);
    expect(batches.flat(), [...Array(100).keys()]);
  },

  async 'a pool pulls a web stream no faster than it works'() {
    const { stream, state } = countingStream(1_000);
    const meter = new StageMeter('pool');
    let mostAhead = 0;
    let done = 0;
    const work = async (n: number) => {
      mostAhead = Math.max(mostAhead, state.pulled - done);
      await new Promise((resolve) => setTimeout(resolve));
      done++;
      return n;
    };
    await lastValueFrom(pullFrom(stream).pipe(workerPool(3, work, { queue: 2, meter })));
    expect([meter.received, meter.delivered, meter.held], [1_000, 1_000, 0]);
    // Held in the pool, and one more that an asynchronous source may have in hand.
    expect(mostAhead <= 3 + 2 + 1, true);
  },

  async 'unsubscribing cancels a web stream'() {
    const { stream, state } = countingStream(Infinity);
    await lastValueFrom(pullFrom(stream).pipe(bufferedChannel(2), take(3)));
    await Promise.resolve();
    expect(state.cancelled, true);
  },

  async 'for await takes DOM events at its own pace'() {
    const target = new EventTarget();
    const clicks = fromEvent<CustomEvent<number>>(target, 'pick').pipe(take(3));
    const iterable = toAsyncIterable(clicks, { capacity: 1 });
    const iterator = iterable[Symbol.asyncIterator]();
    const first = iterator.next();
    for (const detail of [1, 2, 3]) target.dispatchEvent(new CustomEvent('pick', { detail }));
    const picks = [await first, await iterator.next(), await iterator.next()];
    expect(
      picks.map((pick) => (pick.done === true ? undefined : pick.value.detail)),
      [1, 2, 3],
    );
  },
};

async function runAll(): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      results[name] = 'passed';
    } catch (error) {
      results[name] = String(error);
    }
  }
  return results;
}

Object.assign(globalThis, { findings: runAll() });
