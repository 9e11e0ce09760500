import type { Picture } from './picture.js';
import { describe } from './describe.js';
import { layout } from './layout.js';
import { printSvg } from './print.js';
import { asLine } from './show.js';

/**
 * Prints a picture as an SVG file that needs nothing beside it: it has its own light and dark colours, and says in
 * words what it shows. The same picture gives the same bytes.
 *
 * ```ts
 * writeFileSync('docs/diagrams/buffered-channel.svg', renderSvg(picture));
 * ```
 *
 * @throws {RangeError} where a frame or a level is not a finite number.
 * @throws {TypeError} where a drop has no reason.
 */
export function renderSvg(picture: Picture): string {
  return printSvg(layout(picture), {
    family: 'marbles',
    title: asLine(picture.title),
    words: describe(picture),
  });
}
