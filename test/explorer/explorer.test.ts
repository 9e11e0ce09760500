import { describe, expect, it } from 'vitest';
import { inTheChannel } from '../channel/planted-in-channel.js';
import { inSelect } from '../channel/planted-in-select.js';
import type { Planted } from '../channel/planted.js';
import type { Kind } from '../channel/subject.js';
import { libraryCopy, type Library } from '../support/library-copy.js';
import { alphabet } from './alphabet.js';
import { countPrograms, countSchedules } from './count.js';
import { Divergence } from './divergence.js';
import { actorsOf, explore, stepsOf, type Bounds } from './explore.js';
import { Pair } from './pair.js';
import { ShownPromise } from './stand-ins.js';
import type { Step } from './step.js';

/*
 * Every program of up to six operations by up to three actors, in every order in which its operations can
 * happen (its schedules), step by step against the model (explore.ts). Since in the end no state is left
 * that was not gone on from, every longer program is in it too.
 *
 *                       things to do            programs                   schedules   states    steps
 *   one channel                   25       7,047,035,075 each      1,102,741,458,183    1,067   10,869
 *   two channels                 104  35,686,195,729,080 each  5,767,578,244,146,414   28,831  974,848
 *
 * One channel has any capacity up to 2 under any policy: 12 kinds. Of two, both block, or one drops
 * beside a rendezvous: 9 pairs. Two actors are three of which one does nothing. To abort somebody who does
 * not wait is left out: nothing listens any more, which is looked at whenever a wait ends. That a signal has
 * aborted before an operation begins is a thing to do of its own.
 */
const OPERATIONS = 6;
const ACTORS = 3;

const block = (capacity: number): Kind => ({ capacity, overflow: 'block' });
const oldest = (capacity: number): Kind => ({ capacity, overflow: 'drop-oldest' });
const newest = (capacity: number): Kind => ({ capacity, overflow: 'drop-newest' });
const error = (capacity: number): Kind => ({ capacity, overflow: 'error' });

/** What must come of some channels: a search that shrinks unseen finds nothing. */
type Row = readonly [
  kinds: readonly Kind[],
  found: {
    readonly states: number;
    readonly depth: number;
    readonly steps: number;
    readonly schedules: number;
  },
];

const oneChannel: readonly Row[] = [
  [[block(0)], { states: 107, depth: 3, steps: 1305, schedules: 69_379_634_058 }],
  [[block(1)], { states: 150, depth: 5, steps: 1692, schedules: 89_052_439_335 }],
  [[block(2)], { states: 153, depth: 5, steps: 1761, schedules: 94_794_658_935 }],
  ...[oldest, newest, error].flatMap((drops): Row[] => [
    [[drops(0)], { states: 42, depth: 3, steps: 366, schedules: 89_449_157_895 }],
    [[drops(1)], { states: 87, depth: 5, steps: 801, schedules: 96_595_736_055 }],
    [[drops(2)], { states: 90, depth: 5, steps: 870, schedules: 97_126_681_335 }],
  ]),
];

const twoChannels: readonly Row[] = [
  [
    [block(0), block(0)],
    { states: 2805, depth: 4, steps: 101_842, schedules: 367_869_404_895_774 },
  ],
  [
    [block(0), block(1)],
    { states: 3501, depth: 6, steps: 118_420, schedules: 603_994_528_624_182 },
  ],
  [
    [block(0), block(2)],
    { states: 3636, depth: 6, steps: 127_420, schedules: 642_274_055_874_438 },
  ],
  [
    [block(1), block(1)],
    { states: 4371, depth: 8, steps: 142_192, schedules: 729_017_796_510_774 },
  ],
  [
    [block(1), block(2)],
    { states: 4560, depth: 8, steps: 154_276, schedules: 745_875_357_384_774 },
  ],
  [
    [block(2), block(2)],
    { states: 4758, depth: 8, steps: 167_278, schedules: 759_936_033_569_238 },
  ],
  [[block(0), error(0)], { states: 959, depth: 4, steps: 27_284, schedules: 604_602_894_124_854 }],
  [
    [block(0), oldest(1)],
    { states: 2053, depth: 6, steps: 63_568, schedules: 654_824_367_950_310 },
  ],
  [
    [block(0), newest(2)],
    { states: 2188, depth: 6, steps: 72_568, schedules: 659_183_805_212_070 },
  ],
];

