import { appendFileSync } from 'node:fs';

/** Whether the long form was asked for: `npm run proof`. The short one runs with the other tests. */
export const long = process.env['PROOF'] === 'long';

/** How long a test of the proof may take, in milliseconds: what takes longer hangs. */
export const PATIENCE = long ? 3_600_000 : 30_000;

/** What a part of the proof tried, and what held. */
export interface Finding {
  readonly part: string;
  /** What was tried, and how often: `20,000 pipes, seed 7`. */
  readonly tried: string;
  /** What held of all of it. */
  readonly held: string;
}

/** Adds a row to the table with which the proof ends. */
export function report(finding: Finding): void {
  const file = process.env['PROOF_FINDINGS'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(finding)}\n`);
}
