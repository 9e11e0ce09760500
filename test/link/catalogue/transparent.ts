import * as rx from 'rxjs';
import { OTHER } from '../experiment.js';
import { inner, source, type Entry, type Remarks } from './entry.js';

const old: Remarks = { missing: ['rxjs-8'] };
const young: Remarks = { missing: ['rxjs-7.5.5'] };
const failing = rx.throwError(() => 'as planned');
const other = rx.of(OTHER);
/** One value, and then nothing, not even the end. */
const open = rx.concat(other, rx.NEVER);

const folds: Remarks = { note: 'reads its source to the end, and keeps one value at most' };
const conflates: Remarks = { note: 'drops values; takes a source that waits for a slow one' };
const drops: Remarks = {
  use: 'asynchronous inners',
  note: 'drops what comes while an inner is running',
};
const replaces: Remarks = {
  use: 'asynchronous inners',
  note: 'ends an inner when the next value comes',
};
const collects: Remarks = { note: 'holds as many values as it is told to' };
const synchronous: Remarks = { use: 'synchronous inners' };
const merged: Remarks = { use: 'no stage within' };

/** Demand is seen, and true: when the stage below is full, the source waits, and little is held above. */
export const transparent: readonly Entry[] = [
  // One value in, at most one out.
  source('map', (probe) => probe.pipe(rx.map((value) => [value]))),
  source('mapTo', (probe) => probe.pipe(rx.mapTo('value'))),
  source('pluck', (probe) => probe.pipe(rx.pluck('key')), old),
  source('scan', (probe) => probe.pipe(rx.scan((_, value) => value))),
  source('tap', (probe) => probe.pipe(rx.tap(() => {}))),
  source('finalize', (probe) => probe.pipe(rx.finalize(() => {}))),
  source('pairwise', (probe) => probe.pipe(rx.pairwise())),
  source('materialize', (probe) => probe.pipe(rx.materialize())),
  source('dematerialize', (probe) => probe.pipe(rx.materialize(), rx.dematerialize())),
  source('timestamp', (probe, { clock }) => probe.pipe(rx.timestamp(clock))),
  source('timeInterval', (probe, { clock }) => probe.pipe(rx.timeInterval(clock))),
  source('bufferCount', (probe) => probe.pipe(rx.bufferCount(2)), collects),

  // Some of the values.
  source('filter', (probe) => probe.pipe(rx.filter(({ key }) => key % 2 === 0))),
  source('partition', (probe) => rx.partition(probe, ({ key }) => key % 2 === 0)[0]),
  source('distinct', (probe) => probe.pipe(rx.distinct()), {
    note: 'remembers every key that it has passed on',
  }),
  source('distinctUntilChanged', (probe) => probe.pipe(rx.distinctUntilChanged())),
  source('distinctUntilKeyChanged', (probe) => probe.pipe(rx.distinctUntilKeyChanged('key'))),
  source('take', (probe) => probe.pipe(rx.take(50))),
  source('takeLast', (probe) => probe.pipe(rx.takeLast(2)), collects),
  source('takeUntil', (probe) => probe.pipe(rx.takeUntil(rx.NEVER))),
  source('takeWhile', (probe) => probe.pipe(rx.takeWhile(() => true))),
  source('skip', (probe) => probe.pipe(rx.skip(1))),
  source('skipLast', (probe) => probe.pipe(rx.skipLast(2)), collects),
  source('skipUntil', (probe) => probe.pipe(rx.skipUntil(other))),
  source('skipWhile', (probe) => probe.pipe(rx.skipWhile(({ key }) => key < 2))),
  source('first', (probe) => probe.pipe(rx.first())),
  source('elementAt', (probe) => probe.pipe(rx.elementAt(1))),
  source('find', (probe) => probe.pipe(rx.find(({ key }) => key === 1))),
  source('single', (probe) => probe.pipe(rx.single(({ key }) => key === 1)), folds),
  source('last', (probe) => probe.pipe(rx.last()), folds),

  // One result of many.
  source('reduce', (probe) => probe.pipe(rx.reduce((_, value) => value)), folds),
  source('count', (probe) => probe.pipe(rx.count()), folds),
  source('max', (probe) => probe.pipe(rx.max((a, b) => a.key - b.key)), folds),
  source('min', (probe) => probe.pipe(rx.min((a, b) => a.key - b.key)), folds),
  source('every', (probe) => probe.pipe(rx.every(() => true)), folds),
  source('findIndex', (probe) => probe.pipe(rx.findIndex(({ key }) => key === 1))),
  source('isEmpty', (probe) => probe.pipe(rx.isEmpty())),
  source('forkJoin', (probe) => rx.forkJoin([probe, other]), folds),

  // By time.
  source('audit', (probe, { later }) => probe.pipe(rx.audit(later)), conflates),
  source('auditTime', (probe, { clock }) => probe.pipe(rx.auditTime(2, clock)), conflates),
  source('debounce', (probe, { later }) => probe.pipe(rx.debounce(later)), conflates),
  source('debounceTime', (probe, { clock }) => probe.pipe(rx.debounceTime(2, clock)), conflates),
  source('sample', (probe, { clock }) => probe.pipe(rx.sample(rx.interval(2, clock))), conflates),
  source('sampleTime', (probe, { clock }) => probe.pipe(rx.sampleTime(2, clock)), conflates),
  source('throttle', (probe, { later }) => probe.pipe(rx.throttle(later)), conflates),
  source('throttleTime', (probe, { clock }) => probe.pipe(rx.throttleTime(2, clock)), conflates),
  source(
    'timeout',
    (probe, { clock }) => probe.pipe(rx.timeout({ each: 5000, scheduler: clock })),
    {
      note: 'takes a source that waits for a slow one; put it above the first stage or below the last',
    },
  ),
  source('timeoutWith', (probe, { clock }) => probe.pipe(rx.timeoutWith(5000, rx.NEVER, clock)), {
    note: 'as `timeout`',
  }),
  source('subscribeOn', (probe, { clock }) => probe.pipe(rx.subscribeOn(clock))),

  // Again, or something else instead.
  source('catchError', (probe) => probe.pipe(rx.catchError(() => rx.EMPTY))),
  inner('catchError', (probe) => failing.pipe(rx.catchError(() => probe))),
  source('onErrorResumeNext', (probe) => rx.onErrorResumeNext(probe, other)),
  inner('onErrorResumeNext', (probe) => rx.onErrorResumeNext(failing, probe)),
  source('onErrorResumeNextWith', (probe) => probe.pipe(rx.onErrorResumeNextWith(other)), young),
  inner('onErrorResumeNextWith', (probe) => failing.pipe(rx.onErrorResumeNextWith(probe)), young),
  source('retry', (probe) => probe.pipe(rx.retry(2))),
  source('retryWhen', (probe) => probe.pipe(rx.retryWhen((errors) => errors))),
  source('repeat', (probe) => probe.pipe(rx.take(2), rx.repeat(5))),
  source('repeatWhen', (probe) =>
    probe.pipe(
      rx.take(2),
      rx.repeatWhen((ends) => ends),
    ),
  ),
  inner('timeout', (probe, { clock }) =>
    rx.NEVER.pipe(rx.timeout({ each: 1, with: () => probe, scheduler: clock })),
  ),
  inner('timeoutWith', (probe, { clock }) => rx.NEVER.pipe(rx.timeoutWith(1, probe, clock))),
  source('defaultIfEmpty', (probe) => probe.pipe(rx.defaultIfEmpty(OTHER))),
  source('throwIfEmpty', (probe) => probe.pipe(rx.throwIfEmpty())),

  // One source of several.
  source('concat', (probe) => rx.concat(probe, other)),
  inner('concat', (probe) => rx.concat(other, probe)),
  source('concatWith', (probe) => probe.pipe(rx.concatWith(other))),
  inner('concatWith', (probe) => other.pipe(rx.concatWith(probe))),
  source('startWith', (probe) => probe.pipe(rx.startWith(OTHER))),
  source('endWith', (probe) => probe.pipe(rx.endWith(OTHER))),
  source('merge', (probe) => rx.merge(open, probe)),
  source('mergeWith', (probe) => probe.pipe(rx.mergeWith(open))),
  inner('mergeWith', (probe) => open.pipe(rx.mergeWith(probe))),
  source('race', (probe) => rx.race(rx.NEVER, probe)),
  source('raceWith', (probe) => probe.pipe(rx.raceWith(rx.NEVER))),
  inner('raceWith', (probe) => rx.NEVER.pipe(rx.raceWith(probe))),
  source('combineLatest', (probe) => rx.combineLatest([open, probe])),
  source('combineLatestWith', (probe) => probe.pipe(rx.combineLatestWith(open))),
  inner('combineLatestWith', (probe) => open.pipe(rx.combineLatestWith(probe))),
  inner('combineLatestAll', (probe) => rx.of(open, probe).pipe(rx.combineLatestAll())),
  inner('combineAll', (probe) => rx.of(open, probe).pipe(rx.combineAll()), old),
  source('withLatestFrom', (probe) => probe.pipe(rx.withLatestFrom(open))),
  inner('withLatestFrom', (probe, { clock }) =>
    rx.interval(1, clock).pipe(
      rx.take(2),
      rx.map(() => OTHER),
      rx.withLatestFrom(probe),
    ),
  ),
  source('defer', (probe) => rx.defer(() => probe)),
  source('iif', (probe) => rx.iif(() => true, probe, other)),
  source('using', (probe) =>
    rx.using(
      () => undefined,
      () => probe,
    ),
  ),
  source('from', (probe) => rx.from(probe)),

  // An inner Observable for each value.
  source(
    'concatAll',
    (probe) =>
      probe.pipe(
        rx.map((value) => rx.of(value)),
        rx.concatAll(),
      ),
    synchronous,
  ),
  inner('concatAll', (probe) => rx.of(probe).pipe(rx.concatAll())),
  source('concatMap', (probe) => probe.pipe(rx.concatMap((value) => rx.of(value))), synchronous),
  inner('concatMap', (probe) => other.pipe(rx.concatMap(() => probe))),
  source('concatMapTo', (probe) => probe.pipe(rx.concatMapTo(rx.of('value'))), synchronous),
  inner('concatMapTo', (probe) => other.pipe(rx.concatMapTo(probe))),
  source(
    'mergeAll',
    (probe) =>
      probe.pipe(
        rx.map((value) => rx.of(value)),
        rx.mergeAll(),
      ),
    synchronous,
  ),
  inner('mergeAll', (probe) => rx.of(probe).pipe(rx.mergeAll())),
  source('mergeMap', (probe) => probe.pipe(rx.mergeMap((value) => rx.of(value))), synchronous),
  inner('mergeMap', (probe) => other.pipe(rx.mergeMap(() => probe))),
  source('flatMap', (probe) => probe.pipe(rx.flatMap((value) => rx.of(value))), {
    ...synchronous,
    ...old,
  }),
  inner('flatMap', (probe) => other.pipe(rx.flatMap(() => probe)), old),
  source('mergeMapTo', (probe) => probe.pipe(rx.mergeMapTo(rx.of('value'))), synchronous),
  inner('mergeMapTo', (probe) => other.pipe(rx.mergeMapTo(probe))),
  source(
    'mergeScan',
    (probe) => probe.pipe(rx.mergeScan((_, value) => rx.of(value), OTHER)),
    synchronous,
  ),
  inner('mergeScan', (probe) => other.pipe(rx.mergeScan(() => probe, OTHER))),
  source('expand', (probe) => probe.pipe(rx.expand(() => rx.EMPTY)), synchronous),
  inner('expand', (probe) =>
    other.pipe(rx.expand((value) => (value === OTHER ? probe : rx.EMPTY))),
  ),
  source('exhaustAll', (probe, { later }) => probe.pipe(rx.map(later), rx.exhaustAll()), drops),
  inner('exhaustAll', (probe) => rx.of(probe).pipe(rx.exhaustAll())),
  source('exhaust', (probe, { later }) => probe.pipe(rx.map(later), rx.exhaust()), {
    ...drops,
    ...old,
  }),
  inner('exhaust', (probe) => rx.of(probe).pipe(rx.exhaust()), old),
  source('exhaustMap', (probe, { later }) => probe.pipe(rx.exhaustMap(later)), drops),
  inner('exhaustMap', (probe) => other.pipe(rx.exhaustMap(() => probe))),
  source('switchAll', (probe, { later }) => probe.pipe(rx.map(later), rx.switchAll()), replaces),
  inner('switchAll', (probe) => rx.of(probe).pipe(rx.switchAll())),
  source('switchMap', (probe, { later }) => probe.pipe(rx.switchMap(later)), replaces),
  inner('switchMap', (probe) => other.pipe(rx.switchMap(() => probe))),
  source('switchMapTo', (probe, { later }) => probe.pipe(rx.switchMapTo(later('value'))), replaces),
  inner('switchMapTo', (probe) => other.pipe(rx.switchMapTo(probe))),
  source(
    'switchScan',
    (probe, { later }) => probe.pipe(rx.switchScan((_, value) => later(value), OTHER)),
    replaces,
  ),
  inner('switchScan', (probe) => other.pipe(rx.switchScan(() => probe, OTHER))),

  // Groups and windows that are put together again as they are.
  source(
    'groupBy',
    (probe) =>
      probe.pipe(
        rx.groupBy(({ key }) => key % 2),
        rx.mergeAll(),
      ),
    merged,
  ),
  source(
    'window',
    (probe, { clock }) => probe.pipe(rx.window(rx.interval(2, clock)), rx.mergeAll()),
    merged,
  ),
  source('windowCount', (probe) => probe.pipe(rx.windowCount(2), rx.mergeAll()), merged),
  source(
    'windowTime',
    (probe, { clock }) => probe.pipe(rx.windowTime(2, clock), rx.mergeAll()),
    merged,
  ),
  source(
    'windowToggle',
    (probe) =>
      probe.pipe(
        rx.windowToggle(open, () => rx.NEVER),
        rx.mergeAll(),
      ),
    merged,
  ),
  source(
    'windowWhen',
    (probe) =>
      probe.pipe(
        rx.windowWhen(() => rx.NEVER),
        rx.mergeAll(),
      ),
    merged,
  ),

  source('Observable', (probe) => new rx.Observable((subscriber) => probe.subscribe(subscriber)), {
    use: 'by hand, handing its subscriber on',
  }),
];
