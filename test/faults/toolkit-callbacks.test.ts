import { afterAll, expect, it } from 'vitest';
import { report } from '../support/proof.js';
import { hostHears } from './host.js';
import { Strike } from './strike.js';
import { drills, type Drill, type Hearer, type Told } from './toolkit-drills.js';

let faults = 0;

/** Runs a drill with one call that throws, and returns how many calls there were and who heard. */
async function drill({ run }: Drill, at: number): Promise<{ calls: number; heard: Hearer[] }> {
  const strike = new Strike(at);
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
  return { calls: strike.calls, heard };
}

it.each(drills)('$seat, $title: hears $hears', async (given) => {
  const { calls } = await drill(given, 0);
  expect(calls).toBeGreaterThan(0);
  const hearers = new Set<Hearer>();
  for (let at = 1; at <= calls; at++) {
    const { heard } = await drill(given, at);
    expect(heard.length, `who hears of call ${at} of ${calls}`).toBe(
      given.hears.includes('nobody') ? 0 : 1,
    );
    for (const hearer of heard) hearers.add(hearer);
    faults++;
  }
  expect([...hearers].filter((hearer) => !given.hears.includes(hearer))).toEqual([]);
});

afterAll(() => {
  report({
    part: 'faults: callbacks of the toolkit',
    tried: `${drills.length} drills: ${faults} runs, in each of which another call throws`,
    held: 'whoever is to hear does, once; nothing lost, no place, timer or listener left behind',
  });
});
