import type { Contender, Job, Section } from './types.js';

/** A job at full length, or over `quickCount` values at most and with no more runs than one. */
export function jobOf(section: Section, contender: Contender, quickCount?: number): Job {
  const count = Math.min(quickCount ?? Infinity, contender.count ?? section.count);
  const ms = quickCount === undefined ? 250 : 0;
  return { count, expected: section.expected(count), warmUpMs: ms, measureMs: ms };
}

/** The sections that a prefix of their id names. */
export function selectSections(
  all: readonly Section[],
  prefixes: readonly string[],
): readonly Section[] {
  for (const prefix of prefixes) {
    if (!all.some(({ id }) => id.startsWith(prefix))) {
      throw new Error(
        `Expected \`only\` to begin the id of a section (${all.map(({ id }) => id).join(', ')}), ` +
          `got ${prefix}`,
      );
    }
  }
  if (prefixes.length === 0) return all;
  return all.filter(({ id }) => prefixes.some((prefix) => id.startsWith(prefix)));
}
