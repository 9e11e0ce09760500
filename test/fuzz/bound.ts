import { isStage, type Pipe, type Stage } from './pipe.js';
import { waits } from './sources.js';
import { stock } from './stock.js';

/** How many values a stage may hold, as its documentation says. */
function capacityOf(stage: Stage): number {
  switch (stage.op) {
    case 'bufferedChannel':
      return stage.capacity;
    case 'workerPool': {
      const { concurrency, queue = concurrency } = stage;
      return concurrency + queue;
    }
    case 'batchWithTimeout':
      return stage.size + stage.queue;
    case 'leakyBucket':
      return stage.queue ?? stage.capacity;
    case 'adaptiveThrottle':
      return stage.queue;
    case 'conflate':
      return Infinity; // one, and what went into it is held with it
    case 'fanOut':
      return stage.lanes * stage.queue + (stage.by === 'key' ? 1 : 0);
    case 'broadcast':
      // Where subscribers share one consumer, a copy for each but one.
      return stage.subscribers * stage.capacity + stage.subscribers - 1;
  }
}

/** The most that the stage at `level` may ever hold in this pipe, by law 2. */
export function boundOf(pipe: Pipe, level: number): number {
  const stage = pipe.links[level - 1] as Stage;
  const capacity = capacityOf(stage);
  const lines = stage.op === 'broadcast' ? stage.subscribers : 1;
  const parked = stage.overflow === 'block' ? stage.maxParked : 0;
  return capacity + lines * Math.min(parked, excess(pipe, level));
}

/**
 * How many values may come to the stage at `level` that it has no room for: of one pulled value, what it
 * expands into beyond the first, and what operators add of their own. `Infinity` where a source does not wait.
 */
function excess({ links, source }: Pipe, level: number): number {
  let makes = 1;
  let adds = 0;
  let times = 1;
  for (let at = level - 1; at > 0; at--) {
    const link = links[at - 1]!;
    if (isStage(link)) return makes - 1 + adds;
    if (link.op === 'unlinked') return Infinity;
    const entry = stock[link.op];
    if (entry.holds) return Infinity;
    if (link.op === 'repeat' || link.op === 'retry') times *= 2;
    adds += times * makes * (entry.adds ?? 0);
    makes *= entry.makes ?? 1;
  }
  return waits(source) ? makes - 1 + adds : Infinity;
}
