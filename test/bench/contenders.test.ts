import {
  bufferCount,
  concatMap,
  filter,
  mergeMap,
  skip,
  skipLast,
  type MonoTypeOperatorFunction,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { BatchSum, withOperator as withBatches } from '../../bench/contenders/batches.js';
import { checkNobodyIn, checkPlaces } from '../../bench/contenders/exclusion.js';
import { running } from '../../bench/contenders/limiters.js';
import { withOperator as withLanes } from '../../bench/contenders/lanes.js';
import { keep } from '../../bench/contenders/paced.js';
import { piped, sumOfOdd } from '../../bench/contenders/pipe.js';
import { withOperator as withPool } from '../../bench/contenders/pool-rxjs.js';
import { promiseTask } from '../../bench/contenders/pool-tasks.js';
import { jobOf } from '../../bench/harness/job.js';
import { timed } from '../../bench/harness/timed.js';
import { sumTo } from '../../bench/harness/sums.js';
import { batch } from '../../bench/sections/batch.js';
import { fanOuts } from '../../bench/sections/fan-out.js';
import { passThrough } from '../../bench/sections/pass-through.js';
import { poolOfPromises } from '../../bench/sections/pool-of-promises.js';

// That what a contender does wrong would be noticed.

type Stage = () => MonoTypeOperatorFunction<number>;

const job = { count: 10, expected: sumTo(10), warmUpMs: 0, measureMs: 0 };

describe.each([
  { section: passThrough, runOf: (fault: Stage) => piped(fault) },
  {
    section: batch,
    runOf: (fault: Stage) => withBatches(() => (source) => source.pipe(fault(), bufferCount(100))),
  },
  { section: fanOuts[0]!, runOf: (fault: Stage) => withLanes(fault) },
  {
    section: poolOfPromises,
    runOf: (fault: Stage) =>
      withPool(() => (source) => source.pipe(mergeMap(promiseTask, 8), fault())),
  },
])('a contender of $section.id', ({ section, runOf }) => {
  const sampleOf = (fault: Stage) => {
    const contender = timed('a contender', () => runOf(fault));
    // Two runs at least, as there are where it is measured.
    const quick = jobOf(section, contender, 250);
    return contender.sample({ ...quick, warmUpMs: Number.MIN_VALUE });
  };
  const doubling = (at: number) => () =>
    concatMap((value: number, index) => (index === at ? [value, value] : [value]));

  it('passes where each value comes once', async () => {
    expect(await sampleOf(() => (source) => source)).toBeTypeOf('number');
  });

  it.each<[what: string, Stage]>([
    ['loses its first value', () => skip(1)],
    ['loses its last value', () => skipLast(1)],
    ['doubles its first value', doubling(0)],
    ['doubles one in the middle', doubling(124)],
    ['doubles its last value', doubling(249)],
  ])('is found out where it %s', async (_, fault) => {
    await expect(sampleOf(fault)).rejects.toThrow('Expected the checksum');
  });
});

describe.each(['inTurn', 'atOnce'] as const)('a limiter whose calls come %s', (calls) => {
  const sampleOf = (run: (value: number) => Promise<number>) =>
    timed('a limiter', () => running(run)[calls]).sample(job);

  it('passes where each task runs', async () => {
    expect(await sampleOf(async (value) => value)).toBeTypeOf('number');
  });

  it('is found out where it never runs the task', async () => {
    const idle = sampleOf(async () => undefined as never);
    await expect(idle).rejects.toThrow('Expected the checksum 55, got NaN');
  });

  it('is found out where it loses an answer', async () => {
    const losing = sampleOf(async (value) => (value === 7 ? 0 : value));
    await expect(losing).rejects.toThrow('Expected the checksum 55, got 48');
  });
});

describe('a semaphore', () => {
  const of = (size: number) => {
    let free = size;
    return () => {
      if (free === 0) return undefined;
      free -= 1;
      return () => void (free += 1);
    };
  };

  it('passes with as many places as it has', () => {
    expect(() => checkPlaces(4, of(4))).not.toThrow();
  });

  it('is found out where it gives one too many, or has not got one back', () => {
    expect(() => checkPlaces(4, of(5))).toThrow('Expected 4 at once, got one more');
    expect(() => checkPlaces(4, of(3))).toThrow('Expected 4 free places, got fewer');
  });

  it('is found out where somebody gets in while the only place is held', async () => {
    let sum = 0;
    const nobody = checkNobodyIn(() => sum);
    await expect(nobody).resolves.toBeUndefined();
    const somebody = checkNobodyIn(() => sum);
    void Promise.resolve().then(() => (sum += 1));
    await expect(somebody).rejects.toThrow('Expected all to wait');
  });
});

describe('a stage in a pipe', () => {
  const expected = sumOfOdd(10);
  const twice = async (stage: Stage) => {
    const run = piped(stage);
    return [await run(10), await run(10)];
  };

  it('passes where every value passes', async () => {
    expect(await twice(() => (source) => source)).toEqual([expected, expected]);
  });

  it.each([3, 4])('is found out where it loses %i', async (lost) => {
    expect(await twice(() => filter((value) => value !== lost))).not.toEqual([expected, expected]);
  });
});

describe('batches', () => {
  const sumOf = (...batches: readonly (readonly number[])[]) => {
    const sum = new BatchSum();
    for (const batch of batches) sum.add(batch);
    return sum.total;
  };
  const numbers = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);

  it('pass where each is full but the last', () => {
    expect(sumOf(numbers(1, 101), numbers(101, 151), [])).toBe(sumTo(150));
  });

  it('are found out where one is too long, or too short', () => {
    expect(() => sumOf(numbers(0, 101))).toThrow('Expected batches of 100, got 100 and 101');
    expect(() => sumOf([0], [1])).toThrow('Expected batches of 100, got 1 and 1');
  });
});

describe('a pace', () => {
  const passingAs = (inOrder: boolean, values: readonly number[], least = 1) => {
    const begin = (passed: (value: number) => void) => {
      values.forEach((value) => passed(value));
      return Promise.resolve(() => {});
    };
    return keep(begin, 0, { inOrder, least });
  };
  const passing = (...values: readonly number[]) => passingAs(true, values);

  it('passes where each value comes once and in its turn', async () => {
    await expect(passing(1, 2, 3)).resolves.toBeDefined();
  });

  it.each([[[1, 3, 2]], [[1, 1, 2]], [[2, 3, 4]]])(
    'is found out where the values are %j',
    async (values) => {
      await expect(passing(...values)).rejects.toThrow('Expected each value once and in order');
    },
  );

  it('may be of one that keeps no order, but passes each once', async () => {
    await expect(passingAs(false, [1, 3, 2])).resolves.toBeDefined();
    for (const values of [
      [1, 3, 3],
      [1, 6_001],
      [1, 0],
    ]) {
      await expect(passingAs(false, values)).rejects.toThrow('Expected each value once, got');
    }
  });

  it('is found out where none passes, or none has to wait', async () => {
    await expect(passing()).rejects.toThrow('got 0 that passed');
    await expect(passingAs(true, [], 0)).resolves.toBeDefined();
    const all = Array.from({ length: 6_000 }, (_, index) => index + 1);
    await expect(passing(...all)).rejects.toThrow('got 6000 that passed');
  });
});
