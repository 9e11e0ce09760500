import { fonts, type FontName } from './fonts.js';
import { textWidth } from './measure.js';

/** Where something is, in the picture's units. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Seen {
  /** Classes of the style sheet. */
  readonly look: string;
  readonly box: Box;
}

export interface Rect extends Seen {
  readonly kind: 'rect';
  readonly radius: number;
}

export interface Path extends Seen {
  readonly kind: 'path';
  /** In absolute coordinates. */
  readonly data: string;
}

export interface Text extends Seen {
  readonly kind: 'text';
  readonly text: string;
  readonly font: FontName;
  readonly x: number;
  readonly baseline: number;
}

export type Shape = Rect | Path | Text;

/** What is drawn, before it is printed: each group is above those before it. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly groups: readonly Group[];
}

export interface Group {
  readonly name: string;
  readonly shapes: readonly Shape[];
}

export function rect(box: Box, radius: number, look: string): Rect {
  return { kind: 'rect', box, radius, look };
}

/** A box around a point. */
export const around = (x: number, y: number, width: number, height: number): Box => ({
  left: x - width / 2,
  top: y - height / 2,
  width,
  height,
});

/** A line through points, given as x, y, x, y, …; several lines where there are several arrays. */
export function path(look: string, ...lines: readonly (readonly number[])[]): Path {
  const xs = lines.flatMap((line) => line.filter((_, index) => index % 2 === 0));
  const ys = lines.flatMap((line) => line.filter((_, index) => index % 2 === 1));
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const box = { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
  const data = lines.map((line) => `M${points(line).join('L')}`).join('');
  return { kind: 'path', data, box, look };
}

function points(line: readonly number[]): string[] {
  const pairs: string[] = [];
  for (let at = 0; at < line.length; at += 2) {
    pairs.push(`${tidy(line[at] ?? 0)} ${tidy(line[at + 1] ?? 0)}`);
  }
  return pairs;
}

/** A number as it is printed: to hundredths. */
export const tidy = (value: number): number => Math.round(value * 100) / 100 + 0;

/** A line of text whose capitals are centred on `middle`. */
export function text(
  content: string,
  font: FontName,
  { x, middle, anchor = 'middle', look = '' }: TextPlace,
): Text {
  const { size } = fonts[font];
  const baseline = middle + size * 0.36;
  const width = textWidth(content, font);
  const left = anchor === 'middle' ? x - width / 2 : x;
  const box = { left, top: baseline - size * 0.95, width, height: size * 1.2 };
  const looks = [font, anchor === 'middle' ? 'middle' : '', look].filter((name) => name !== '');
  return { kind: 'text', text: content, font, x, baseline, box, look: looks.join(' ') };
}

interface TextPlace {
  readonly x: number;
  readonly middle: number;
  readonly anchor?: 'start' | 'middle';
  readonly look?: string;
}
