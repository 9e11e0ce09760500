import type { Operators } from '../support/library-copy.js';
import { Bench } from './bench.js';
import { CONSUMER_ERROR } from './consumer.js';
import { difference, foretold, isForetold } from './foretold.js';
import type { Pipe, Source } from './pipe.js';
import { printed } from './print.js';
import { RealKit } from './real.js';
import { onlyVirtually, run } from './run.js';
import type { Happening } from './tally.js';

/**
 * Runs a pipe of the library's operators under the laws, and compares it with what the model foretells.
 * Throws where it does otherwise; else returns what happened to it.
 */
export function tryOut(pipe: Pipe, library: Operators): ReadonlySet<Happening> {
  const bench = new Bench(pipe);
  const kit = new RealKit(library);
  const seen = watch(bench, kit, pipe);
  const unhandled = onlyVirtually(bench, () => {
    try {
      run(pipe, kit, bench);
    } catch (error) {
      bench.fault(`thrown at whoever runs it: ${String(error)}`);
    }
  });
  for (const error of unhandled) {
    if (error !== CONSUMER_ERROR && !isLate(pipe)) bench.fault(`nobody handles ${String(error)}`);
  }
  if (bench.faults.length > 0) fail(pipe, bench.faults.slice(0, 5).join('\n'), bench);
  if (isForetold(pipe)) {
    seen.add('foretold');
    const otherwise = difference(bench.trace, foretold(pipe));
    if (otherwise !== undefined) fail(pipe, otherwise, bench);
  }
  for (const stage of kit.watched) {
    if (stage.full) seen.add('full');
    if (stage.parked) seen.add('parked');
    if (stage.overflowed) seen.add('dropping');
    if (stage.cutOff) seen.add('cut off while holding');
    if (bench.time.rung.has(stage.name)) seen.add('timed');
  }
  const end = bench.trace.out.at(-1) ?? '';
  seen.add(end.endsWith('complete') ? 'completed' : end.endsWith('left') ? 'left' : 'errored');
  return seen;
}

/** Looks at each stage whenever something is to be seen, and at the end of each frame. */
function watch(bench: Bench, kit: RealKit, { source }: Pipe): Set<Happening> {
  const { watched } = kit;
  const seen = new Set<Happening>();
  bench.look = () => {
    for (const stage of watched) stage.look();
  };
  bench.levels = () => watched.map(({ meter }) => `${meter.held}+${meter.parked}`);
  bench.atRest = () => {
    for (const stage of watched) stage.rest();
    for (const name of kit.idling) bench.fault(`${name} keeps something going for nobody`);
    for (const name of kit.standing(bench))
      bench.fault(`${name} stands still, though there is room`);
    // One that could be read to its end at once has not been.
    if (isAtHand(source) && (bench.running.get('source 0') ?? 0) > 0) seen.add('made to wait');
  };
  return seen;
}

/** What a callback fails with when it has ended the pipe meanwhile, nobody is there to hear of. */
const isLate = ({ within }: Pipe): boolean => within !== undefined;

const isAtHand = ({ kind }: Source): boolean => kind === 'pull' || kind === 'inner';

function fail(pipe: Pipe, why: string, { trace }: Bench): never {
  const out = trace.out.join('; ');
  const drops = trace.drops.join('; ');
  throw new Error(`${printed(pipe)}\n${why}\nout: ${out}\ndropped: ${drops}`);
}
