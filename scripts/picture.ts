/**
 * Draws the README's picture, once for each colour scheme: `docs/assets/pipe-light.svg` and
 * `docs/assets/pipe-dark.svg`.
 *
 *     node --import tsx scripts/picture.ts
 *
 * The moment that it shows is one that the pipe can be in: a channel holds values only while the pool
 * below it has no room, that is, while all workers are busy and its own line is full.
 */
import { writeFileSync } from 'node:fs';

interface Palette {
  readonly ink: string;
  readonly quiet: string;
  readonly box: string;
  readonly edge: string;
  readonly empty: string;
  readonly value: string;
  readonly water: string;
  readonly demand: string;
}

const palettes: Readonly<Record<'light' | 'dark', Palette>> = {
  light: {
    ink: '#1f2328',
    quiet: '#59636e',
    box: '#f6f8fa',
    edge: '#d1d9e0',
    empty: '#afb8c1',
    value: '#0969da',
    water: '#ddf4ff',
    demand: '#bc4c00',
  },
  dark: {
    ink: '#f0f6fc',
    quiet: '#9198a1',
    box: '#151b23',
    edge: '#3d444d',
    empty: '#5c646e',
    value: '#4493f8',
    water: '#12253f',
    demand: '#f0883e',
  },
};

const title = 'Values flow down the pipe; demand flows up it';
const description =
  'A file is read by pullFrom and flows through map and a bufferedChannel of 4 places into a workerPool ' +
  'of 3. The pool is full: it has room for 0, and the gate above it is shut. The channel holds 2 values ' +
  'and has room for 2; map, a stock operator, lets that demand pass, so the gate below the file is open: ' +
  '2 more values are read, and then the source waits.';

const fonts =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

interface Stage {
  readonly name: string;
  readonly left: number;
  readonly width: number;
  /** What it does with values. */
  readonly does: string;
  /** What it tells the stage above; a stage that neither says nor hears lets demand pass. */
  readonly says?: string;
  /** What it does when it hears from below. */
  readonly hears?: string;
}

const source: Stage = {
  name: 'pullFrom(file)',
  left: 2,
  width: 146,
  does: 'can wait',
  hears: 'reads 2, then waits',
};
const stock: Stage = { name: 'map', left: 196, width: 84, does: 'stock RxJS' };
const buffer: Stage = {
  name: 'bufferedChannel(4)',
  left: 328,
  width: 184,
  does: 'holds 2 of 4',
  says: 'room for 2',
};
const pool: Stage = {
  name: 'workerPool(3, save)',
  left: 560,
  width: 198,
  does: '3 in line, 3 at work',
  says: 'room for 0: wait',
};
const stages = [source, stock, buffer, pool];

const right = ({ left, width }: Stage): number => left + width;
const middle = ({ left, width }: Stage): number => left + width / 2;

/** From top to bottom; a lane is named for what flows along its middle. */
const y = { caption: 19, top: 36, name: 64, values: 102, does: 143, demand: 175, bottom: 198 };
const size = { width: 760, height: 236 };
/** The pipe's inner half, and a square place for one value. */
const bore = 12;
const place = 22;

