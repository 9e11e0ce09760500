import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { merge } from 'rxjs';
import { exitCodeOf, type Interrupts } from './interrupts.js';
import type { Options, PipeName } from './options.js';
import { isGood, lost, type Report } from './report.js';
import { integer, megabytes } from './text.js';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

const PIPES: readonly PipeName[] = ['sluice', 'stock'];

export interface Comparison {
  readonly reports: readonly Report[];
  readonly exitCode: number;
}

/**
 * The same job with either pipe, one after the other, each in a process of its own: what one leaves in
 * the heap is not counted for the other. Ends with the first that does not end well; none begins after
 * an interrupt.
 */
export async function compare(options: Options, interrupts: Interrupts): Promise<Comparison> {
  const reports: Report[] = [];
  let interrupt: NodeJS.Signals | undefined;
  interrupts.first.subscribe((signal) => (interrupt = signal));
  for (const pipe of PIPES) {
    if (interrupt !== undefined) return { reports, exitCode: exitCodeOf(interrupt) };
    const { report, exitCode } = await runApart({ ...options, pipe }, interrupts);
    if (report !== undefined) reports.push(report);
    if (exitCode !== 0) return { reports, exitCode };
  }
  return { reports, exitCode: 0 };
}

async function runApart(options: Options, interrupts: Interrupts) {
  const { limit, concurrency, batch, file, data, pipe } = options;
  const settings = { concurrency, batch, file, data, pipe, ...(limit < Infinity && { limit }) };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = fork(MAIN, [...args, '--json'], {
    // In a session of its own, so that it gets each Ctrl-C once: the one that is passed on to it.
    detached: true,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const passingOn = merge(interrupts.first, interrupts.second).subscribe((signal) => {
    child.kill(signal);
  });
  const [output] = await Promise.all([text(child.stdout!), once(child, 'exit')]);
  passingOn.unsubscribe();
  return {
    report: output === '' ? undefined : (JSON.parse(output) as Report),
    // A signal ends a child that does not take it yet.
    exitCode: child.exitCode ?? exitCodeOf(child.signalCode ?? 'SIGKILL'),
  };
}

export function formatComparison(reports: readonly Report[]): string {
  const rows: [name: string, of: (report: Report) => string][] = [
    ['', ({ pipe }) => (pipe === 'sluice' ? 'rxjs-sluice' : 'RxJS alone')],
    ['end', ({ end }) => end],
    ['records in', ({ read }) => integer(read)],
    ['written', ({ written }) => integer(written)],
    ['dropped', ({ dropped }) => integer(dropped)],
    ['unaccounted for', (report) => integer(lost(report))],
    ['verified in the database', (report) => (isGood(report) ? 'yes' : 'no')],
    ['most records in flight', ({ maxInFlight }) => integer(maxInFlight)],
    ['peak heap, live', ({ peakLiveHeapBytes: live }) => (live === 0 ? '?' : megabytes(live))],
    ['peak heap, with garbage', ({ peakHeapBytes }) => megabytes(peakHeapBytes)],
    ['seconds', ({ seconds }) => seconds.toFixed(1)],
    ['records a second', ({ written, seconds }) => integer(written / seconds)],
    ['batches', ({ batches }) => integer(batches)],
    ['refused by the server', ({ enrichment }) => integer(enrichment?.refused ?? NaN)],
  ];
  return rows
    .map(([name, of]) => name.padEnd(26) + reports.map((r) => of(r).padStart(14)).join(''))
    .join('\n');
}
