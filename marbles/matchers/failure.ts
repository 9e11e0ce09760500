import type { Claim, Parting } from './claim.js';
import {
  axisOf,
  columnsOf,
  drawRow,
  startOf,
  windowAround,
  type Column,
  type Row,
} from './layout.js';
import { legendOf } from './legend.js';
import type { Paint } from './paint.js';
import { Scene } from './scene.js';
import { sentenceOf } from './sentence.js';
import { ELLIPSIS } from './symbols.js';

/** The widest row. */
const WIDTH = 88;

/**
 * What a matcher says when it fails: the diagrams, one under the other; where they first differ, in words;
 * and what the letters stand for. Without a parting they do not differ, and `.not` wanted them to.
 */
export function failureOf(claim: Claim, parting: Parting | undefined, paint: Paint): string {
  const scene = new Scene(claim, parting);
  const { from, to, place } = scene;
  const columns = windowAround(columnsOf(scene.rows, from, to), place.frame, WIDTH);
  const before = (columns[0]?.frame ?? 0) - scene.start;
  const after = scene.end - endOf(columns);
  const legend = legendOf(scene.meanings(columns.map(({ frame }) => frame)), scene.contrast);
  const lines = [
    hintOf(claim, parting === undefined, paint),
    '',
    ...diagramOf(scene, columns, before > 0, parting, paint),
    parting === undefined
      ? 'Expected anything else, but exactly this was recorded.'
      : sentenceOf(claim, parting, scene.told, paint),
    ...leftOut('Frames', before, after),
    ...leftOut(capitalized(`${claim.words.each ?? ''}s`), ...scene.pairsLeftOut),
    ...(legend.length > 0 ? ['', ...legend] : []),
  ];
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** `expect(output).toHaveEmitted(expected)` */
function hintOf(
  { subject, matcher }: Claim,
  not: boolean,
  { dim, actual, expected }: Paint,
): string {
  const called = `${not ? 'not.' : ''}${matcher}`;
  return `${dim('expect(')}${actual(subject)}${dim(').')}${called}${dim('(')}${expected('expected')}${dim(')')}`;
}

function diagramOf(
  scene: Scene,
  columns: readonly Column[],
  cutBefore: boolean,
  parting: Parting | undefined,
  paint: Paint,
): string[] {
  const { sides, rows, place } = scene;
  const indent = Math.max(...sides.map(({ label }) => label.length)) + 3;
  const lead = cutBefore ? `${ELLIPSIS} ` : '';
  const shift = ' '.repeat(indent + lead.length);
  const lines = [paint.dim('frame'.padEnd(shift.length) + axisOf(columns, place.frame))];
  sides.forEach(({ label, expected, pair, excerpt }, index) => {
    const colour = expected ? paint.expected : paint.actual;
    const [before, here, after] = drawRow(rows[index] as Row, columns, place.frame);
    const goesOn = scene.end > endOf(columns) && excerpt.over > endOf(columns);
    const head = label.padEnd(indent) + lead + before;
    const tail = goesOn ? `${after} ${ELLIPSIS}` : after.trimEnd();
    if (pair !== parting?.pair) {
      lines.push(colour((head + here + tail).trimEnd()));
      return;
    }
    lines.push(colour(head) + colour(paint.marked(here)) + colour(tail));
    if (!expected) lines.push(shift + ' '.repeat(startOf(columns, place.frame)) + paint.bold('^'));
  });
  return parting === undefined ? [...lines, ''] : lines;
}

function endOf(columns: readonly Column[]): number {
  const { frame, frames } = columns.at(-1) ?? { frame: 0, frames: 0 };
  return frame + frames;
}

function leftOut(what: string, before: number, after: number): string[] {
  const counts = [
    ...(before > 0 ? [`${before} before`] : []),
    ...(after > 0 ? [`${after} after`] : []),
  ];
  return counts.length === 0 ? [] : [`${what} left out: ${counts.join(', ')}.`];
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
