import { EventEmitter, on, once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** Writes until `write` says that it is full, then waits for `drain`. Each of its two sides has the capacity. */
export function passThrough(capacity: number): Run {
  return (count) => {
    const stream = new PassThrough({ objectMode: true, highWaterMark: capacity });
    void write(stream, count);
    return sumRead(stream);
  };
}

async function write(stream: PassThrough, count: number): Promise<void> {
  // `null` would end a stream; a number is as good a chunk as any.
  for (let value = 1; value <= count; value += 1)
    if (!stream.write(value)) await once(stream, 'drain');
  stream.end();
}

/** The producer is an async generator that the stream reads. */
export function readableFrom(capacity: number): Run {
  return (count) => sumRead(Readable.from(generate(count), { highWaterMark: capacity }));
}

async function* generate(count: number): AsyncGenerator<number> {
  for (let value = 1; value <= count; value += 1) yield value;
}

/** An emitter that `events.on` may pause; it emits in bursts, as long as it is not. */
class Pausable extends EventEmitter {
  private paused = false;
  private resumed: (() => void) | undefined;

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.resumed?.();
  }

  async emitAll(count: number): Promise<void> {
    for (let value = 1; value <= count; value += 1) {
      if (this.paused) await new Promise<void>((resolve) => (this.resumed = resolve));
      this.emit('value', value);
    }
    this.emit('end');
  }
}

/** Its water marks, the high and the low. `on` queues more than `capacity` before it pauses. */
export function eventsOn(capacity: number): Run {
  return async (count) => {
    const emitter = new Pausable();
    const marks = { highWaterMark: capacity, lowWaterMark: Math.max(1, capacity / 2) };
    const values = on(emitter, 'value', { close: ['end'], ...marks });
    void emitter.emitAll(count);
    let sum = 0;
    for await (const [value] of values as AsyncIterable<[number]>) sum += value;
    return sum;
  };
}
