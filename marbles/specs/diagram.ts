import { readFileSync } from 'node:fs';
import type { Moment, Track } from 'rxjs-sluice/marbles';
import { parseMarbles } from 'rxjs-sluice/marbles';
import { expect } from 'vitest';
import type { Picture } from './svg/picture.js';
import { renderSvg } from './svg/render.js';

/** Where the diagram of a spec goes, and what it says beside what was recorded. */
export interface Diagram {
  /** The name of its file in `docs/diagrams`, without the ending. */
  readonly file: string;
  /** The source file of the operator, whose doc comment shows the same diagram in text. */
  readonly of?: string;
  /** What it shows, in one line. */
  readonly title: string;
  /** The call: `bufferedChannel(2)`. */
  readonly call: string;
  readonly caption?: string;
  /** Values that have the colour of another: `{ A: 'a' }` where a task makes A of a. */
  readonly kin?: Readonly<Record<string, string>>;
}

/**
 * The diagram in `docs/diagrams` is that of the run that was recorded: stale, it fails; `npm run diagrams`
 * draws it anew.
 */
export async function expectDrawn(
  { file, call, of, ...rest }: Diagram,
  rows: Pick<Picture, 'above' | 'below'>,
  text: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  if (of !== undefined) expectDocumented(of, text);
  const moments = [...rows.above, ...rows.below].flatMap(({ track }) => track.moments);
  const frames = 1 + Math.max(...moments.map(({ frame }) => frame));
  const svg = renderSvg({ operator: call, frames, ...rest, ...rows });
  await expect(svg).toMatchFileSnapshot(`../../docs/diagrams/${file}.svg`);
}

/** The doc comment in `path` has each of these rows: a label, and behind it a diagram. */
function expectDocumented(path: string, rows: Readonly<Record<string, string | undefined>>): void {
  const lines = readFileSync(path, 'utf8').matchAll(/^ \* (\w+) +(\S+)/gm);
  const documented = Array.from(lines, ([, label, marbles]) => `${label} ${marbles}`);
  const drawn = Object.entries(rows).flatMap(([label, marbles]) =>
    marbles === undefined ? [] : [`${label} ${marbles.trim().replace(/(?<!\|)-+$/, '')}`],
  );
  expect(documented).toEqual(expect.arrayContaining(drawn));
}

/** What a source plays to one that listens from when to when: its diagram, and the subscription's marks. */
export function heardOf(marbles: string, { moments: [begin, end] }: Track, isHot: boolean): Track {
  const from = begin?.frame ?? 0;
  const to = end?.frame ?? Infinity;
  const played = parseMarbles(marbles, '|#^').marks.flatMap((mark): Moment[] => {
    const frame = isHot ? mark.frame : from + mark.frame;
    if (frame > to) return [];
    if (mark.kind === 'next') return [{ frame, kind: 'next', value: mark.symbol }];
    return mark.kind === 'error'
      ? [{ frame, kind: 'error', error: 'error' }]
      : [{ frame, kind: mark.kind }];
  });
  // That it is let go because it has ended says nothing.
  const ended = played.some(({ kind, frame }) => kind !== 'next' && frame === to);
  const marks = [begin, ended ? undefined : end].filter((mark) => mark !== undefined);
  return { moments: [...played, ...marks].sort((a, b) => a.frame - b.frame || rank(a) - rank(b)) };
}

const rank = ({ kind }: Moment): number =>
  ['subscribe', 'next', 'error', 'complete', 'unsubscribe'].indexOf(kind);
