import type { Policy } from './pipe.js';

/** What pipes that are written by hand leave as it is by default. */
export const plain: Policy = {
  overflow: 'block',
  maxParked: 99,
  errors: 'drain',
  requireDemand: undefined,
};
export const alike = { costs: undefined, queue: undefined, limited: false } as const;
export const throttle = { law: undefined, feedback: undefined, heard: false } as const;
export const limiter = { interval: 1, burst: 1, rival: 0 } as const;
export const unpaced = { pace: undefined, credit: undefined, yieldEvery: undefined } as const;
export const stays = { leavesAt: 60, inside: undefined } as const;
