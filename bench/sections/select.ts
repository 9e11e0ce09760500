import { goProgram } from '../contenders/go.js';
import * as sluice from '../contenders/select.js';
import { sumBelow } from '../harness/sums.js';
import { timed } from '../harness/timed.js';
import type { Section } from '../harness/types.js';

const once = 'select, cases made once';
const inTheCall = 'select, cases in the call';
const csp = '@thi.ng/csp';

export const selects: Section = {
  id: 'select',
  title: 'A select over two channels and a third that says stop',
  unit: 'ns per value',
  count: 100_000,
  expected: sumBelow,
  contenders: [
    goProgram('Go, GOMAXPROCS=1', ['-what=select']),
    timed(once, () => sluice.withCasesMadeOnce),
    timed(inTheCall, () => sluice.withCasesInTheCall),
    timed(csp, async () => (await import('../contenders/select-csp.js')).withCsp),
  ],
  goals: [
    { contender: once, against: csp, limit: 0.5 },
    { contender: inTheCall, against: csp, limit: 0.5 },
    { contender: once, against: 'Go, GOMAXPROCS=1' },
  ],
};
