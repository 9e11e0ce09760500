import { createReadStream, type ReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { fileURLToPath } from 'node:url';
import streamJson from 'stream-json';
import StreamArray from 'stream-json/streamers/StreamArray.js';
import type { Flight } from './flight.js';
import { reason } from './reason.js';

/** The 200,000 flights that `vega-datasets` ships. Its `exports` hide the folder, not its whereabouts. */
export const VEGA_FLIGHTS = fileURLToPath(
  new URL('../data/flights-200k.json', import.meta.resolve('vega-datasets')),
);

/** Whole keys, strings and numbers are enough; their pieces would cost half of the parser's time. */
const PARSER = {
  packKeys: true,
  packStrings: true,
  packNumbers: true,
  streamKeys: false,
  streamStrings: false,
  streamNumbers: false,
};

/**
 * A JSON array of flights on disk. Iterating reads it, a piece at a time and no faster than it is
 * asked; leaving the loop closes the file.
 */
export class FlightFile implements AsyncIterable<Flight> {
  private stream: ReadStream | undefined;

  private constructor(
    readonly path: string,
    private readonly size: number,
  ) {}

  static async find(path: string): Promise<FlightFile> {
    try {
      return new FlightFile(path, (await stat(path)).size);
    } catch (error) {
      throw new Error(`Cannot read flights: ${reason(error)}`, { cause: error });
    }
  }

  /** How much of the file has been read, from 0 to 1. */
  get fractionRead(): number {
    return this.size === 0 ? 1 : (this.stream?.bytesRead ?? 0) / this.size;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Flight, void> {
    let count = 0;
    this.stream = createReadStream(this.path);
    // What fails is told to whoever iterates; `pipeline` is here to close both ends.
    const records = pipeline(
      this.stream,
      streamJson.parser(PARSER),
      StreamArray.streamArray(),
      () => undefined,
    );
    try {
      for await (const { key, value } of records as AsyncIterable<{
        key: number;
        value: unknown;
      }>) {
        yield toFlight(key, value);
        count++;
      }
    } catch (error) {
      throw new Error(`Cannot read ${this.path} past record ${count}: ${reason(error)}`, {
        cause: error,
      });
    }
  }
}

function toFlight(key: number, value: unknown): Flight {
  if (typeof value !== 'object' || value === null) throw new TypeError('it is not an object');
  const { delay, distance, time } = value as Record<string, unknown>;
  return {
    key,
    delay: toNumber('delay', delay),
    distance: toNumber('distance', distance),
    time: toNumber('time', time),
  };
}

function toNumber(field: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new TypeError(`expected \`${field}\` to be a number, got ${JSON.stringify(value)}`);
}
