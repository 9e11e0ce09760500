import { EMPTY, NEVER, Subject, map, of, pipe, take, takeUntil, throwError, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { adaptiveThrottle, bufferedChannel, ChannelOverflowError, conflate, DemandRequiredError, describeLink, pullFrom, type AdaptiveThrottleOptions, type LinkReport } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, spec, type Given, type Seen } from './bed.js';

/** A throttle that holds nothing: what waits is read when it goes. Above a stage from which nobody takes. */
const above = (places: number, options: Partial<AdaptiveThrottleOptions<string>>) => (seen: Seen): MonoTypeOperatorFunction<string> =>
  pipe(adaptiveThrottle({ ...seen, minDelay: 1, maxDelay: 5, target: 2, queue: 0, ...options }), bufferedChannel(places));

/** A throttle with a fixed delay, above a consumer that takes all it is given. */
const fixed = (delay: number, options: Partial<AdaptiveThrottleOptions<string>> = {}) => (seen: Seen): MonoTypeOperatorFunction<string> =>
  adaptiveThrottle({ ...seen, minDelay: delay, maxDelay: delay, target: 1, ...options });

const fed = (options: Partial<AdaptiveThrottleOptions<string>> = {}) => (seen: Seen, given: Given): MonoTypeOperatorFunction<string> =>
  adaptiveThrottle({ ...seen, minDelay: 1, maxDelay: 9, target: 4, feedback: given('feedback').pipe(map((length) => Number(length))), ...options });

