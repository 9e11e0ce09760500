import { range, type OperatorFunction } from 'rxjs';
import { Sum, sumUp } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

/** Every batch is full but the last. */
export const batchSize = 100;

/**
 * The values are consecutive, so that the ends and the length of a batch give its sum. (`bufferTime` may
 * end with an empty one.)
 */
export function sumOfBatch(values: readonly number[]): number {
  const { length } = values;
  if (length > batchSize) throw new Error(`Expected ${batchSize} values at most, got ${length}`);
  return length === 0 ? 0 : ((values[0]! + values[length - 1]!) * length) / 2;
}

export const withOperator =
  (batches: () => OperatorFunction<number, number[]>): Run =>
  (count) => {
    const sum = new Sum();
    range(0, count)
      .pipe(batches())
      .subscribe((values) => sum.add(sumOfBatch(values)));
    return sum.total;
  };

/** Arrays that are filled and handed on. */
export const bareArrays: Run = (count) => {
  const sum = new Sum();
  let values: number[] = [];
  for (let value = 0; value < count; value += 1) {
    values.push(value);
    if (values.length < batchSize) continue;
    sum.add(sumOfBatch(values));
    values = [];
  }
  return sum.total + sumOfBatch(values);
};

export async function withIx(): Promise<Run> {
  const { range: ixRange } = await import('ix/asynciterable');
  const { bufferCountOrTime } = await import('ix/asynciterable/operators');
  return async (count) => {
    let sum = 0;
    const batches = ixRange(0, count).pipe(bufferCountOrTime(batchSize, 10));
    for await (const values of batches) sum += sumOfBatch(values);
    return sum;
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
    for (let value = 0; value < count; value += 1) all.push(loader.load(value));
    return sumUp(await Promise.all(all));
  };
}
