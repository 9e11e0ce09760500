import { Readable } from 'node:stream';
import { Subject, take } from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import { pullFrom } from 'rxjs-sluice/operators';
import { afterAll, describe, expect, it } from 'vitest';
import { report } from '../support/proof.js';
import { hear } from './hear.js';

const none = { unhandled: [], host: [] };
let runs = 0;

// ---- Node ------------------------------------------------------------------------------------------

interface NodeOptions {
  /** How many values there are before its end; or it waits after so many. */
  readonly end?: number;
  readonly stall?: number;
  /** What its `_destroy` fails with. */
  readonly failure?: Error;
}

function nodeStream({ end = Infinity, stall = Infinity, failure }: NodeOptions = {}) {
  let n = 0;
  const counted = {
    destroyed: 0,
    stream: new Readable({
      objectMode: true,
      highWaterMark: 1,
      read() {
        if (n >= stall) return;
        this.push(n < end ? n++ : null);
      },
      destroy(error, callback) {
        counted.destroyed++;
        callback(failure ?? error);
      },
    }),
  };
  return counted;
}

const mid = new Error('mid');
const premature = expect.objectContaining({ code: 'ERR_STREAM_PREMATURE_CLOSE' }) as Error;

describe.each([
  ['with an error', mid, mid],
  ['without one', undefined, premature],
] as const)('a Node stream that is destroyed %s', (_, error, told) => {
  it('in mid-read: the pipe errors', async () => {
    const { stream } = nodeStream({ stall: 2 });
    const heard = await hear(pullFrom(stream), () => stream.destroy(error));
    expect(heard).toEqual({ values: [0, 1], ends: [told], ...none });
    runs++;
  });

  it('before it is subscribed, too', async () => {
    const { stream } = nodeStream();
    stream.on('error', () => {}).destroy(error);
    const heard = await hear(pullFrom(stream));
    expect(heard).toEqual({ values: [], ends: [told], ...none });
    runs++;
  });

  it('between two reads: at the next one', async () => {
    for (const read of [0, 1, 2]) {
      const { stream } = nodeStream();
      const ticks = new Subject<void>();
      const heard = await hear(
        pullFrom(stream).pipe(takeOn(ticks)),
        ...Array<() => void>(read).fill(() => ticks.next()),
        () => stream.destroy(error),
        () => ticks.next(),
        () => ticks.next(),
      );
      expect(heard).toEqual({ values: [0, 1].slice(0, read), ends: [told], ...none });
      runs++;
    }
  });

  it('and left after that, without another read: nobody is told twice', async () => {
    const { stream } = nodeStream();
    const ticks = new Subject<void>();
    const heard = await hear(
      pullFrom(stream).pipe(takeOn(ticks)),
      () => ticks.next(),
      () => stream.destroy(error),
      (leave) => leave(),
    );
    expect(heard).toEqual({ values: [0], ends: [], ...none });
    runs++;
  });

  it('after the last value, changes nothing', async () => {
    const { stream } = nodeStream({ end: 2 });
    const heard = await hear(pullFrom(stream), () => stream.on('error', () => {}).destroy(error));
    expect(heard).toEqual({ values: [0, 1], ends: ['complete'], ...none });
    runs++;
  });
});

describe('a Node stream that fails to be destroyed', () => {
  const failure = new Error('destroy');

  it.each([
    ['before the first read', 0],
    ['between two reads', 2],
  ])('when the pipe is left %s: the hook hears, and the process goes on', async (_, read) => {
    const counted = nodeStream({ failure });
    const { stream } = counted;
    const ticks = new Subject<void>();
    const heard = await hear(
      pullFrom(stream).pipe(takeOn(ticks)),
      ...Array<() => void>(read).fill(() => ticks.next()),
      (leave) => leave(),
      (leave) => leave(),
    );
    expect([heard.values, heard.ends, heard.unhandled, heard.host]).toEqual([
      [0, 1].slice(0, read),
      [],
      [failure],
      [],
    ]);
    expect([stream.destroyed, counted.destroyed]).toEqual([true, 1]);
    runs++;
  });

  it('when the pipe is left in mid-read', async () => {
    const { stream } = nodeStream({ stall: 1, failure });
    const heard = await hear(pullFrom(stream), (leave) => leave());
    expect(heard).toEqual({ values: [0], ends: [], unhandled: [failure], host: [] });
    runs++;
  });

  it('when `take` leaves it', async () => {
    const { stream } = nodeStream({ failure });
    const heard = await hear(pullFrom(stream).pipe(take(2)));
    expect(heard).toEqual({ values: [0, 1], ends: ['complete'], unhandled: [failure], host: [] });
    runs++;
  });
});

