import type { Section } from '../harness/types.js';
import { backlogs } from './backlog.js';
import { batch } from './batch.js';
import { channels } from './channel.js';
import { fanOuts } from './fan-out.js';
import { leastOfAll } from './least.js';
import { macrotask } from './macrotask.js';
import { pages } from './page.js';
import { passThrough } from './pass-through.js';
import { poolOfMacrotasks, poolOfPromises } from './pool-of-promises.js';
import { poolOfSync } from './pool-of-sync.js';
import { rates } from './rate.js';
import { endless, pulledAhead, retained } from './retention.js';
import { scaled } from './scale.js';
import { selects } from './select.js';
import { semaphores } from './semaphore.js';
import { sizes } from './size.js';

export const sections: readonly Section[] = [
  leastOfAll,
  passThrough,
  macrotask,
  poolOfSync,
  poolOfPromises,
  poolOfMacrotasks,
  ...backlogs,
  pulledAhead,
  retained,
  endless,
  batch,
  ...fanOuts,
  ...channels,
  ...scaled,
  selects,
  ...semaphores,
  ...rates,
  ...pages,
  ...sizes,
];
