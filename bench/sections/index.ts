import type { Section } from '../harness/types.js';
import { batch } from './batch.js';
import { channels } from './channel.js';
import { macrotask } from './macrotask.js';
import { pages } from './page.js';
import { passThrough } from './pass-through.js';
import { poolAtScale, poolOfPromises } from './pool-of-promises.js';
import { poolOfSync } from './pool-of-sync.js';
import { rates } from './rate.js';
import { pulledAhead, retained } from './retention.js';
import { selects } from './select.js';
import { semaphores } from './semaphore.js';

export const sections: readonly Section[] = [
  passThrough,
  macrotask,
  poolOfSync,
  poolOfPromises,
  poolAtScale,
  pulledAhead,
  retained,
  batch,
  ...channels,
  selects,
  ...semaphores,
  ...rates,
  ...pages,
];
