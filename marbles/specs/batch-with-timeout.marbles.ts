import { EMPTY, NEVER, Subject, map, of, pipe, take, takeUntil, takeWhile, tap, throwError, timer, type OperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { batchWithTimeout, bufferedChannel, ChannelOverflowError, pullFrom, type BatchOptions } from 'rxjs-sluice/operators';
import { describe } from 'vitest';
import { drawn, spec, type Seen } from './bed.js';

/** Batches written as words: `abc` for `['a', 'b', 'c']`. */
const words = map((batch: string[]) => batch.join(''));
const values = {
  A: 'a',
  B: 'b',
  C: 'c',
  D: 'd',
  F: 'ef',
  X: 'ab',
  Y: 'cd',
  Z: 'abc',
  W: 'bc',
  V: 'de',
  U: 'bcd',
};

const batches =
  (size: number, timeout: number, options: BatchOptions<string> = {}) =>
  (seen: Seen): OperatorFunction<string, string> =>
    pipe(batchWithTimeout<string>(size, timeout, { ...seen, ...options }), words);

describe('batchWithTimeout', () => {
  describe('sends a batch off', () => {
    drawn('when it has `size` values; with completion, what is left', batches(2, 9), {
      source:   '-a-b-c--d-e--|   ',
      sub:      '^------------!   ',
      expected: '---X----Y----(E|)',
      values:   { ...values, E: 'e' },
      timers:   ['-^-!', '-----^--!', '----------^--!'],
      held:     '01-0-1--0-1--0--0',
    });

    drawn('when its first value is `timeout` old', batches(9, 4), {
      source:   '-a--b---------c--|   ',
      sub:      '^----------------!   ',
      expected: '-----X-----------(C|)',
      values,
      timers:   ['-^---!', '--------------^--!'],
      held:     '01--20-0------1--0---',
      diagram:  { file: 'batch-with-timeout', of: 'operators/batch-with-timeout.ts', title: 'A batch goes 4 ms after its first value, or at the end', call: 'batchWithTimeout(9, 4)' },
    });

    drawn("with timer 'idle', when its last value is", batches(9, 4, { timer: 'idle' }), {
      source:   '-a--b---------c--|   ',
      sub:      '^----------------!   ',
      expected: '--------X--------(C|)',
      values,
      timers:   ['-^---!', '-----^--!', '--------------^--!'],
    });

    drawn("with timer 'idle', when it is full although values keep coming", batches(3, 4, { timer: 'idle' }), {
      source:   '-a--b--c-----|',
      sub:      '^------------!',
      expected: '-------Z-----|',
      values,
      timers:   ['-^---!', '-----^-!'],
    });

    drawn('of one value at once where `size` is 1: no timer is set', batches(1, 4), {
      source:   '-a-b-|',
      sub:      '^----!',
      expected: '-A-B-|',
      values,
      timers:   [],
    });

    drawn('of each synchronous burst where `timeout` is 0', batches(9, 0), {
      source:   '-(ab)-c|',
      sub:      '^------!',
      expected: '-X----C|',
      values,
      timers:   ['-(^!)', '------(^!)'],
    });

    drawn('as often as a burst fills it, and then the rest', batches(2, 0), {
      source:   '-(abc)-|',
      sub:      '^------!',
      expected: '-(XC)--|',
      values,
    });

    drawn('only full, or at the end, where `timeout` is Infinity: no timer is set', batches(2, Infinity), {
      source:   'a 43200m b 43200m c-|   ',
      sub:      '^ 5184000003ms       !',
      expected: '- 43200m X 43200m --(C|)',
      values,
      timers:   [],
    });

    drawn('when it is due, although that is beyond the reach of a timer', batches(3, 30 * 86_400_000), {
      source:   'a 57600m |',
      sub:      '^ 3455999999ms -!',
      expected: '2592000000ms A 863999999ms -|',
      values,
      timers:   ['^ 2147483646ms !', '2147483647ms ^ 444516352ms !'],
    });

    drawn('with what comes in the very frame in which it falls due', batches(9, 3), {
      source:   '-a--b---|',
      sub:      '^-------!',
      expected: '----X---|',
      values,
      timers:   '-^--!    ',
    });

    drawn('once, where it falls due in the very frame in which the source ends', batches(9, 4), {
      source:   'ab--|   ',
      sub:      '^---!   ',
      expected: '----(X|)',
      values,
      timers:   '^---!   ',
    });

    drawn('of all there is, when the source is synchronous', batches(2, 9), {
      sync:     'abc',
      reads:    '(abc|)',
      expected: '(XC|)',
      values,
    });
  });

  describe('maxWeight', () => {
    const weigh = (letter: string) => letter.charCodeAt(0) - 96; // a weighs 1, b 2, c 3, …

    drawn('reached exactly closes the batch', batches(9, 9, { weigh, maxWeight: 3 }), {
      source:   'a-b-a-|   ',
      sub:      '^-----!   ',
      expected: '--X---(A|)',
      values,
      timers:   ['^-!', '----^-!'],
    });

    drawn('a value too heavy for the open batch closes the batch before it', batches(9, 9, { weigh, maxWeight: 4 }), {
      source:   'a-b-c-|   ',
      sub:      '^-----!   ',
      expected: '----X-(C|)',
      values,
      timers:   ['^---!', '----^-!'],
    });

    drawn('one value heavier than that is a batch of its own', batches(9, 9, { weigh, maxWeight: 2 }), {
      source:   'a-d-a-|   ',
      sub:      '^-----!   ',
      expected: '--(AD)(A|)',
      values,
    });

    drawn('and size both hold', batches(2, 9, { weigh, maxWeight: 100 }), {
      source:   'a-b-c-|   ',
      sub:      '^-----!   ',
      expected: '--X---(C|)',
      values,
    });

    drawn('is counted anew when the head of a batch is dropped', batches(2, 9, { weigh, maxWeight: 4, overflow: 'drop-oldest' }), {
      source:   'abc-----|   ',
      sub:      '^-------!   ',
      ticks:    '----x-x-----',
      expected: '----B---(C|)',
      values,
      drops:    '--a         ',
      why:      'overflow',
    });

    drawn('a weigh that throws errors the pipe, and what is held is dropped', batches(9, 9, {
      maxWeight: 9,
      weigh: (letter) => {
        if (letter === 'b') throw 'error';
        return 1;
      },
    }), {
      source:   'a-b-c',
      sub:      '^-!  ',
      expected: '--#  ',
      drops:    '--(ab)',
      why:      'error',
      timers:   '^-!  ',
    });

    for (const [bad, shown] of [[-1, '-1'], [NaN, 'NaN'], ['2', '"2"']] as const) {
      drawn(`a weight of ${shown} errors the pipe`, batches(9, 9, { maxWeight: 9, weigh: () => bad as number }), {
        source:   '-a-',
        sub:      '^! ',
        expected: '-# ',
        error:    new RangeError(`Expected \`weigh(value)\` to be a number ≥ 0, got ${shown}`),
        drops:    '-a ',
        why:      'error',
      });
    }
  });

  describe('before a slow consumer', () => {
    drawn('a due batch waits for demand, and goes on filling', batches(3, 2), {
      source:   'a----b-----|',
      sub:      '^----------!',
      ticks:    '-------x----',
      expected: '-------X---|',
      values,
      timers:   '^-!',
      held:     '1--1-2-0----',
      diagram:  { file: 'batch-with-timeout-demand', title: 'A batch that is due waits for demand, and goes on filling', call: 'batchWithTimeout(3, 2)' },
    });

    drawn('a due batch fills up to `size`; then values are parked, and are the next', batches(3, 2), {
      source:   'a--b-c-d-e------|',
      sub:      '^---------------!',
      ticks:    '-----------x---x-', // the next is due at 13, and waits until 15
      expected: '-----------Z---V|',
      values,
      timers:   ['^-!', '-----------^-!'],
      parked:   '0--0-0-1-2-0-----',
    });

    drawn('a full batch waits for demand, with no timer', batches(2, 9), {
      source:   'ab---|   ',
      sub:      '^----!   ',
      ticks:    '-------x ',
      expected: '-------(X|)',
      values,
      timers:   '^!',
    });

    drawn('the last batch waits for demand, with no timer', batches(9, 9), {
      source:   'ab-|     ',
      sub:      '^--!     ',
      ticks:    '------x  ',
      expected: '------(X|)',
      values,
      timers:   '^--!     ',
    });

    drawn('a due batch waits for demand after the source has ended', batches(9, 2), {
      source:   'ab--|     ',
      sub:      '^---!     ',
      ticks:    '------x   ',
      expected: '------(X|)',
      values,
      timers:   '^-!       ',
    });

    drawn('a source that waits is read until a batch is full, and no further', batches(2, 9), {
      pull:     'abcde',
      reads:    '(ab)--(cd)--(e|)',
      ticks:    '------x-----x---x',
      expected: '------X-----Y---(E|)',
      values:   { ...values, E: 'e' },
      held:     '2-----2-----1---0',
    });

    drawn('`queue` values more are read ahead', batches(2, 9, { queue: 2 }), {
      pull:     'abcde',
      reads:    '(abcd)--(e|)',
      ticks:    '--------x-----x---x   ',
      expected: '--------X-----Y---(E|)',
      values:   { ...values, E: 'e' },
      held:     '4-------3-----1---0   ',
      parked:   '0-------0-----0---0   ',
    });

    drawn('which an open batch that falls due sends off too', batches(3, 4), {
      pull:     'ab',
      reads:    '(ab|)',
      ticks:    '------x',
      expected: '------(X|)',
      values,
    });

    drawn('a stage below is its consumer: capacities add up', (seen) => pipe(batches(2, 9)(seen), bufferedChannel(1)), {
      pull:     'abcdef',
      reads:    '(abcd)----(ef)---|      ',
      ticks:    '----------x------x--x   ',
      expected: '----------X------Y--(F|)',
      values,
      held:     '2---------2------0--0   ',
    });

    drawn('before a fast one, a batch passes from hand to hand', batches(2, 9), {
      source:   '-----ab-c-|   ',
      sub:      '^---------!   ',
      ticks:    '(xxx)         ',
      expected: '------X---(C|)',
      values,
      timers:   ['-----^!', '--------^-!'],
    });
  });

  describe('when a value comes and `size + queue` are held', () => {
    drawn("'block' parks it", batches(2, 9), {
      source:   'abcd------|',
      sub:      '^---------!',
      ticks:    '------x-x--',
      expected: '------X-Y-|',
      values,
      held:     '1234--2-0--',
      parked:   '0012--0-0--',
    });

    drawn("'block' fails beyond maxParked", batches(2, 9, { maxParked: 1 }), {
      source:   'abcde',
      sub:      '^--! ',
      ticks:    '-----',
      expected: '---# ',
      error:    new ChannelOverflowError(3, 2, 'd'),
      drops:    '---(dabc)',
      why:      { d: 'overflow', rest: 'error' },
    });

    drawn("'error' fails at once", batches(2, 9, { overflow: 'error' }), {
      source:   'abcde',
      sub:      '^-!  ',
      ticks:    '-----',
      expected: '--#  ',
      error:    new ChannelOverflowError(2, 2, 'c'),
      drops:    '--(cab)',
      why:      { c: 'overflow', rest: 'error' },
    });

    drawn("'drop-oldest' moves the batch on", batches(2, 9, { overflow: 'drop-oldest' }), {
      source:   'abcd------|',
      sub:      '^---------!',
      ticks:    '------x-x--',
      expected: '------Y---|',
      values,
      drops:    '--ab       ',
      why:      'overflow',
      held:     '1222--0----',
    });

    drawn("'drop-newest' keeps the batch as it is", batches(2, 9, { overflow: 'drop-newest' }), {
      source:   'abcd------|',
      sub:      '^---------!',
      ticks:    '------x-x--',
      expected: '------X---|',
      values,
      drops:    '--cd       ',
      why:      'overflow',
      held:     '1222--0----',
    });

    drawn("'drop-oldest' with a queue keeps the latest of all", batches(2, 9, { queue: 1, overflow: 'drop-oldest' }), {
      source:   'abcd------|     ',
      sub:      '^---------!     ',
      ticks:    '------x-----x   ',
      expected: '------W-----(D|)',
      values,
      drops:    '---a            ',
      why:      'overflow',
      held:     '1233--1-----0   ',
    });
  });

  describe('when the source fails', () => {
    drawn('an open batch goes first', batches(9, 9), {
      source:   '-ab-#   ',
      sub:      '^---!   ',
      expected: '----(X#)',
      values,
      timers:   '-^--!   ',
    });
    drawn("errors: 'immediate' drops an open batch", batches(9, 9, { errors: 'immediate' }), {
      source:   '-ab-#',
      sub:      '^---!',
      expected: '----#',
      drops:    '----(ab)',
      why:      'error',
      timers:   '-^--!',
    });
    drawn('a batch that waits for demand goes first, with what is parked behind it', batches(2, 9), {
      source:   'abc-#      ',
      sub:      '^---!      ',
      ticks:    '------x-x  ',
      expected: '------X-(C#)',
      values,
    });
    drawn("errors: 'immediate' drops a batch that waits for demand", batches(2, 9, { errors: 'immediate' }), {
      source:   'abc-#    ',
      sub:      '^---!    ',
      ticks:    '------x-x',
      expected: '----#    ',
      drops:    '----(abc)',
      why:      'error',
    });
    drawn('a due batch that waits for demand goes first', batches(9, 2), {
      source:   'ab--#   ',
      sub:      '^---!   ',
      ticks:    '------x ',
      expected: '------(X#)',
      values,
      timers:   '^-!     ',
    });
    drawn("errors: 'immediate' drops a due batch that waits for demand", batches(9, 2, { errors: 'immediate' }), {
      source:   'ab--#   ',
      sub:      '^---!   ',
      ticks:    '------x ',
      expected: '----#   ',
      drops:    '----(ab)',
      why:      'error',
      timers:   '^-!     ',
    });
    drawn('in the very frame in which a batch falls due, that goes first', batches(9, 4), {
      source:   'ab--#   ',
      sub:      '^---!   ',
      expected: '----(X#)',
      values,
      timers:   '^---!   ',
    });
    drawn("errors: 'immediate' drops what falls due in the very frame", batches(9, 4, { errors: 'immediate' }), {
      source:   'ab--#   ',
      sub:      '^---!   ',
      expected: '----#   ',
      drops:    '----(ab)',
      why:      'error',
      timers:   '^---!   ',
    });
    for (const errors of ['drain', 'immediate'] as const) {
      drawn(`no batch open, it fails at once (errors: '${errors}')`, batches(2, 9, { errors }), {
        source:   'ab-#',
        sub:      '^--!',
        expected: '-X-#',
        values,
      });
    }
  });

  describe('of a source that is', () => {
    drawn('empty, it completes without a batch', batches(2, 1), {
      source:   '|',
      sub:      '(^!)',
      expected: '|',
      timers:   [],
    });
    drawn('never to emit, it is silent and sets no timer', batches(2, 1), {
      source:   '-----',
      sub:      '^',
      expected: '-----',
      timers:   [],
    });
    drawn('failing, it fails', batches(2, 1), {
      source:   '#',
      sub:      '(^!)',
      expected: '#',
      timers:   [],
    });
    spec('synchronously empty, never to emit or failing, it is that too', ({ expectObservable }) => {
      expectObservable(EMPTY.pipe(batchWithTimeout(2, 1))).toBe('|');
      expectObservable(NEVER.pipe(batchWithTimeout(2, 1))).toBe('-');
      expectObservable(throwError(() => 'error').pipe(batchWithTimeout(2, 1))).toBe('#');
    });
  });

  describe('unsubscribed, it releases the source at once', () => {
    drawn('while no batch is open', batches(2, 9), {
      source:   'ab----c',
      sub:      '^---!  ',
      unsub:    '----!  ',
      expected: '-X-----',
      values,
      timers:   '^!     ',
    });
    drawn('while a batch is open: its timer is stopped', batches(9, 9), {
      source:   'ab----c',
      sub:      '^---!  ',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
      timers:   '^---!  ',
    });
    drawn('while a due batch waits for demand', batches(9, 2), {
      source:   'ab----c',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
      timers:   '^-!    ',
    });
    drawn('in the very frame in which the batch falls due', batches(9, 4), {
      source:   'ab----c',
      sub:      '^---!  ',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
      timers:   '^---!  ',
    });
    drawn('while a full batch waits, and values are parked', batches(2, 9), {
      source:   'abc---d',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(abc)',
      why:      'unsubscribed',
    });
    drawn('after the source has ended, while it drains', batches(2, 9), {
      source:   'abc|    ',
      sub:      '^--!    ',
      ticks:    '----x--x',
      unsub:    '------! ',
      expected: '----X---',
      values,
      drops:    '------c ',
      why:      'unsubscribed',
    });
  });

  describe('take and takeUntil', () => {
    drawn('take above releases the source, and the open batch goes', (seen) => pipe(take(3), batches(2, 9)(seen)), {
      source:   'abcde',
      sub:      '^-!  ',
      expected: '-X(C|)',
      values,
    });
    drawn('take below releases the source, and drops the next batch', (seen) => pipe(batches(2, 9)(seen), take(1)), {
      source:   'abc-d-',
      sub:      '^---! ',
      ticks:    '----x-',
      expected: '----(X|)',
      values,
      drops:    '----(cd)',
      why:      'unsubscribed',
    });
    drawn('take below releases a source that waits', (seen) => pipe(batches(2, 9)(seen), take(2)), {
      pull:     'abcdefgh',
      reads:    '(ab)--(cd)--!',
      ticks:    '------x-----x---',
      expected: '------X-----(Y|)',
      values,
    });
    drawn('takeUntil above ends the source, and the open batch goes', (seen, given) => pipe(takeUntil(given('stop')), batches(9, 9)(seen)), {
      source:   'ab--c-',
      sub:      '^--!  ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: '---(X|)',
      values,
      timers:   '^--!  ',
    });
    drawn('takeUntil below drops the open batch, and stops its timer', (seen, given) => pipe(batches(9, 9)(seen), takeUntil(given('stop'))), {
      source:   'ab--c-',
      sub:      '^--!  ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: '---|  ',
      drops:    '---(ab)',
      why:      'unsubscribed',
      timers:   '^--!  ',
    });
  });

  describe('a consumer may, inside next,', () => {
    spec('push and complete: what it pushes is the next batch', ({ seen, expectObservable }) => {
      const expected = ' -(XYA|)';
      const source = new Subject<string>();
      timer(1).subscribe(() => {
        source.next('a');
        source.next('b');
      });
      const pushing = tap((word: string) => {
        for (const letter of word === 'ab' ? 'cd' : word === 'cd' ? 'a' : '') source.next(letter);
        if (word === 'cd') source.complete();
      });
      expectObservable(source.pipe(batches(2, 9)(seen), pushing)).toBe(expected, values);
    });

    drawn('unsubscribe: nothing more comes, and what is held is dropped', (seen) => pipe(batches(2, 9)(seen), takeWhile((word) => word !== 'ab', true)), {
      source:   'abcd---',
      sub:      '^----! ',
      ticks:    '-----(xx)',
      expected: '-----(X|)',
      values,
      drops:    '-----(cd)',
      why:      'unsubscribed',
    });

    drawn('throw: the pipe errors, and the source is released', (seen) => pipe(batches(2, 3)(seen), map((word) => {
      if (word === 'c') throw 'error';
      return word;
    })), {
      source:   'ab-c----d',
      sub:      '^-----!  ',
      expected: '-X----#  ',
      values,
      timers:   ['^!', '---^--!'],
    });
  });

  drawn('an onDrop that throws errors the pipe', (seen) => batchWithTimeout(3, 9, {
    ...seen,
    overflow: 'drop-newest',
    onDrop: (letter, reason) => {
      seen.onDrop(letter, reason);
      if (letter === 'd') throw 'error';
    },
  }), {
    source:   'abcd-e',
    sub:      '^--!  ',
    ticks:    '------',
    expected: '---#  ',
    drops:    '---(dabc)',
    why:      { d: 'overflow', rest: 'error' },
  });

  spec('each subscription batches for itself', ({ cold, expectObservable }) => {
    const pipe = pullFrom('abc').pipe(batchWithTimeout(2, 9), words);
    expectObservable(pipe.pipe(takeOn(cold('--x-x')))).toBe('   --X-(C|)', values);
    expectObservable(pipe.pipe(takeOn(cold('---x--x')))).toBe(' ---X--(C|)', values);
    expectObservable(of('a').pipe(batchWithTimeout(2, 9), words)).toBe('(A|)', values);
  });
});
