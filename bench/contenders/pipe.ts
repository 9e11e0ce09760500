import { filter, map, range, type MonoTypeOperatorFunction } from 'rxjs';
import { Sum } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

type Stage = () => MonoTypeOperatorFunction<number>;

/** A pipe with the stage in its middle. */
export const piped =
  (stage: Stage): Run =>
  (count) =>
    new Promise((resolve, reject) => {
      const sum = new Sum();
      range(0, count)
        .pipe(
          map((value) => value + 1),
          stage(),
          filter((value) => value % 2 === 1),
        )
        .subscribe({ next: sum.add, error: reject, complete: () => resolve(sum.total) });
    });

/** The same without a pipe. */
export const bareCalls: Run = (count) => {
  const sum = new Sum();
  const increment = (value: number): number => value + 1;
  const isOdd = (value: number): boolean => value % 2 === 1;
  for (let value = 0; value < count; value += 1) {
    const incremented = increment(value);
    if (isOdd(incremented)) sum.add(incremented);
  }
  return sum.total;
};

/** The sum of the odd numbers in 1 … count. */
export function sumOfOdd(count: number): number {
  return Math.ceil(count / 2) ** 2;
}
