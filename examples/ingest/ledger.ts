import { fingerprint } from './checksum.js';
import { enrichmentOf, type Flight } from './flight.js';

/**
 * The job's own account of where every record is: read = written + dropped + in flight.
 *
 * Its checksum is of what must have been written once nothing is in flight: each record counts as it
 * is read, with the values that the server must find, and no more once the pipe says that it dropped
 * it. So a record that is lost, doubled or mixed up with another leaves the database different.
 */
export class Ledger {
  read = 0;
  written = 0;
  dropped = 0;
  batches = 0;
  maxInFlight = 0;
  checksum = 0n;

  get inFlight(): number {
    return this.read - this.written - this.dropped;
  }

  readonly onRead = (flight: Flight): void => {
    this.read++;
    this.checksum += expected(flight);
    this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
  };

  readonly onWritten = (batch: readonly Flight[]): void => {
    this.batches++;
    this.written += batch.length;
  };

  readonly onDropped = (flight: Flight): void => {
    this.dropped++;
    this.checksum -= expected(flight);
  };
}

function expected(flight: Flight): bigint {
  return fingerprint({ key: flight.key, ...enrichmentOf(flight) });
}
