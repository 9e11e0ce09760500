import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { jobOf } from './job.js';
import type { Contender, Section } from './types.js';

const run = promisify(execFile);

/** The figures of one contender, one per round; or why there are none. */
export interface Row {
  readonly name: string;
  readonly figures: readonly number[];
  readonly skipped?: string;
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
export async function playRounds(section: Section, options: RoundsOptions): Promise<Row[]> {
  const entries = await Promise.all(
    section.contenders.map(async (contender) => ({
      contender,
      figures: [] as number[],
      skipped: await contender.prepare?.(),
    })),
  );
  const able = entries.filter(({ skipped }) => skipped === undefined);
  const rounds = section.exact ? 1 : options.rounds;
  for (let round = 0; round < rounds; round += 1) {
    for (const { contender, figures } of round % 2 === 0 ? able : [...able].reverse()) {
      options.onSample?.(section, contender, round);
      figures.push(await sampleInProcess(section, contender, options));
    }
  }
  return entries.map(({ contender: { name }, figures, skipped }) =>
    skipped === undefined ? { name, figures } : { name, figures, skipped },
  );
}

async function sampleInProcess(
  section: Section,
  contender: Contender,
  { child, quickCount }: RoundsOptions,
): Promise<number> {
  const job = JSON.stringify(jobOf(section, contender, quickCount));
  // A loader or inspector that this process was started with has no place in a measurement.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ['--expose-gc', child, section.id, contender.name, job];
  const { stdout } = await run(process.execPath, args, { env });
  const figure = Number(stdout);
  if (!stdout || Number.isNaN(figure)) throw new Error(`Expected a figure, got ${stdout}`);
  return figure;
}
