import { EMPTY, NEVER, Subject, asyncScheduler, ignoreElements, map, merge, of, take, takeUntil, tap, throwError, timer } from 'rxjs';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import { pullFrom, StageMeter, TaskTimeoutError, workerPool, type DropReason } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { spec } from './bed.js';

/** A task that takes as many frames as the value says. */
const work = (frames: string) => timer(Number(frames)).pipe(map(() => frames));

function heard() {
  const dropped: [string, DropReason][] = [];
  return { dropped, onDrop: (value: string, reason: DropReason) => dropped.push([value, reason]) };
}

describe('workerPool', () => {
  spec('runs as many tasks as there are workers', ({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('  333-------|');
    const expected = '    ---33-3---|';
    expectObservable(source.pipe(workerPool(2, work))).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe('^---------!');
  });

  spec('results come as they are ready, or in order', ({ hot, expectObservable }) => {
    const source = hot('  512|     ');
    const unordered = '   --1-2(5|)';
    const ordered = '     -----(512|)';
    expectObservable(source.pipe(workerPool(3, work))).toBe(unordered);
    expectObservable(source.pipe(workerPool(3, work, { ordered: true }))).toBe(ordered);
  });

  spec('ordered: a slow head stops new starts', ({ expectObservable, flush }) => {
    const startedAt: number[] = [];
    const pipe = pullFrom('9111').pipe(
      workerPool(2, (frames, { index }) => {
        startedAt[index] = asyncScheduler.now();
        return work(frames);
      }, { ordered: true }),
    );
    const results: [number, string][] = [];
    const timed = pipe.pipe(tap((result) => results.push([asyncScheduler.now(), result])), ignoreElements());
    expectObservable(timed).toBe('----------|');
    flush();
    expect(startedAt).toEqual([0, 0, 9, 9]);
    expect(results).toEqual([[9, '9'], [9, '1'], [10, '1'], [10, '1']]);
  });

  spec('values of one key run one at a time, and do not hold up the others', ({ hot, expectObservable }) => {
    const source = hot('  44-1|      ');
    const expected = '    ----(41)(4|)';
    const keyBy = (frames: string) => frames;
    expectObservable(source.pipe(workerPool(3, work, { keyBy }))).toBe(expected);
  });

  spec("a task's error errors the pipe at once, and drops what ran or waited", ({ hot, expectObservable, flush }) => {
    const { dropped, onDrop } = heard();
    const meter = new StageMeter();
    const source = hot('  9x-----|');
    const expected = '    --#     ';
    const project = (value: string) =>
      value === 'x' ? timer(1).pipe(map(() => { throw 'error'; })) : work(value);
    expectObservable(source.pipe(workerPool(2, project, { onDrop, meter }))).toBe(expected);
    flush();
    expect(dropped).toEqual([['9', 'error'], ['x', 'error']]);
    verifyConservation(meter);
  });

  spec("'skip' drops the value of a failed task, and goes on", ({ hot, expectObservable, flush }) => {
    const { dropped, onDrop } = heard();
    const source = hot('  axb|');
    const expected = '    a-b|';
    const project = (value: string) => (value === 'x' ? throwError(() => 'error') : of(value));
    expectObservable(source.pipe(workerPool(2, project, { onDrop, onTaskError: 'skip' }))).toBe(expected);
    flush();
    expect(dropped).toEqual([['x', 'task-error']]);
  });

  spec('what onTaskError returns takes the place of the task', ({ hot, expectObservable }) => {
    const source = hot('  axb|');
    const expected = '    ayb|';
    const project = (value: string) => (value === 'x' ? throwError(() => 'y') : of(value));
    const onTaskError = (error: unknown) => of(String(error));
    expectObservable(source.pipe(workerPool(2, project, { onTaskError }))).toBe(expected);
  });

  spec('a project that throws is a task that fails', ({ hot, expectObservable }) => {
    const source = hot('  a-x-|');
    const expected = '    a-#  ';
    const project = (value: string) => {
      if (value === 'x') throw 'error';
      return of(value);
    };
    expectObservable(source.pipe(workerPool(1, project))).toBe(expected);
  });

  spec('a task that takes too long is aborted, and fails', ({ hot, expectObservable, flush }) => {
    const signals: AbortSignal[] = [];
    const source = hot('  a--------|');
    const expected = '    ----#     ';
    const project = (_: string, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return NEVER;
    };
    const pipe = source.pipe(workerPool(1, project, { taskTimeout: 4 }));
    expectObservable(pipe).toBe(expected, {}, new TaskTimeoutError('a', 4));
    flush();
    expect(signals.map((signal) => signal.reason as unknown)).toEqual([new TaskTimeoutError('a', 4)]);
  });

  spec('unsubscribed, it aborts what runs and drops what is held', ({ hot, expectObservable, expectSubscriptions, flush }) => {
    const { dropped, onDrop } = heard();
    const signals: AbortSignal[] = [];
    const source = hot('  abcd-----');
    const unsub = '       -----!   ';
    const expected = '    ---------';
    const project = (_: string, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return NEVER;
    };
    expectObservable(source.pipe(workerPool(2, project, { onDrop })), unsub).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe('^----!');
    flush();
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true]);
    expect(dropped).toEqual(['a', 'b', 'c', 'd'].map((value) => [value, 'unsubscribed']));
  });

  spec('with a slow consumer, at most `concurrency` tasks run ahead', ({ cold, expectObservable, flush }) => {
    const meter = new StageMeter();
    let read = 0;
    function* letters() {
      for (const letter of 'abcdefgh') {
        read++;
        yield letter;
      }
    }
    const ticks = cold('  ---x--x--- ');
    const expected = '    ---a--b--- ';
    const pipe = pullFrom(letters()).pipe(
      workerPool(2, (value) => of(value), { queue: 1, meter }),
      takeOn(ticks),
    );
    expectObservable(pipe, '---------!').toBe(expected);
    flush();
    expect([read, meter.maxHeld]).toEqual([5, 3]);
  });

  spec('takeUntil below releases a source under take', ({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('  22222222');
    const stop = hot('    -----x  ');
    const expected = '    --222|  ';
    expectObservable(source.pipe(take(6), workerPool(2, work), takeUntil(stop))).toBe(expected);
    expectSubscriptions(source.subscriptions).toBe('^----!');
  });

  spec('a consumer may push, and complete, from inside next', ({ expectObservable }) => {
    const source = new Subject<number>();
    const pipe = merge(source.pipe(workerPool(2, (n) => of(n))), EMPTY).pipe(
      map((n) => {
        if (n < 5) source.next(n + 1);
        else source.complete();
        return String(n);
      }),
    );
    expectObservable(pipe).toBe('-(12345|)');
    timer(1).subscribe(() => source.next(1));
  });

  spec('empty, never and failing sources', ({ expectObservable }) => {
    expectObservable(EMPTY.pipe(workerPool(1, work))).toBe('|');
    expectObservable(NEVER.pipe(workerPool(1, work))).toBe('-');
    expectObservable(throwError(() => 'error').pipe(workerPool(1, work))).toBe('#');
  });
});
