import { connectable, range, type Observable } from 'rxjs';
import { broadcast } from '../../operators/index.js';
import { Sum } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

// Every value goes to each of four subscribers.

export const branches = 4;

/** Each branch has to have seen all. */
export function sameOf(sums: readonly number[]): number {
  if (sums.some((sum) => sum !== sums[0]))
    throw new Error(`Expected equal sums, got ${sums.join()}`);
  return sums[0]!;
}

function subscribeAll(values: Observable<number>): Sum[] {
  return Array.from({ length: branches }, () => {
    const sum = new Sum();
    values.subscribe(sum.add);
    return sum;
  });
}

const totalsOf = (sums: readonly Sum[]): number => sameOf(sums.map(({ total }) => total));

export const withBroadcast =
  (capacity: number): Run =>
  (count) =>
    totalsOf(subscribeAll(range(1, count).pipe(broadcast({ capacity, minSubscribers: branches }))));

/** What `share` does, connected by hand: with a source that emits at once, its first subscriber has all. */
export const withConnectable: Run = (count) => {
  const values = connectable(range(1, count));
  const sums = subscribeAll(values);
  values.connect();
  return totalsOf(sums);
};

export const bareCalls: Run = (count) => {
  const sums = Array.from({ length: branches }, () => new Sum());
  for (let value = 1; value <= count; value += 1) for (const { add } of sums) add(value);
  return totalsOf(sums);
};
