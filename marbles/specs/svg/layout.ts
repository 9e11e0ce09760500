import type { Picture, Row } from './picture.js';
import type { Lane } from './lane.js';
import { demandLane } from './demand-lane.js';
import { droppedLane } from './dropped-lane.js';
import { flowLane } from './flow-lane.js';
import { lineHeight, type FontName } from './fonts.js';
import { heldLane } from './held-lane.js';
import { assignHues, type Hues } from './hues.js';
import { balance, textWidth, wrap } from './measure.js';
import { rect, text, type Group, type Scene, type Shape } from './shapes.js';
import { asLine } from './show.js';
import { axisOf, axisHeight } from './axis.js';
import { breakMarks, guides } from './broken-time.js';
import { timeScale } from './time-scale.js';

/** What a page of documentation is wide. A picture is no wider unless it must be. */
const pageWidth = 700;
const leastWidth = 460;
const padding = 20;
const labelWidth = 112;
const betweenRows = 4;
/** Above and below the operator's box. */
const aroundBox = 8;

/** A row with its label, and where it stands. */
interface Placed {
  readonly lane: Lane;
  readonly label: readonly Line[];
  readonly top: number;
  readonly height: number;
}

interface Line {
  readonly content: string;
  readonly font: FontName;
}

/** Lays a picture out: everything that {@link renderSvg} prints, each thing with its box. */
export function layout(picture: Picture): Scene {
  const hues = assignHues(picture);
  const rows = [...picture.above, ...picture.below].map((row) => ({
    lane: laneOf(row, hues),
    label: labelOf(row),
  }));
  const labels = Math.max(
    textWidth('frame', 'axis'),
    ...rows.flatMap(({ lane, label }) => linesOf(label, lane).map(widthOf)),
  );
  const time = timeScale({
    frames: picture.frames,
    rows: rows.map(({ lane }) => lane.rooms),
    left: padding + labels + 12,
    least: leastWidth - padding,
    most: pageWidth - padding,
  });
  const width = Math.ceil(time.right + padding);
  const inner = width - 2 * padding;

  let y = padding;
  const block = (content: string, font: FontName): Shape[] =>
    balance(asLine(content), font, inner).map((line) => {
      const middle = y + lineHeight(font) / 2;
      y += lineHeight(font);
      return text(line, font, { x: padding, middle, anchor: 'start' });
    });
  const place = (from: number, to: number): Placed[] =>
    rows.slice(from, to).map(({ lane, label }) => {
      const lines = linesOf(label, lane);
      const needed = heightOf(lines) / 2 + 2;
      const shift = Math.max(0, needed - lane.middle);
      const top = y + shift;
      const height = shift + Math.max(lane.height, lane.middle + needed);
      y += height + betweenRows;
      return { lane, label: lines, top, height };
    });

  const title = block(picture.title, 'title');
  y += 8;
  const top = y;
  const above = place(0, picture.above.length);
  y += aroundBox - betweenRows;
  const box = operatorBox(asLine(picture.operator), y, width);
  y += box.height + aroundBox;
  const below = place(picture.above.length, rows.length);
  const bottom = y;
  const axis = axisOf(time, bottom, padding);
  y += axisHeight;
  if (picture.caption !== undefined) y += 6;
  const caption = block(picture.caption ?? '', 'caption');
  const height = Math.ceil(y + padding - 6);

  const placed = [...above, ...below];
  const drawn = placed.map(({ lane, top: at }) => lane.draw(time, at));
  const groups: Group[] = [
    {
      name: 'card',
      shapes: [rect({ left: 0.5, top: 0.5, width: width - 1, height: height - 1 }, 10, 'card')],
    },
    { name: 'title', shapes: title },
    { name: 'guides', shapes: guides(time, top, bottom) },
    { name: 'lines', shapes: drawn.flatMap(({ under }) => under) },
    { name: 'breaks', shapes: breakMarks(time, top, bottom) },
    { name: 'operator', shapes: box.shapes },
    ...placed.map((row, index) => ({
      name: 'row',
      shapes: [...drawLabel(row), ...(drawn[index]?.over ?? [])],
    })),
    { name: 'axis', shapes: axis },
    { name: 'caption', shapes: caption },
  ];
  return { width, height, groups: groups.filter(({ shapes }) => shapes.length > 0) };
}

function laneOf(row: Row, hues: Hues): Lane {
  switch (row.role) {
    case 'held':
      return heldLane(row);
    case 'dropped':
      return droppedLane(row, hues);
    case 'demand':
      return demandLane(row);
    default:
      return flowLane(row, hues);
  }
}

const labelOf = ({ label }: Row): Line[] =>
  wrap(asLine(label), 'label', labelWidth).map((content) => ({ content, font: 'label' }));

function linesOf(label: readonly Line[], { note }: Lane): Line[] {
  if (note === undefined) return [...label];
  return [
    ...label,
    ...wrap(note, 'note', labelWidth).map((content): Line => ({ content, font: 'note' })),
  ];
}

const widthOf = ({ content, font }: Line): number => textWidth(content, font);
const heightOf = (lines: readonly Line[]): number =>
  lines.reduce((all, { font }) => all + lineHeight(font), 0);

function drawLabel({ lane, label, top }: Placed): Shape[] {
  let y = top + lane.middle - heightOf(label) / 2;
  return label.map(({ content, font }) => {
    const middle = y + lineHeight(font) / 2;
    y += lineHeight(font);
    return text(content, font, { x: padding, middle, anchor: 'start' });
  });
}

function operatorBox(
  call: string,
  top: number,
  width: number,
): { shapes: Shape[]; height: number } {
  const inset = 14;
  const lines = balance(call, 'call', width - 2 * (padding + inset));
  const height = lines.length * lineHeight('call') + 16;
  const hull = rect({ left: padding, top, width: width - 2 * padding, height }, 8, 'box');
  const words = lines.map((line, index) =>
    text(line, 'call', { x: width / 2, middle: top + 8 + (index + 0.5) * lineHeight('call') }),
  );
  return { shapes: [hull, ...words], height };
}
