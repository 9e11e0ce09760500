import { Subject, from, merge, pipe, take, takeUntil, tap, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { RateLimiter } from 'rxjs-sluice';
import { bufferedChannel, ChannelOverflowError, leakyBucket, type LeakyBucketOptions } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, spec, type Seen } from './bed.js';

const leaky =
  (capacity: number, interval: number, options: LeakyBucketOptions<string> = {}) =>
  (seen: Seen): MonoTypeOperatorFunction<string> =>
    leakyBucket(capacity, interval, { ...seen, ...options });

describe('leakyBucket', () => {
  describe('lets `capacity` values through at once, then one per `interval`', () => {
    drawn('of a source that pushes: what finds no token waits', leaky(2, 3, { queue: 9 }), {
      source:   'abcde----------|',
      sub:      '^--------------!',
      expected: 'ab-c--d--e-----|',
      timers:   ['--^!', '---^--!', '------^--!'],
      held:     '00112-11-00----0',
      diagram:  { file: 'leaky-bucket', of: 'operators/leaky-bucket.ts', title: 'Two at once, then one every 3 ms', call: 'leakyBucket(2, 3, { queue: 9 })' },
    });

    drawn('at a smooth pace with a capacity of 1', leaky(1, 3, { queue: 9 }), {
      source:   '(abc)----------|',
      sub:      '^--------------!',
      expected: 'a--b--c--------|',
      timers:   ['^--!', '---^--!'],
    });

    drawn('without a timer, where they come slowly enough', leaky(1, 3), {
      source:   'a--b---c-----d-|',
      sub:      '^--------------!',
      expected: 'a--b---c-----d-|',
      timers:   [],
    });

    drawn('and is full again after a while, but never more than full', leaky(2, 5, { queue: 9 }), {
      source:   '(ab)------------(cdef)-----|',
      sub:      '^--------------------------!',
      expected: '(ab)------------(cd)-e----f|',
      timers:   ['----------------^----!', '---------------------^----!'],
    });

    drawn('continuously, not on a grid', leaky(2, 4, { queue: 9 }), {
      source:   'ab-c--d---e|   ',
      sub:      '^----------!   ',
      expected: 'ab--c---d---(e|)',
      timers:   ['---^!', '------^-!', '----------^-!'],
    });

    drawn('of a synchronous source, and completes with the last', leaky(1, 3, { queue: 2 }), {
      sync:     'abc',
      reads:    '(abc|)',
      expected: 'a--b--(c|)',
      timers:   ['^--!', '---^--!'],
    });

    drawn('over more than a timer can be set to', leaky(1, 30 * 86_400_000), {
      source:   '(ab|)',
      sub:      '(^!)',
      expected: 'a 2591999999ms (b|)',
      timers:   ['^ 2147483646ms !', '2147483647ms ^ 444516352ms !'],
    });

    drawn('never again at an interval of Infinity: no timer is set', leaky(2, Infinity), {
      source:   'abc--',
      sub:      '^---!',
      unsub:    '----!',
      expected: 'ab---',
      drops:    '----c',
      why:      'unsubscribed',
      timers:   [],
    });
  });

  describe('queue', () => {
    drawn('a source that waits is pulled as far as there are places', leaky(1, 5, { queue: 2 }), {
      pull:     'abcdef',
      reads:    '(abc)d----e----f----|        ',
      expected: 'a----b----c----d----e----(f|)',
      timers:   ['^----!', '-----^----!', '----------^----!', '---------------^----!', '--------------------^----!'],
    });

    drawn('is `capacity` by default', leaky(2, 6), {
      pull:     'abcdef',
      reads:    '(abcd)e-----f-----|         ',
      expected: '(ab)--c-----d-----e-----(f|)',
    });

    drawn('of 0 has room when there is a token', leaky(1, 3, { queue: 0 }), {
      pull:     'abc',
      reads:    'a--b--c--|',
      expected: 'a--b--c--|',
      timers:   ['^--!', '---^--!', '------^--!'],
      held:     '0--0--0--0',
    });

    drawn("of 0 polices under 'drop-newest': no timer is set", leaky(2, 3, { queue: 0, overflow: 'drop-newest' }), {
      source:   'abcdefg|',
      sub:      '^------!',
      expected: 'ab-d--g|',
      drops:    '--c-ef-',
      why:      'overflow',
      timers:   [],
      diagram:  { file: 'leaky-bucket-police', title: 'With no queue, what finds no token is dropped', call: "leakyBucket(2, 3, { queue: 0, overflow: 'drop-newest' })" },
    });

    drawn("keeps the newest under 'drop-oldest'", leaky(1, 4, { queue: 1, overflow: 'drop-oldest' }), {
      source:   'abcd-e--|   ',
      sub:      '^-------!   ',
      expected: 'a---d---(e|)',
      drops:    '--bc        ',
      why:      'overflow',
    });

    drawn("of which the overflow fails the pipe under 'error'", leaky(1, 4, { queue: 1, overflow: 'error' }), {
      source:   'abc---',
      sub:      '^-!   ',
      expected: 'a-#   ',
      error:    new ChannelOverflowError(1, 1, 'c'),
      drops:    '--(cb)',
      why:      { c: 'overflow', b: 'error' },
      timers:   '-^!   ',
    });

    drawn("parks what does not wait under 'block'", leaky(1, 3, { queue: 1 }), {
      source:   '(abcd)----|',
      sub:      '^---------!',
      expected: 'a--b--c--d|',
      parked:   '22-11-00---',
    });
  });

  describe('before a slow consumer', () => {
    drawn('takes tokens only for what goes out', leaky(2, 5, { queue: 3 }), {
      source:   'abcd------------|      ',
      sub:      '^---------------!      ',
      ticks:    '---------(xxxx)--      ',
      expected: '---------(ab)-c----(d|)',
      timers:   ['---------^----!', '--------------^----!'],
    });

    drawn('waits for whichever comes last: the token or the room', leaky(1, 3, { queue: 3 }), {
      source:   '(abc)--------|',
      sub:      '^------------!',
      ticks:    'xx------x-----',
      expected: 'a--b----c----|',
      timers:   ['-^-!'],
    });

    drawn('adds its capacity to that of the stage below', (seen) => pipe(leaky(1, 3)(seen), bufferedChannel(1)), {
      pull:     'abcd',
      reads:    '(ab)--c-----d--|',
      ticks:    '------x-----x-x-x',
      expected: '------a-----b-c-(d|)',
    });
  });

  describe('cost', () => {
    const cost = (letter: string) => letter.charCodeAt(0) - 96; // a costs 1, b 2, c 3, …

    drawn('is waited for, also where the next would cost less', leaky(3, 2, { cost, queue: 9 }), {
      source:   '(cba)---------|',
      sub:      '^-------------!',
      expected: 'c---b-a-------|',
      timers:   ['^---!', '----^-!'],
    });

    drawn('above the capacity errors the pipe', leaky(3, 2, { cost }), {
      source:   'a-d--',
      sub:      '^-!  ',
      expected: 'a-#  ',
      error:    new RangeError('Expected `cost` to be a number from 0 to 3, got 4'),
      drops:    '--d  ',
      why:      'error',
    });

    drawn('that throws errors the pipe, and what is held is dropped', leaky(1, 9, {
      cost: (letter) => {
        if (letter === 'c') throw 'error';
        return 1;
      },
    }), {
      source:   'ab-c',
      sub:      '^--!',
      expected: 'a--#',
      drops:    '---(bc)',
      why:      'error',
      timers:   '-^-!',
    });
  });

  describe('keyBy', () => {
    const keyBy = (letter: string) => letter.toLowerCase();

    drawn('has a bucket for each key; one that waits holds up no other', leaky(1, 4, { keyBy, queue: 3 }), {
      source:   'aAb-B---c--|',
      sub:      '^----------!',
      expected: 'a-b-A-B-c--|',
      timers:   ['-^--!', '----^-!'],
    });

    drawn('keeps to the order of each key', leaky(1, 5, { keyBy, queue: 9 }), {
      source:   '(aAabB)-----|',
      sub:      '^-----------!',
      expected: '(ab)-(AB)-a-|',
      timers:   ['^----!', '-----^----!'],
    });
  });

  describe('limiter', () => {
    spec('serves the pipes that share it in turn, one value each, by one timer', ({ seen, later, expectObservable }) => {
      const limiter = new RateLimiter({ rate: 500 });
      const { scheduler } = seen;
      const share = (letters: string) => from(letters).pipe(leakyBucket(1, 0, { limiter, queue: 9, scheduler }));
      expectObservable(share('abc')).toBe('a-b---(c|) ');
      expectObservable(share('xyz')).toBe('----x---y-(z|)');
      later(() => expect(seen).toHaveTimers(['^-!', '--^-!', '----^-!', '------^-!', '--------^-!']));
    });
  });

  describe('the end', () => {
    drawn('comes after what is held', leaky(1, 3), {
      source:   'ab|   ',
      sub:      '^-!   ',
      expected: 'a--(b|)',
      timers:   '-^-!',
    });

    drawn('so does an error', leaky(1, 3), {
      source:   'ab#   ',
      sub:      '^-!   ',
      expected: 'a--(b#)',
    });

    drawn("which comes at once with errors: 'immediate'", leaky(1, 3, { errors: 'immediate' }), {
      source:   'ab#   ',
      sub:      '^-!   ',
      expected: 'a-#   ',
      drops:    '--b   ',
      why:      'error',
      timers:   '-^!   ',
    });

    drawn('of its consumer drops what is held and stops the timer', leaky(1, 4, { queue: 9 }), {
      source:   'abc---',
      sub:      '^--!  ',
      unsub:    '---!  ',
      expected: 'a--   ',
      drops:    '---(bc)',
      why:      'unsubscribed',
      timers:   '-^-!  ',
    });

    drawn('by `take` below releases the source in the same turn', (seen) => pipe(leaky(1, 3, { queue: 9 })(seen), take(2)), {
      source:   '(abcd)---',
      sub:      '^--!     ',
      expected: 'a--(b|)  ',
      drops:    '---(cd)  ',
      why:      'unsubscribed',
      timers:   '^--!     ',
    });

    drawn('by `takeUntil` above lets it drain', (seen) => pipe(takeUntil(timer(1)), leaky(1, 3)(seen)), {
      source:   '(ab)c    ',
      sub:      '^!       ',
      expected: 'a--(b|)  ',
    });
  });

  const back = new Subject<string>();
  drawn('a consumer may send from inside: what it sends waits for its turn', (seen) =>
    pipe(
      (source) => merge(source, back),
      takeUntil(timer(3)),
      leaky(1, 2, { queue: 9 })(seen),
      tap((letter) => {
        if (letter === 'a') back.next('x');
      }),
    ), {
    source:   '(ab)------   ',
    sub:      '^--!         ',
    expected: 'a-x-(b|)     ',
  });
});
