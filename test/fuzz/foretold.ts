import { Bench, type Trace } from './bench.js';
import { ModelKit } from './model/kit.js';
import {
  ENDLESS,
  isStage,
  partsOf,
  type Link,
  type Pipe,
  type Source,
  type Stage,
} from './pipe.js';
import { onlyVirtually, run } from './run.js';
import { waits } from './sources.js';
import { stock } from './stock.js';

/**
 * Whether the model has all that is in a pipe; by the laws alone go:
 * - `fanOut` and `broadcast`, tasks that can wait, a `pace` that ends or is heard at once, and several sources that
 *   wait above a limit that moves, a `conflate`, or a bucket without places: which of several that wait for room at
 *   the same instant is told of it first is not for a model to say;
 * - a consumer that sends in from inside, in the midst of what one value became or of what another source sends:
 *   nor is what is told in between; so too where a source that waits begins anew beside another one, or is read just
 *   as the consumer asks for more;
 * - a clock that creeps, and callbacks that do more than they are asked for;
 * - a source that is left alone: the model hears of an end from the source, or from below;
 * - `toAsyncIterable`, `intoChannel` and a limiter that is shared;
 * - below a stage that goes by a time of its own, a rendezvous that does so too: it may have room just when
 *   nothing can come; so too below a rendezvous of any kind, where what is between them holds a value on its way.
 */
export function isForetold(pipe: Pipe): boolean {
  const { source, links, creeps, within } = pipe;
  const { inside, ticks } = pipe.consumer;
  if ((creeps ?? within) !== undefined) return false;
  if (isLeft(source)) return false;
  if (waitingIn(source) > 1 && links.some(isShared)) return false;
  if (source.kind === 'merge' && waitingIn(source) > 0 && links.some(isAnew)) return false;
  if (inside?.does === 'ask ahead' && ticks && waitingIn(source) > 0) return false;
  if (inside?.does === 'push' && (waitingIn(source) > 0 || expandsResults(links))) return false;
  let timedAbove = false;
  let rendezvousAbove = false;
  let onTheWay = false;
  for (const link of links) {
    if (!isStage(link)) {
      onTheWay ||= rendezvousAbove && holds(link);
      continue;
    }
    if (!isModelled(link)) return false;
    const [timed, rendezvous] = [goesByTime(link), isRendezvous(link)];
    if (timed && rendezvous && (timedAbove || onTheWay)) return false;
    if (timed || !rendezvous) timedAbove = timed;
    rendezvousAbove = rendezvous;
    onTheWay &&= rendezvous;
  }
  return true;
}

const holds = ({ op }: Link): boolean =>
  op in stock && stock[op as keyof typeof stock].holds === true;

const isLeft = (source: Source): boolean =>
  source.kind === 'until' || (source.kind === 'merge' && source.sources.some(isLeft));

const isAnew = ({ op }: Link): boolean => op === 'retry' || op === 'repeat';

/** Whether what a stage gives becomes several values. */
const expandsResults = (links: readonly Link[]): boolean =>
  links.slice(links.findIndex(isStage)).some(({ op }) => op === 'mergeMap');

/** How many parts of it may wait for room. */
const waitingIn = (source: Source): number =>
  partsOf(source).reduce((sum, part) => {
    if (part.kind === 'inner') return sum + part.counts.length;
    return part.kind === 'switched' || waits(part) ? sum + 1 : sum;
  }, 0);

/** It is between several who wait at the same instant. */
const isShared = (link: Link): boolean =>
  ('concurrency' in link && typeof link.concurrency === 'object') ||
  link.op === 'conflate' ||
  (link.op === 'leakyBucket' && isRendezvous(link));

function isModelled(stage: Stage): boolean {
  if (stage.op === 'workerPool') return stage.task.kind !== 'pull';
  if (stage.op === 'bufferedChannel' && stage.pace !== undefined) {
    return stage.pace[1] === ENDLESS && !stage.pace[2];
  }
  if (stage.op === 'leakyBucket') return !stage.limited;
  return !unmodelled.includes(stage.op);
}

const unmodelled: readonly Stage['op'][] = [
  'fanOut',
  'broadcast',
  'toAsyncIterable',
  'intoChannel',
];

const goesByTime = (stage: Stage): boolean =>
  stage.op === 'leakyBucket' ||
  stage.op === 'adaptiveThrottle' ||
  (stage.op === 'bufferedChannel' && (stage.pace ?? stage.credit) !== undefined);

function isRendezvous(stage: Stage): boolean {
  if (stage.op === 'bufferedChannel') return stage.capacity === 0;
  return (stage.op === 'leakyBucket' || stage.op === 'adaptiveThrottle') && stage.queue === 0;
}

/** What the model says that should be seen of a pipe. */
export function foretold(pipe: Pipe): Trace {
  const bench = new Bench(pipe);
  const kit = new ModelKit();
  bench.levels = () => kit.levels;
  onlyVirtually(bench, () => run(pipe, kit, bench));
  return bench.trace;
}

/** Where the one is not as the other; `undefined` where it is. */
export function difference(seen: Trace, expected: Trace): string | undefined {
  for (const part of ['out', 'drops', 'reads', 'heard', 'levels'] as const) {
    // What is dropped together at an end, is so in any order; and so is what several hear at a time.
    const [got, wanted] = [seen[part], expected[part]].map((lines) =>
      part === 'drops' || part === 'heard' ? lines.toSorted() : lines,
    ) as [string[], string[]];
    const at = Math.max(got.length, wanted.length);
    const first = Array.from({ length: at }, (_, i) => i).find((i) => got[i] !== wanted[i]);
    if (first === undefined) continue;
    const around = (lines: readonly string[]) =>
      lines.slice(Math.max(0, first - 8), first + 3).join('; ');
    return `${part}\n  expected: ${around(wanted)}\n  got:      ${around(got)}`;
  }
  return undefined;
}
