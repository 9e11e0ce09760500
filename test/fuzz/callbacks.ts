import { EMPTY, NEVER, concat, map, mergeMap, of, take, timer, type Observable } from 'rxjs';
import type { Bench } from './bench.js';
import type { Task } from './pipe.js';
import { numberOf, type Value } from './values.js';

/** What a user gives to stages: by the number of a value, so that the library and the model are given the same. */

const size = (value: Value): number => Math.abs(numberOf(value));

export const keyBy =
  (keys: number) =>
  (value: Value): number =>
    size(value) % keys;

export const costOf =
  (capacity: number) =>
  (value: Value): number =>
    size(value) % (capacity + 1);

export const weightOf = (value: Value): number => size(value) % 4;

export const gathered = (held: Value, value: Value): Value => [
  ...(held as readonly Value[]),
  ...(value as readonly Value[]),
];

export const TASK_ERROR = 'task error';

/** What takes the place of a task that failed. */
export const replacement = (value: Value): Observable<Value> => of(value);

/** How values are given that can wait. */
export type PullSome = (values: readonly Value[]) => Observable<Value>;

/** The project of a pool; what it runs is told to the bench. */
export function projectOf(
  task: Task,
  bench: Bench,
  name: string,
  level: number,
): (value: Value, pull: PullSome) => Observable<Value> {
  const time = bench.timeOf(name, level + 0.25);
  return (value, pull) => {
    if (task.fails > 0 && size(value) % (2 * task.fails) === 1) throw TASK_ERROR;
    return body(value, pull).pipe(bench.counted(name));
  };

  function body(value: Value, pull: PullSome): Observable<Value> {
    const { kind, frames, spread, fails } = task;
    const takes = Math.max(1, frames + (size(value) % (spread + 1)));
    const result = map(() => {
      if (fails > 0 && size(value) % fails === 0) throw TASK_ERROR;
      return value;
    });
    switch (kind) {
      case 'sync':
        return of(0).pipe(result);
      case 'timer':
        return timer(takes, time).pipe(result);
      case 'several':
        return concat(timer(1, time).pipe(map(() => value)), timer(takes, time).pipe(result));
      case 'burst':
        return timer(takes, time).pipe(
          result,
          mergeMap((one) => [one, one, one]),
        );
      case 'pull':
        return concat(timer(takes, time).pipe(result), pull([value, value]));
      case 'none':
        return EMPTY;
      case 'never':
        return NEVER;
    }
  }
}

/** What `pace` and `credit` are given: a timer, every so many frames, so many times. */
export function notifier(
  [every, count]: readonly [every: number, count: number],
  name: string,
  level: number,
  bench: Bench,
): Observable<number> {
  const owner = `${name} notifier`;
  const ticks = timer(every, every, bench.timeOf(owner, level + 0.5));
  return ticks.pipe(
    map(() => 1),
    take(count),
    bench.counted(owner),
  );
}
