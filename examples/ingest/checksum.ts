import { createHash } from 'node:crypto';
import type { Enrichment, Flight } from './flight.js';

/**
 * A checksum that does not ask in which order the rows came: the sum, over all rows, of the first 48
 * bits of an MD5 over key and enriched values. Values that change places between two keys change it.
 * Both halves of this file say the same, one to JavaScript and one to PostgreSQL.
 */
export function fingerprint(row: Pick<Flight, 'key'> & Enrichment): bigint {
  const { key, haul, blockMinutes, scheduledHour, delayClass } = row;
  const line = `${key}|${haul}|${blockMinutes}|${scheduledHour}|${delayClass}`;
  return BigInt(createHash('md5').update(line).digest().readUIntBE(0, 6));
}

const LINE = `concat_ws('|', key, haul, block_minutes, scheduled_hour, delay_class)`;

export const CHECKSUM_SQL = `coalesce(sum(('x' || left(md5(${LINE}), 12))::bit(48)::bigint), 0)::text`;
