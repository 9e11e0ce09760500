import { groupBy, mergeMap, range, type OperatorFunction } from 'rxjs';
import { fanOut } from '../../operators/index.js';
import { Sum } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

// Values go to one of four lanes, which do nothing but pass them on, and are merged.

export const laneCount = 4;
export const laneOf = (value: number): number => value % laneCount;

export const withOperator =
  (operator: () => OperatorFunction<number, number>): Run =>
  (count) => {
    const sum = new Sum();
    range(0, count).pipe(operator()).subscribe(sum.add);
    return sum.total;
  };

export const byKey = withOperator(() => fanOut(laneCount, (lane) => lane, { by: laneOf }));
export const byTurns = withOperator(() => fanOut(laneCount, (lane) => lane));
export const byLoad = withOperator(() => fanOut(laneCount, (lane) => lane, { by: 'least-loaded' }));
export const withGroupBy = withOperator((): OperatorFunction<number, number> => {
  return (source) =>
    source.pipe(
      groupBy(laneOf),
      mergeMap((lane) => lane),
    );
});

/** An array of functions. */
export const bareCalls: Run = (count) => {
  const sum = new Sum();
  const lanes = Array.from({ length: laneCount }, () => (value: number) => sum.add(value));
  for (let value = 0; value < count; value += 1) lanes[laneOf(value)]!(value);
  return sum.total;
};
