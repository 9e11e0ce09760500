import { EventEmitter, getEventListeners, on } from 'node:events';
import { Readable } from 'node:stream';
import { EMPTY, Subject, concat, range, throwError, type Observable } from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { toAsyncIterable } from 'rxjs-sluice/operators';

/** What an input gives: so many values, and what comes after them. */
export interface Given {
  readonly values: number;
  readonly after: 'end' | 'failure' | 'silence';
}

/** An input for one cycle. */
export interface Opened {
  readonly input: Iterable<number> | AsyncIterable<number> | ReadableStream<number>;
  /** What is left of it, once the pipe is left and the event loop has had its turns. */
  readonly left?: () => Readonly<Record<string, number>>;
}

/** One kind of input, made anew for each cycle. */
export interface Kind {
  readonly title: string;
  /** It is synchronous, and cannot fall silent. */
  readonly talks?: true;
  readonly open: (given: Given, lasting: Lasting) => Opened;
}

/** What outlives every input, and can tell whether one has left something there. */
export class Lasting {
  readonly emitter = new EventEmitter();
  readonly signal = new AbortController().signal;
  readonly channel = new Channel<number>(4);
  readonly source = new Subject<number>();

  left(): Readonly<Record<string, number>> {
    const { emitter, signal, channel, source } = this;
    // What nobody has taken is the next reader's, and no leak.
    while (channel.tryReceive() !== undefined);
    const listeners = emitter.eventNames().map((name) => emitter.listenerCount(name));
    return {
      listeners: listeners.reduce(
        (sum, count) => sum + count,
        getEventListeners(signal, 'abort').length,
      ),
      receivers: channel.available - channel.capacity,
      source: Number(source.observed),
    };
  }
}

const failure = new Error('input');

/** What an iterator does at each call of `next`: gives a value, or ends, or throws; or falls silent. */
function* steps({ values, after }: Given): Generator<number | 'silence', undefined> {
  for (let n = 0; n < values; n++) yield n;
  if (after === 'silence') yield after;
  if (after === 'failure') throw failure;
}

/** An iterator that counts how often it is open: begun, and neither at its end nor let go. */
function iteratorOf(given: Given, isAsync: boolean): Opened {
  let open = 0;
  const iterate = () => {
    const going = steps(given);
    open++;
    const step = () => {
      try {
        const result = going.next();
        if (result.done === true) open--;
        return result;
      } catch (error) {
        open--;
        throw error;
      }
    };
    return {
      async next() {
        const result = step();
        return result.value === 'silence' ? new Promise(() => {}) : result;
      },
      ...(!isAsync && { next: step }),
      return() {
        open--;
        return isAsync ? Promise.resolve({}) : {};
      },
    };
  };
  const input = { [isAsync ? Symbol.asyncIterator : Symbol.iterator]: iterate } as never;
  return { input, left: () => ({ open }) };
}

/** The listeners on a stream, but for those that Node's own iterator leaves on one that is closed. */
const guards = (stream: Readable): number =>
  stream.listenerCount('error') + stream.listenerCount('close');

function readable({ values, after }: Given): Readable {
  let n = 0;
  return new Readable({
    objectMode: true,
    highWaterMark: 1,
    read() {
      if (n < values) this.push(n++);
      else if (after === 'end') this.push(null);
      else if (after === 'failure') this.destroy(failure);
    },
  });
}

/** What a plain loop leaves on a stream that it has read from. */
async function ofPlainLoop(): Promise<number> {
  const stream = readable({ values: 2, after: 'silence' });
  const iterator = stream[Symbol.asyncIterator]();
  await iterator.next();
  stream.destroy();
  await new Promise((resolve) => stream.once('close', resolve));
  return guards(stream);
}

const ofNode = await ofPlainLoop();

export const kinds: readonly Kind[] = [
  { title: 'an iterator', talks: true, open: (given) => iteratorOf(given, false) },
  { title: 'an async iterator', open: (given) => iteratorOf(given, true) },
  {
    title: 'an async generator',
    open(given) {
      async function* numbers() {
        for (const step of steps(given)) {
          if (step === 'silence') await new Promise(() => {});
          else yield step;
        }
      }
      return { input: numbers() };
    },
  },
  {
    title: 'the events of an emitter that lasts, under a signal that lasts',
    open({ values, after }, { emitter, signal }) {
      const events = on(emitter, 'value', { signal, close: ['end'] });
      for (let n = 0; n < values; n++) emitter.emit('value', n);
      if (after === 'end') emitter.emit('end');
      if (after === 'failure') emitter.emit('error', failure);
      return { input: events as AsyncIterable<number> };
    },
  },
  {
    title: 'a Node stream',
    open(given) {
      const stream = readable(given);
      const left = () => ({
        'streams that are open': Number(!stream.closed),
        'listeners of a stream': Math.max(0, guards(stream) - ofNode),
      });
      return { input: stream, left };
    },
  },
  {
    title: 'a web stream',
    open({ values, after }) {
      let n = 0;
      let open = 1;
      const input = new ReadableStream<number>({
        pull(controller) {
          if (n < values) controller.enqueue(n++);
          else if (after === 'silence') return new Promise(() => {});
          else {
            open--;
            if (after === 'end') controller.close();
            else controller.error(failure);
          }
          return undefined;
        },
        cancel() {
          open--;
        },
      });
      return { input, left: () => ({ open }) };
    },
  },
  {
    title: 'a channel that lasts',
    open({ values, after }, { channel }) {
      if (after === 'silence') {
        for (let n = 0; n < values; n++) channel.trySend(n);
        return { input: channel };
      }
      const own = new Channel<number>(values);
      for (let n = 0; n < values; n++) own.trySend(n);
      own.close(after === 'failure' ? failure : undefined);
      return { input: own };
    },
  },
  {
    title: 'what toAsyncIterable makes of a source that lasts',
    open({ values, after }, { source }) {
      const rest: Readonly<Record<Given['after'], Observable<number>>> = {
        end: EMPTY,
        failure: throwError(() => failure),
        silence: source,
      };
      return { input: toAsyncIterable(concat(range(0, values), rest[after]), { capacity: 2 }) };
    },
  },
];
