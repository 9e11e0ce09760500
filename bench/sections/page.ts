import { inPage } from '../contenders/browser.js';
import { sumTo } from '../harness/sums.js';
import type { Figures } from '../browser/burst.js';
import type { Contender, Section } from '../harness/types.js';

const atOnce = 'all at once';
const byFrames = 'a frame at a time';
const byHand = 'a frame at a time, by hand';

const contenders: readonly Contender[] = [
  inPage('limit', 'by frames', byHand),
  inPage('peer', 'at once', atOnce),
  inPage('ours', 'by frames', byFrames),
];

const shared = { unit: 'ms', count: 100_000, expected: sumTo, contenders } as const;

/** A burst of values that are written into a page, with and without a pace. */
export const pages: readonly Section[] = [
  {
    ...shared,
    id: 'page-frame',
    title: 'A burst of 100,000 values into the DOM: the longest that the page shows no new frame',
    shows: 'longestFrameMs' satisfies keyof Figures,
    goals: [
      { contender: byFrames, against: atOnce, limit: 1, strictly: true },
      { contender: byFrames, against: byHand },
    ],
  },
  {
    ...shared,
    id: 'page-blocked',
    title: 'A burst of 100,000 values into the DOM: how long tasks block it beyond 50 ms each',
    shows: 'blockedMs' satisfies keyof Figures,
    goals: [{ contender: byFrames, against: atOnce, limit: 1, strictly: true }],
  },
  {
    ...shared,
    id: 'page-total',
    title: 'A burst of 100,000 values into the DOM: until the last is there',
    shows: 'totalMs' satisfies keyof Figures,
    goals: [
      { contender: byFrames, against: byHand, limit: 1.5 },
      { contender: byFrames, against: atOnce },
    ],
  },
];
