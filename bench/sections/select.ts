import { awaitPerValue } from '../contenders/channel-bare.js';
import { goProgram } from '../contenders/go.js';
import * as sluice from '../contenders/select.js';
import { goalsOf } from '../harness/goals.js';
import { sumTo } from '../harness/sums.js';
import { limit, ours, peer } from '../harness/timed.js';
import type { Contender, Section } from '../harness/types.js';

const go = 'Go, GOMAXPROCS=1';
const once = 'select, cases made once';
const inTheCall = 'select, cases in the call';
const csp = '@thi.ng/csp';

const contenders: readonly Contender[] = [
  goProgram(go, ['-what=select']),
  // One await on each side of a value: nothing that is handed over between two promises costs less.
  limit('bare ring, await each', 'promises', () => awaitPerValue(1)),
  ours(once, 'promises', () => sluice.withCasesMadeOnce),
  ours(inTheCall, 'promises', () => sluice.withCasesInTheCall),
  peer(csp, 'promises', async () => (await import('../contenders/select-csp.js')).withCsp),
];

export const selects: Section = {
  id: 'select',
  title: 'A select over two channels and a third that says stop',
  unit: 'ns per value',
  count: 100_000,
  expected: sumTo,
  contenders,
  goals: goalsOf(contenders, [
    { contender: once, against: csp, limit: 0.5 },
    { contender: inTheCall, against: csp, limit: 0.5 },
    { contender: once, against: go },
  ]),
};
