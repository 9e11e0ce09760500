import { isStage, type Consumer, type End, type Link, type Pipe, type Source } from './pipe.js';
import { stock } from './stock.js';

/** A pipe as a program that can be read: `pullFrom(0…2) | bufferedChannel(2) | takeOn(1, 5)`. */
export function printed({ source, links, consumer, first, limiter, creeps, within }: Pipe): string {
  const pipe = [sourceText(source), ...links.map(linkText), ...consumerTexts(consumer)];
  const shared = links.some((link) => 'limited' in link && link.limited)
    ? `, limiter ${text(limiter)}`
    : '';
  const creeping = creeps === undefined ? '' : `, the clock creeps at every look of ${creeps}`;
  const calls =
    within === undefined
      ? ''
      : `, ${within.callback} does ${within.does} at call ${within.at} and every ${within.every}`;
  return `${pipe.join('\n  | ')}\n  (timers ${first} ring first${shared}${creeping}${calls})`;
}

const upTo = (count: number): string => (count === 0 ? '[]' : `0…${count - 1}`);

const endText = (end: End): string =>
  ({ complete: '', error: ', then error', never: ', then nothing' })[end];

function sourceText(source: Source): string {
  switch (source.kind) {
    case 'pull':
      return `pullFrom(${upTo(source.count)}${endText(source.end)}${required(source)})`;
    case 'own':
      return `a loop by demandOf(${upTo(source.count)}${endText(source.end)})`;
    case 'async':
      return `pullFrom(${source.shape}, after ${list(source.delays)}${endText(source.end)})`;
    case 'switched': {
      const heeds = source.heeds ? '' : ', heeds nothing';
      return `emitter(after ${list(source.gaps)}${endText(source.end)}${heeds}) | backpressure(${required(source)})`;
    }
    case 'slow':
      return `pullFrom(Channel whose sender sends after ${list(source.delays)}${endText(source.end)})`;
    case 'channel':
      return `pullFrom(Channel(${source.capacity}), sent @${list(source.at)}${endText(source.end)})`;
    case 'hot':
      return `hot(@${list(source.at)}${endText(source.end)})`;
    case 'cold':
      return `cold(after ${list(source.gaps)}${endText(source.end)})`;
    case 'sync':
      return `of(${upTo(source.count)}${endText(source.end)})`;
    case 'inner':
      return `of(${list(source.counts)}) | mergeMap((count) => pullFrom(Array(count)))`;
    case 'until':
      return `${sourceText(source.source)} | takeUntil(@${source.at})`;
    case 'merge':
      return `merge(${source.sources.map(sourceText).join(', ')})`;
  }
}

const required = ({ requireDemand }: { readonly requireDemand: boolean | undefined }): string =>
  requireDemand === undefined ? '' : `, { requireDemand: ${requireDemand} }`;

const list = (numbers: readonly number[]): string => numbers.join(' ');

function linkText(link: Link): string {
  if (isStage(link)) {
    const { op, ...options } = link;
    const told = Object.entries(options).filter(
      ([name, value]) => value !== undefined && defaults[name] !== value,
    );
    return `${op}(${told.map(([name, value]) => `${name}: ${text(value)}`).join(', ')})`;
  }
  return link.op === 'unlinked' || link.op === 'explain'
    ? `${link.op}()`
    : stock[link.op].text(link.n);
}

/** As JSON, but that numbers are what they are, and names stand without quotes. */
function text(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([name, each]) => `${name}: ${text(each)}`);
  return Array.isArray(value) ? `[${value.map(text).join(', ')}]` : `{ ${entries.join(', ')} }`;
}

const defaults: Readonly<Record<string, unknown>> = {
  overflow: 'block',
  maxParked: 99,
  errors: 'drain',
  ordered: false,
  limited: false,
  heard: false,
};

function consumerTexts({ ticks, leavesAt, inside }: Consumer): string[] {
  const texts = [];
  if (ticks !== undefined) texts.push(`takeOn(@${list(ticks.at)}, all from @${ticks.allFrom})`);
  const again = inside !== undefined && 'every' in inside ? ` and every ${inside.every}` : '';
  const does = inside === undefined ? '' : `${inside.does} at value ${inside.at}${again}, `;
  texts.push(`subscribe(${does}leave @${leavesAt})`);
  return texts;
}
