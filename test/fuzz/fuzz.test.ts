import fc from 'fast-check';
import * as library from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { later } from '../support/later.js';
import { operatorsCopy, type Operators } from '../support/library-copy.js';
import { long, report } from '../support/proof.js';
import { lawfulPipes, pipes } from './arbitraries.js';
import { Generated, reasons } from './generated.js';
import { known } from './known.js';
import { misjudged } from './misjudged.js';
import { planted } from './planted.js';
import { Tally, happenings } from './tally.js';
import { tryOut } from './trial.js';

/*
 * Pipes made at random (pipe.ts, arbitraries.ts) run in virtual time: each under the laws (watched.ts, run.ts),
 * and most of them beside a model that foretells what must come out, be dropped, be read and be held in each
 * frame (foretold.ts, model/). In the short form they are the same each time; in the long one they are others.
 * A failure tells the seed and the path; `SEED=…` begins with the pipes of that seed.
 */

/** Pipes of one seed; between two of them the host gets a turn. */
const BATCH = 1000;
const batches = long ? 100 : 2;
const FIXED = 20_261_121;
const chance = () => Math.floor(Math.random() * 0x7fff_0000);
const seed = Number(process.env['SEED'] ?? (long ? chance() : FIXED));

const asTold = (operators: Operators, tally?: Tally, of = pipes) =>
  fc.property(of, (pipe) => {
    const seen = tryOut(pipe, operators);
    tally?.add(seen);
  });

/** Tries all batches, and tells what happened to the pipes: enough of each. */
async function tryAll(operators: Operators, of = pipes): Promise<Tally> {
  const tally = new Tally();
  for (let batch = 0; batch < batches; batch++) {
    fc.assert(asTold(operators, tally, of), { seed: seed + batch, numRuns: BATCH });
    await later();
  }
  console.log(`${tally.pipes} pipes, seed ${seed}: ${String(tally)}`);
  for (const happening of happenings) {
    expect(tally.share(happening), happening).toBeGreaterThanOrEqual(2);
  }
  return tally;
}

const tried = (tally: Tally): string =>
  `${tally.pipes.toLocaleString('en')} pipes on ${process.env['RXJS'] ?? 'rxjs'}, seed ${seed}: ${String(tally)}`;

describe('fuzzed pipelines', { timeout: 1_800_000 }, () => {
  const generated = new Generated();

  it(`${batches * BATCH} of them keep the laws and do as the model says, from seed ${seed} on`, async () => {
    const tally = await tryAll(generated.noting(library));
    expect(tally.share('foretold')).toBeGreaterThan(60);
    report({
      part: 'fuzzed pipelines',
      tried: tried(tally),
      held: 'the laws, at each event; of those foretold, each value, drop and read in its frame',
    });
  });

  it(`${batches * BATCH} more keep the laws, most with an operator that has no model`, async () => {
    const tally = await tryAll(library, lawfulPipes);
    expect(tally.share('foretold')).toBeLessThan(30);
    report({
      part: 'fuzzed pipelines with fanOut, broadcast, toAsyncIterable and intoChannel; most under a clock that creeps, or with callbacks that push, end the source, ask for more, leave or throw',
      tried: tried(tally),
      held: 'the laws, at each event',
    });
  });

  it('use every function of the API report, and every option, given and left out', () => {
    const { missing } = generated;
    const without = (reason: string) => missing.filter((one) => one.endsWith(reason));
    for (const reason of Object.keys(reasons)) expect(without(reason), reason).not.toEqual([]);
    const excused = Object.keys(reasons).flatMap(without);
    expect(missing.filter((one) => !excused.includes(one))).toEqual([]);
  });

  const noticed = (operators: Operators, endOnFailure: boolean) =>
    fc.check(asTold(operators), { seed: FIXED, numRuns: 2 * BATCH, endOnFailure });

  it.each(planted.map(({ title, change }) => [title, change] as const))(
    'notice that %s',
    async (_, change) => {
      expect(noticed(await operatorsCopy(change), true).failed).toBe(true);
    },
  );

  it('shrink where one fails, and print as a program', async () => {
    const operators = await operatorsCopy(
      planted.find(({ title }) => title.includes('newest'))?.change,
    );
    const { counterexample } = noticed(operators, false);
    expect(fc.stringify(counterexample)).toMatchInlineSnapshot(`
      "[merge(hot(@, then nothing), of(0…1))
        | adaptiveThrottle(minDelay: 3, maxDelay: 8, target: 1, queue: 1, overflow: 'drop-oldest')
        | workerPool(concurrency: { kind: 'told', steps: [], ends: false }, task: { kind: 'timer', frames: 1, spread: 0, fails: 0 }, queue: 0, requireDemand: false)
        | bufferedChannel(capacity: 0)
        | subscribe(leave at value 0, leave @60)
        (timers above ring first)]"
    `);
  });
});

describe.each(known)('a pipe that failed once, when $title', ({ pipe, change }) => {
  it('does as the model says', () => void tryOut(pipe, library));

  it('would be noticed again', async () => {
    const operators = await operatorsCopy(change);
    expect(() => tryOut(pipe, operators)).toThrow();
  });
});

describe('the model foretells, what it did not once,', () => {
  it.each(misjudged)('that $title', ({ pipe }) => {
    expect(tryOut(pipe, library)).toContain('foretold');
  });
});
