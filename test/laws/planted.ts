import { Observable } from 'rxjs';
import { batchWithTimeout, bufferedChannel } from 'rxjs-sluice/operators';
import type { Operator, Options, Specimen } from './subjects.js';

/** `bufferedChannel(3)`, with one thing wrong with it. */
export const plant = (make: (options: Options, sound: () => Operator) => Operator): Specimen => ({
  title: 'planted',
  made: ['bufferedChannel'],
  holds: 3,
  make: (options) => make(options, () => bufferedChannel<number>(3, options)),
});

/** One with nothing wrong; where a deadline is wanted, it is a batch's. */
export const sound: Specimen = {
  ...plant((_, make) => make()),
  after: (ms, options, { clock }) =>
    batchWithTimeout<number>(9, ms, { ...options, scheduler: clock }),
};

/** Passes on what `change` makes of each value of `sound`. */
export const through =
  (sound: Operator, change: (value: number, next: (value: number) => void) => void): Operator =>
  (source) =>
    new Observable((subscriber) =>
      source.pipe(sound).subscribe({
        next: (value) => change(value as number, (n) => subscriber.next(n)),
        error: (error) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    );
