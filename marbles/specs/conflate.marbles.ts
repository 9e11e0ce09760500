import { EMPTY, NEVER, Observable, Subject, mergeMap, take, takeUntil, throwError, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, conflate, demandOf, DemandRequiredError, pullFrom, StageMeter, type Demand } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, spec, type Seen } from './bed.js';

const join = (held: string, value: string): string => held + value;
const joined = (seen: Seen): MonoTypeOperatorFunction<string> => conflate(join, seen);

describe('conflate', () => {
  drawn('passes everything on where nothing below can say wait', joined, {
    source:   '-a-(bc)-|',
    sub:      '^-------!',
    expected: '-a-(bc)-|',
    held:     '-0-0----0',
  });

  drawn('passes each value from hand to hand while the consumer keeps up', joined, {
    source:   '-a-(bc)-|',
    sub:      '^-------!',
    ticks:    '(xxxx)---',
    expected: '-a-(bc)-|',
  });

  drawn('combines what comes while the consumer cannot take, and counts it', joined, {
    source:   'abc---de-f--|   ',
    sub:      '^-----------!   ',
    ticks:    '----x---x----x  ',
    expected: '----u---v----(w|)',
    values:   { u: 'abc', v: 'de', w: 'f' },
    held:     '123-0-1201---0  ',
    diagram:  { file: 'conflate', of: 'operators/conflate.ts', title: 'What comes while the consumer cannot take is combined', call: 'conflate((held, value) => held + value)' },
  });

  drawn('nothing overflows, however much comes', (seen) => conflate<string>((_, value) => value, { ...seen, maxParked: 0 } as Seen), {
    sync:     'abcdefgh',
    reads:    '(abcdefgh|)',
    ticks:    '---x       ',
    expected: '---(h|)    ',
    held:     '8--0       ',
    parked:   '0--0       ',
  });

  drawn('a source that waits is read one ahead, and nothing is combined', joined, {
    pull:     'abc',
    reads:    'a--b--c--|   ',
    ticks:    '---x--x--x   ',
    expected: '---a--b--(c|)',
    held:     '1--1--1--0   ',
  });

  drawn('but for what one pulled value expands into', (seen) => (source) => source.pipe(mergeMap((letter) => letter + letter), joined(seen)), {
    pull:     'ab',
    reads:    'a--b--|',
    ticks:    '---x--x',
    expected: '---a--(b|)',
    values:   { a: 'aa', b: 'bb' },
  });

  drawn('completes after what is held', joined, {
    source:   'ab|    ',
    sub:      '^-!    ',
    ticks:    '----x  ',
    expected: '----(u|)',
    values:   { u: 'ab' },
  });

  drawn('fails after what is held', joined, {
    source:   'ab#    ',
    sub:      '^-!    ',
    ticks:    '----x  ',
    expected: '----(u#)',
    values:   { u: 'ab' },
  });

  spec("fails at once with errors: 'immediate', and what was combined is dropped as one", () => {
    const meter = new StageMeter();
    const source = new Subject<string>();
    const heard: unknown[] = [];
    const onDrop = (...drop: unknown[]): void => void heard.push(drop, meter.dropped, meter.held);
    source.pipe(conflate(join, { meter, onDrop, errors: 'immediate' }), takeOn(NEVER)).subscribe({ error: (error) => heard.push(error) });
    for (const letter of 'abc') source.next(letter);
    source.error('error');
    expect(heard).toEqual([['abc', 'error'], 3, 0, 'error']);
  });

  spec('a reduce that throws fails the pipe, and drops the two', ({ cold, hot, seen, expectObservable, expectSubscriptions, expectDrops }) => {
    const source = hot('abc');
    const pipe = source.pipe(
      conflate((): string => {
        throw 'reduce';
      }, seen),
      takeOn(cold('------')),
    );
    expectObservable(pipe).toBe('-#', {}, 'reduce');
    expectSubscriptions(source).toBe('^!');
    expectDrops('-(ab)', 'error');
  });

  drawn('is unsubscribed while it holds', joined, {
    source:   '-a----',
    sub:      '^--!  ',
    ticks:    '------',
    unsub:    '---!  ',
    expected: '------',
    drops:    '---a  ',
    why:      'unsubscribed',
  });

  drawn('is unsubscribed while it is idle', joined, {
    source:   '-a-b--',
    sub:      '^--!  ',
    ticks:    'x-----',
    unsub:    '---!  ',
    expected: '-a----',
  });

  drawn('take below releases the source with its last value', (seen) => (source) => source.pipe(joined(seen), take(1)), {
    source:   'ab-c',
    sub:      '(^!)',
    expected: '(a|)',
  });

  drawn('take above releases the source, and what is held still goes', (seen) => (source) => source.pipe(take(2), joined(seen)), {
    source:   'ab-c---',
    sub:      '^!     ',
    ticks:    '----x  ',
    expected: '----(u|)',
    values:   { u: 'ab' },
  });

  drawn('takeUntil below releases the source, and what is held is dropped', (seen) => (source) => source.pipe(joined(seen), takeUntil(timer(3))), {
    source:   'a---b',
    sub:      '^--!',
    ticks:    '-----',
    expected: '---|',
    drops:    '---a',
    why:      'unsubscribed',
  });

  drawn('takeUntil above ends the source, and what is held still goes', (seen) => (source) => source.pipe(takeUntil(timer(2)), joined(seen)), {
    source:   'ab-c---',
    sub:      '^-!    ',
    ticks:    '----x  ',
    expected: '----(u|)',
    values:   { u: 'ab' },
  });

  spec('a consumer that pushes from inside next: what it pushes goes next', ({ seen }) => {
    const source = new Subject<string>();
    const heard: string[] = [];
    source.pipe(joined(seen)).subscribe((value) => {
      heard.push(value);
      if (value === 'a') for (const next of 'bc') source.next(next);
    });
    source.next('a');
    expect(heard).toEqual(['a', 'bc']);
  });

  spec('a reduce that pushes, or lets the consumer take: nothing is lost or taken twice', ({ seen, meter }) => {
    const source = new Subject<string>();
    const ticks = new Subject<void>();
    const heard: string[] = [];
    let calls = 0;
    source
      .pipe(
        conflate((held, value) => {
          if (calls++ === 0) {
            ticks.next();
            source.next('c');
          }
          return held + value;
        }, seen),
        takeOn(ticks),
      )
      .subscribe((value) => heard.push(value));
    source.next('a');
    source.next('b');
    expect([heard, meter.delivered, meter.held]).toEqual([['abc'], 3, 0]);
  });

  spec('a reduce that unsubscribes: all is dropped', ({ seen, meter, expectDrops }) => {
    const source = new Subject<string>();
    let demand: Demand | undefined;
    const subscription = new Observable<string>((subscriber) => {
      demand = demandOf(subscriber);
      return source.subscribe(subscriber);
    })
      .pipe(
        conflate((held, value) => {
          subscription.unsubscribe();
          return held + value;
        }, seen),
        takeOn(NEVER),
      )
      .subscribe();
    source.next('a');
    source.next('b');
    expect([meter.received, meter.dropped, demand?.waiting, source.observed]).toEqual([2, 2, 0, false]);
    expectDrops('(ab)', 'unsubscribed');
  });

  spec('of an empty, a silent or a failing source is that too', ({ expectObservable }) => {
    expectObservable(EMPTY.pipe(conflate(join))).toBe('|');
    expectObservable(NEVER.pipe(conflate(join))).toBe('-');
    expectObservable(throwError(() => 'error').pipe(conflate(join))).toBe('#');
  });

  spec('links to the stage below, and can require one', ({ expectObservable }) => {
    const links: unknown[] = [];
    pullFrom('ab').pipe(conflate(join, { onLink: (link) => links.push(link) }), bufferedChannel(1), takeOn(NEVER)).subscribe();
    expect(links).toMatchObject([{ from: 'conflate', to: 'bufferedChannel(1)', because: 'linked' }]);
    expectObservable(pullFrom('ab').pipe(conflate(join, { requireDemand: true }))).toBe('#', {}, new DemandRequiredError('conflate'));
  });
});
