/** One record of the file. Its key is its place there. */
export interface Flight {
  readonly key: number;
  /** Minutes late on arrival; negative: early. */
  readonly delay: number;
  /** Miles. */
  readonly distance: number;
  /** When it left, in hours of the day: 13.5 is half past one. */
  readonly time: number;
}

/** What the enrichment server finds out about a flight. */
export interface Enrichment {
  readonly haul: 'short' | 'medium' | 'long';
  /** Gate to gate, estimated from the distance. */
  readonly blockMinutes: number;
  /** The hour in which it was due to leave: its delay taken back. */
  readonly scheduledHour: number;
  readonly delayClass: 'early' | 'on time' | 'late' | 'very late';
}

export type EnrichedFlight = Flight & Enrichment;

const GROUND_MINUTES = 30;
const MILES_PER_MINUTE = 8;
const DAY_MINUTES = 24 * 60;

/** The server answers with this; the job works it out too, to know what the database must hold. */
export function enrichmentOf({
  delay,
  distance,
  time,
}: Pick<Flight, 'delay' | 'distance' | 'time'>): Enrichment {
  const scheduled = (((Math.round(time * 60) - delay) % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
  return {
    haul: distance < 930 ? 'short' : distance < 2485 ? 'medium' : 'long',
    blockMinutes: GROUND_MINUTES + Math.round(distance / MILES_PER_MINUTE),
    scheduledHour: Math.floor(scheduled / 60),
    delayClass: delay < 0 ? 'early' : delay < 15 ? 'on time' : delay < 60 ? 'late' : 'very late',
  };
}
