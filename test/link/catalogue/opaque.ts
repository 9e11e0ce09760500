import * as rx from 'rxjs';
import { OTHER } from '../experiment.js';
import { inner, source, type Entry, type Remarks } from './entry.js';

const old: Remarks = { missing: ['rxjs-8'] };
const asynchronous: Remarks = { use: 'asynchronous inners' };
const queued: Remarks = { ...asynchronous, instead: '`workerPool(1, …)`' };
const pooled: Remarks = { ...asynchronous, instead: '`workerPool(n, …)`' };
const batched: Remarks = { instead: '`batchWithTimeout(size, timeout)`' };
const delayed: Remarks = { instead: '`workerPool(n, (value) => of(value).pipe(delay(…)))`' };
const rescheduled: Remarks = { instead: 'the same, below the last stage' };
const unpaired: Remarks = { note: 'holds what one input gives before another' };
const kept: Remarks = { note: 'keeps its inners until its source ends' };

/** Demand is seen, yet the operator takes what comes all the same, and holds it above the stage. */
export const opaque: readonly Entry[] = [
  // Inners that wait, or run, all at once.
  source('concatAll', (probe, { later }) => probe.pipe(rx.map(later), rx.concatAll()), queued),
  source('concatMap', (probe, { later }) => probe.pipe(rx.concatMap(later)), queued),
  source('concatMapTo', (probe, { later }) => probe.pipe(rx.concatMapTo(later('value'))), queued),
  source('mergeAll', (probe, { later }) => probe.pipe(rx.map(later), rx.mergeAll()), pooled),
  source('mergeMap', (probe, { later }) => probe.pipe(rx.mergeMap(later)), pooled),
  source('mergeMap', (probe, { later }) => probe.pipe(rx.mergeMap(later, 2)), {
    ...pooled,
    use: 'asynchronous inners, limited concurrency',
  }),
  source('flatMap', (probe, { later }) => probe.pipe(rx.flatMap(later)), { ...pooled, ...old }),
  source('mergeMapTo', (probe, { later }) => probe.pipe(rx.mergeMapTo(later('value'))), pooled),
  source(
    'mergeScan',
    (probe, { later }) => probe.pipe(rx.mergeScan((_, value) => later(value), OTHER)),
    pooled,
  ),
  source(
    'expand',
    (probe, { later }) =>
      probe.pipe(rx.expand((value) => later(value).pipe(rx.ignoreElements()), 1)),
    { use: 'asynchronous inners, limited concurrency' },
  ),
  source(
    'combineLatestAll',
    (probe) =>
      probe.pipe(
        rx.map((value) => rx.of(value)),
        rx.combineLatestAll(),
      ),
    kept,
  ),
  source(
    'combineAll',
    (probe) =>
      probe.pipe(
        rx.map((value) => rx.of(value)),
        rx.combineAll(),
      ),
    { ...kept, ...old },
  ),

  // Batches that grow until something else happens.
  source('buffer', (probe) => probe.pipe(rx.buffer(rx.NEVER)), batched),
  source('bufferTime', (probe, { clock }) => probe.pipe(rx.bufferTime(2, clock)), batched),
  source(
    'bufferToggle',
    (probe) => probe.pipe(rx.bufferToggle(rx.of(OTHER), () => rx.NEVER)),
    batched,
  ),
  source('bufferWhen', (probe) => probe.pipe(rx.bufferWhen(() => rx.NEVER)), batched),
  source('toArray', (probe) => probe.pipe(rx.toArray()), {
    note: 'is meant to hold all',
    instead: '`batchWithTimeout(size, timeout)`',
  }),

  // Values on their way.
  source('delay', (probe, { clock }) => probe.pipe(rx.delay(2, clock)), delayed),
  source('delayWhen', (probe, { later }) => probe.pipe(rx.delayWhen(later)), delayed),
  source('observeOn', (probe, { clock }) => probe.pipe(rx.observeOn(clock)), rescheduled),
  source('scheduled', (probe, { clock }) => rx.scheduled(probe, clock), {
    instead: '`subscribeOn`',
  }),

  // Values that wait for those of another.
  source('zip', (probe, { slow }) => rx.zip(probe, slow), unpaired),
  source('zipWith', (probe, { slow }) => probe.pipe(rx.zipWith(slow)), unpaired),
  inner('zipWith', (probe, { slow }) => slow.pipe(rx.zipWith(probe)), unpaired),
  source(
    'zipAll',
    (probe) =>
      probe.pipe(
        rx.map((value) => rx.of(value)),
        rx.zipAll(),
      ),
    kept,
  ),
  inner('zipAll', (probe, { slow }) => rx.of(probe, slow).pipe(rx.zipAll()), unpaired),
  source(
    'sequenceEqual',
    (probe, { slow }) => probe.pipe(rx.sequenceEqual(slow, () => true)),
    unpaired,
  ),
  inner(
    'sequenceEqual',
    (probe, { slow }) => slow.pipe(rx.sequenceEqual(probe, () => true)),
    unpaired,
  ),
];
