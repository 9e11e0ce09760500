import * as rx from 'rxjs';
import { OTHER, type Bench, type Token } from '../experiment.js';
import { source, type Entry, type Remarks } from './entry.js';

const use = 'a stage within';
const keyed: Remarks = { use, instead: '`workerPool(n, …, { keyBy })`' };
const batched: Remarks = { use, instead: '`batchWithTimeout(size, timeout)`' };

/** Each group or window goes through a stage of its own, before all are merged. */
const staged = ({ stage }: Bench) => rx.mergeMap((part: rx.Observable<Token>) => part.pipe(stage));

/** The demand that is seen is that of the stage below the merge; values come to a stage within before. */
export const wrongStage: readonly Entry[] = [
  source(
    'groupBy',
    (probe, bench) =>
      probe.pipe(
        rx.groupBy(({ key }) => key % 2),
        staged(bench),
      ),
    keyed,
  ),
  source(
    'window',
    (probe, bench) => probe.pipe(rx.window(rx.interval(2, bench.clock)), staged(bench)),
    batched,
  ),
  source('windowCount', (probe, bench) => probe.pipe(rx.windowCount(2), staged(bench)), batched),
  source(
    'windowTime',
    (probe, bench) => probe.pipe(rx.windowTime(2, bench.clock), staged(bench)),
    batched,
  ),
  source(
    'windowToggle',
    (probe, bench) =>
      probe.pipe(
        rx.windowToggle(rx.of(OTHER), () => rx.NEVER),
        staged(bench),
      ),
    batched,
  ),
  source(
    'windowWhen',
    (probe, bench) =>
      probe.pipe(
        rx.windowWhen(() => rx.NEVER),
        staged(bench),
      ),
    batched,
  ),
];
