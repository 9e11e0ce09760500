import * as rx from 'rxjs';
import { OTHER } from '../experiment.js';
import { notifier, source, type Entry } from './entry.js';

const other = rx.of(OTHER);
/** One value, and then nothing, not even the end. */
const open = rx.concat(other, rx.NEVER);
const failing = rx.throwError(() => 'as planned');

/** Demand is seen, though the values never come to the stage that shows it. */
export const notifiers: readonly Entry[] = [
  notifier('audit', (probe) => open.pipe(rx.audit(() => probe))),
  notifier('buffer', (probe) => open.pipe(rx.buffer(probe))),
  notifier('bufferToggle', (probe) => open.pipe(rx.bufferToggle(probe, () => rx.NEVER)), {
    use: 'openings',
  }),
  notifier('bufferToggle', (probe) => open.pipe(rx.bufferToggle(other, () => probe)), {
    use: 'closings',
  }),
  notifier('bufferWhen', (probe) => open.pipe(rx.bufferWhen(() => probe))),
  notifier('debounce', (probe) => open.pipe(rx.debounce(() => probe))),
  notifier('delayWhen', (probe) => open.pipe(rx.delayWhen(() => probe))),
  notifier('delayWhen', (probe) => open.pipe(rx.delayWhen(() => other, probe)), {
    use: 'subscription delay',
  }),
  notifier('distinct', (probe) => open.pipe(rx.distinct(() => 1, probe))),
  notifier('repeat', (probe) => other.pipe(rx.repeat({ count: 3, delay: () => probe }))),
  notifier('repeatWhen', (probe) => other.pipe(rx.repeatWhen(() => probe))),
  notifier('retry', (probe) => rx.concat(other, failing).pipe(rx.retry({ delay: () => probe }))),
  notifier('retryWhen', (probe) => rx.concat(other, failing).pipe(rx.retryWhen(() => probe))),
  notifier('sample', (probe) => open.pipe(rx.sample(probe))),
  notifier('skipUntil', (probe) => open.pipe(rx.skipUntil(probe))),
  notifier('takeUntil', (probe) => open.pipe(rx.takeUntil(probe))),
  notifier('throttle', (probe) => open.pipe(rx.throttle(() => probe))),
  notifier('window', (probe) => open.pipe(rx.window(probe), rx.mergeAll())),
  notifier(
    'windowToggle',
    (probe) =>
      open.pipe(
        rx.windowToggle(probe, () => rx.NEVER),
        rx.mergeAll(),
      ),
    { use: 'openings' },
  ),
  notifier(
    'windowToggle',
    (probe) =>
      open.pipe(
        rx.windowToggle(other, () => probe),
        rx.mergeAll(),
      ),
    { use: 'closings' },
  ),
  notifier('windowWhen', (probe) =>
    open.pipe(
      rx.windowWhen(() => probe),
      rx.mergeAll(),
    ),
  ),

  source('ignoreElements', (probe) => probe.pipe(rx.ignoreElements()), {
    note: 'is meant to let nothing through',
  }),
];
