import { asksForItself, isStage, mostAtATime, pipesIn, type Pipe, type Stage } from './pipe.js';
import { waits } from './sources.js';
import { stock } from './stock.js';

/** How many values a stage may hold, as its documentation says. */
function capacityOf(stage: Stage): number {
  switch (stage.op) {
    case 'bufferedChannel':
      return stage.capacity;
    case 'workerPool': {
      // Where the concurrency moves, the highest that it was.
      const most = mostAtATime(stage.concurrency);
      return most + (stage.queue ?? most);
    }
    case 'batchWithTimeout':
      return stage.size + (stage.queue ?? 0);
    case 'leakyBucket':
      return (stage.queue ?? stage.capacity) + (mayRefuse(stage) ? 1 : 0);
    case 'adaptiveThrottle':
      return stage.queue ?? 1;
    case 'conflate':
      return Infinity; // one, and what went into it is held with it
    case 'fanOut':
      return stage.lanes * (stage.queue ?? 1) + (stage.by === 'key' ? 1 : 0);
    case 'broadcast':
      // Where subscribers share one consumer, a copy for each but one.
      return stage.subscribers.length * ((stage.capacity ?? 0) + 1) - 1;
    case 'toAsyncIterable':
      return stage.capacity ?? 0;
    case 'intoChannel':
      return 0; // what its channel holds, it has delivered
  }
}

/** Whether values may cost more than there will ever be: such a one is held until it is dropped with the rest. */
export const mayRefuse = (stage: Stage): boolean =>
  stage.op === 'leakyBucket' &&
  (stage.costs === 'too much' || (stage.costs !== undefined && stage.limited));

/** The most that the stage at `level` may ever hold in this pipe, by law 2. */
export function boundOf(pipe: Pipe, level: number): number {
  const stage = pipe.links[level - 1] as Stage;
  const capacity = capacityOf(stage);
  const { overflow = 'block', maxParked = Infinity } = stage;
  const parked = overflow === 'block' ? maxParked : 0;
  return capacity + linesOf(stage) * Math.min(parked, excess(pipe, level));
}

/** How many lines there are, in each of which what one value expands into may wait. */
function linesOf(stage: Stage): number {
  if (stage.op === 'broadcast') return stage.subscribers.length;
  // A source is pulled for the lane that has room, whatever another one has parked.
  return stage.op === 'fanOut' && stage.by === 'least-loaded' ? stage.lanes : 1;
}

/**
 * How many values may come to the stage at `level` that it has no room for: of one pulled value, what it
 * expands into beyond the first, and what operators add of their own. `Infinity` where a source does not wait.
 */
function excess(pipe: Pipe, level: number): number {
  const { links, source } = pipe;
  let makes = 1;
  let adds = 0;
  let times = 1;
  for (let at = level - 1; at > 0; at--) {
    const link = links[at - 1]!;
    if (pipesIn(link).some(asksForItself)) return Infinity;
    if (isStage(link)) return makes - 1 + adds;
    if (link.op === 'unlinked') return Infinity;
    if (link.op === 'explain') continue;
    const entry = stock[link.op];
    if (entry.holds) return Infinity;
    if (link.op === 'repeat' || link.op === 'retry') times *= 2;
    adds += times * makes * (entry.adds ?? 0);
    makes *= entry.makes ?? 1;
  }
  return waits(source) || isHeldUp(pipe, level) ? makes - 1 + adds : Infinity;
}

/** Whether `backpressure` stops the source in time: only its own values can take the room that it saw. */
function isHeldUp({ links, source }: Pipe, level: number): boolean {
  if (source.kind !== 'switched' || !source.heeds) return false;
  const stage = links[level - 1] as Stage;
  if (stage.op === 'workerPool') return typeof stage.concurrency === 'number';
  // The room of a rendezvous, or of the lane whose turn it is, may go of itself.
  return capacityOf(stage) > 0 && stage.op !== 'fanOut' && stage.op !== 'broadcast';
}
