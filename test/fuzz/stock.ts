import {
  catchError,
  concatMap,
  delay,
  distinctUntilChanged,
  endWith,
  filter,
  map,
  mergeMap,
  observeOn,
  of,
  repeat,
  retry,
  scan,
  skip,
  startWith,
  switchMap,
  take,
  takeUntil,
  takeWhile,
  tap,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import type { StockName } from './pipe.js';
import { numberOf, plus, type Value } from './values.js';

/** A stock operator as it stands in a pipe. */
interface Entry {
  readonly make: (n: number, time: SchedulerLike) => MonoTypeOperatorFunction<Value>;
  readonly text: (n: number) => string;
  /**
   * What it means for the stage below that its source waits: it passes values on one by one (default), makes
   * up to so many of one, or so many of its own; or it holds values itself, and no bound follows.
   */
  readonly makes?: number;
  readonly adds?: number;
  readonly holds?: true;
}

const later =
  (n: number, time: SchedulerLike) =>
  (value: Value): Observable<Value> =>
    timer(n, time).pipe(map(() => value));

export const stock: Readonly<Record<Exclude<StockName, 'unlinked' | 'explain'>, Entry>> = {
  map: {
    make: () => map((value) => plus(value, 100)),
    text: () => 'map((n) => n + 100)',
  },
  filter: {
    make: (n) => filter((value) => numberOf(value) % (n + 2) > 0),
    text: (n) => `filter((n) => n % ${n + 2} > 0)`,
  },
  tap: { make: () => tap(), text: () => 'tap()' },
  scan: {
    make: () => scan((sum: Value, value) => numberOf(sum) + numberOf(value)),
    text: () => 'scan((sum, n) => sum + n)',
  },
  take: { make: (n) => take(n), text: (n) => `take(${n})` },
  skip: { make: (n) => skip(n), text: (n) => `skip(${n})` },
  takeWhile: {
    make: (n) => takeWhile((value) => numberOf(value) % 10 < n + 4),
    text: (n) => `takeWhile((n) => n % 10 < ${n + 4})`,
  },
  takeUntil: {
    make: (n, time) => takeUntil(timer(5 * n, time)),
    text: (n) => `takeUntil(timer(${5 * n}))`,
  },
  distinctUntilChanged: {
    make: () => distinctUntilChanged((one, other) => numberOf(one) === numberOf(other)),
    text: () => 'distinctUntilChanged()',
  },
  startWith: {
    make: (n) => startWith<Value, [Value]>(-n),
    text: (n) => `startWith(${-n})`,
    adds: 1,
  },
  endWith: {
    make: (n) => endWith<Value, [Value]>(-n),
    text: (n) => `endWith(${-n})`,
    adds: 1,
  },
  catchError: {
    make: (n) => catchError(() => of<Value>(-n)),
    text: (n) => `catchError(() => of(${-n}))`,
    adds: 1,
  },
  retry: { make: () => retry(1), text: () => 'retry(1)' },
  repeat: { make: () => repeat(2), text: () => 'repeat(2)' },
  mergeMap: {
    make: (n) => mergeMap((value) => Array<Value>((n + numberOf(value)) % 4).fill(value)),
    text: (n) => `mergeMap((n) => Array((${n} + n) % 4).fill(n))`,
    makes: 3,
  },
  'concatMap later': {
    make: (n, time) => concatMap(later(n, time)),
    text: (n) => `concatMap((n) => timer(${n}) → n)`,
    holds: true,
  },
  'switchMap later': {
    make: (n, time) => switchMap(later(n, time)),
    text: (n) => `switchMap((n) => timer(${n}) → n)`,
    holds: true,
  },
  'mergeMap later': {
    make: (n, time) => mergeMap(later(n, time)),
    text: (n) => `mergeMap((n) => timer(${n}) → n)`,
    holds: true,
  },
  delay: { make: (n, time) => delay(n, time), text: (n) => `delay(${n})`, holds: true },
  observeOn: {
    make: (_, time) => observeOn(time),
    text: () => 'observeOn(scheduler)',
    holds: true,
  },
};