describe('adaptiveThrottle', () => {
  describe('reads the delay from how many wait below', () => {
    // a and b are 1 and 2 in line there: below and at the target. c is between, d at twice it, e beyond.
    drawn("'linear': the least up to the target, the most at twice the target", above(9, {}), {
      pull:     'abcdef',
      reads:    'abc--d----e----f----|',
      ticks:    '---------------------',
      expected: '---------------------',
      timers:   ['^!', '-^!', '--^--!', '-----^----!', '----------^----!', '---------------^----!'],
    });

    drawn("'linear': shrinks again when the line does", above(9, {}), {
      pull:     'abcdef',
      reads:    'abc--d----ef--|',
      ticks:    '------(xxx)----',
      expected: '------(abc)----',
      diagram:  { file: 'adaptive-throttle', of: 'operators/adaptive-throttle.ts', title: 'The delay grows and shrinks with what waits in the stage below', call: 'adaptiveThrottle({ minDelay: 1, maxDelay: 5, target: 2 }) | bufferedChannel(9)' },
    });

    drawn('a target of 1', above(9, { target: 1 }), {
      pull:     'abcd',
      reads:    'ab----c----d----|',
      ticks:    '-----------------',
      expected: '-----------------',
    });

    drawn('a law of one’s own, kept within the limits', above(9, { law: (waiting) => [0, 3, 0, 99][waiting] ?? 2 }), {
      pull:     'abcd',
      reads:    'a--bc----d-|',
      ticks:    '------------',
      expected: '------------',
    });

    spec('a law hears what it may go by', ({ seen }) => {
      const heard: unknown[] = [];
      const law = (...all: unknown[]): number => heard.push(...all);
      of('a').pipe(above(3, { law, minDelay: 1, maxDelay: 5, target: 2 })(seen), takeOn(NEVER)).subscribe();
      expect(heard).toEqual([1, { delay: 1, minDelay: 1, maxDelay: 5, target: 2 }]);
    });

    drawn("'aimd': halves the rate while the line grows beyond the target, and raises it by steps", above(20, { law: 'aimd', maxDelay: 8, target: 1 }), {
      pull:     'abcdef',
      // 1 ms, then the second in line doubles it, then 4, 8, and no more.
      reads:    'ab-c---d-------e-------f-------|',
      ticks:    '--------------------------------',
      expected: '--------------------------------',
    });

    drawn('with no stage below there is nothing to read: the least', (seen) => adaptiveThrottle({ ...seen, minDelay: 2, maxDelay: 9, target: 1 }), {
      source:   'abc-----|',
      sub:      '^-------!',
      expected: 'a-b-c---|',
      timers:   ['-^!', '--^-!'],
      held:     '01-100--0',
    });
  });

  describe('is told from elsewhere', () => {
    drawn('each number sets the delay, at once', fed(), {
      source:   'ab---c-------d---------|',
      sub:      '^----------------------!',
      given: {
        feedback: ['0-----8---6----4----4--', '^----------------------!'],
      },
      expected: 'ab---c-------d---------|',
    });

    drawn('a value that waits waits as long as the last number says', fed(), {
      source:   '-ab---------c-|       ',
      sub:      '^-------------!       ',
      given: {
        //        9, then 5 ms after a; then at once after b
        feedback: ['8--6--------0-', '^-------------!'],
      },
      expected: '-a----b-----c-|       ',
      timers:   ['--^!', '---^--!'],
    });

    drawn('completes, and what waits below is read again', (seen, given) => pipe(fed({ queue: 0 })(seen, given), bufferedChannel(9)), {
      pull:     'abc',
      reads:    'a--------bc|',
      given: {
        feedback: ['8--|', '^--!'],
      },
      ticks:    '-------------',
      expected: '-------------',
    });

    drawn('fails, and the pipe with it', fed(), {
      source:   'ab---',
      sub:      '^-!  ',
      given: {
        feedback: ['8-#', '^-!'],
      },
      expected: 'a-#  ',
      drops:    '--b  ',
      why:      'error',
    });

    drawn('what is no length fails it', fed(), {
      source:   'a----',
      sub:      '^-!  ',
      given: {
        feedback: ['0-x', '^-!'],
      },
      expected: 'a-#  ',
      error:    new RangeError('Expected `feedback` to be a number ≥ 0, got NaN'),
    });
  });

  describe('keeps time', () => {
    drawn('the first value goes at once; a timer is set only while one waits', fixed(3), {
      source:   '-a-------b-c----|',
      sub:      '^---------------!',
      expected: '-a-------b--c---|',
      timers:   ['-----------^!'],
    });

    drawn('each of a burst has its turn', fixed(2), {
      sync:     'abcd',
      reads:    '(abcd|)   ',
      expected: 'a-b-c-(d|)',
      parked:   '2-1100-0  ',
    });

    drawn('without a delay everything passes', fixed(0), {
      sync:     'abcd',
      reads:    '(abcd|)',
      expected: '(abcd|)',
      timers:   [],
    });

    drawn('what waited for the consumer is not made up for', fixed(2), {
      source:   'abcd-------|',
      sub:      '^----------!',
      ticks:    '------xxxxxx',
      expected: '------a-b-c-(d|)',
      held:     '1234--3322110',
    });

    drawn('no timer while the consumer has no room', fixed(4), {
      source:   'ab-------|    ',
      sub:      '^--------!    ',
      ticks:    'x-----x-------',
      expected: 'a-----b--|    ',
      timers:   [],
    });

    spec('an alarm that rings late shifts nothing: what was due meanwhile goes with it', ({ seen }) => {
      let now = 0;
      let ring: (() => void) | undefined;
      const scheduler = {
        now: () => now,
        schedule: (task: () => void) => {
          ring = task;
          return { unsubscribe: () => (ring = undefined) };
        },
      } as never;
      const went: [string, number][] = [];
      const source = new Subject<string>();
      source.pipe(fixed(10, { scheduler })(seen)).subscribe((letter) => went.push([letter, now]));
      for (const letter of 'abcdef') source.next(letter);
      now = 35;
      ring!(); // for 10: late
      now = 39; // early, as timers of a host can be
      ring!();
      now = 40;
      ring!();
      expect(went).toEqual([['a', 0], ['b', 35], ['c', 35], ['d', 35], ['e', 40]]);
    });
  });

  describe('reads a source that waits', () => {
    drawn('one ahead by itself', fixed(5), {
      pull:     'abc',
      reads:    '(ab)-c----|   ',
      expected: 'a----b----(c|)',
      held:     '1-----1---00  ',
    });

    drawn('when its turn has come, at a queue of 0', fixed(3, { queue: 0 }), {
      pull:     'abc',
      reads:    'a--b--c--|',
      expected: 'a--b--c--|',
      timers:   ['^--!', '---^--!', '------^--!'],
    });

    drawn('no faster than the consumer takes', fixed(2), {
      pull:     'abc',
      reads:    'a----b---c--|   ',
      ticks:    '-----x---x--x-  ',
      expected: '-----a---b--(c|)',
    });
  });

  describe('when a value comes and the queue is full', () => {
    drawn("'block' parks it, in order", fixed(3), {
      source:   'abc|',
      sub:      '^--!',
      expected: 'a--b--(c|)',
      parked:   '0-10',
    });

    drawn("'drop-oldest' drops the one that has waited longest", fixed(3, { overflow: 'drop-oldest' }), {
      source:   'abc|',
      sub:      '^--!',
      expected: 'a--(c|)',
      drops:    '--b',
      why:      'overflow',
    });

    drawn("'drop-newest' lets the arriving one go", fixed(3, { overflow: 'drop-newest' }), {
      source:   'abc|',
      sub:      '^--!',
      expected: 'a--(b|)',
      drops:    '--c',
      why:      'overflow',
    });
  });

  describe('ends', () => {
    drawn('after what is held', fixed(3), {
      source:   'ab|',
      sub:      '^-!',
      expected: 'a--(b|)',
    });

    drawn('with the error, after what is held', fixed(3), {
      source:   'ab#',
      sub:      '^-!',
      expected: 'a--(b#)',
    });

    drawn("at once, with errors: 'immediate'", fixed(3, { errors: 'immediate' }), {
      source:   'ab#',
      sub:      '^-!',
      expected: 'a-#',
      drops:    '--b',
      why:      'error',
      timers:   '-^!',
    });

    drawn('by overflow', fixed(5, { overflow: 'error' }), {
      source:   'abc-',
      sub:      '^-! ',
      expected: 'a-# ',
      error:    new ChannelOverflowError(1, 1, 'c'),
      drops:    '--(cb)',
      why:      { c: 'overflow', b: 'error' },
    });

    drawn('by a law that throws', above(9, { law: () => { throw 'law'; } }), {
      source:   'a-b',
      sub:      '(^!)',
      ticks:    'x--',
      expected: '(a#)',
      error:    'law',
    });

    drawn('by a law that gives no delay', above(9, { law: () => NaN }), {
      source:   'a-b',
      sub:      '(^!)',
      ticks:    'x--',
      expected: '(a#)',
      error:    new RangeError('Expected `law(waiting)` to be a number of milliseconds ≥ 0, got NaN'),
    });

    drawn('when it is unsubscribed, while a timer is set', fixed(5), {
      source:   'ab----',
      sub:      '^--!  ',
      unsub:    '---!  ',
      expected: 'a-----',
      timers:   '-^-!  ',
      drops:    '---b  ',
      why:      'unsubscribed',
    });

    drawn('when it is unsubscribed, while it is idle', fixed(2), {
      source:   'ab----c',
      sub:      '^----! ',
      unsub:    '-----! ',
      expected: 'a-b----',
      timers:   '-^!    ',
    });

    drawn('when it is unsubscribed, while values are parked', fixed(5), {
      source:   'abcd---',
      sub:      '^---!  ',
      unsub:    '----!  ',
      expected: 'a------',
      timers:   '-^--!  ',
      drops:    '----(bcd)',
      why:      'unsubscribed',
      parked:   '0-120  ',
    });

    drawn('with take above it, after what is held', (seen) => pipe(take(2), fixed(3)(seen)), {
      source:   'abc',
      sub:      '^!',
      expected: 'a--(b|)',
    });

    drawn('with take below it, in the turn of its last value', (seen) => pipe(fixed(3)(seen), take(2)), {
      source:   'abc-d',
      sub:      '^--!',
      expected: 'a--(b|)',
      drops:    '---c',
      why:      'unsubscribed',
    });

    drawn('with takeUntil above it, after what is held', (seen) => pipe(takeUntil(timer(2)), fixed(3)(seen)), {
      source:   'ab-c-',
      sub:      '^-!',
      expected: 'a--(b|)',
    });

    drawn('with takeUntil below it, at once: what is held is dropped', (seen) => pipe(fixed(3)(seen), takeUntil(timer(2))), {
      source:   'ab-c-',
      sub:      '^-!',
      expected: 'a-|',
      timers:   '-^!',
      drops:    '--b',
      why:      'unsubscribed',
    });

    spec('as an empty, a silent or a failing source does', ({ expectObservable, seen }) => {
      expectObservable(EMPTY.pipe(fixed(1)(seen))).toBe('|');
      expectObservable(NEVER.pipe(fixed(1)(seen))).toBe('-');
      expectObservable(throwError(() => 'error').pipe(fixed(1)(seen))).toBe('#');
    });
  });

  spec('onDelay hears the delay at the start, and when it changes', ({ cold, later, seen }) => {
    const delays: number[] = [];
    const onDelay = (delay: number) => delays.push(delay);
    pullFrom('abcdef').pipe(above(9, { onDelay })(seen), takeOn(cold('-----------(xxxxxx)'))).subscribe();
    later(() => expect(delays).toEqual([1, 3, 5, 1]));
  });

  spec('a consumer that pushes from inside next: what it pushes has its turn', ({ expectObservable, seen }) => {
    const source = new Subject<string>();
    const pushing = source.pipe(
      fixed(2)(seen),
      map((letter) => {
        if (letter === 'a') for (const next of 'bc') source.next(next);
        if (letter === 'c') source.complete();
        return letter;
      }),
    );
    expectObservable(pushing).toBe('-a-b-(c|)');
    timer(1).subscribe(() => source.next('a'));
  });

  spec('says so where the stage below is too small for it, and only there', () => {
    const links: LinkReport[] = [];
    const linked = (capacity: number, feedback?: typeof NEVER) =>
      pullFrom('a')
        .pipe(
          adaptiveThrottle({ minDelay: 0, maxDelay: 1, target: 5, feedback, onLink: (link) => links.push(link) }),
          bufferedChannel(capacity),
          takeOn(NEVER),
        )
        .subscribe();
    linked(9);
    linked(10);
    linked(9, NEVER);
    expect(links.map(({ remark }) => remark)).toEqual([
      'its capacity is 9, under twice the target of 5: `maxDelay` is never reached',
      undefined,
      undefined,
    ]);
    expect(describeLink(links[0]!)).toBe(
      'adaptiveThrottle(0–1 ms) is linked to bufferedChannel(9); its capacity is 9, under twice the target of 5: `maxDelay` is never reached',
    );
  });

  spec('can require demand', ({ expectObservable, seen }) => {
    expectObservable(of('a').pipe(fixed(1, { requireDemand: true })(seen))).toBe('#', {}, new DemandRequiredError('adaptiveThrottle(1–1 ms)'));
    expectObservable(of('a').pipe(fixed(1, { requireDemand: true })(seen), conflate((a) => a))).toBe('(a|)');
  });
});
