import { pipe } from 'rxjs';
import { RateLimiter } from 'rxjs-sluice';
import {
  backpressure,
  bufferedChannel,
  explain,
  leakyBucket,
  unlinked,
} from 'rxjs-sluice/operators';
import { afterAll, describe, expect, it } from 'vitest';
import { inputs } from '../faults/inputs.js';
import { others, subjects, type Specimen } from '../laws/subjects.js';
import { PATIENCE, report } from '../support/proof.js';
import { BOUND, CYCLES, retainedBy } from './heap.js';
import { planted } from './planted.js';
import { Surroundings, moments } from './surroundings.js';

type Subject = Pick<Specimen, 'title' | 'made' | 'make' | 'async'>;

const limiter = new RateLimiter({ rate: 500, burst: 2 });

const passing: readonly Subject[] = [
  {
    title: 'backpressure',
    made: ['backpressure'],
    make: (options) =>
      pipe(
        backpressure<number>({ pause: () => {}, resume: () => {} }),
        bufferedChannel(1, options),
      ),
  },
  {
    title: 'unlinked',
    made: ['unlinked'],
    make: (options) => pipe(unlinked<number>(), bufferedChannel(1, options)),
  },
  {
    title: 'explain',
    made: ['explain'],
    make: (options) => (source) =>
      explain(source.pipe(bufferedChannel<number>(1, options)), () => {}),
  },
  {
    title: 'leakyBucket with a limiter that lives longer',
    made: ['leakyBucket'],
    make: (options, { clock }) =>
      leakyBucket<number>(1, 0, { ...options, limiter, queue: 2, scheduler: clock }),
  },
];

let cycles = 0;
let most = 0;

async function cycle(around: Surroundings): Promise<void> {
  const retained = await retainedBy((count) => around.batch(count));
  expect(retained, 'bytes retained').toBeLessThan(BOUND);
  most = Math.max(most, retained);
  cycles += CYCLES;
}

describe('cycles of subscribing and leaving, at every moment, leave nothing behind', () => {
  it.each([...subjects, ...passing])(
    'of $title',
    async (subject) => {
      await cycle(new Surroundings(subject));
      expect(limiter.waiting).toBe(0);
    },
    PATIENCE,
  );

  it.each(inputs)(
    'at $seat, which lives longer',
    async (input) => {
      await cycle(
        new Surroundings({ make: (options, around) => input.make(around.input, options, around) }),
      );
    },
    PATIENCE,
  );
});

it.each(planted)('an operator that leaves $leaves is found out', async ({ leaves, make }) => {
  const around = new Surroundings({ make });
  if (leaves === 'heap') {
    expect(await retainedBy((count) => around.batch(count))).toBeGreaterThan(BOUND);
  } else {
    await expect(around.batch(CYCLES)).rejects.toThrow(leaves);
  }
});

it('every operator goes through them', () => {
  const pure = ['demandOf', 'describeLink']; // subscribe nothing
  const made = [...subjects, ...passing].flatMap((subject) => subject.made);
  expect([...made, ...pure]).toEqual(expect.arrayContaining([...others]));
});

afterAll(() => {
  report({
    part: 'leaks: operators',
    tried: `${subjects.length + passing.length + inputs.length} pipes, ${CYCLES.toLocaleString('en')} cycles each, at ${moments.length} moments: ${cycles.toLocaleString('en')} cycles`,
    held: `no timer, subscription, waiter or value left; at most ${most.toLocaleString('en')} bytes of heap`,
  });
});
