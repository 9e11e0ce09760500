import { tidy, type Scene, type Shape } from './shapes.js';
import { styleSheet, type Rule } from './style-sheet.js';

interface Naming {
  /** What its id begins with. */
  readonly family: string;
  readonly title: string;
  /** What it shows, for those who do not see it. */
  readonly words: string;
  /** Looks that the style sheet does not have. */
  readonly rules?: readonly Rule[];
}

/**
 * Prints a scene as an SVG file that needs nothing beside it: it has its own light and dark colours, and says in
 * words what it shows. The same scene gives the same bytes.
 */
export function printSvg(scene: Scene, naming: Naming): string {
  const id = idOf(naming);
  return `${[
    ...head(id, naming, scene),
    '  <style>',
    ...styleSheet(id, scene, naming.rules).map((line) => `    ${escape(line)}`),
    '  </style>',
    ...scene.groups.flatMap(({ name, shapes }) => [
      `  <g class="${name}-group">`,
      ...shapes.map((shape) => `    ${print(shape)}`),
      '  </g>',
    ]),
    '</svg>',
  ].join('\n')}\n`;
}

function head(id: string, { title, words }: Naming, { width, height }: Scene): string[] {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" id="${id}" viewBox="0 0 ${width} ${height}" width="${width}" ` +
      `height="${height}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `  <title id="${id}-title">${escape(title)}</title>`,
    `  <desc id="${id}-desc">${escape(words)}</desc>`,
  ];
}

/** Says what it is, and is no other picture's: its end is a hash of the words. */
function idOf({ family, title, words }: Naming): string {
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
  return [family, slug, hash.toString(36)].filter((part) => part !== '').join('-');
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
