import type { Picture } from './picture.js';
import { describe } from './describe.js';
import { layout } from './layout.js';
import { asLine } from './show.js';
import { tidy, type Scene, type Shape } from './shapes.js';
import { styleSheet } from './style-sheet.js';

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
  const title = asLine(picture.title);
  const words = describe(picture);
  const id = idOf(title, words);
  const scene = layout(picture);
  return `${[
    ...head(id, title, words, scene),
    '  <style>',
    ...styleSheet(id, scene).map((line) => `    ${escape(line)}`),
    '  </style>',
    ...scene.groups.flatMap(({ name, shapes }) => [
      `  <g class="${name}-group">`,
      ...shapes.map((shape) => `    ${print(shape)}`),
      '  </g>',
    ]),
    '</svg>',
  ].join('\n')}\n`;
}

function head(id: string, title: string, words: string, { width, height }: Scene): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `  <title id="${id}-title">${escape(title)}</title>`,
    `  <desc id="${id}-desc">${escape(words)}</desc>`,
  ];
}

/** Says what it is, and is no other picture's: its end is a hash of the words. */
function idOf(title: string, words: string): string {
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 24)
    .replace(/^-|-$/g, '');
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (const character of `${title}\n${words}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return ['marbles', slug, hash.toString(36)].filter((part) => part !== '').join('-');
}

function print(shape: Shape): string {
  const { box, look } = shape;
  switch (shape.kind) {
    case 'rect': {
      const place = `x="${tidy(box.left)}" y="${tidy(box.top)}" width="${tidy(box.width)}" height="${tidy(box.height)}"`;
      const corners = shape.radius === 0 ? '' : ` rx="${tidy(shape.radius)}"`;
      return `<rect class="${look}" ${place}${corners}/>`;
    }
    case 'path':
      return `<path class="${look}" d="${shape.data}"/>`;
    case 'text': {
      const place = `x="${tidy(shape.x)}" y="${tidy(shape.baseline)}"`;
      return `<text class="${look}" ${place}>${escape(shape.text)}</text>`;
    }
  }
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escape = (text: string): string =>
  text.replace(/[&<>]/g, (character) => entities[character] ?? character);