const titled = (rows: readonly Row[]) =>
  rows.map(([kinds, found]) => {
    const names = kinds.map(({ capacity, overflow }) => `${capacity} (${overflow})`);
    return [names.join(' beside '), kinds, found] as const;
  });

/** A copy of the library whose promises show at once how they were settled. */
const copy = (change?: Planted['change']) => libraryCopy(change, { Promise: ShownPromise });

describe.each([
  {
    channels: 'one channel',
    rows: oneChannel,
    letters: 25,
    programs: 7_047_035_075,
    total: { schedules: 1_102_741_458_183, states: 1067, steps: 10_869 },
  },
  {
    channels: 'two channels',
    rows: twoChannels,
    letters: 104,
    programs: 35_686_195_729_080,
    total: { schedules: 5_767_578_244_146_414, states: 28_831, steps: 974_848 },
  },
])('every program on $channels', { timeout: 120_000 }, ({ rows, letters, programs, total }) => {
  it.each(titled(rows))('of capacity %s does as on the model', async (_, kinds, found) => {
    const { start, ...explored } = explore(await copy(), { kinds, actors: ACTORS });
    const schedules = countSchedules(start, OPERATIONS);
    expect({ ...explored, schedules }).toEqual({ letters, ...found });
  });

  it('is one of as many as the head of this file says', () => {
    const sum = (what: keyof typeof total) =>
      rows.reduce((before, [, found]) => before + found[what], 0);
    expect(countPrograms(letters, ACTORS, OPERATIONS)).toBe(programs);
    expect([sum('schedules'), sum('states'), sum('steps')]).toEqual(Object.values(total));
  });
});

it('no schedule is lost with the states that are met again', { timeout: 60_000 }, async () => {
  const bounds = { kinds: [block(1)], actors: 2 };
  const library = await copy();
  const { start } = explore(library, bounds);
  expect(runAll(library, bounds, 3)).toBe(countSchedules(start, 3));
});

/** Runs every path of up to so many steps for itself, by whichever actor it may be; counts them. */
function runAll(library: Library, { kinds, actors: count }: Bounds, steps: number): number {
  const actors = actorsOf(count);
  const letters = alphabet(kinds.length, count);
  const run = (path: readonly Step[]): number => {
    const pair = new Pair(library, kinds, actors);
    for (const step of path) pair.perform(step);
    expect(pair.difference()).toBeUndefined();
    if (path.length === steps) return 1;
    const { waiting } = pair.model;
    let paths = path.length > 0 ? 1 : 0;
    for (const actor of actors) {
      if (waiting.has(actor)) continue;
      for (const step of stepsOf(actor, letters, [...waiting.keys()], path.length + 1)) {
        paths += run([...path, step]);
      }
    }
    return paths;
  };
  return run([]);
}

/** Where the library parts from the model. */
function divergence(library: Library, kinds: readonly Kind[]): Divergence {
  try {
    explore(library, { kinds, actors: ACTORS });
  } catch (thrown) {
    if (thrown instanceof Divergence) return thrown;
    throw thrown;
  }
  return expect.fail('no divergence');
}

describe.each([
  ['a channel', inTheChannel],
  ['a select', inSelect],
])('the explorer finds %s that', { timeout: 60_000 }, (_, planted) => {
  const found = planted.flatMap(({ title, change, explored }) =>
    explored === undefined ? [] : [[title, explored.operations, explored.kinds, change] as const],
  );

  it.each(found)('%s, after %i operations', async (__, operations, kinds, change) => {
    expect(divergence(await copy(change), kinds).path).toHaveLength(operations);
  });
});

it('a divergence is told as a story', async () => {
  const ghosts = inTheChannel.find(({ title }) => title.includes('ghost'));
  expect(divergence(await copy(ghosts?.change), [block(0)]).message).toMatchInlineSnapshot(`
    "
    1. A: receive from a → A waits
    2. B: abort A → A aborted
       expected A: aborted
       got      A: aborted and still listens
       expected a: holds 0, 0 wait, room for 0, 0 came
       got      a: holds 0, 0 wait, room for 1, 0 came"
  `);
});
