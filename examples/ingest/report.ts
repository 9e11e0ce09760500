import type { Figures } from './enrichment-server.js';
import type { Totals } from './flight-store.js';
import type { Outcome } from './ingest.js';
import type { PipeName } from './options.js';
import { integer, megabytes } from './text.js';

/** All that a job says at its end. */
export interface Report extends Outcome {
  readonly pipe: PipeName;
  readonly run: number;
  readonly database: string;
  readonly read: number;
  readonly written: number;
  readonly dropped: number;
  readonly batches: number;
  readonly maxInFlight: number;
  /** What the server did; undefined where it could not be asked. */
  readonly enrichment: Figures | undefined;
  readonly verification: Verification;
}

export interface StageReport {
  readonly name: string;
  readonly maxHeld: number;
  readonly capacity: number;
}

/** What the database holds of the run beside what it must hold, or why nobody knows. */
export type Verification =
  | { readonly held: Totals; readonly expected: Totals; readonly equal: boolean }
  | { readonly unknown: string };

/** Records that were read and of which the pipe says nothing. */
export const lost = ({ read, written, dropped }: Report): number => read - written - dropped;

/** Whether the job did what it was asked, be that to stop early. */
export function isGood(report: Report): boolean {
  const { end, verification } = report;
  return end !== 'failed' && lost(report) === 0 && 'equal' in verification && verification.equal;
}

export function formatReport(report: Report): string {
  const { run, pipe, end, written, seconds, maxInFlight, stages } = report;
  const rows: [name: string, text: string][] = [
    [
      `run ${run}`,
      `${end} after ${seconds.toFixed(1)} s: ${integer(written)} records, ` +
        `${integer(written / seconds)} a second, ${pipe} pipe`,
    ],
    ['records', formatAccount(report)],
    ['database', report.database],
    ['holds', formatVerification(report.verification)],
    ['server', formatFigures(report.enrichment)],
    ['at most', `${integer(maxInFlight)} records in flight, ${formatHeap(report)}`],
    ...stages.map(({ name, maxHeld, capacity }): [string, string] => [
      name,
      `held at most ${integer(maxHeld)} of ${integer(capacity)}`,
    ]),
  ];
  return rows.map(([name, text]) => `${name.padEnd(9)} ${text}`).join('\n');
}

export function formatAccount(report: Report): string {
  const { read, written, dropped } = report;
  const account = `${integer(read)} in = ${integer(written)} out + ${integer(dropped)} dropped`;
  return lost(report) === 0 ? account : `${account} + ${integer(lost(report))} LOST`;
}

function formatVerification(verification: Verification): string {
  if ('unknown' in verification) return `not verified: ${verification.unknown}`;
  const { held, expected, equal } = verification;
  const holds = `${integer(held.rows)} rows, checksum ${held.checksum}`;
  return equal
    ? `${holds}, as computed`
    : `${holds}, EXPECTED ${integer(expected.rows)} rows, checksum ${expected.checksum}`;
}

function formatHeap({ peakHeapBytes, peakLiveHeapBytes }: Report): string {
  const live = peakLiveHeapBytes === 0 ? '' : `${megabytes(peakLiveHeapBytes)} live, `;
  return `heap ${live}${megabytes(peakHeapBytes)} with garbage`;
}

function formatFigures(figures: Figures | undefined): string {
  if (figures === undefined) return 'does not answer';
  const { answered, refused, mostAtOnce, limit } = figures;
  return `answered ${integer(answered)}, refused ${integer(refused)}; at most ${mostAtOnce} of ${limit} at once`;
}
