import { readFileSync, readdirSync } from 'node:fs';
import type { Survivor } from './try.js';

/** A file for each part of the sources. */
const folder = new URL('reasons/', import.meta.url);

interface Group {
  /** Why nobody notices them. */
  readonly reason: string;
  readonly survivors: readonly string[];
}

/** Why survivors survive: by what {@link nameOf} calls them. */
export function reasons(): ReadonlyMap<string, string> {
  const groups = readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Group[],
  );
  return new Map(
    groups.flatMap(({ reason, survivors }) => survivors.map((name) => [name, reason] as const)),
  );
}

/** A name that stays when other lines move: what is changed into what, in which file. */
export const nameOf = (source: string, { mutator, text, put }: Survivor): string =>
  `${source}: ${mutator}: ${text} → ${put}`;
