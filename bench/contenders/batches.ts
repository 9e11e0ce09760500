import { range, type OperatorFunction } from 'rxjs';
import { sumUp } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** Every batch is full but the last. */
export const batchSize = 100;

/**
 * Adds up the batches of a run. The values are consecutive, so that the ends and the length of a batch give its
 * sum. (`bufferTime` may end with an empty one.)
 */
export class BatchSum {
  total = 0;
  private last = batchSize;

  readonly add = (values: readonly number[]): void => {
    const { length } = values;
    if (length === 0) return;
    if (length > batchSize || this.last < batchSize)
      throw new Error(`Expected batches of ${batchSize}, got ${this.last} and ${length}`);
    this.last = length;
    this.total += ((values[0]! + values[length - 1]!) * length) / 2;
  };
}

export const withOperator =
  (batches: () => OperatorFunction<number, number[]>): Run =>
  (count) => {
    const sum = new BatchSum();
    range(1, count).pipe(batches()).subscribe(sum.add);
    return sum.total;
  };

/** Arrays that are filled and handed on. */
export const bareArrays: Run = (count) => {
  const sum = new BatchSum();
  let values: number[] = [];
  for (let value = 1; value <= count; value += 1) {
    values.push(value);
    if (values.length < batchSize) continue;
    sum.add(values);
    values = [];
  }
  sum.add(values);
  return sum.total;
};

export async function withIx(): Promise<Run> {
  const { range: ixRange } = await import('ix/asynciterable');
  const { bufferCountOrTime } = await import('ix/asynciterable/operators');
  return async (count) => {
    const sum = new BatchSum();
    const batches = ixRange(1, count).pipe(bufferCountOrTime(batchSize, 10));
    for await (const values of batches) sum.add(values);
    return sum.total;
  };
}

export async function withDataLoader(): Promise<Run> {
  const { default: DataLoader } = await import('dataloader');
  return async (count) => {
    const loader = new DataLoader<number, number>(async (values) => values, {
      maxBatchSize: batchSize,
      cache: false,
    });
    const all = [];
    for (let value = 1; value <= count; value += 1) all.push(loader.load(value));
    return sumUp(await Promise.all(all));
  };
}
