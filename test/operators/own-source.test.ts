import { NEVER, Observable, Subject, merge, takeUntil } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, demandOf } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { whenRoom } from '../support/when-room.js';

/** The source that the documentation of `demandOf` shows. */
function naturals(woken: () => void = () => {}) {
  return new Observable<number>((subscriber) => {
    const demand = demandOf(subscriber);
    let n = 0;
    const produce = (): void => {
      while (!subscriber.closed) {
        if (demand?.available === 0) {
          whenRoom(subscriber, demand, () => {
            woken();
            produce();
          });
          return;
        }
        subscriber.next(n++);
      }
    };
    produce();
  });
}

describe('a source of one\u2019s own waits no longer when it is left', () => {
  it('as its wait begins', () => {
    const stop = new Subject<void>();
    let paced = 0;
    const pace = new Observable<never>(() => {
      paced++;
      stop.next();
      return () => paced--;
    });
    merge(naturals(() => expect.fail('it has left')).pipe(takeUntil(stop)), NEVER)
      .pipe(bufferedChannel(0, { pace }))
      .subscribe();
    expect(paced).toBe(0);
  });

  it('after it was resumed at once, and waits again', () => {
    const stop = new Subject<void>();
    const pace = new Subject<void>();
    const got: number[] = [];
    const atOnce = new Observable<void>((subscriber) => {
      if (got.length === 0) subscriber.next();
      pace.subscribe(subscriber);
    });
    merge(naturals().pipe(takeUntil(stop)), NEVER)
      .pipe(bufferedChannel(0, { pace: atOnce }))
      .subscribe((n) => got.push(n));
    expect([got, pace.observed]).toEqual([[0], true]);
    stop.next();
    expect(pace.observed).toBe(false);
  });

  it('before its turn among several', () => {
    const ticks = new Subject<void>();
    const stop = new Subject<void>();
    const got: number[] = [];
    merge(naturals(), naturals().pipe(takeUntil(stop)))
      .pipe(bufferedChannel(0), takeOn(ticks))
      .subscribe((n) => got.push(n));
    for (let tick = 0; tick < 4; tick++) ticks.next();
    stop.next();
    for (let tick = 0; tick < 2; tick++) ticks.next();
    expect(got).toEqual([0, 0, 1, 1, 2, 3]);
  });
});
