import { basename } from 'node:path';
import { openDatabase } from './database.js';
import type { Display } from './display.js';
import { EnrichmentService } from './enrichment-service.js';
import { FlightFile } from './flight-file.js';
import { FlightStore } from './flight-store.js';
import { ingest } from './ingest.js';
import type { Interrupts } from './interrupts.js';
import type { Ledger } from './ledger.js';
import type { Options } from './options.js';
import { reason } from './reason.js';
import type { Report, Verification } from './report.js';
import { integer } from './text.js';

/**
 * The whole job, from the opening of its parts to the verified end. Rejects where it cannot begin; what
 * fails later is in the report.
 */
export async function runJob(
  options: Options,
  ledger: Ledger,
  display: Display,
  interrupts: Interrupts,
): Promise<Report> {
  const file = await FlightFile.find(options.file);
  const database = await openDatabase(process.env['DATABASE_URL'], options.data);
  try {
    const service = await EnrichmentService.start(options.concurrency);
    try {
      const store = await FlightStore.startRun(database, options.pipe, file.path);
      display.note(
        `run ${store.run}: ${basename(file.path)} to ${database.name}, ${options.pipe} pipe`,
      );
      display.note(
        `enriched by process ${String(service.processId)} at ${service.url}, ` +
          `${integer(options.concurrency)} requests at once`,
      );
      const outcome = await ingest({ file, service, store, options, ledger, display, interrupts });
      const [enrichment, verification] = await Promise.all([
        service.figures().catch(() => undefined),
        verify(store, ledger),
      ]);
      const { run } = store;
      const { read, written, dropped, batches, maxInFlight } = ledger;
      const account = { read, written, dropped, batches, maxInFlight };
      const { pipe } = options;
      return {
        pipe,
        run,
        database: database.name,
        ...outcome,
        ...account,
        enrichment,
        verification,
      };
    } finally {
      await service.stop();
    }
  } finally {
    await database.close();
  }
}

/** Asks the database what it holds of the run. */
async function verify(store: FlightStore, ledger: Ledger): Promise<Verification> {
  const expected = { rows: ledger.read - ledger.dropped, checksum: String(ledger.checksum) };
  try {
    const held = await store.totals();
    const equal = held.rows === expected.rows && held.checksum === expected.checksum;
    return { held, expected, equal };
  } catch (error) {
    return { unknown: reason(error) };
  }
}
