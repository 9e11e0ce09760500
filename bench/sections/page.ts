import { inPage } from '../contenders/browser.js';
import { sumBelow } from '../harness/sums.js';
import type { Section } from '../harness/types.js';

const atOnce = 'all at once';
const byFrames = 'a frame at a time';

const shared = { count: 100_000, expected: sumBelow } as const;

/** A burst of values that are written into a page, with and without a pace. */
export const pages: readonly Section[] = [
  {
    ...shared,
    id: 'page-frame',
    title: 'A burst of 100,000 values into the DOM: the longest that the page shows no new frame',
    unit: 'ms',
    contenders: [
      inPage('peer', atOnce, ({ longestFrameMs }) => longestFrameMs),
      inPage('ours', byFrames, ({ longestFrameMs }) => longestFrameMs),
    ],
    goals: [{ contender: byFrames, against: atOnce, limit: 1, strictly: true }],
  },
  {
    ...shared,
    id: 'page-blocked',
    title: 'A burst of 100,000 values into the DOM: how long tasks block it beyond 50 ms each',
    unit: 'ms',
    contenders: [
      inPage('peer', atOnce, ({ blockedMs }) => blockedMs),
      inPage('ours', byFrames, ({ blockedMs }) => blockedMs),
    ],
    goals: [{ contender: byFrames, against: atOnce, limit: 1, strictly: true }],
  },
  {
    ...shared,
    id: 'page-total',
    title: 'A burst of 100,000 values into the DOM: until the last is there',
    unit: 'ms',
    contenders: [
      inPage('peer', atOnce, ({ totalMs }) => totalMs),
      inPage('ours', byFrames, ({ totalMs }) => totalMs),
    ],
    goals: [{ contender: byFrames, against: atOnce }],
  },
];
