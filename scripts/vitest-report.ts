import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** How many tests did what. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

/** What makes vitest print as usual, and leave a report in a file. */
export const reportTo = (path: string): readonly string[] => [
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${path}`,
];

/** What a run came to. */
export interface Outcome extends Counts {
  /** The files in which something failed; `undefined` where nothing was told. */
  readonly failedFiles: readonly string[] | undefined;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

/** What a report tells; one that is not there counts as a failure. */
export function readReport(path: string): Outcome {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
      failedFiles: report.testResults
        .filter(({ status }) => status !== 'passed')
        .map(({ name }) => relative('.', name)),
    };
  } catch {
    return { ...none, failed: 1, failedFiles: undefined };
  }
}
