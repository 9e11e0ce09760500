/** `npm start`: see README.md beside this file. */
import { firstValueFrom } from 'rxjs';
import { compare, formatComparison } from './compare.js';
import { displayOn } from './display.js';
import { exitCodeOf, takeInterrupts, type Interrupts } from './interrupts.js';
import { runJob } from './job.js';
import { Ledger } from './ledger.js';
import { readOptions, type Options } from './options.js';
import { reason } from './reason.js';
import { formatReport, isGood } from './report.js';
import { integer } from './text.js';

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const interrupts = takeInterrupts();
  return options.compare ? runBoth(options, interrupts) : runOne(options, interrupts);
}

async function runOne(options: Options, interrupts: Interrupts): Promise<number> {
  const ledger = new Ledger();
  const display = displayOn(process.stderr);
  const report = await Promise.race([
    runJob(options, ledger, display, interrupts),
    firstValueFrom(interrupts.second),
  ]).finally(() => display.close());

  if (typeof report === 'string') {
    const { read, written, dropped } = ledger;
    console.error(
      `Stopped at once: ${integer(read)} in, ${integer(written)} out, ${integer(dropped)} dropped`,
    );
    return exitCodeOf(report);
  }
  console.log(options.json ? JSON.stringify(report) : formatReport(report));
  if (report.error !== undefined) console.error(`Error: ${report.error}`);
  if (!isGood(report)) return 1;
  return report.signal === undefined ? 0 : exitCodeOf(report.signal);
}

async function runBoth(options: Options, interrupts: Interrupts): Promise<number> {
  const { reports, exitCode } = await compare(options, interrupts);
  if (options.json) console.log(JSON.stringify(reports));
  else if (reports.length > 0) console.log(formatComparison(reports));
  return exitCode;
}

// Whoever started this through a channel, as `--compare` does, is not outlived.
if (process.connected) process.once('disconnect', () => process.exit(1));

try {
  process.exit(await main());
} catch (error) {
  console.error(`Error: ${reason(error)}`);
  process.exit(1);
}
