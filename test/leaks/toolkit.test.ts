import * as toolkit from 'rxjs-sluice';
import { afterAll, describe, expect, it } from 'vitest';
import { later } from '../support/later.js';
import { PATIENCE, report } from '../support/proof.js';
import { SCALE, SHORT, retainedBy } from './heap.js';
import { hostTimers } from './host-timers.js';
import { expectNothing } from './left.js';
import { Lasting, cycles, leaking, type Cycle } from './toolkit-cycles.js';

let most = 0;

/** How many timers of the host more there may be: the host of the tests has some of its own, now and then. */
const SLACK = 9;

/** So many cycles among what lasts; throws if something is left. */
async function batch(lasting: Lasting, cycle: Cycle, count: number): Promise<void> {
  const before = hostTimers();
  for (let n = 0; n < count; n++) {
    await cycle(lasting);
    if (n % 100 !== 0) continue;
    await later();
    expectNothing(lasting.left());
  }
  await later();
  const set = hostTimers() - before;
  expectNothing({ ...lasting.left(), 'host timers': Math.max(0, set - SLACK) });
}

it.each(Object.entries(cycles))(
  'of %s, whatever waits or ends leaves nothing with what lasts',
  async (_, cycle) => {
    const lasting = new Lasting();
    const retained = await retainedBy((count) => batch(lasting, cycle, count));
    expect(retained, 'bytes that each cycle retains').toBeLessThan(SCALE.bound);
    most = Math.max(most, retained);
  },
  PATIENCE,
);

it('everything that is exported goes through them', () => {
  const cases = ['recv', 'send', 'after', 'tick']; // of a select
  const errors = Object.keys(toolkit).filter((name) => name.endsWith('Error'));
  expect([...Object.keys(cycles), ...cases, ...errors].sort()).toEqual(Object.keys(toolkit).sort());
});

describe('what leaves something is found out', () => {
  it.each(Object.entries(leaking))('%s', async (name, leak) => {
    expect(Object.keys(new Lasting().left())).toContain(name);
    await expect(batch(new Lasting(), (lasting) => void leak(lasting), 1)).rejects.toThrow(name);
  });

  it('timers of the host', async () => {
    const cycle: Cycle = () => setTimeout(() => {}, 50);
    await expect(batch(new Lasting(), cycle, 99)).rejects.toThrow('host timers');
  });

  it(
    'heap',
    async () => {
      const kept: unknown[] = [];
      const cycle: Cycle = ({ empty }) => kept.push(new toolkit.Channel<number>(), empty);
      const lasting = new Lasting();
      const retained = await retainedBy((count) => batch(lasting, cycle, count), SHORT);
      expect(retained).toBeGreaterThan(SHORT.bound);
    },
    PATIENCE,
  );
});

afterAll(() => {
  report({
    part: 'leaks: toolkit',
    tried: `${Object.keys(cycles).length} nouns, ${(2 * SCALE.cycles).toLocaleString('en')} cycles each or more, beside channels, a clock and a signal that last`,
    held: `no timer, here or of the host, no listener or waiter left; at most ${most.toFixed(2)} bytes of heap for a cycle, over ${SCALE.cycles.toLocaleString('en')} cycles`,
  });
});
