import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { jobOf } from './job.js';
import type { Contender, Sample, Section } from './types.js';

const run = promisify(execFile);

/** The samples of one contender, one per round; or why there are none. */
export interface Taken {
  readonly name: string;
  readonly samples: readonly Sample[];
  readonly skipped?: string;
}

/** What a section shows of them. */
export interface Row {
  readonly name: string;
  readonly figures: readonly number[];
  readonly skipped?: string;
}

export function rowsOf(section: Section, taken: readonly Taken[]): Row[] {
  return taken.map(({ samples, ...row }) => ({
    ...row,
    figures: samples.map((sample) => figureOf(section, sample)),
  }));
}

export function figureOf({ id, shows }: Section, sample: Sample): number {
  const figure = typeof sample === 'number' ? sample : sample[shows ?? ''];
  if (typeof figure === 'number' && !Number.isNaN(figure)) return figure;
  throw new Error(`Expected a figure for ${id}, got ${JSON.stringify(sample)}`);
}

export interface RoundsOptions {
  readonly child: string;
  readonly rounds: number;
  readonly quickCount?: number | undefined;
  readonly onSample?: (section: Section, contender: Contender, round: number) => void;
}

/**
 * Each round asks every contender for a sample, each in a process of its own, so that what the
 * machine does meanwhile meets them all. Every other round goes backwards: nobody is always first.
 */
export async function playRounds(section: Section, options: RoundsOptions): Promise<Taken[]> {
  const entries = await Promise.all(
    section.contenders.map(async (contender) => ({
      contender,
      samples: [] as Sample[],
      skipped: await contender.prepare?.(),
    })),
  );
  const able = entries.filter(({ skipped }) => skipped === undefined);
  const rounds = section.exact ? 1 : options.rounds;
  for (let round = 0; round < rounds; round += 1) {
    for (const { contender, samples } of round % 2 === 0 ? able : [...able].reverse()) {
      options.onSample?.(section, contender, round);
      samples.push(await sampleInProcess(section, contender, options));
    }
  }
  return entries.map(({ contender: { name }, samples, skipped }) =>
    skipped === undefined ? { name, samples } : { name, samples, skipped },
  );
}

async function sampleInProcess(
  section: Section,
  contender: Contender,
  { child, quickCount }: RoundsOptions,
): Promise<Sample> {
  const job = JSON.stringify(jobOf(section, contender, quickCount));
  // A loader or inspector that this process was started with has no place in a measurement.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ['--expose-gc', child, section.id, contender.name, job];
  const { stdout } = await run(process.execPath, args, { env });
  const sample = JSON.parse(stdout) as Sample | null;
  if (sample === null) throw new Error(`Expected a figure of ${contender.name}, got none`);
  return sample;
}
