import { filter, map, range, type MonoTypeOperatorFunction } from 'rxjs';
import { Sum } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

type Stage = () => MonoTypeOperatorFunction<number>;

/**
 * A pipe with the stage in its middle, to which 1 … count come. One run keeps the odd numbers, the next the even
 * ones: so whatever the stage loses is missed.
 */
export const piped = (stage: Stage): Run => {
  const parities = alternating();
  return (count) =>
    new Promise((resolve, reject) => {
      const sum = new Sum();
      const parity = parities();
      range(0, count)
        .pipe(
          map((value) => value + 1),
          stage(),
          filter((value) => value % 2 === parity),
        )
        .subscribe({
          next: sum.add,
          error: reject,
          complete: () => resolve(asOfOdd(sum.total, count, parity)),
        });
    });
};

/** 1, 0, 1, 0, … */
export function alternating(): () => number {
  let parity = 0;
  return () => (parity = 1 - parity);
}

/** The sum of the odd numbers; where `total` is that of the even ones, it is out by as much as those are. */
export function asOfOdd(total: number, count: number, parity: number): number {
  const half = Math.floor(count / 2);
  return parity === 1 ? total : total - half * (half + 1) + sumOfOdd(count);
}

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
