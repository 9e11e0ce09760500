import { readFileSync, readdirSync } from 'node:fs';
import type { Survivor } from './try.js';

/** A file for each part of the sources. */
const folder = new URL('reasons/', import.meta.url);

interface Group {
  /** Why nobody notices them. */
  readonly reason: string;
  /** Their names; `×2` behind one that two have. */
  readonly survivors: readonly string[];
}

/** Why survivors survive: by what {@link nameOf} calls them, once for each that may be called so. */
export function reasons(): Map<string, string[]> {
  const groups = readdirSync(folder).flatMap(
    (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as readonly Group[],
  );
  const found = new Map<string, string[]>();
  for (const { reason, survivors } of groups) {
    for (const survivor of survivors) {
      const [, name = '', times = 1] = /^(.*?)(?: ×(\d+))?$/s.exec(survivor) ?? [];
      const known = found.get(name) ?? [];
      found.set(name, [...known, ...Array<string>(Number(times)).fill(reason)]);
    }
  }
  return found;
}

/** A name that stays when other lines move: what is changed into what, in which file. */
export const nameOf = (source: string, { mutator, text, put }: Survivor): string =>
  `${source}: ${mutator}: ${text} → ${put}`;
