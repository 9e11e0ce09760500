import { bufferTime, concatMap, filter, from, mergeMap, take, takeUntil, tap } from 'rxjs';
import type { Parts, Pipe } from './pipe.js';

/** The same service as one writes it with RxJS alone. Nothing here can say wait, or what it holds. */
export function stockPipe(parts: Parts): Pipe {
  const { concurrency, batchSize, batchTimeoutMs, enrich, insert } = parts;
  return {
    meters: [],
    written: from(parts.flights).pipe(
      take(parts.limit),
      takeUntil(parts.stop),
      tap(parts.onRead),
      mergeMap((flight) => enrich(flight), concurrency),
      bufferTime(batchTimeoutMs, null, batchSize),
      filter((batch) => batch.length > 0),
      concatMap(insert),
    ),
  };
}
