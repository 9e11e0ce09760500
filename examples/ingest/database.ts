import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';
import { reason } from './reason.js';
import { shortPath } from './text.js';

/** As much of a PostgreSQL client as the job needs. */
export interface Database {
  readonly name: string;
  /** Runs statements that take no parameters and whose results nobody wants. */
  script(sql: string): Promise<void>;
  query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 10_000;
const ANSWER_TIMEOUT_MS = 30_000;

/** The server at `url`; without one, PostgreSQL embedded in this process, on disk in `folder`. */
export function openDatabase(url: string | undefined, folder: string): Promise<Database> {
  return url === undefined ? openEmbedded(folder) : openServer(url);
}

async function openServer(url: string): Promise<Database> {
  if (!URL.canParse(url)) throw new Error('DATABASE_URL is not a URL');
  const name = `PostgreSQL at ${new URL(url).host}`;
  const { default: pg } = await import('pg');
  // A pool of one, because it connects anew after a connection was lost, and a client does not.
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  // A connection that breaks while it is idle: the next query will tell.
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
  } catch (error) {
    throw new Error(`Cannot connect to ${name}: ${reason(error)}`, { cause: error });
  }
  return {
    name,
    async script(sql) {
      await pool.query(sql);
    },
    async query<Row>(sql: string, parameters: readonly unknown[]) {
      return (await pool.query(sql, [...parameters])).rows as Row[];
    },
    close: () => pool.end(),
  };
}

async function openEmbedded(folder: string): Promise<Database> {
  const unlock = await lockFolder(folder);
  const name = `PGlite in ${shortPath(folder)}`;
  const { PGlite } = await import('@electric-sql/pglite');
  const pglite = await PGlite.create(join(folder, 'pglite')).catch(async (error: unknown) => {
    await unlock();
    throw new Error(`Cannot open ${name}: ${reason(error)}`, { cause: error });
  });
  return {
    name,
    async script(sql) {
      await pglite.exec(sql);
    },
    async query<Row>(sql: string, parameters: readonly unknown[]) {
      return (await pglite.query<Row>(sql, [...parameters])).rows;
    },
    async close() {
      await pglite.close();
      await unlock();
    },
  };
}
