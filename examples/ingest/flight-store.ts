import { CHECKSUM_SQL } from './checksum.js';
import type { Database } from './database.js';
import type { EnrichedFlight } from './flight.js';
import { reason } from './reason.js';

/** What the database holds of a run. */
export interface Totals {
  readonly rows: number;
  readonly checksum: string;
}

// One transaction. `create … if not exists` does not bear two who do it at the same moment; hence the lock.
const SCHEMA = `
  select pg_advisory_xact_lock(hashtext('ingest example'));
  create table if not exists ingest_run (
    id         integer generated always as identity primary key,
    started_at timestamptz not null default now(),
    pipe       text not null,
    source     text not null
  );
  create table if not exists ingest_flight (
    run            integer not null,
    key            integer not null,
    delay          integer not null,
    distance       integer not null,
    time           double precision not null,
    haul           text not null,
    block_minutes  integer not null,
    scheduled_hour integer not null,
    delay_class    text not null,
    primary key (run, key)
  );
`;

// A batch goes over as one JSON parameter: one statement for batches of every size, and as quick as
// an array for each column.
const INSERT = `
  insert into ingest_flight
  select $1::integer, key, delay, distance, time,
         haul, "blockMinutes", "scheduledHour", "delayClass"
  from json_to_recordset($2::json) as batch (
    key integer, delay integer, distance integer, time double precision,
    haul text, "blockMinutes" integer, "scheduledHour" integer, "delayClass" text
  )
`;

/** The rows of one run. Each insert is a transaction of its own. */
export class FlightStore {
  private constructor(
    private readonly database: Database,
    readonly run: number,
  ) {}

  static async startRun(database: Database, pipe: string, source: string): Promise<FlightStore> {
    await database.script(SCHEMA);
    const [row] = await database.query<{ id: number }>(
      'insert into ingest_run (pipe, source) values ($1, $2) returning id',
      [pipe, source],
    );
    if (row === undefined) throw new Error(`${database.name} gave no run id`);
    return new FlightStore(database, row.id);
  }

  /** Resolves with the batch when it is committed. */
  async insert(batch: EnrichedFlight[]): Promise<EnrichedFlight[]> {
    try {
      await this.database.query(INSERT, [this.run, JSON.stringify(batch)]);
      return batch;
    } catch (error) {
      throw new Error(`Cannot write to ${this.database.name}: ${reason(error)}`, { cause: error });
    }
  }

  async totals(): Promise<Totals> {
    const [totals] = await this.database.query<Totals>(
      `select count(*)::integer as rows, ${CHECKSUM_SQL} as checksum from ingest_flight where run = $1`,
      [this.run],
    );
    if (totals === undefined) throw new Error(`${this.database.name} gave no totals`);
    return totals;
  }
}
