import {
  EMPTY,
  NEVER,
  concat,
  identity,
  map,
  mergeMap,
  of,
  startWith,
  take,
  timer,
  type Observable,
} from 'rxjs';
import type { DelayState, Outcome } from 'rxjs-sluice/operators';
import type { Bench } from './bench.js';
import type { Place } from './kit.js';
import type { Beat, Costs, Limit, Task } from './pipe.js';
import { numberOf, type Value } from './values.js';

/** What a user gives to stages: by the number of a value, so that the library and the model are given the same. */

const size = (value: Value): number => Math.abs(numberOf(value));

export const keyBy =
  (keys: number) =>
  (value: Value): number =>
    size(value) % keys;

export const costOf =
  (costs: Costs, capacity: number) =>
  (value: Value): number => {
    if (costs === 'halves') return (size(value) % (2 * capacity + 1)) / 2;
    return size(value) % (capacity + (costs === 'whole' ? 1 : 2));
  };

export const weightOf = (value: Value): number => size(value) % 4;

export const gathered = (held: Value, value: Value): Value => [
  ...(held as readonly Value[]),
  ...(value as readonly Value[]),
];

/** A law of a user's own: by steps, and beyond what may be. */
export const ownLaw = (waiting: number, { delay, target }: DelayState): number =>
  waiting > target ? 2 * delay + 1 : Math.max(0, delay - 1);

/** What a task tells of the load, where it is asked. */
export function outcomeOf(error: unknown, value: Value): Outcome | undefined {
  if (error !== undefined) return 'dropped';
  return (['success', 'ignore', undefined] as const)[size(value) % 3];
}

export const TASK_ERROR = 'task error';

/** What takes the place of a task that failed. */
export const replacement = (value: Value): Observable<Value> => of(value);

/** How values are given that can wait. */
export type PullSome = (values: readonly Value[]) => Observable<Value>;

export type Project = (
  value: Value,
  pull: PullSome,
  context: { readonly signal: AbortSignal },
) => Observable<Value> | Promise<Value>;

/** The project of a pool; what it runs is told to the bench. */
export function projectOf(task: Task, bench: Bench, name: string, level: number): Project {
  const time = bench.timeOf(name, level + 0.25);
  return (value, pull, context) => {
    if (task.fails > 0 && size(value) % (2 * task.fails) === 1) throw TASK_ERROR;
    return task.kind === 'promise'
      ? promised(value, context)
      : body(value, pull).pipe(bench.counted(name));
  };

  /** A promise cannot be left: it is its signal that ends what it waits for. */
  function promised(value: Value, { signal }: { readonly signal: AbortSignal }): Promise<Value> {
    if (signal.aborted) return Promise.resolve(value); // it was left as it was begun
    const ended = bench.begun(name);
    return new Promise((resolve, reject) => {
      const timing = time.schedule(() => {
        ended();
        if (task.fails > 0 && size(value) % task.fails === 0) reject(TASK_ERROR);
        else resolve(value);
      }, frames(value));
      signal.addEventListener('abort', () => {
        ended();
        timing.unsubscribe();
      });
    });
  }

  function frames(value: Value): number {
    return Math.max(1, task.frames + (size(value) % (task.spread + 1)));
  }

  function body(value: Value, pull: PullSome): Observable<Value> {
    const { kind, fails } = task;
    const takes = frames(value);
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
      case 'promise':
      case 'none':
        return EMPTY;
      case 'never':
        return NEVER;
    }
  }
}

/** What a notifier says, by turns. */
export const SAYS = { pace: [1], credit: [0, 1, 2], feedback: [0, 3, 1, 5] } as const;

/** What `pace`, `credit` and `feedback` are given: a timer, every so many frames, so many times. */
export function notifier(
  [every, count, atOnce]: Beat,
  says: readonly number[],
  { name, level, bench }: Pick<Place, 'name' | 'level' | 'bench'>,
): Observable<number> {
  const owner = `${name} notifier`;
  const ticks = timer(every, every, bench.timeOf(owner, level + 0.5));
  return ticks.pipe(
    map((i) => says[i % says.length]!),
    take(count),
    atOnce ? startWith(says[0]!) : identity,
    bench.counted(owner),
  );
}

/** What tells a pool how many tasks may run; it is subscribed for as long as the pool is. */
export function tellingOf(
  { steps, ends }: Extract<Limit, { readonly kind: 'told' }>,
  { name, level, bench }: Pick<Place, 'name' | 'level' | 'bench'>,
): Observable<number> {
  const owner = `${name} notifier`;
  const time = bench.timeOf(owner, level + 0.5);
  const told = steps.map(([after, limit]) =>
    after === 0 ? of(limit) : timer(after, time).pipe(map(() => limit)),
  );
  return concat(...told, ends ? EMPTY : NEVER).pipe(bench.counted(owner));
}
