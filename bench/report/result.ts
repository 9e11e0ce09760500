import type { Row } from '../harness/rounds.js';
import type { Section } from '../harness/types.js';
import { judge, type Verdict } from '../harness/verdict.js';

/** What was measured of a section, and what came of its goals. */
export interface Result {
  readonly section: Section;
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
}

export function resultOf(section: Section, rows: readonly Row[]): Result {
  return { section, rows, verdicts: section.goals.map((goal) => judge(goal, rows)) };
}

/** A run of the bench as it is kept in a file. */
export interface Figures {
  readonly surroundings: Surroundings;
  readonly rounds: number;
  /** Values per run, where it was only tried. */
  readonly count?: number;
  readonly sections: readonly { readonly id: string; readonly rows: readonly Row[] }[];
}

/** Where and when it was measured. */
export interface Surroundings {
  readonly command: string;
  readonly date: string;
  readonly minutes: number;
  readonly machine: string;
  /** The processes that wanted a core, on average over a minute, before and after. */
  readonly load: readonly [before: number, after: number];
  readonly versions: Readonly<Record<string, string>>;
}

/** Judges figures by the goals of today; sections that were not measured are left out. */
export function resultsOf(figures: Figures, sections: readonly Section[]): Result[] {
  return sections.flatMap((section) => {
    const measured = figures.sections.find(({ id }) => id === section.id);
    return measured ? [resultOf(section, measured.rows)] : [];
  });
}

export function countGoals(results: readonly Result[]) {
  const verdicts = results
    .flatMap((result) => result.verdicts)
    .filter(({ goal }) => goal.limit !== undefined);
  const met = verdicts.filter((verdict) => verdict.met === true).length;
  const missed = verdicts.filter((verdict) => verdict.met === false).length;
  return { all: verdicts.length, met, missed, open: verdicts.length - met - missed };
}
