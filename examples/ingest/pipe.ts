import { take, takeUntil, tap, type Observable } from 'rxjs';
import { batchWithTimeout, pullFrom, StageMeter, workerPool } from 'rxjs-sluice/operators';
import type { EnrichedFlight, Flight } from './flight.js';

/** What a pipe is made of; the same for either way to make it. */
export interface Parts {
  readonly flights: AsyncIterable<Flight>;
  readonly limit: number;
  readonly concurrency: number;
  readonly batchSize: number;
  readonly batchTimeoutMs: number;
  /** Emits when no more is to be read. */
  readonly stop: Observable<unknown>;
  readonly enrich: (flight: Flight, signal?: AbortSignal) => Promise<EnrichedFlight>;
  /** Resolves with the batch once the database has committed it. */
  readonly insert: (batch: EnrichedFlight[]) => Promise<EnrichedFlight[]>;
  readonly onRead: (flight: Flight) => void;
  readonly onDropped: (flight: Flight) => void;
}

export interface Pipe {
  /** Each batch that the database has committed. */
  readonly written: Observable<EnrichedFlight[]>;
  /** One for each stage that can be asked what it holds. */
  readonly meters: readonly StageMeter[];
}

/**
 * The whole service. The database says wait to the batches, those to the workers, and those to the
 * file: nothing is read before there is a place for it.
 *
 * `takeUntil` above the first stage is what makes an orderly end: it stops the reading, and the stages
 * below finish what they hold.
 */
export function sluicePipe(parts: Parts): Pipe {
  const { concurrency, batchSize, batchTimeoutMs, enrich, insert, onDropped: onDrop } = parts;
  const enriching = new StageMeter('enrich');
  const batching = new StageMeter('batch');
  const inserting = new StageMeter('insert');
  return {
    meters: [enriching, batching, inserting],
    written: pullFrom(parts.flights).pipe(
      take(parts.limit),
      takeUntil(parts.stop),
      tap(parts.onRead),
      workerPool(concurrency, (flight, { signal }) => enrich(flight, signal), {
        meter: enriching,
        onDrop,
      }),
      batchWithTimeout(batchSize, batchTimeoutMs, { meter: batching, onDrop }),
      workerPool(1, insert, {
        meter: inserting,
        onDrop: (batch) => batch.forEach(onDrop),
      }),
    ),
  };
}
