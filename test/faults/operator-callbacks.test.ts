import { of } from 'rxjs';
import { workerPool } from 'rxjs-sluice/operators';
import { afterAll, expect, it } from 'vitest';
import { PATIENCE, long, report } from '../support/proof.js';
import { exercises } from './operator-exercises.js';
import { planted } from './planted.js';
import { situations } from './situations.js';
import { strikeEach, type Exercise } from './trial.js';

/** How many values pass. */
const count = long ? 40 : 5;

const seats = new Set(exercises.map(({ seat }) => seat));
let runs = 0;

it.each(exercises)(
  '$seat in $specimen.title, whichever call of it throws, alone or from then on, in every situation',
  async (exercise) => {
    let calls = 0;
    for (const situation of situations) {
      const struck = await strikeEach(exercise, situation, count);
      calls += struck.calls;
      runs += struck.runs;
    }
    expect(calls, 'how often it is called').toBeGreaterThan(0);
  },
  PATIENCE,
);

it.each(planted)('an operator that $seat is found out', async (exercise) => {
  await expect(strikeEach(exercise, situations[0]!, count)).rejects.toThrow(exercise.seat);
});

it(
  'a sound one is not',
  async () => {
    const make: Exercise['make'] = (strike, options) =>
      workerPool(
        1,
        strike.before((n: number) => of(n)),
        options,
      );
    for (const situation of situations) {
      await strikeEach({ ...planted[0]!, make }, situation, count);
    }
  },
  PATIENCE,
);

afterAll(() => {
  report({
    part: 'faults: callbacks of operators',
    tried: `${seats.size} callbacks in ${exercises.length} pipes and ${situations.length} situations: ${runs.toLocaleString('en')} runs, in each of which another call throws, alone or with all after it`,
    held: 'law 10: the error goes down the pipe or to the hook, once; every value counted; nothing left behind',
  });
});