it('a Node stream is destroyed once, whenever the pipe is left', async () => {
  for (const ticksBefore of [0, 1, 3]) {
    const counted = nodeStream();
    const ticks = new Subject<void>();
    const heard = await hear(
      pullFrom(counted.stream).pipe(takeOn(ticks)),
      ...Array<() => void>(ticksBefore).fill(() => ticks.next()),
      (leave) => leave(),
    );
    expect([heard.values.length, counted.destroyed, heard.unhandled]).toEqual([ticksBefore, 1, []]);
    runs++;
  }
});

// ---- web -------------------------------------------------------------------------------------------

interface WebOptions {
  readonly end?: number;
  readonly stall?: number;
  readonly cancel?: () => unknown;
}

function webStream({ end = Infinity, stall = Infinity, cancel }: WebOptions = {}) {
  let n = 0;
  const counted = {
    cancelled: 0,
    controller: undefined as never as ReadableStreamDefaultController,
  };
  const stream = new ReadableStream<number>(
    {
      start(controller) {
        counted.controller = controller;
      },
      pull(controller) {
        if (n >= stall) return new Promise(() => {});
        if (n < end) controller.enqueue(n++);
        else controller.close();
        return undefined;
      },
      cancel() {
        counted.cancelled++;
        return cancel?.() as undefined;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, counted };
}

describe('a web stream', () => {
  it('that fails in mid-read errors the pipe', async () => {
    const { stream, counted } = webStream({ stall: 2 });
    const heard = await hear(pullFrom(stream), () => counted.controller.error(mid));
    expect(heard).toEqual({ values: [0, 1], ends: [mid], ...none });
    expect(counted.cancelled).toBe(0);
    runs++;
  });

  it('that fails between two reads errors it at the next one', async () => {
    for (const read of [0, 1, 2]) {
      const { stream, counted } = webStream();
      const ticks = new Subject<void>();
      const heard = await hear(
        pullFrom(stream).pipe(takeOn(ticks)),
        ...Array<() => void>(read).fill(() => ticks.next()),
        () => counted.controller.error(mid),
        () => ticks.next(),
      );
      expect(heard).toEqual({ values: [0, 1].slice(0, read), ends: [mid], ...none });
      runs++;
    }
  });

  it('that ends in mid-read completes it', async () => {
    const { stream, counted } = webStream({ stall: 2 });
    const heard = await hear(pullFrom(stream), () => counted.controller.close());
    expect(heard).toEqual({ values: [0, 1], ends: ['complete'], ...none });
    runs++;
  });

  it('that has failed, or ended, before it is subscribed does so at once', async () => {
    const failed = webStream();
    failed.counted.controller.error(mid);
    expect((await hear(pullFrom(failed.stream))).ends).toEqual([mid]);
    const ended = webStream();
    ended.counted.controller.close();
    expect((await hear(pullFrom(ended.stream))).ends).toEqual(['complete']);
    runs += 2;
  });

  it('that somebody else reads is an error, and is left to them', async () => {
    const { stream, counted } = webStream();
    const reader = stream.getReader();
    const heard = await hear(pullFrom(stream));
    expect(heard).toEqual({ values: [], ends: [expect.any(TypeError)], ...none });
    expect([await reader.read(), counted.cancelled]).toEqual([{ done: false, value: 0 }, 0]);
    runs++;
  });

  it.each([
    ['does what it should', () => undefined, []],
    [
      'throws',
      () => {
        throw mid;
      },
      [mid],
    ],
    ['rejects', () => Promise.reject(mid), [mid]],
    ['never settles', () => new Promise(() => {}), []],
  ])(
    'whose cancel %s is cancelled once, whenever the pipe is left',
    async (_, cancel, unhandled) => {
      for (const read of [0, 1, 3]) {
        const { stream, counted } = webStream({ cancel });
        const ticks = new Subject<void>();
        const heard = await hear(
          pullFrom(stream).pipe(takeOn(ticks)),
          ...Array<() => void>(read).fill(() => ticks.next()),
          (leave) => leave(),
          (leave) => leave(),
        );
        expect(heard).toEqual({ values: [0, 1, 2].slice(0, read), ends: [], unhandled, host: [] });
        expect(counted.cancelled).toBe(1);
        runs++;
      }
      const { stream, counted } = webStream({ stall: 1, cancel });
      const heard = await hear(pullFrom(stream), (leave) => leave());
      expect(heard).toEqual({ values: [0], ends: [], unhandled, host: [] });
      expect(counted.cancelled).toBe(1);
      runs++;
    },
  );

  it('that fails while it is being left tells nobody', async () => {
    const { stream, counted } = webStream({ stall: 1 });
    const heard = await hear(
      pullFrom(stream),
      (leave) => leave(),
      () => expect(() => counted.controller.error(mid)).not.toThrow(),
    );
    expect(heard).toEqual({ values: [0], ends: [], ...none });
    runs++;
  });
});

// ---- channels --------------------------------------------------------------------------------------

const endings = {
  closed: (channel: Channel<number>) => channel.close(),
  'closed with an error': (channel: Channel<number>) => channel.close(mid),
  cancelled: (channel: Channel<number>) => channel.cancel(),
  'cancelled with a reason': (channel: Channel<number>) => channel.cancel(mid),
};

describe.each(Object.entries(endings))('a channel that is %s', (name, end) => {
  const ending = name.includes('with') ? mid : 'complete';
  const cancels = name.startsWith('cancelled');

  it('while it is read from ends the pipe behind what it holds, or at once', async () => {
    for (const held of [0, 1, 3]) {
      for (const read of [0, 1, 2]) {
        const dropped: number[] = [];
        const onDrop = (value: number) => dropped.push(value);
        const channel = new Channel<number>(3, { onDrop });
        for (let n = 0; n < held; n++) channel.trySend(n);
        const ticks = new Subject<void>();
        const heard = await hear(
          pullFrom(channel).pipe(takeOn(ticks)),
          ...Array<() => void>(read).fill(() => ticks.next()),
          () => end(channel),
          ...Array<() => void>(4).fill(() => ticks.next()),
        );
        const all = [0, 1, 2].slice(0, held);
        const taken = cancels ? all.slice(0, read) : all;
        expect(heard).toEqual({ values: taken, ends: [ending], ...none });
        expect([...taken, ...dropped]).toEqual(all);
        runs++;
      }
    }
  });

  it('before it is read from, likewise', async () => {
    const channel = new Channel<number>(3);
    channel.trySend(0);
    end(channel);
    const heard = await hear(pullFrom(channel));
    expect(heard).toEqual({ values: cancels ? [] : [0], ends: [ending], ...none });
    runs++;
  });

  it('after the pipe has been left, concerns nobody', async () => {
    const channel = new Channel<number>(3);
    const heard = await hear(
      pullFrom(channel),
      (leave) => leave(),
      () => channel.trySend(0),
      () => end(channel),
    );
    expect(heard).toEqual({ values: [], ends: [], ...none });
    expect(channel.waiting).toBe(cancels ? 0 : 1);
    runs++;
  });
});

it('a channel gives nothing to a pipe that has been left', async () => {
  const channel = new Channel<number>();
  const heard = await hear(
    pullFrom(channel),
    () => channel.trySend(0),
    (leave) => leave(),
  );
  expect([heard.values, channel.available, channel.trySend(1)]).toEqual([[0], 0, false]);
  runs++;
});

afterAll(() => {
  report({
    part: 'faults: streams and channels that are pulled',
    tried: `destroyed, failed, cancelled, closed, locked, at each moment: ${runs} runs`,
    held: 'the pipe ends with that; each is let go once; what fails then goes to the hook, and the process goes on',
  });
});
