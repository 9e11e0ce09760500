import { NEVER, Observable, Subscriber, catchError, concat, finalize, throwError } from 'rxjs';
import { bufferedChannel } from 'rxjs-sluice/operators';
import { afterAll, expect, it } from 'vitest';
import { subjects, type Options, type Specimen } from '../laws/subjects.js';
import { PATIENCE, report } from '../support/proof.js';
import { misdeeds } from './misdeeds.js';
import { Misuse } from './misuse.js';

let runs = 0;

it.each(subjects)(
  '$title, below a source that does what none may',
  async (specimen) => {
    for (const misdeed of misdeeds) {
      for (const demand of [true, false]) {
        await new Misuse(specimen, misdeed, demand).run().catch((error: unknown) => {
          throw new Error(`The source ${misdeed.title}`, { cause: error });
        });
        runs++;
      }
    }
  },
  PATIENCE,
);

/** One operator for each thing that must not come of it. */
const broken: readonly Specimen[] = [
  breaking('takes values after the end', (source, options) =>
    source.pipe(
      loosely<number>((value, next) => next(value)),
      bufferedChannel(3, options),
    ),
  ),
  breaking('throws into the source', (source, options) =>
    source.pipe(
      loosely<number>((value, next) => {
        next(value);
        throw new Error('into the source');
      }),
      bufferedChannel(3, options),
    ),
  ),
  breaking('loses what it holds when it is left', (source, { onDrop: _, ...options }) =>
    source.pipe(bufferedChannel(3, options)),
  ),
  breaking('keeps the source', (source, options) =>
    concat(source, NEVER).pipe(bufferedChannel(3, options)),
  ),
  breaking('waits for ever when the source fails', (source, options) =>
    source.pipe(
      catchError(() => NEVER),
      bufferedChannel(3, options),
    ),
  ),
  breaking('tells the host', (source, options) =>
    source.pipe(
      bufferedChannel(3, options),
      finalize(() => void Promise.reject(new Error('the host'))),
    ),
  ),
  breaking('tells the hook', (source, options) =>
    source.pipe(
      bufferedChannel(3, options),
      finalize(() => throwError(() => 'the hook').subscribe()),
    ),
  ),
];

function breaking(
  title: string,
  make: (source: Observable<number>, options: Options) => Observable<number>,
): Specimen {
  return {
    title,
    made: ['bufferedChannel'],
    holds: 3,
    make: (options) => (source) => make(source, options),
  };
}

/** A subscriber that does not look whether it is closed. */
function loosely<T>(
  take: (value: T, next: (value: T) => void) => void,
): (source: Observable<T>) => Observable<T> {
  class Loose extends Subscriber<T> {
    constructor(private readonly below: Subscriber<T>) {
      super(below);
    }
    override next(value: T): void {
      take(value, (taken) => this.below.next(taken));
    }
    override complete(): void {}
    override error(): void {}
  }
  return (source) => new Observable((subscriber) => source.subscribe(new Loose(subscriber)));
}

it.each(broken)('an operator that $title is found out', async (specimen) => {
  let found = 0;
  for (const misdeed of misdeeds) {
    await new Misuse(specimen, misdeed, true).run().catch(() => found++);
  }
  expect(found).toBeGreaterThan(0);
});

afterAll(() => {
  report({
    part: 'faults: sources that break the contract',
    tried: `${misdeeds.length} misdeeds, ${subjects.length} operators, with and without demand: ${runs} runs`,
    held: 'no value after the end, none lost, nothing thrown into the source; what a teardown throws goes to the hook',
  });
});
