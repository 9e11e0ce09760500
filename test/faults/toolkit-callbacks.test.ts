import { afterAll, expect, it } from 'vitest';
import { report } from '../support/proof.js';
import { hostHears } from './host.js';
import { Strike, type Span } from './strike.js';
import { drills, type Drill, type Hearer, type Told } from './toolkit-drills.js';

let runs = 0;

/** Runs a drill with a call that throws, and returns how often it was called, and threw, and who heard. */
async function drill({ run }: Drill, at: number, span?: Span) {
  const strike = new Strike(at, span);
  const heard: Hearer[] = [];
  const note = (hearer: Hearer, error: unknown): void => {
    if (error !== strike.fault) throw error;
    heard.push(hearer);
  };
  const told: Told = {
    async caller(act) {
      try {
        return await act();
      } catch (error) {
        note('caller', error);
        return undefined;
      }
    },
    clock(act) {
      try {
        act();
      } catch (error) {
        note('clock', error);
      }
    },
  };
  const host = await hostHears(() => run(strike, told));
  for (const error of host.heard) note('host', error);
  const { calls, thrown } = strike;
  return { calls, thrown, heard };
}

it.each(drills)('$seat, $title: hears $hears', async (given) => {
  const { calls } = await drill(given, 0);
  expect(calls).toBeGreaterThan(0);
  const hearers = new Set<Hearer>();
  for (let at = 1; at <= calls; at++) {
    for (const span of given.spans ?? (['once', 'from then on'] as const)) {
      const { heard, thrown } = await drill(given, at, span);
      expect(thrown, 'how often it throws').toBeGreaterThan(0);
      const told = given.hears.includes('nobody') ? 0 : given.tells === 'first' ? 1 : thrown;
      expect(heard.length, `who hears of call ${at} of ${calls}, ${span}`).toBe(told);
      for (const hearer of heard) hearers.add(hearer);
      runs++;
    }
  }
  expect([...hearers].filter((hearer) => !given.hears.includes(hearer))).toEqual([]);
});

afterAll(() => {
  report({
    part: 'faults: callbacks of the toolkit',
    tried: `${drills.length} drills: ${runs.toLocaleString('en')} runs, in each of which another call throws, alone or with all after it`,
    held: 'whoever is to hear does, once; nothing lost, no place, timer or listener left behind',
  });
});
