import fc from 'fast-check';
import * as library from 'rxjs-sluice/operators';
import { it } from 'vitest';
import { pipes } from '../../test/fuzz/arbitraries.js';
import { tryOut } from '../../test/fuzz/trial.js';

/** As many of the fuzzed pipes as take a second or two. */
it('random pipes keep the laws and do as the model says', () => {
  for (const pipe of fc.sample(pipes, { seed: 20_261_121, numRuns: 600 })) tryOut(pipe, library);
}, 60_000);
