import { families, fonts, type Font } from './fonts.js';
import { schemes, type Scheme } from './palette.js';
import type { Scene } from './shapes.js';

/**
 * The style sheet of a picture: what the picture uses, and each rule of it under the picture's id. So a page that
 * has several pictures inlined keeps them apart, and its own texts are left alone.
 */
export function styleSheet(id: string, { groups }: Scene, more: readonly Rule[] = []): string[] {
  const looks = new Set(
    groups.flatMap(({ shapes }) => shapes.flatMap(({ look }) => look.split(' '))),
  );
  const used = [...rules, ...more].filter(([look]) => look === '' || looks.has(look));
  const colours = new Set(used.flatMap(([, style]) => style.match(/(?<=var\(--)\w+/g) ?? []));
  const variables = (scheme: Scheme) =>
    Object.entries(coloursOf(scheme))
      .filter(([name]) => colours.has(name))
      .map(([name, colour]) => `--${name}: ${colour};`)
      .join(' ');
  return [
    `#${id} { ${variables(schemes.light)} }`,
    `@media (prefers-color-scheme: dark) { #${id} { ${variables(schemes.dark)} } }`,
    ...used.map(([look, style]) => `#${id} ${look === '' ? 'text' : `.${look}`} { ${style} }`),
  ];
}

function coloursOf({ hues, ...colours }: Scheme): Record<string, string> {
  const numbered = hues.flatMap(({ fill, text, edge }, index) => [
    [`v${index}`, fill],
    [`t${index}`, text],
    [`e${index}`, edge],
  ]);
  return { ...colours, ...(Object.fromEntries(numbered) as Record<string, string>) };
}

/** How a class looks; without a class, how all texts do. */
export type Rule = readonly [look: string, style: string];

const stroke = (colour: string, width: number, more = ''): string =>
  `fill: none; stroke: var(--${colour}); stroke-width: ${width};${more}`;
const round = ' stroke-linecap: round; stroke-linejoin: round;';
const filled = (colour: string, rim: string): string =>
  `fill: var(--${colour}); stroke: var(--${rim});`;

const quiet = new Set(['note', 'reason', 'axis', 'caption']);

const rules: readonly Rule[] = [
  ['', `fill: var(--ink); font-family: ${families.text}; text-rendering: geometricPrecision;`],
  ...Object.entries<Font>(fonts).map(([name, { size, face }]): Rule => [
    name,
    `font-size: ${size}px;` +
      (face === 'regular' ? '' : ' font-weight: 600;') +
      (face === 'mono' ? ` font-family: ${families.code};` : '') +
      (quiet.has(name) ? ' fill: var(--quiet);' : ''),
  ]),
  ['middle', 'text-anchor: middle;'],
  ['halo', 'paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round;'],
  ['asked', 'fill: var(--demand);'],
  ['card', filled('card', 'rim')],
  ['guide', stroke('guide', 1)],
  ['axis-line', stroke('line', 1)],
  ['tear', 'fill: var(--card);'],
  ['torn', stroke('rim', 1)],
  ['box', filled('box', 'boxRim')],
  ['line', stroke('line', 1.5, round)],
  ['unheard', stroke('line', 1.5, ' stroke-dasharray: 1 4; stroke-linecap: round;')],
  ['unheard-end', stroke('line', 2, round)],
  ['complete', stroke('ink', 3, round)],
  ['error', stroke('wrong', 3, round)],
  ['unsubscribe', stroke('ink', 3, round)],
  ['instant', 'fill: var(--instant);'],
  ['neutral', filled('instant', 'line')],
  ['batch', filled('instant', 'line')],
  ['hollow', 'fill: var(--card); stroke-dasharray: 3 2.5;'],
  ['crossed', 'fill: var(--card); stroke-width: 1.5;'],
  ['cross', stroke('wrong', 1.5, round)],
  ['bracket', stroke('line', 1, round)],
  ['pull', stroke('demand', 1.5, round)],
  ['demand', stroke('demand', 2, round)],
  ['held', 'fill: var(--held);'],
  ['stairs', stroke('heldEdge', 1.5)],
  ['parked', 'fill: var(--parked);'],
  ['parked-edge', stroke('parkedEdge', 2)],
  ['capacity', stroke('ink', 1, ' stroke-dasharray: 4 3;')],
  ...schemes.light.hues.flatMap((_, index): Rule[] => [
    [`v${index}`, filled(`v${index}`, `e${index}`)],
    [`t${index}`, `fill: var(--t${index});`],
    [`e${index}`, `stroke: var(--e${index});`],
  ]),
];
