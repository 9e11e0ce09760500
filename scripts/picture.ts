/**
 * Draws the README's picture: `docs/assets/pipe-light.svg` and `pipe-dark.svg`.
 *
 *     tsx scripts/picture.ts
 */
import { writeFileSync } from 'node:fs';

interface Palette {
  readonly ink: string;
  readonly quiet: string;
  readonly box: string;
  readonly edge: string;
  readonly value: string;
  readonly demand: string;
}

const palettes: Readonly<Record<string, Palette>> = {
  light: {
    ink: '#1f2328',
    quiet: '#59636e',
    box: '#f6f8fa',
    edge: '#d1d9e0',
    value: '#0969da',
    demand: '#bc4c00',
  },
  dark: {
    ink: '#f0f6fc',
    quiet: '#9198a1',
    box: '#151b23',
    edge: '#3d444d',
    value: '#4493f8',
    demand: '#f0883e',
  },
};

const width = 760;
const height = 262;
/** Where values flow, and beneath it, the other way, demand. */
const valuesAt = 106;
const demandAt = 196;
const top = 64;
const bottom = 150;

interface Stage {
  readonly name: string;
  readonly note: string;
  readonly left: number;
  readonly width: number;
}

const source: Stage = { name: 'pullFrom(file)', note: 'reads 2, then waits', left: 12, width: 144 };
const stock: Stage = { name: 'map', note: 'stock RxJS', left: 204, width: 76 };
const buffer: Stage = { name: 'bufferedChannel(4)', note: 'holds 2 of 4', left: 332, width: 176 };
const pool: Stage = {
  name: 'workerPool(3, save)',
  note: '3 in line, 3 at work',
  left: 560,
  width: 188,
};

const right = ({ left, width }: Stage): number => left + width;
const middle = ({ left, width }: Stage): number => left + width / 2;

function draw({ ink, quiet, box, edge, value, demand }: Palette): string {
  const text = (x: number, y: number, content: string, size: number, fill: string, weight = 400) =>
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}">${content}</text>`;

  const frame = (stage: Stage): string =>
    [
      `<rect x="${stage.left}" y="${top}" width="${stage.width}" height="${bottom - top}" rx="10" fill="${box}" stroke="${edge}"/>`,
      text(middle(stage), top - 12, stage.name, 14, ink, 600),
      text(middle(stage), bottom - 11, stage.note, 12, quiet),
    ].join('\n  ');

  const dot = (x: number, y = valuesAt): string =>
    `<circle cx="${x}" cy="${y}" r="5" fill="${value}"/>`;

  const arrow = (from: number, to: number, y: number, colour: string, dashes = ''): string => {
    const back = Math.sign(from - to) * 7;
    return (
      `<path d="M${from} ${y}H${to}" fill="none" stroke="${colour}" stroke-width="2"${dashes}/>` +
      `<path d="M${to + back} ${y - 5}L${to} ${y}L${to + back} ${y + 5}" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`
    );
  };

  const flow = (from: Stage, to: Stage, moves = true): string => {
    const start = right(from) + 6;
    const end = to.left - 6;
    if (!moves) return arrow(start, end, valuesAt, edge);
    return arrow(start, end, valuesAt, value) + dot((start + end) / 2 - 3);
  };

  /** Demand leaves a stage below, passes under whatever does not hold values, and rises into the one above. */
  const ask = (from: Stage, to: Stage, room: string): string => {
    const start = from.left + 22;
    const end = right(to) - 22;
    const centre = (start + end) / 2;
    const turn = 10;
    return [
      `<path d="M${start} ${bottom + 4}V${demandAt - turn}Q${start} ${demandAt} ${start - turn} ${demandAt}H${end + turn}Q${end} ${demandAt} ${end} ${demandAt - turn}V${bottom + 5}" fill="none" stroke="${demand}" stroke-width="2" stroke-dasharray="5 4"/>`,
      `<path d="M${end - 5} ${bottom + 12}L${end} ${bottom + 5}L${end + 5} ${bottom + 12}" fill="none" stroke="${demand}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>`,
      text(centre, demandAt + 19, room, 13, demand, 600),
    ].join('\n  ');
  };

  const places = [0, 1, 2, 3].map((place) => {
    const x = buffer.left + 24 + place * 34;
    const full = place >= 2;
    return (
      `<rect x="${x}" y="${valuesAt - 21}" width="26" height="26" rx="5" fill="none" stroke="${full ? value : edge}" stroke-width="1.5"/>` +
      (full ? dot(x + 13, valuesAt - 8) : '')
    );
  });

  const queue = [0, 1, 2].map((place) => {
    const x = pool.left + 14 + place * 18;
    return (
      `<rect x="${x}" y="${valuesAt - 16}" width="16" height="16" rx="3" fill="none" stroke="${value}" stroke-width="1.5"/>` +
      dot(x + 8, valuesAt - 8)
    );
  });

  const workers = [0, 1, 2].map((worker) => {
    const x = pool.left + 90 + worker * 36;
    return (
      `<circle cx="${x}" cy="${valuesAt - 8}" r="14" fill="none" stroke="${value}" stroke-width="1.5"/>` +
      dot(x, valuesAt - 8)
    );
  });

  const lines = [0, 1, 2].map((line) => {
    const y = valuesAt - 20 + line * 11;
    const end = source.left + 100 - (line === 2 ? 24 : 0);
    return `<path d="M${source.left + 40} ${y}H${end}" stroke="${line === 0 ? value : edge}" stroke-width="3" stroke-linecap="round"/>`;
  });

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc" font-family="ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" text-anchor="middle">
  <title id="title">Values flow down the pipe; demand flows up it</title>
  <desc id="desc">A file is read by pullFrom and flows through map and a bufferedChannel of 4 places into a workerPool of 3. The pool is full and has no room; the channel holds two values and has room for two; map, a stock operator, lets that demand pass, so two more values are read from the file, which then waits.</desc>
  ${[source, stock, buffer, pool].map(frame).join('\n  ')}
  ${[...lines, ...places, ...queue, ...workers].join('\n  ')}
  ${[flow(source, stock), flow(stock, buffer), flow(buffer, pool, false)].join('\n  ')}
  ${[ask(buffer, source, 'room for 2'), ask(pool, buffer, 'no room: wait')].join('\n  ')}
  ${text(width / 2, 20, 'values flow down the pipe →', 13, value, 600)}
  ${text(width / 2, height - 10, '← demand flows up it', 13, demand, 600)}
</svg>
`;
}

for (const [name, palette] of Object.entries(palettes)) {
  writeFileSync(new URL(`../docs/assets/pipe-${name}.svg`, import.meta.url), draw(palette));
}
