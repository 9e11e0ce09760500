import { filter, map, range, type MonoTypeOperatorFunction } from 'rxjs';
import { bufferedChannel } from '../../operators/index.js';
import { Sum } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

/** What a stage costs that never has to hold anything: nobody below is slow. */
export const passThrough: Section = {
  id: 'pass-through',
  title: 'range | map | … | filter, synchronous, nothing ever waits',
  unit: 'ns per value',
  count: 1_000_000,
  expected: (count) => sumOfOdd(count),
  contenders: [
    timed('nothing', () => run((source) => source)),
    timed('identity map', () => run(map((value) => value))),
    timed('bufferedChannel(64)', () => run(bufferedChannel(64))),
  ],
  goals: [{ contender: 'bufferedChannel(64)', against: 'identity map', limit: 1 }],
};

function run(stage: MonoTypeOperatorFunction<number>) {
  return (count: number) => {
    const sum = new Sum();
    range(0, count)
      .pipe(
        map((value) => value + 1),
        stage,
        filter((value) => value % 2 === 1),
      )
      .subscribe(sum.add);
    return sum.total;
  };
}

/** The sum of the odd numbers in 1 … count. */
function sumOfOdd(count: number): number {
  return Math.ceil(count / 2) ** 2;
}
