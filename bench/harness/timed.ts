import type { Contender, Job, Side } from './types.js';

/** Handles `count` values and answers a checksum over what came out. */
export type Run = (count: number) => number | Promise<number>;

/**
 * A contender whose figure is nanoseconds per value. `load` imports what the contender needs, so
 * that a process holds only its own contender.
 *
 * The sample is total time over total values, not the best or the median run: collecting the
 * garbage that a contender makes belongs to its price.
 */
export function timed(
  name: string,
  load: () => Run | Promise<Run>,
  own: Partial<Pick<Contender, 'count' | 'side' | 'kind' | 'scale'>> = {},
): Contender {
  return {
    name,
    side: 'peer',
    ...own,
    sample: async (job) => nanosecondsPerValue(await load(), job),
  };
}

type Timed = (
  name: string,
  kind: string,
  load: () => Run | Promise<Run>,
  own?: Pick<Contender, 'count' | 'scale'>,
) => Contender;

const timedFor =
  (side: Side): Timed =>
  (name, kind, load, own) =>
    timed(name, load, { side, kind, ...own });

export const ours = timedFor('ours');
export const peer = timedFor('peer');
/** The bare loop that does no more than it must. */
export const limit = timedFor('limit');

export async function nanosecondsPerValue(run: Run, job: Job): Promise<number> {
  if (job.warmUpMs > 0) await repeat(run, job, job.warmUpMs);
  const { elapsedMs, runs } = await repeat(run, job, job.measureMs);
  return (elapsedMs * 1e6) / (runs * job.count);
}

async function repeat(run: Run, { count, expected }: Job, atLeastMs: number) {
  let elapsedMs = 0;
  let runs = 0;
  do {
    const start = performance.now();
    const result = await run(count);
    elapsedMs += performance.now() - start;
    runs += 1;
    if (result !== expected) throw new Error(`Expected the checksum ${expected}, got ${result}`);
  } while (elapsedMs < atLeastMs);
  return { elapsedMs, runs };
}
