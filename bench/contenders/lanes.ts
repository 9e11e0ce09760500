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
    range(1, count).pipe(operator()).subscribe(sum.add);
    return sum.total;
  };

export const byKey = withOperator(() => fanOut(laneCount, (lane) => lane, { by: laneOf }));
export const byTurns = withOperator(() => fanOut(laneCount, (lane) => lane));
export const byLoad = withOperator(() => fanOut(laneCount, (lane) => lane, { by: 'least-loaded' }));

const grouped =
  (by: (value: number) => number): OperatorFunction<number, number> =>
  (source) =>
    source.pipe(
      groupBy(by),
      mergeMap((lane) => lane),
    );

export const groupByKey = withOperator(() => grouped(laneOf));
export const groupByTurns = withOperator(() => grouped(turns()));

/** Each lane in its turn. */
function turns(): () => number {
  let turn = 0;
  return () => turn++ % laneCount;
}

/** An array of functions. */
const bareCalls =
  (choice: () => (value: number) => number): Run =>
  (count) => {
    const sum = new Sum();
    const lanes = Array.from({ length: laneCount }, () => (value: number) => sum.add(value));
    const choose = choice();
    for (let value = 1; value <= count; value += 1) lanes[choose(value)]!(value);
    return sum.total;
  };

export const bareByKey = bareCalls(() => laneOf);
export const bareByTurns = bareCalls(turns);

/** Each counts what it holds, and the first of those that hold least is chosen. */
export const bareByLoad: Run = (count) => {
  const sum = new Sum();
  const lanes = Array.from({ length: laneCount }, () => ({ held: 0, add: sum.add }));
  for (let value = 1; value <= count; value += 1) {
    let least = lanes[0]!;
    for (const lane of lanes) if (lane.held < least.held) least = lane;
    least.held += 1;
    least.add(value);
    least.held -= 1;
  }
  return sum.total;
};
