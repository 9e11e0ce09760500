import { keyBy } from './callbacks.js';
import { hasStage, pipesIn, type Stage, type Within } from './pipe.js';
import { numberOf, show, unpacked, type Value } from './values.js';

/** What came to a stage, what went out of it, and what it dropped. */
export interface Flow {
  readonly came: readonly Value[];
  readonly went: readonly Value[];
  readonly dropped: readonly Value[];
}

/** What is wrong with the flow through a stage that is over; `undefined` if nothing is. */
export function imbalance(
  stage: Stage,
  flow: Flow,
  within: Within | undefined,
): string | undefined {
  const { came, dropped } = flow;
  const rest = left(came, dropped);
  if (rest === undefined) return 'it dropped what had not come';
  if (!isOneToOne(stage) || (within !== undefined && mayCutOff(stage))) return undefined;
  const delivered = deliveredBy(stage, flow.went);
  if (left(rest, delivered)?.length !== 0) {
    return `of ${listed(came)} it dropped ${listed(dropped)}, and delivered ${listed(delivered)}`;
  }
  if (stage.op === 'batchWithTimeout') {
    const big = flow.went.find((batch) => unpacked(batch).length > stage.size);
    if (big !== undefined) return `${show(big)} is more than a batch`;
  }
  if (within !== undefined && asking.includes(within.callback)) return undefined;
  const line = lineOf(stage);
  if (line === undefined || isInOrder(came, delivered, line)) return undefined;
  return `${listed(delivered)} went in another order than ${listed(came)}`;
}

/** The values that came, of what went: batches hold several. */
export const deliveredBy = ({ op }: Stage, went: readonly Value[]): readonly Value[] =>
  op === 'conflate' || op === 'batchWithTimeout' ? went.flatMap(unpacked) : went;

/** Whether each value goes out once, if it is not dropped. */
function isOneToOne(stage: Stage): boolean {
  if (stage.op === 'fanOut') return !stage.pipes.includes('fails at 3');
  if (stage.op !== 'workerPool') return stage.op !== 'broadcast';
  const { task, onTaskError } = stage;
  return ['sync', 'timer', 'promise'].includes(task.kind) && onTaskError !== 'replace';
}

/** Asked before a value is in line: what comes meanwhile is before it, as it is inside `map`. */
const asking: readonly Within['callback'][] = ['keyBy', 'weigh', 'cost', 'by', 'reduce'];

/** What a lane gives while the others are let go for an error is not heard. */
const mayCutOff = (stage: Stage): boolean => pipesIn(stage).some(hasStage);

/** The line of a value: of one line, they go in the order in which they came. `undefined`: in any order. */
function lineOf(stage: Stage): ((value: Value) => unknown) | undefined {
  switch (stage.op) {
    case 'workerPool':
      if (stage.ordered) return () => 'all';
      return stage.keys === undefined ? undefined : keyBy(stage.keys);
    case 'leakyBucket':
      return stage.keys === undefined ? () => 'all' : keyBy(stage.keys);
    case 'fanOut':
      return stage.by === 'key' ? keyBy(5) : undefined;
    default:
      return () => 'all';
  }
}

function isInOrder(
  came: readonly Value[],
  went: readonly Value[],
  lineOf: (value: Value) => unknown,
): boolean {
  const lines = new Map<unknown, Value[]>();
  for (const value of came) {
    const line = lines.get(lineOf(value));
    if (line === undefined) lines.set(lineOf(value), [value]);
    else line.push(value);
  }
  return went.every((value) => {
    const line = lines.get(lineOf(value)) ?? [];
    const at = line.findIndex((other) => numberOf(other) === numberOf(value));
    line.splice(0, at + 1);
    return at >= 0;
  });
}

const listed = (values: readonly Value[]): string => `[${values.map(show).join(' ')}]`;

/** What is left of `all` without `some`; `undefined` where those are not in it. */
function left(all: readonly Value[], some: readonly Value[]): Value[] | undefined {
  const rest = [...all];
  for (const value of some) {
    const at = rest.findIndex((other) => show(other) === show(value));
    if (at < 0) return undefined;
    rest.splice(at, 1);
  }
  return rest;
}
