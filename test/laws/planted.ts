import { Observable } from 'rxjs';
import { bufferedChannel } from 'rxjs-sluice/operators';
import type { Operator, Options, Specimen } from './subjects.js';

/** `bufferedChannel(3)`, with one thing wrong with it. */
export const plant = (make: (options: Options, sound: () => Operator) => Operator): Specimen => ({
  title: 'planted',
  made: ['bufferedChannel'],
  holds: 3,
  make: (options) => make(options, () => bufferedChannel<number>(3, options)),
});

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
