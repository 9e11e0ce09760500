import { Observable, catchError, EMPTY, map } from 'rxjs';
import { bufferedChannel, workerPool } from 'rxjs-sluice/operators';
import { of } from 'rxjs';
import type { Operator, Options } from '../laws/subjects.js';
import type { Strike } from './strike.js';
import type { Exercise } from './trial.js';

const plant = (seat: string, make: Exercise['make']): Exercise => ({
  seat,
  specimen: { title: seat, made: [], holds: 3, make: () => bufferedChannel<number>(3) },
  make,
});

const sound = (strike: Strike, options: Options): Operator =>
  workerPool(
    1,
    strike.before((n: number) => of(n)),
    options,
  );

/** One operator for each way in which a callback's error can go wrong. */
export const planted: readonly Exercise[] = [
  plant(
    'swallows it',
    (strike, options) => (source) =>
      source.pipe(
        sound(strike, options),
        catchError(() => EMPTY),
      ),
  ),
  plant(
    'passes on another error',
    (strike, options) => (source) =>
      source.pipe(
        sound(strike, options),
        catchError((error: Error) => {
          throw new Error(error.message);
        }),
      ),
  ),
  plant(
    'throws it into the source',
    (strike, options) => (source) =>
      new Observable((subscriber) => {
        const stage = new Observable<number>((inner) =>
          source.subscribe({
            next: (value) => inner.next(value),
            error: (error) => inner.error(error),
            complete: () => inner.complete(),
          }),
        ).pipe(bufferedChannel(3, options));
        return stage.subscribe({
          next(value) {
            subscriber.next(value);
            strike.hit();
          },
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      }),
  ),
  plant('loses the value', (strike, { onDrop, ...options }) =>
    sound(strike, {
      ...options,
      onDrop: (value: number, reason) => {
        if (reason !== 'error') (onDrop as (value: number, reason: string) => void)(value, reason);
      },
    }),
  ),
  plant('drops it twice', (strike, { onDrop, ...options }) =>
    sound(strike, {
      ...options,
      onDrop: (value: number, reason) => {
        const heard = onDrop as (value: number, reason: string) => void;
        heard(value, reason);
        if (reason === 'error') heard(value, reason);
      },
    }),
  ),
  plant(
    'keeps the source',
    (strike, options) => (source) =>
      new Observable((subscriber) => {
        source.subscribe(); // and never leaves it
        return source.pipe(sound(strike, options)).subscribe(subscriber);
      }),
  ),
  plant(
    'leaves a timer',
    (strike, options, { clock }) =>
      (source) =>
        source.pipe(
          map((n) => {
            clock.schedule(() => {}, 1e9);
            return n;
          }),
          sound(strike, options),
        ),
  ),
  plant(
    'tells of it twice',
    (strike, options) => (source) =>
      source.pipe(
        sound(strike, options),
        catchError((error: unknown) => {
          reportTwice(error);
          throw error;
        }),
      ),
  ),
];

function reportTwice(error: unknown): void {
  new Observable((subscriber) => subscriber.error(error)).subscribe();
}
