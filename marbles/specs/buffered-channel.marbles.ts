import { EMPTY, NEVER, map, take, takeUntil, throwError, timer } from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import { bufferedChannel, pullFrom, StageMeter, workerPool, type DropReason } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { spec } from './bed.js';

const slow = (frames: number) =>
  workerPool(1, (value: string) => timer(frames).pipe(map(() => value)), { queue: 0 });

describe('bufferedChannel', () => {
  spec('passes everything on where nothing below can say wait', ({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('  -a-(bc)-|');
    const expected = '    -a-(bc)-|';
    expectObservable(source.pipe(bufferedChannel(1))).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe('^-------!');
  });

  spec('holds what a slow consumer cannot take yet', ({ hot, expectObservable }) => {
    const source = hot('  abc------|');
    const expected = '    ---a--b--(c|)';
    expectObservable(source.pipe(bufferedChannel(2), slow(3))).toBe(expected);
  });

  spec('a source that waits is read ahead by `capacity`, and no further', ({ expectObservable, flush }) => {
    const meter = new StageMeter();
    let read = 0;
    function* letters() {
      for (const letter of 'abcdef') {
        read++;
        yield letter;
      }
    }
    const expected = '    ---a--b--c--d--e--(f|)';
    expectObservable(pullFrom(letters()).pipe(bufferedChannel(2, { meter }), slow(3))).toBe(expected);
    flush();
    expect([read, meter.maxHeld, meter.parked]).toEqual([6, 2, 0]);
  });

  spec('a rendezvous has room when its consumer has', ({ expectObservable }) => {
    let read = 0;
    const seen: number[] = [];
    function* letters() {
      for (const letter of 'abc') {
        read++;
        yield letter;
      }
    }
    const pipe = pullFrom(letters()).pipe(
      bufferedChannel(0),
      bufferedChannel(0),
      slow(2),
      map((value) => {
        seen.push(read);
        return value;
      }),
    );
    expectObservable(pipe).toBe('--a-b-(c|)');
  });

  spec('each emission of pace releases one value, and it is heard only while one waits', ({ hot, cold, expectObservable, expectSubscriptions }) => {
    const source = hot('  -abcd--------|');
    const pace = cold('    ---x---x---x ');
    const expected = '    ----c---d----|';
    expectObservable(source.pipe(bufferedChannel(2, { pace, overflow: 'drop-oldest' }))).toBe(expected);
    expectSubscriptions(pace.subscriptions).toBe('-^------!');
  });

  spec('credit is banked', ({ hot, cold, expectObservable }) => {
    const source = hot('  abcde|');
    const credit = cold(' --a-----b', { a: 2, b: 5 });
    const expected = '    --(ab)--(cde|)';
    expectObservable(source.pipe(bufferedChannel(9, { credit }))).toBe(expected);
  });

  for (const [overflow, expected, lost] of [
    ['drop-oldest', '---a--d--(e|)', ['b', 'c']],
    ['drop-newest', '---a--b--(c|)', ['d', 'e']],
  ] as const) {
    spec(`${overflow} loses ${lost.join(' and ')}, and says so`, ({ hot, expectObservable, flush }) => {
      const meter = new StageMeter();
      const dropped: [string, DropReason][] = [];
      const onDrop = (value: string, reason: DropReason) => dropped.push([value, reason]);
      const source = hot('ab(cde)|');
      const pipe = source.pipe(bufferedChannel(2, { overflow, onDrop, meter }), slow(3));
      expectObservable(pipe).toBe(expected);
      flush();
      expect(dropped).toEqual(lost.map((value) => [value, 'overflow']));
      verifyConservation(meter);
    });
  }

  spec('an error is seen after what is held, or at once', ({ hot, expectObservable }) => {
    const source = hot('  ab-#');
    const drained = '     ---a--(b#)';
    const immediate = '   ---#';
    expectObservable(source.pipe(bufferedChannel(2), slow(3))).toBe(drained);
    expectObservable(
      source.pipe(bufferedChannel(2, { errors: 'immediate', pace: NEVER })),
    ).toBe(immediate);
  });

  spec('take above and takeUntil below release the source in the same turn', ({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('  abcdefgh');
    const stop = hot('    -----x  ');
    const expected = '    ---a-|';
    expectObservable(source.pipe(take(2), bufferedChannel(4), slow(3), takeUntil(stop))).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe('^!');
  });

  spec('empty, never and failing sources', ({ expectObservable }) => {
    expectObservable(EMPTY.pipe(bufferedChannel(1))).toBe('|');
    expectObservable(NEVER.pipe(bufferedChannel(1))).toBe('-');
    expectObservable(throwError(() => 'error').pipe(bufferedChannel(1))).toBe('#');
  });
});