function draw({ ink, quiet, box, edge, empty, value, water, demand }: Palette): string {
  const text = (x: number, baseline: number, content: string, style: string): string =>
    `<text x="${x}" y="${baseline}" ${style}>${content}</text>`;

  const frame = (stage: Stage): string[] => [
    `<rect x="${stage.left}" y="${y.top}" width="${stage.width}" height="${y.bottom - y.top}" rx="10" fill="${box}" stroke="${edge}"/>`,
    text(middle(stage), y.name, stage.name, `font-size="15" font-weight="600" fill="${ink}"`),
    text(middle(stage), y.does, stage.does, `font-size="13" fill="${quiet}"`),
  ];

  const dot = (x: number): string => `<circle cx="${x}" cy="${y.values}" r="5" fill="${value}"/>`;

  const pipe = (from: number, to: number): string[] => [
    `<path d="M${from} ${y.values - bore}H${to}V${y.values + bore}H${from}z" fill="${water}"/>`,
    `<path d="M${from} ${y.values - bore}H${to}M${from} ${y.values + bore}H${to}" stroke="${value}" stroke-opacity=".45"/>`,
  ];

  /** A sluice gate in its guide: shut across the pipe, or raised out of it. */
  const gate = (x: number, open: boolean): string[] => {
    const height = 2 * bore + 6;
    const shut = y.values - height / 2;
    const raised = shut - height;
    return [
      `<path d="M${x} ${raised}V${shut + height}" stroke="${demand}" stroke-width="1.5" stroke-opacity=".4" stroke-linecap="round"/>`,
      `<rect x="${x - 3}" y="${open ? raised : shut}" width="6" height="${height}" rx="3" fill="${demand}"/>`,
    ];
  };

  const file = (x: number): string[] => {
    const [left, top] = [x - 13, y.values - 17];
    return [
      `<path d="M${left + 3} ${top}h14l9 9v22a3 3 0 0 1 -3 3h-20a3 3 0 0 1 -3 -3v-28a3 3 0 0 1 3 -3zm14 0v9h9" fill="none" stroke="${value}" stroke-width="1.5" stroke-linejoin="round"/>`,
      `<path d="M${left + 6} ${top + 16}h14m-14 6h14m-14 6h9" stroke="${value}" stroke-width="1.5" stroke-linecap="round"/>`,
    ];
  };

  /** Places in a row; values enter at the left and wait at the right. */
  const places = (left: number, gap: number, count: number, held: number): string[] =>
    Array.from({ length: count }, (_, index) => {
      const x = left + index * (place + gap);
      const full = index >= count - held;
      const rect = `<rect x="${x}" y="${y.values - place / 2}" width="${place}" height="${place}" rx="5" fill="none" stroke="${full ? value : empty}" stroke-width="1.5"${full ? '' : ' stroke-dasharray="3 2.5"'}/>`;
      return full ? rect + dot(x + place / 2) : rect;
    });

  const worker = (x: number): string =>
    `<circle cx="${x}" cy="${y.values}" r="12" fill="${water}" stroke="${value}" stroke-width="1.5"/>${dot(x)}`;

  /** Demand, from the edge of one stage to the edge of one above it, through what lies between. */
  const ask = (from: Stage, to: Stage): string[] => {
    const [start, end] = [from.left - 5, right(to) + 6];
    return [
      `<path d="M${start} ${y.demand}H${end + 2}" stroke="${demand}" stroke-width="2" stroke-dasharray="5 4"/>`,
      `<path d="M${end + 6} ${y.demand - 5}L${end} ${y.demand}l6 5" fill="none" stroke="${demand}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`,
    ];
  };

  const spoken = `font-size="14" font-weight="600" fill="${demand}"`;
  const heard = `font-size="13" fill="${ink}"`;
  const words = (stage: Stage): string[] => [
    ...(stage.says === undefined ? [] : [text(middle(stage), y.demand + 5, stage.says, spoken)]),
    ...(stage.hears === undefined ? [] : [text(middle(stage), y.demand + 5, stage.hears, heard)]),
  ];

  const caption = `font-size="14" font-weight="600"`;
  const between = (above: Stage, below: Stage): number => (right(above) + below.left) / 2;

  const shapes = [
    ...stages.flatMap(frame),
    ...pipe(right(source), buffer.left),
    ...pipe(right(buffer), pool.left),
    ...file(middle(source)),
    ...[between(source, stock) + 10, between(stock, buffer)].map(dot),
    ...gate(right(source) + 14, true),
    ...gate(right(buffer) + 14, false),
    ...places(middle(buffer) - 2 * place - 12, 8, 4, 2),
    ...places(pool.left + 14, 4, 3, 3),
    ...[0, 1, 2].map((index) => worker(pool.left + 114 + index * 29)),
    ...ask(buffer, source),
    ...ask(pool, buffer),
    ...stages.flatMap(words),
    text(
      4,
      y.caption,
      'values flow down the pipe →',
      `${caption} text-anchor="start" fill="${value}"`,
    ),
    text(
      size.width - 4,
      size.height - 13,
      '← demand flows up it',
      `${caption} text-anchor="end" fill="${demand}"`,
    ),
  ];

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-labelledby="title desc" font-family="${fonts}" text-anchor="middle">
  <title id="title">${title}</title>
  <desc id="desc">${description}</desc>
  ${shapes.join('\n  ')}
</svg>
`;
}

for (const [scheme, palette] of Object.entries(palettes)) {
  writeFileSync(new URL(`../docs/assets/pipe-${scheme}.svg`, import.meta.url), draw(palette));
}
