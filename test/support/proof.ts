import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect } from 'vitest';

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

/** A finding holds only where no test of its file has failed. */
export interface Reported extends Finding {
  readonly testFile: string;
}

/** Adds a row to the table with which the proof ends. */
export function report(finding: Finding): void {
  const file = process.env['PROOF_FINDINGS'];
  if (file === undefined) return;
  const testFile = relative('.', expect.getState().testPath ?? '');
  appendFileSync(file, `${JSON.stringify({ ...finding, testFile } satisfies Reported)}\n`);
}
