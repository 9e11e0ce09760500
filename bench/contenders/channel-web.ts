import { TransformStream } from 'node:stream/web';
import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/**
 * An identity TransformStream whose writable side holds `capacity` chunks. `writer.ready` is its "there is
 * room", which never comes where there are no places: then each write is awaited, until it is read.
 */
function open(capacity: number, count: number): ReadableStream<number> {
  const { readable, writable } = new TransformStream<number, number>(
    {},
    { highWaterMark: capacity },
    { highWaterMark: 0 },
  );
  void produce(writable.getWriter(), capacity, count);
  return readable;
}

type ReadableStream<T> = TransformStream<T, T>['readable'];
type Writer = ReturnType<TransformStream<number>['writable']['getWriter']>;

async function produce(writer: Writer, capacity: number, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) {
    if (capacity === 0) await writer.write(value);
    else {
      await writer.ready;
      void writer.write(value);
    }
  }
  await writer.close();
}

export function readEach(capacity: number): Run {
  return async (count) => {
    const reader = open(capacity, count).getReader();
    let sum = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return sum;
      sum += value;
    }
  };
}

export function iterate(capacity: number): Run {
  return (count) => sumRead(open(capacity, count));
}
