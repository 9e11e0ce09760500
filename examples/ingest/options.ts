import { Command, InvalidArgumentError, Option } from 'commander';
import { fileURLToPath } from 'node:url';
import { VEGA_FLIGHTS } from './flight-file.js';

export type PipeName = 'sluice' | 'stock';

export interface Options {
  readonly limit: number;
  readonly concurrency: number;
  readonly batch: number;
  readonly file: string;
  readonly data: string;
  readonly pipe: PipeName;
  readonly compare: true | undefined;
  readonly json: true | undefined;
}

const DATA = fileURLToPath(new URL('../../.data/ingest', import.meta.url));

/** The options in `args`. For `--help`, and for a mistake, it says so and ends the process. */
export function readOptions(args: readonly string[]): Options {
  return new Command('npm start --')
    .description(
      'Reads flights from a file, enriches each over HTTP, and writes them to PostgreSQL in batches: ' +
        'no faster than the slowest of these can take them.',
    )
    .addOption(
      new Option('-n, --limit <records>', 'read no more than so many records')
        .argParser(count)
        .default(Infinity, 'the whole file'),
    )
    .option('-c, --concurrency <requests>', 'so many HTTP requests at a time', count, 32)
    .option('-b, --batch <records>', 'up to so many records in one insert', count, 500)
    .addOption(
      new Option('-f, --file <path>', 'a JSON array of { delay, distance, time }').default(
        VEGA_FLIGHTS,
        'the flights of vega-datasets',
      ),
    )
    .addOption(
      new Option('-d, --data <folder>', 'where the embedded database lives').default(
        DATA,
        '.data/ingest',
      ),
    )
    .addOption(
      new Option('-p, --pipe <name>', 'made with this library, or with RxJS alone')
        .choices(['sluice', 'stock'] satisfies PipeName[])
        .default('sluice' satisfies PipeName),
    )
    .option('--compare', 'run the job with either pipe and show both reports side by side')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nDATABASE_URL=postgres://… writes to that server instead of the embedded database.\n' +
        'Ctrl-C stops the reading and finishes what is held; a second Ctrl-C stops at once.\n' +
        'Exit code: 0 all is well, 1 something failed, 130 interrupted.',
    )
    .parse([...args], { from: 'user' })
    .opts<Options>();
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected an integer ≥ 1.');
}
