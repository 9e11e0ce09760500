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

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly name: string; readonly status: string }[];
}

const read = (path: string): Report => JSON.parse(readFileSync(path, 'utf8')) as Report;

/** Counts of a report; one that is not there counts as a failure. */
export function readReport(path: string): Counts {
  try {
    const report = read(path);
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { ...none, failed: 1 };
  }
}

/** The files of a report in which something failed. */
export const failedFiles = (path: string): readonly string[] =>
  read(path)
    .testResults.filter(({ status }) => status !== 'passed')
    .map(({ name }) => relative('.', name));
