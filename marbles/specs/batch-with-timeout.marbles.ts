import { map, throwError, timer } from 'rxjs';
import { batchWithTimeout, StageMeter, workerPool, type DropReason } from 'rxjs-sluice/operators';
import { verifyConservation } from 'rxjs-sluice/marbles';
import { describe, expect } from 'vitest';
import { spec } from './bed.js';

const xyz = {
  x: ['a', 'b', 'c'],
  y: ['d'],
  z: ['a', 'b'],
  w: ['c'],
};
const slow = (frames: number) =>
  workerPool(1, (batch: string[]) => timer(frames).pipe(map(() => batch)), { queue: 0 });

describe('batchWithTimeout', () => {
  spec('a full batch goes at once, the rest with completion', ({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('  -ab--c--d-|   ');
    const expected = '    -----x----(y|)';
    expectObservable(source.pipe(batchWithTimeout(3, 9))).toBe(expected, xyz);
    expectSubscriptions(source.subscriptions).toBe('^---------!');
  });

  spec('an open batch goes when its first value is `timeout` old', ({ hot, expectObservable }) => {
    const source = hot('  -a--b---------d-|   ');
    const expected = '    -----z----------(y|)';
    expectObservable(source.pipe(batchWithTimeout(9, 4))).toBe(expected, xyz);
  });

  spec("with timer 'idle' it goes when its last is", ({ hot, expectObservable }) => {
    const source = hot('  -a--b---------d-|   ');
    const expected = '    --------z-------(y|)';
    expectObservable(source.pipe(batchWithTimeout(9, 4, { timer: 'idle' }))).toBe(expected, xyz);
  });

  spec('timeout 0 gives a batch for each synchronous burst', ({ hot, expectObservable }) => {
    const source = hot('  (abc)-d|   ');
    const expected = '    x-----y|';
    expectObservable(source.pipe(batchWithTimeout(9, 0))).toBe(expected, xyz);
  });

  spec('timeout Infinity needs no clock', ({ hot, expectObservable }) => {
    const source = hot('  a 43200m b 43200m c-d|   ');
    const expected = '    - 43200m - 43200m x--(y|)';
    expectObservable(source.pipe(batchWithTimeout(3, Infinity))).toBe(expected, xyz);
  });

  spec('a timeout beyond the reach of a timer is kept', ({ hot, expectObservable }) => {
    const days = 86_400_000;
    const source = hot('  a 57600m |');
    const expected = '    2592000000ms a 864000000ms |';
    const pipe = source.pipe(batchWithTimeout(3, 30 * days));
    expectObservable(pipe).toBe(expected, { a: ['a'] });
  });

  spec('a heavy value closes the batch before it; one too heavy is a batch of its own', ({ hot, expectObservable }) => {
    const weights = { a: 1, b: 2, c: 9, d: 1 };
    const source = hot('  ab-c-d-|   ', weights);
    const expected = '    -p-q---(r|)';
    const batches = { p: [1, 2], q: [9], r: [1] };
    const weigh = (value: number) => value;
    expectObservable(source.pipe(batchWithTimeout(9, 99, { maxWeight: 3, weigh }))).toBe(expected, batches);
  });

  spec('a due batch waits for demand, and keeps filling', ({ hot, expectObservable, flush }) => {
    const meter = new StageMeter();
    const source = hot('  a--b---c-----|');
    const expected = '    ---------p------(q|)'; // b is due at 5, and goes at 9 with c
    const pipe = source.pipe(batchWithTimeout(3, 2, { meter }), slow(7));
    expectObservable(pipe).toBe(expected, { p: ['a'], q: ['b', 'c'] });
    flush();
    expect(meter.maxHeld).toBe(2);
  });

  spec("an error goes after the open batch, or at once and drops it with errors: 'immediate'", ({ hot, expectObservable, flush }) => {
    const dropped: [string, DropReason][] = [];
    const meter = new StageMeter();
    const source = hot('  -ab-#   ');
    const drained = '     ----(z#)';
    const immediate = '   ----#';
    expectObservable(source.pipe(batchWithTimeout(9, 9))).toBe(drained, xyz);
    expectObservable(
      source.pipe(
        batchWithTimeout(9, 9, { errors: 'immediate', meter, onDrop: (v: string, r) => dropped.push([v, r]) }),
      ),
    ).toBe(immediate);
    flush();
    expect(dropped).toEqual([['a', 'error'], ['b', 'error']]);
    verifyConservation(meter);
  });

  spec('what is in an open batch is dropped when it is unsubscribed', ({ hot, expectObservable, expectSubscriptions, flush }) => {
    const dropped: [string, DropReason][] = [];
    const source = hot('  -ab------');
    const unsub = '       ----!    ';
    const expected = '    ---------';
    expectObservable(
      source.pipe(batchWithTimeout(9, 9, { onDrop: (v: string, r) => dropped.push([v, r]) })),
      unsub,
    ).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe('^---!');
    flush();
    expect(dropped).toEqual([['a', 'unsubscribed'], ['b', 'unsubscribed']]);
  });

  spec('empty, never and failing sources', ({ cold, expectObservable }) => {
    expectObservable(cold('|').pipe(batchWithTimeout(2, 1))).toBe('|');
    expectObservable(cold('-').pipe(batchWithTimeout(2, 1))).toBe('-');
    expectObservable(throwError(() => 'error').pipe(batchWithTimeout(2, 1))).toBe('#');
  });

  spec('a weigh that throws errors the pipe, and drops what is held', ({ hot, expectObservable, flush }) => {
    const dropped: string[] = [];
    const source = hot('  a-b-|');
    const expected = '    --#  ';
    const weigh = (value: string) => {
      if (value === 'b') throw 'error';
      return 1;
    };
    const onDrop = (value: string) => dropped.push(value);
    expectObservable(source.pipe(batchWithTimeout(9, 9, { weigh, maxWeight: 9, onDrop }))).toBe(expected);
    flush();
    expect(dropped).toEqual(['a', 'b']);
  });
});
