import { EMPTY, NEVER, Subject, concat, map, of, pipe, take, takeUntil, takeWhile, tap, throwError, timer } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, ChannelOverflowError, DemandRequiredError, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, spec, type Given, type Seen } from './bed.js';

describe('bufferedChannel', () => {
  describe('between a source that pushes and a consumer', () => {
    drawn('passes everything on where nothing below can say wait', (seen) => bufferedChannel(1, seen), {
      source:   '-a-(bc)-|',
      sub:      '^-------!',
      expected: '-a-(bc)-|',
      held:     '-0-0----0',
    });

    drawn('holds what a slow consumer cannot take yet, and completes with the last value', (seen) => bufferedChannel(3, seen), {
      source:   'abc|          ',
      sub:      '^--!          ',
      ticks:    '----x--x--x---',
      expected: '----a--b--(c|)',
      held:     '123-2--1--0---',
      diagram:  { file: 'buffered-channel', of: 'operators/buffered-channel.ts', title: 'What a slow consumer cannot take yet is held', call: 'bufferedChannel(3)' },
    });

    drawn('holds nothing before a fast consumer: each value passes from hand to hand', (seen) => bufferedChannel(3, seen), {
      source:   '------a-b(cd)-|',
      sub:      '^-------------!',
      ticks:    '(xxxx)---------',
      expected: '------a-b(cd)-|',
      held:     '0-----0-00----0',
    });

    drawn('a consumer that stops is waited for', (seen) => bufferedChannel(3, seen), {
      source:   'ab--|  ',
      sub:      '^---!  ',
      ticks:    '--x----',
      expected: '--a----',
      held:     '121-1-1',
    });

    drawn('a source that emits while it is subscribed is held too', (seen) => bufferedChannel(3, seen), {
      sync:     'abc           ',
      reads:    '(abc|)        ',
      ticks:    '------x--x--x ',
      expected: '------a--b--(c|)',
      held:     '3-----2--1--0-',
    });
  });

  describe('reads a source that waits', () => {
    drawn('ahead by its capacity, and no further', (seen) => bufferedChannel(2, seen), {
      pull:     'abcd',
      reads:    '(ab)--c--d--|     ',
      ticks:    '------x--x--x--x  ',
      expected: '------a--b--c--(d|)',
      held:     '2-----2--2--1--0  ',
      parked:   '0-----0--0--0--0  ',
      diagram:  { file: 'buffered-channel-pull', title: 'A source that waits is read ahead by the capacity, and no further', call: 'bufferedChannel(2)' },
    });

    drawn('not ahead at a rendezvous: it has room when its consumer has', (seen) => bufferedChannel(0, seen), {
      pull:     'abc',
      reads:    '--a--b--c--|',
      ticks:    '--x--x--x--x',
      expected: '--a--b--c--|',
      held:     '0-0--0--0---',
    });

    drawn('not ahead at two rendezvous in a row', (seen) => pipe(bufferedChannel(0), bufferedChannel(0, seen)), {
      pull:     'abc',
      reads:    '--a--b--c--|',
      ticks:    '--x--x--x--x',
      expected: '--a--b--c--|',
    });

    drawn('ahead by the sum of two capacities in a row', (seen) => pipe(bufferedChannel(1), bufferedChannel(2, seen)), {
      pull:     'abcde',
      reads:    '(abc)--d---e---|           ',
      ticks:    '-------x---x---x---x---x   ',
      expected: '-------a---b---c---d---(e|)',
      held:     '2------2---2---2---1---0   ',
    });

    drawn('as fast as it goes where nothing below can say wait', (seen) => bufferedChannel(1, seen), {
      pull:     'abc',
      reads:    '(abc|)',
      expected: '(abc|)',
    });

    for (const overflow of ['block', 'drop-oldest', 'drop-newest', 'error'] as const) {
      drawn(`under overflow '${overflow}' too: nothing overflows`, (seen) => bufferedChannel(1, { ...seen, overflow }), {
        pull:     'abc',
        reads:    'a--b--c--|   ',
        ticks:    '---x--x--x   ',
        expected: '---a--b--(c|)',
        held:     '1--1--1--0   ',
      });
    }
  });

  describe('when a value comes and it is full', () => {
    drawn("'block' parks it, in order", (seen) => bufferedChannel(1, seen), {
      source:   'abc---------|',
      sub:      '^-----------!',
      ticks:    '-----x--x--x-',
      expected: '-----a--b--c|',
      held:     '123--2--1--0-',
      parked:   '012--1--0--0-',
      diagram:  { file: 'buffered-channel-block', title: "'block' parks what comes to a full channel, in order", call: 'bufferedChannel(1)' },
    });

    drawn("'block' fails beyond maxParked, ahead of what is held, and releases the source", (seen) => bufferedChannel(1, { ...seen, maxParked: 2 }), {
      source:   'a-b-c-d-e-|',
      sub:      '^-----!    ',
      ticks:    '---------x-',
      expected: '------#    ',
      error:    new ChannelOverflowError(3, 1, 'd'),
      drops:    '------(dabc)',
      why:      { d: 'overflow', rest: 'error' },
      parked:   '0-1-2-0    ',
    });

    drawn("'block' with maxParked 0 fails at the first", (seen) => bufferedChannel(1, { ...seen, maxParked: 0 }), {
      source:   'a-b-c-|',
      sub:      '^-!    ',
      ticks:    '-------',
      expected: '--#    ',
      error:    new ChannelOverflowError(1, 1, 'b'),
      drops:    '--(ba) ',
      why:      { b: 'overflow', a: 'error' },
    });

    drawn("'error' fails at once", (seen) => bufferedChannel(2, { ...seen, overflow: 'error' }), {
      source:   'a-b-c-d-|',
      sub:      '^---!    ',
      ticks:    '-------x-',
      expected: '----#    ',
      error:    new ChannelOverflowError(2, 2, 'c'),
      drops:    '----(cab)',
      why:      { c: 'overflow', rest: 'error' },
    });

    drawn("'drop-oldest' makes room at the head", (seen) => bufferedChannel(2, { ...seen, overflow: 'drop-oldest' }), {
      source:   'abcd|      ',
      sub:      '^---!      ',
      ticks:    '-----x-x   ',
      expected: '-----c-(d|)',
      drops:    '--ab       ',
      why:      'overflow',
      held:     '1222-1-0   ',
      parked:   '0000-0-0   ',
      diagram:  { file: 'buffered-channel-drop-oldest', title: "'drop-oldest' makes room at the head", call: "bufferedChannel(2, { overflow: 'drop-oldest' })" },
    });

    drawn("'drop-newest' lets the arriving one go", (seen) => bufferedChannel(2, { ...seen, overflow: 'drop-newest' }), {
      source:   'abcd|      ',
      sub:      '^---!      ',
      ticks:    '-----x-x   ',
      expected: '-----a-(b|)',
      drops:    '--cd       ',
      why:      'overflow',
      held:     '1222-1-0   ',
      diagram:  { file: 'buffered-channel-drop-newest', title: "'drop-newest' lets go what comes to a full channel", call: "bufferedChannel(2, { overflow: 'drop-newest' })" },
    });

    for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
      drawn(`a rendezvous with '${overflow}' keeps nothing`, (seen) => bufferedChannel(0, { ...seen, overflow }), {
        source:   'a-bc-d-|',
        sub:      '^------!',
        ticks:    '-x--x---',
        expected: '--b--d-|',
        drops:    'a--c----',
        why:      'overflow',
        held:     '0-00-0--',
      });
    }

    drawn("a rendezvous with 'error' fails when nobody is there to take", (seen) => bufferedChannel(0, { ...seen, overflow: 'error' }), {
      source:   '-a-b-|',
      sub:      '^--!  ',
      ticks:    'x-----',
      expected: '-a-#  ',
      error:    new ChannelOverflowError(0, 0, 'b'),
      drops:    '---b  ',
      why:      'overflow',
    });

    drawn("a rendezvous with 'block' parks", (seen) => bufferedChannel(0, seen), {
      source:   'ab-----|',
      sub:      '^------!',
      ticks:    '---x-x--',
      expected: '---a-b-|',
      parked:   '12-1-0--',
    });
  });

  describe('pace', () => {
    const paced = (capacity = 9) => (seen: Seen, given: Given) =>
      bufferedChannel<string>(capacity, { ...seen, pace: given('pace') });

    drawn('releases one value each time, and is heard only while one waits', paced(), {
      source:   '-ab--------c-----|',
      sub:      '^----------------!',
      given: {
        pace: [' ---x---x---x', ['-^------!', '-----------^--!']],
      },
      expected: '----a---b-----c--|',
      held:     '012-1---00-1--00--',
      diagram:  { file: 'buffered-channel-pace', title: 'Each emission of pace releases one value; it is heard only while one waits', call: 'bufferedChannel(9, { pace })' },
    });

    drawn('is not heard while nothing waits', paced(), {
      source:   '-------|',
      sub:      '^------!',
      given: {
        pace: ['--x--x', []],
      },
      expected: '-------|',
    });

    drawn('is not banked: what it emits while there is no room below is lost', paced(), {
      source:   'ab------------|',
      sub:      '^-------------!',
      ticks:    '-----x-----x---',
      given: {
        pace: ['--x---x--x--x', '^-----------!'],
      },
      expected: '------a-----b-|',
    });

    drawn('completes, and demand alone rules', paced(), {
      source:   'abc-----d-|',
      sub:      '^---------!',
      given: {
        pace: ['--x-|', '^---!'],
      },
      expected: '--a-(bc)d-|',
    });

    drawn('completes at once, and demand alone rules', () => bufferedChannel(9, { pace: of(1) }), {
      source:   'abc|',
      sub:      '^--!',
      expected: 'abc|',
    });

    drawn('fails, and the pipe with it', paced(), {
      source:   'abc-----d-|',
      sub:      '^---!      ',
      given: {
        pace: ['--x-#', '^---!'],
      },
      expected: '--a-#',
      drops:    '----(bc)',
      why:      'error',
    });

    drawn('goes on after the source has completed, until all is out', paced(), {
      source:   'ab|       ',
      sub:      '^-!       ',
      given: {
        pace: ['---x---x--x', '^------!'],
      },
      expected: '---a---(b|)',
    });

    drawn('paces a source that waits, at a rendezvous too', paced(0), {
      pull:     'abc',
      reads:    '---a--b--c--|',
      given: {
        pace: ['---x--x--x--x--x', '^-----------!'],
      },
      expected: '---a--b--c--|',
    });

    drawn('is left with the consumer', paced(), {
      source:   '-ab-----',
      sub:      '^-----! ',
      unsub:    '------! ',
      given: {
        pace: [' --x-----x', '-^----!'],
      },
      expected: '---a----',
      drops:    '------b ',
      why:      'unsubscribed',
    });
  });

  describe('pace with yieldEvery', () => {
    /** A consumer whose work takes 2 ms of a clock that only it moves. */
    const working = (yieldEvery: number) => (seen: Seen, given: Given) => {
      let now = 0;
      const scheduler = { now: () => now, schedule: () => { throw new Error('No timer is needed'); } };
      return pipe(
        bufferedChannel<string>(9, { ...seen, pace: given('pace'), yieldEvery, scheduler }),
        tap(() => (now += 2)),
      );
    };

    drawn('releases values until the budget is spent: the last begins within it', working(5), {
      sync:     'abcdefgh',
      reads:    '(abcdefgh|)',
      given: {
        pace: ['---x-------x-------x', '^------------------!'],
      },
      expected: '---(abc)---(def)---(gh|)',
    });

    drawn('none begins when the budget is just spent', working(4), {
      sync:     'abcd',
      reads:    '(abcd|)',
      given: {
        pace: ['---x-------x', '^----------!'],
      },
      expected: '---(ab)----(cd|)',
    });

    drawn('at least one, however small the budget', working(0), {
      sync:     'abc',
      reads:    '(abc|)',
      given: {
        pace: ['---x-x-x', '^------!'],
      },
      expected: '---a-b-(c|)',
    });

    drawn('is not banked: what comes when nothing waits any more waits for the next', working(99), {
      source:   'ab--c-d---|',
      sub:      '^---------!',
      given: {
        pace: ['--x', ['^-!', '----^-!']],
      },
      expected: '--(ab)(cd)|',
    });

    drawn('waits for demand as well', working(99), {
      sync:     'abcd',
      reads:    '(abcd|)',
      ticks:    'xx----x---x--',
      given: {
        pace: ['----x----x---x', '^------------!'],
      },
      expected: '----(ab)-c---(d|)',
    });
  });

  describe('credit', () => {
    const credited = (seen: Seen, given: Given) =>
      bufferedChannel<string>(9, { ...seen, credit: given('credit').pipe(map((count) => Number(count))) });

    drawn('allows that many values, and banks what is not used', credited, {
      source:   'abc-----def-|    ',
      sub:      '^-----------!    ',
      given: {
        credit: ['--2----3-------9--', '^--------------!'],
      },
      expected: '--(ab)-cde-----(f|)',
      held:     '121----0001----0 ',
    });

    drawn('is heard from the start, while nothing waits, and until the end', credited, {
      source:   '-----a-b|',
      sub:      '^-------!',
      given: {
        credit: ['-1-0-1-----', '^-------!'],
      },
      expected: '-----a-b|',
    });

    drawn('of Infinity lets everything pass', () => bufferedChannel(9, { credit: concat(of(Infinity), NEVER) }), {
      source:   '-ab-c|',
      sub:      '^----!',
      expected: '-ab-c|',
    });

    drawn('and demand must both allow it', credited, {
      source:   'abc--------|',
      sub:      '^----------!',
      ticks:    '---x----x-x-',
      given: {
        credit: ['-----2---1-', '^----------!'],
      },
      expected: '-----a--b-c|',
    });

    drawn('completes, and demand alone rules', credited, {
      source:   'abc-----d-|',
      sub:      '^---------!',
      given: {
        credit: ['--1-|', '^---!'],
      },
      expected: '--a-(bc)d-|',
    });

    drawn('fails, and the pipe with it', credited, {
      source:   'abc-----d-|',
      sub:      '^---!      ',
      given: {
        credit: ['--1-#', '^---!'],
      },
      expected: '--a-#',
      drops:    '----(bc)',
      why:      'error',
    });

    drawn('that fails at once leaves the source alone', () => bufferedChannel(9, { credit: throwError(() => 'error') }), {
      source:   'abc|',
      sub:      [],
      expected: '#',
    });

    for (const [bad, shown] of [[-1, '-1'], [1.5, '1.5'], [NaN, 'NaN'], ['2', '"2"']] as const) {
      drawn(`of ${shown} fails the pipe`, (seen, given) => bufferedChannel(9, { ...seen, credit: given('credit').pipe(map((): never => bad as never)) }), {
        source:   'ab------|',
        sub:      '^--!     ',
        given: {
          credit: ['---x----x', '^--!'],
        },
        expected: '---#     ',
        error:    new RangeError(`Expected \`credit\` to be an integer ≥ 0 or Infinity, got ${shown}`),
        drops:    '---(ab)  ',
        why:      'error',
      });
    }
  });

  describe('when the source fails', () => {
    drawn('what is held goes first', (seen) => bufferedChannel(2, seen), {
      source:   'ab#        ',
      sub:      '^-!        ',
      ticks:    '----x--x   ',
      expected: '----a--(b#)',
    });

    drawn("errors: 'immediate' drops what is held", (seen) => bufferedChannel(2, { ...seen, errors: 'immediate' }), {
      source:   'ab#     ',
      sub:      '^-!     ',
      ticks:    '----x--x',
      expected: '--#     ',
      drops:    '--(ab)  ',
      why:      'error',
    });

    drawn('what is parked goes first too', (seen) => bufferedChannel(1, seen), {
      source:   'abc#       ',
      sub:      '^--!       ',
      ticks:    '-----xxx   ',
      expected: '-----ab(c#)',
      parked:   '012--100   ',
    });

    drawn("errors: 'immediate' drops what is parked", (seen) => bufferedChannel(1, { ...seen, errors: 'immediate' }), {
      source:   'abc-#',
      sub:      '^---!',
      ticks:    '---x-',
      expected: '---a#',
      drops:    '----(bc)',
      why:      'error',
    });

    for (const errors of ['drain', 'immediate'] as const) {
      drawn(`nothing held, it fails at once (errors: '${errors}')`, (seen) => bufferedChannel(2, { ...seen, errors }), {
        source:   '-a-#',
        sub:      '^--!',
        expected: '-a-#',
      });
    }
  });

  describe('of a source that is', () => {
    drawn('empty, it completes', (seen) => bufferedChannel(1, seen), {
      source:   '|',
      sub:      '(^!)',
      ticks:    '-',
      expected: '|',
    });
    drawn('never to emit, it is silent', (seen) => bufferedChannel(1, seen), {
      source:   '-',
      sub:      '^',
      ticks:    '-',
      expected: '-',
    });
    drawn('failing, it fails', (seen) => bufferedChannel(1, seen), {
      source:   '#',
      sub:      '(^!)',
      ticks:    '-',
      expected: '#',
    });
    spec('synchronously empty, never to emit or failing, it is that too', ({ expectObservable }) => {
      expectObservable(EMPTY.pipe(bufferedChannel(0))).toBe('|');
      expectObservable(NEVER.pipe(bufferedChannel(0))).toBe('-');
      expectObservable(throwError(() => 'error').pipe(bufferedChannel(0))).toBe('#');
    });
  });

  describe('unsubscribed, it releases the source at once', () => {
    drawn('while idle', (seen) => bufferedChannel(2, seen), {
      source:   '-a----b',
      sub:      '^---!  ',
      ticks:    'x------',
      unsub:    '----!  ',
      expected: '-a-----',
    });
    drawn('while it holds some', (seen) => bufferedChannel(2, seen), {
      source:   '-a----b',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----a  ',
      why:      'unsubscribed',
    });
    drawn('while it is full', (seen) => bufferedChannel(2, seen), {
      source:   '-ab---c',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
    });
    drawn('while values are parked', (seen) => bufferedChannel(1, seen), {
      source:   '-abc--d',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(abc)',
      why:      'unsubscribed',
    });
    drawn('while values are parked at a rendezvous', (seen) => bufferedChannel(0, seen), {
      source:   'ab----c',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
      parked:   '12--0  ',
    });
    drawn('while a source waits at a rendezvous', (seen) => bufferedChannel(0, seen), {
      pull:     'abc',
      reads:    '--a-!',
      ticks:    '--x---x',
      unsub:    '----!',
      expected: '--a--',
    });
    drawn('after the source has ended, while it drains', (seen) => bufferedChannel(2, seen), {
      source:   '-ab|    ',
      sub:      '^--!    ',
      ticks:    '----x--x',
      unsub:    '------! ',
      expected: '----a---',
      drops:    '------b ',
      why:      'unsubscribed',
    });
    drawn('while a source waits for it', (seen) => bufferedChannel(2, seen), {
      pull:     'abcdef',
      reads:    '(ab)--c-!',
      ticks:    '------x---x',
      unsub:    '--------!',
      expected: '------a----',
      drops:    '--------(bc)',
      why:      'unsubscribed',
    });
  });

  describe('take and takeUntil', () => {
    drawn('take above releases the source while the rest drains', (seen) => pipe(take(2), bufferedChannel(4, seen)), {
      source:   'abcd      ',
      sub:      '^!        ',
      ticks:    '---x--x   ',
      expected: '---a--(b|)',
    });
    drawn('take above releases a source that waits', (seen) => pipe(take(2), bufferedChannel(4, seen)), {
      pull:     'abcd',
      reads:    '(ab!)',
      ticks:    '------x--x   ',
      expected: '------a--(b|)',
    });
    drawn('take below releases the source and drops the rest', (seen) => pipe(bufferedChannel(4, seen), take(1)), {
      source:   'abcd-e-',
      sub:      '^---!  ',
      ticks:    '----x-x',
      expected: '----(a|)',
      drops:    '----(bcd)',
      why:      'unsubscribed',
    });
    drawn('takeUntil above ends the source, and what is held goes first', (seen, given) => pipe(takeUntil(given('stop')), bufferedChannel(4, seen)), {
      source:   'ab--c--   ',
      sub:      '^--!      ',
      given: {
        stop: ['---x', '^--!'],
      },
      ticks:    '----x-x   ',
      expected: '----a-(b|)',
    });
    drawn('takeUntil below drops what is held', (seen, given) => pipe(bufferedChannel(4, seen), takeUntil(given('stop'))), {
      source:   'ab--c--',
      sub:      '^--!   ',
      given: {
        stop: ['---x', '^--!'],
      },
      ticks:    '----x-x',
      expected: '---|   ',
      drops:    '---(ab)',
      why:      'unsubscribed',
    });
  });

  describe('a consumer may, inside next,', () => {
    const pushing = (source: Subject<string>) =>
      tap((letter: string) => {
        if (letter === 'a') source.next('b');
        if (letter === 'b') {
          source.next('c');
          source.complete();
          source.next('d');
        }
      });

    spec('push and complete: what it pushes waits for its turn', ({ seen, meter, cold, expectObservable }) => {
      const ticks = '    ---(xxx)  ';
      const expected = ' ---(abc|) ';
      const source = new Subject<string>();
      timer(1).subscribe(() => source.next('a'));
      expectObservable(source.pipe(bufferedChannel(1, seen), takeOn(cold(ticks)), pushing(source))).toBe(expected);
      expectObservable(timer(9).pipe(map(() => [meter.received, meter.delivered, meter.maxHeld]))).toBe(
        '---------(x|)', { x: [3, 3, 1] },
      );
    });

    spec('push and complete where nothing can say wait', ({ seen, expectObservable }) => {
      const expected = ' -(abc|) ';
      const source = new Subject<string>();
      timer(1).subscribe(() => source.next('a'));
      expectObservable(source.pipe(bufferedChannel(0, seen), pushing(source))).toBe(expected);
    });

    drawn('unsubscribe: nothing more comes, and what is held is dropped', (seen) => pipe(bufferedChannel(3, seen), takeWhile((letter) => letter !== 'b', true)), {
      source:   'abc------',
      sub:      '^----!   ',
      ticks:    '-----(xxx)',
      expected: '-----(ab|)',
      drops:    '-----c   ',
      why:      'unsubscribed',
    });

    drawn('throw: the pipe errors, and the source is released', (seen) => pipe(bufferedChannel(3, seen), map((letter) => {
      if (letter === 'b') throw 'error';
      return letter;
    })), {
      source:   'abc------',
      sub:      '^------! ',
      ticks:    '-----x-x ',
      expected: '-----a-# ',
      drops:    '-------c ',
      why:      'unsubscribed',
    });
  });

  drawn('an onDrop that throws errors the pipe, once', (seen) => bufferedChannel(1, {
    ...seen,
    overflow: 'drop-newest',
    onDrop: (letter, reason) => {
      seen.onDrop(letter, reason);
      if (letter === 'b') throw 'error';
    },
  }), {
    source:   'a-b-c',
    sub:      '^-!  ',
    ticks:    '-----',
    expected: '--#  ',
    drops:    '--(ba)',
    why:      { b: 'overflow', a: 'error' },
  });

  spec('an onDrop may push: the source is released by then, and nothing more is taken', ({ seen, meter, cold, expectObservable, expectSubscriptions, expectDrops, later }) => {
    const pace = cold('  ---#'); // from 1 on
    const sub = '       -^--!';
    const expected = '  ----#';
    const drops = '     ----a';
    const source = new Subject<string>();
    timer(1).subscribe(() => source.next('a'));
    const onDrop: typeof seen.onDrop = (letter, reason) => {
      seen.onDrop(letter, reason);
      source.next('b');
    };
    expectObservable(source.pipe(bufferedChannel(1, { meter, pace, onDrop }))).toBe(expected);
    expectSubscriptions(pace).toBe(sub);
    expectDrops(drops, 'error');
    later(async () => expect([meter.received, source.observed]).toEqual([1, false]));
  });

  drawn('requireDemand fails where nothing below can say wait, before the source is subscribed', (seen) => bufferedChannel(1, { ...seen, requireDemand: true }), {
    source:   'a-b',
    sub:      [],
    expected: '#',
    error:    new DemandRequiredError('bufferedChannel(1)'),
  });

  spec('each subscription is a channel of its own', ({ cold, expectObservable }) => {
    const pipe = pullFrom('ab').pipe(bufferedChannel(1));
    expectObservable(pipe.pipe(takeOn(cold('--x-x')))).toBe('   --a-(b|)');
    expectObservable(pipe.pipe(takeOn(cold('---x--x')))).toBe(' ---a--(b|)');
  });
});
