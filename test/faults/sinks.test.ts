import { afterAll, describe, expect, it } from 'vitest';
import { later } from '../support/later.js';
import { PATIENCE, long, report } from '../support/proof.js';
import { programs } from './programs.js';
import { readingOf, readingOperations } from './reading-programs.js';
import { sendingOf, sendingOperations } from './sending-programs.js';

const readingLength = long ? 7 : 5;
const sendingLength = long ? 6 : 4;
let runs = 0;

it.each([
  [0, 'drain'],
  [2, 'drain'],
  [1, 'immediate'],
] as const)(
  'toAsyncIterable of capacity %i, errors: %s, comes out as a queue would, in every program of its consumer and its source',
  async (capacity, errors) => {
    const checks: (() => void)[] = [];
    const settled = async (): Promise<void> => {
      await later();
      for (const check of checks.splice(0)) check();
    };
    for (const program of programs(readingOperations, readingLength)) {
      checks.push(readingOf(program, capacity, errors));
      runs++;
      if (checks.length >= 10_000) await settled();
    }
    await settled();
  },
  PATIENCE,
);

describe.each([0, 1, 2])('intoChannel with a channel of capacity %i', (capacity) => {
  it.each(['block', 'drop-oldest', 'drop-newest', 'error'] as const)(
    'under %s ends as it should and loses nothing, in every program of its source, its receivers and whoever closes the channel',
    (overflow) => {
      for (const program of programs(sendingOperations, sendingLength)) {
        sendingOf(program, capacity, overflow);
        runs++;
      }
    },
    PATIENCE,
  );
});

describe('the programs', () => {
  it('are all there are, each once', () => {
    const all = [...programs(['a', 'b', 'c'], 3)].map((program) => program.join(''));
    expect([all.length, new Set(all).size, all[0], all.at(-1)]).toEqual([27, 27, 'aaa', 'ccc']);
    expect(all.toSorted()).toEqual(all);
  });
});

afterAll(() => {
  report({
    part: 'faults: sinks',
    tried: `every program of ${readingLength} operations on toAsyncIterable, of ${sendingLength} on intoChannel: ${runs.toLocaleString('en')} programs`,
    held: 'as a model says; each value received or dropped, once',
  });
});
