import { from } from 'rxjs';
import { RateLimiter } from 'rxjs-sluice';
import { intoChannel, leakyBucket, workerPool } from 'rxjs-sluice/operators';
import { afterAll, describe, expect, it } from 'vitest';
import { inputs } from '../faults/inputs.js';
import { subjects, type Specimen } from '../laws/subjects.js';
import { operatorsCopy } from '../support/library-copy.js';
import { PATIENCE, report } from '../support/proof.js';
import { LONG, SCALE, SHORT, retainedBy } from './heap.js';
import { growing, keeping, mistaken, planted } from './planted.js';
import { Surroundings, moments, type Cycled } from './surroundings.js';

type Subject = Cycled & Pick<Specimen, 'title' | 'made'>;

const limiter = new RateLimiter({ rate: 500, burst: 2 });

const longLived: readonly Subject[] = [
  {
    title: 'leakyBucket with a limiter that lives longer',
    made: ['leakyBucket'],
    make: (options, { clock }) =>
      leakyBucket<number>(1, 0, { ...options, limiter, queue: 2, scheduler: clock }),
  },
  {
    title: 'workerPool(2) of tasks that wait in the toolkit under their own signal',
    made: ['workerPool'],
    async: true,
    make: (options, { channel, signals }) =>
      workerPool(
        2,
        (value: number, { signal }) => {
          if (signals.size < 99) signals.set(value, signal);
          return from(channel.receive({ signal }).then(() => value));
        },
        options,
      ),
  },
  {
    title: 'intoChannel of a channel that has no room',
    made: ['intoChannel'],
    make: (options, { full }) => intoChannel(full, { ...options, close: false }),
  },
];

let cycles = 0;
let fewest = Infinity;
let most = 0;

async function cycle(around: Surroundings): Promise<void> {
  let count = 0;
  const retained = await retainedBy(async (more) => {
    await around.batch(more);
    count += more;
  });
  expect(retained, 'bytes that each cycle retains').toBeLessThan(SCALE.bound);
  most = Math.max(most, retained);
  fewest = Math.min(fewest, count);
  cycles += count;
}

describe('cycles of subscribing and leaving, at every moment, leave nothing behind', () => {
  it.each([...subjects, ...longLived])(
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
  await expect(new Surroundings({ make }).batch(moments.length)).rejects.toThrow(leaves);
});

it.each(mistaken)('and that $mistake, which leaves $leaves', async ({ leaves, change, make }) => {
  const operators = await operatorsCopy(change);
  // The meter is none of the copy's own.
  const around = new Surroundings({
    make: ({ onDrop }, around) => make(operators, { onDrop }, around),
  });
  await expect(around.batch(moments.length)).rejects.toThrow(leaves);
});

it(
  'one that keeps its subscribers is found out',
  async () => {
    const around = new Surroundings(keeping());
    const retained = await retainedBy((count) => around.batch(count), SHORT);
    expect(retained).toBeGreaterThan(SHORT.bound);
  },
  PATIENCE,
);

it.each(Object.entries(growing))(
  '%s that grows with each cycle is found out in the long form',
  async (_, keeps) => {
    const keep = keeps();
    const batch = (cycles: number) => {
      for (let n = 0; n < cycles; n++) keep();
    };
    expect(await retainedBy(batch, LONG)).toBeGreaterThan(LONG.bound);
  },
  PATIENCE,
);

it(
  'and what keeps nothing is not',
  async () => {
    let last = {};
    const batch = (cycles: number) => {
      for (let n = 0; n < cycles; n++) last = { n };
    };
    expect(await retainedBy(batch, LONG)).toBeLessThan(LONG.bound);
    expect(last).toHaveProperty('n');
  },
  PATIENCE,
);

afterAll(() => {
  const pipes = subjects.length + longLived.length + inputs.length;
  const each = Math.floor(fewest / moments.length);
  report({
    part: 'leaks: operators',
    tried: `${pipes} pipes, ${fewest.toLocaleString('en')} cycles each or more, ${each.toLocaleString('en')} at each of ${moments.length} moments: ${cycles.toLocaleString('en')} cycles`,
    held: `no timer, here or of the host, no listener, subscription, waiter or value left; at most ${most.toFixed(2)} bytes of heap for a cycle, over ${SCALE.cycles.toLocaleString('en')} cycles`,
  });
});
