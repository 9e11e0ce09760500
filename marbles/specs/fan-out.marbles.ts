import { EMPTY, NEVER, Subject, concat, connect, from, lastValueFrom, map, merge, mergeMap, of, pipe, retry, take, takeUntil, takeWhile, tap, throwError, timer, toArray, type Observable, type OperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, ChannelOverflowError, DemandRequiredError, fanOut, LaneTakenError, pullFrom, workerPool, type FanOutOptions } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { drawn, spec, type Given, type Seen } from './bed.js';

/** Lanes that pass their values on as they are. */
const plain =
  (lanes: number, options: FanOutOptions<string> = {}) =>
  (seen: Seen): OperatorFunction<string, string> =>
    fanOut(lanes, (lane: Observable<string>) => lane, { ...seen, ...options });

/** Lanes that show in capitals which of them a value took: A, B or C. */
const named =
  (lanes: number, options: FanOutOptions<string> = {}) =>
  (seen: Seen): OperatorFunction<string, string> =>
    fanOut(lanes, (lane: Observable<string>, index) => lane.pipe(map((letter) => letter + 'ABC'.charAt(index))), { ...seen, ...options });

/** In each lane one task at a time: the Observable that the picture gives under the letter. */
const tasks =
  (lanes: number, options: FanOutOptions<string> = {}) =>
  (seen: Seen, given: Given): OperatorFunction<string, string> =>
    fanOut(lanes, (lane: Observable<string>) => lane.pipe(workerPool(1, given, { queue: 0 })), { ...seen, ...options });

/** By key: a, c, e and g share the first of two lanes; b, d and f the second. */
const by = (letter: string): string => letter;

describe('fanOut', () => {
  describe("by 'round-robin'", () => {
    drawn('gives the lanes their values in turn', named(3, { by: 'round-robin' }), {
      source:   '-ab-(cd)-|',
      sub:      '^--------!',
      expected: '-xy-(zu)-|',
      values:   { x: 'aA', y: 'bB', z: 'cC', u: 'dA' },
      held:     '-00-0----0',
    });

    drawn('is what it does unless told otherwise', named(2), {
      source:   'abc|',
      sub:      '^--!',
      expected: 'xyz|',
      values:   { x: 'aA', y: 'bB', z: 'cA' },
    });

    drawn('one lane is a channel', plain(1), {
      source:   'abc|          ',
      sub:      '^--!          ',
      ticks:    '----x--x--x---',
      expected: '----a--b--(c|)',
      held:     '123-2--1--0---',
    });

    drawn('the lanes work side by side', tasks(2), {
      source:   'abc-------|',
      sub:      '^---------!',
      given: {
        a:     ['---(a|)',
                '^--!'],
        b:     [' ---(b|)',
                '-^--!'],
        c:     ['   ---(c|)',
                '---^--!'],
      },
      expected: '---ab-c---|',
      held:     '00100-----0',
    });

    drawn('a full lane stops a source that waits when it is its turn, and not before', tasks(2), {
      pull:     'abcdefg',
      reads:    '(abcd)------(ef)--(g|)', // d goes past c, which waits behind a; e has to wait for that lane
      given: {
        a:     ['------------(a|)',
                '^-----------!'],
        b:     ['------(b|)',
                '^-----!'],
        c:     ['            ------(c|)',
                '------------^-----!'],
        d:     ['      -(d|)',
                '------^!'],
        e:     ['                  -(e|)',
                '------------------^!'],
        f:     ['            ---(f|)',
                '------------^--!'],
        g:     ['                   -(g|)',
                '-------------------^!'],
      },
      expected: '------bd----a--f--ce(g|)',
      held:     '2-----1-----1-----100',
    });

    drawn('with no places in the lanes, the source waits for the pipe whose turn it is', tasks(2, { queue: 0 }), {
      pull:     'abcd',
      reads:    '(ab)-(cd)|',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['----(b|)',
                '^---!'],
        c:     ['     ----(c|)',
                '-----^---!'],
        d:     ['     --(d|)',
                '-----^-!'],
      },
      expected: '----ba-d-(c|)',
      held:     '0----0---0',
    });
  });

  describe("by 'least-loaded'", () => {
    const least = { by: 'least-loaded' } as const;

    drawn('gives equal lanes their values in turn', named(3, least), {
      source:   '-ab-(cd)-|',
      sub:      '^--------!',
      expected: '-xy-(zu)-|',
      values:   { x: 'aA', y: 'bB', z: 'cC', u: 'dA' },
    });

    drawn('goes past a slow lane, and stops the source when all are full', tasks(2, least), {
      pull:     'abcdef',
      reads:    '(abcd)e-----f|',
      given: {
        a:     ['------------------(a|)',
                '^-----------------!'],
        b:     ['------(b|)',
                '^-----!'],
        c:     ['                  -(c|)',
                '------------------^!'],
        d:     ['      ------(d|)',
                '------^-----!'],
        e:     ['            -(e|)',
                '------------^!'],
        f:     ['             -(f|)',
                '-------------^!'],
      },
      expected: '------b-----def---a(c|)',
      diagram:  { file: 'fan-out', of: 'operators/fan-out.ts', title: 'The lane that holds least gets the next value; when all are full, the source waits', call: "fanOut(2, task, { by: 'least-loaded' })" },
    });

    drawn('prefers the lane whose pipe takes a value at once', tasks(2, least), {
      source:   'ab-c------|',
      sub:      '^---------!',
      given: {
        a:     ['------(a|)',
                '^-----!'],
        b:     [' -(b|)',
                '-^!'],
        c:     ['   -(c|)',
                '---^!'],
      },
      expected: '--b-c-a---|',
    });

    drawn('counts what waits in the first stage of a pipe', (seen, given) => fanOut(2, (lane: Observable<string>) => lane.pipe(workerPool(1, given, { queue: 2 })), { ...seen, ...least }), {
      source:   'abcd---e---|', // when e comes, c still waits behind a; d, which waited behind b, does not
      sub:      '^----------!',
      given: {
        a:     ['---------(a|)',
                '^--------!'],
        b:     [' -----(b|)',
                '-^----!'],
        c:     ['         -----(c|)',
                '---------^----!'],
        d:     ['      ---(d|)',
                '------^--!'],
        e:     ['         ------(e|)',
                '---------^-----!'],
      },
      expected: '------b--(ad)-c(e|)',
    });

    for (const [queue, source] of [
      [1, 'abcdefg'], // d waits before the first pipe; e, f and g go to the second, where more wait
      [0, 'abcd'],
    ] as const) {
      drawn(`goes past a full lane, though more wait in the others (queue: ${queue})`, (seen, given) => fanOut(2, (lane: Observable<string>, index) => lane.pipe(workerPool(1, given, { queue: index === 0 ? 0 : 3 })), { ...seen, ...least, queue, overflow: 'drop-newest' }), {
        source:   `${source}---`,
        sub:      '^',
        given:    { a: ['--', '^'], c: ['--', '--^'] },
        expected: '------------',
      });
    }

    drawn('goes past a lane that is not read', (seen) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? NEVER : lane), { ...seen, ...least }), {
      source:   'abcd',
      sub:      '^   ',
      expected: 'abcd',
    });

    drawn('with no places in the lanes, one that is not read is not waited for', (seen) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? NEVER : lane), { ...seen, ...least, queue: 0 }), {
      pull:     'ab',
      reads:    '--a-b-|',
      ticks:    '--x-x-x',
      expected: '--a-b--',
    });

    drawn('with no places in the lanes, it has room when one of the pipes has', tasks(2, { ...least, queue: 0 }), {
      pull:     'abcd',
      reads:    '(ab)c-(d|)',
      given: {
        a:     ['------(a|)',
                '^-----!'],
        b:     ['----(b|)',
                '^---!'],
        c:     ['    --(c|)',
                '----^-!'],
        d:     ['      ----(d|)',
                '------^---!'],
      },
      expected: '----b-(ac)(d|)',
    });
  });

  describe('by key', () => {
    drawn('the values of one key go to one lane', named(2, { by }), {
      source:   'abcab|',
      sub:      '^----!',
      expected: 'vwxvw|',
      values:   { v: 'aA', w: 'bB', x: 'cA' },
    });

    for (const key of [undefined, null, true, 1, 1n, '']) {
      const shown = typeof key === 'string' ? '""' : `${String(key)} (${typeof key})`;
      drawn(`${shown} is a key`, (seen) => pipe(fanOut<string, Observable<number>>(9, (lane, index) => lane.pipe(map(() => index)), { ...seen, by: () => key }), take(2), toArray(), map(([one, other]) => String(one === other))), {
        source:   'ab|',
        sub:      '^!',
        expected: '-(x|)',
        values:   { x: 'true' },
      });
    }

    drawn('a value that finds its lane full is held in hand, and stops the source', tasks(2, { by }), {
      pull:     'aceb',
      reads:    '(ace)-------(b|)',
      given: {
        a:     ['------------(a|)',
                '^-----------!'],
        c:     ['            -(c|)',
                '------------^!'],
        e:     ['             -(e|)',
                '-------------^!'],
        b:     ['            ------(b|)',
                '------------^-----!'],
      },
      expected: '------------ace---(b|)',
      held:     '2-----------100---0',
      parked:   '0-----------------0',
    });

    drawn('values of other keys go past a full lane', tasks(2, { by }), {
      pull:     'acbd',
      reads:    '(acbd|)', // both lanes are full, and still there is a place in hand
      given: {
        a:     ['------(a|)',
                '^-----!'],
        b:     ['---(b|)',
                '^--!'],
        c:     ['      -(c|)',
                '------^!'],
        d:     ['   -(d|)',
                '---^!'],
      },
      expected: '---bd-a(c|)',
    });

    drawn('with no places in the lanes there is the one in hand', tasks(2, { by, queue: 0 }), {
      pull:     'acb',
      reads:    '(ac)--(b|)',
      given: {
        a:     ['------(a|)',
                '^-----!'],
        c:     ['      --(c|)',
                '------^-!'],
        b:     ['      -(b|)',
                '------^!'],
      },
      expected: '------ab(c|)',
      held:     '1-----00',
    });

    drawn('the place in hand is one more, under each policy', tasks(1, { by, overflow: 'drop-newest' }), {
      source:   'acegb----|',
      sub:      '^--------!',
      given: {
        a:     ['------(a|)',
                '^-----!'],
        c:     ['      -(c|)',
                '------^!'],
        e:     ['       -(e|)',
                '-------^!'],
      },
      expected: '------ace|',
      drops:    '---gb----',
      why:      'overflow',
      held:     '01222-100-',
    });

    drawn("with no places in the lanes, 'drop-oldest' keeps the newest there", tasks(2, { by, queue: 0, overflow: 'drop-oldest' }), {
      source:   'ace--',
      sub:      '^    ',
      given:    { a: ['-----', '^'] },
      expected: '-----',
      drops:    '--c--',
      why:      'overflow',
    });

    drawn('it is one for all lanes together', tasks(2, { by, overflow: 'drop-newest' }), {
      source:   'acebdf--',
      sub:      '^       ',
      given:    { a: ['--------', '^'], b: ['--------', '---^'] },
      expected: '--------',
      drops:    '-----f--',
      why:      'overflow',
      held:     '01223333',
    });

    for (const [title, key, error] of [
      ['that throws fails the pipe', () => { throw 'key'; }, 'key'],
      ['that gives an object fails the pipe: it would be another each time', () => ({}) as never, new TypeError('Expected `by(value)` to be a string or another primitive, got Object')],
      ['that gives a function does too', () => (() => {}) as never, new TypeError('Expected `by(value)` to be a string or another primitive, got Function')],
      ['that gives a symbol does too', () => Symbol('x') as never, new TypeError('Expected `by(value)` to be a string or another primitive, got Symbol(x)')],
    ] as const) {
      drawn(`a function ${title}`, plain(2, { by: key }), {
        source:   '-a-b|',
        sub:      '^!   ',
        expected: '-#   ',
        error,
        drops:    '-a   ',
        why:      'error',
      });
    }
  });

  describe('before a slow consumer', () => {
    drawn('the lanes without a stage of their own take turns at it', plain(2), {
      pull:     'abcde',
      reads:    '(ab)-c-d-e-|',
      ticks:    '-----x-x-x-x-x',
      expected: '-----a-b-c-d-(e|)',
      held:     '2----2-2-2-1-0',
    });

    drawn('a stage in each lane links to it', (seen) => fanOut(2, (lane: Observable<string>) => lane.pipe(bufferedChannel(1)), seen), {
      pull:     'abcdef',
      reads:    '(abcd)e-f-|',
      ticks:    '------x-x-x-x-x-x',
      expected: '------a-b-c-d-e-(f|)',
      held:     '2-----2-2-1-0-0-0',
    });

    drawn('a rendezvous has room when the consumer has', plain(2, { queue: 0 }), {
      pull:     'abc',
      reads:    '--a--b--c--|',
      ticks:    '--x--x--x--x',
      expected: '--a--b--c--|',
      held:     '0-0--0--0---',
    });

    drawn('a fast one gets each value from hand to hand', plain(2), {
      source:   '------a-b(cd)-|',
      sub:      '^-------------!',
      ticks:    '(xxxx)---------',
      expected: '------a-b(cd)-|',
      held:     '0-----0-00----0',
    });

    drawn('one that stops is waited for', plain(2), {
      source:   'abc-|  ',
      sub:      '^---!  ',
      ticks:    '--x----',
      expected: '--a----',
      held:     '122---2',
    });
  });

  describe('when a value comes and its lane is full', () => {
    const stuck = {
      a: ['--------', '^'],
      b: [' -------', '-^'],
    } as const;

    drawn("'block' parks it there, and others go past", tasks(2), {
      source:   'abcdef-----|',
      sub:      '^----------!',
      given: {
        a:     ['-------(a|)',
                '^------!'],
        b:     [' -(b|)',
                '-^!'],
        c:     ['       -(c|)',
                '-------^!'],
        d:     ['   -(d|)',
                '---^!'],
        e:     ['        -(e|)',
                '--------^!'],
        f:     ['     -(f|)',
                '-----^!'],
      },
      expected: '--b-d-face-|',
      parked:   '000011-00--0',
    });

    drawn("'block' fails beyond maxParked, which counts all lanes together", tasks(2, { maxParked: 1 }), {
      source:   'abcdefgh-|',
      sub:      '^----!',
      given:    { a: ['--------', '^----!'], b: ['--------', '-^---!'] },
      expected: '-----#',
      error:    new ChannelOverflowError(1, 1, 'f'),
      drops:    '-----(fced)',
      why:      { f: 'overflow', rest: 'error' },
      parked:   '000010',
    });

    drawn("'drop-oldest' makes room at the head of that lane", tasks(2, { overflow: 'drop-oldest' }), {
      source:   'abcdef--',
      sub:      '^',
      given:    stuck,
      expected: '--------',
      drops:    '----cd--',
      why:      'overflow',
      held:     '00122222',
    });

    drawn("'drop-newest' lets the arriving one go", tasks(2, { overflow: 'drop-newest' }), {
      source:   'abcdef--',
      sub:      '^',
      given:    stuck,
      expected: '--------',
      drops:    '----ef--',
      why:      'overflow',
    });

    drawn("'error' fails at once", tasks(2, { overflow: 'error' }), {
      source:   'abcdef--',
      sub:      '^---!',
      given:    { a: ['--------', '^---!'], b: ['--------', '-^--!'] },
      expected: '----#',
      error:    new ChannelOverflowError(1, 1, 'e'),
      drops:    '----(ecd)',
      why:      { e: 'overflow', rest: 'error' },
    });

    for (const overflow of ['block', 'drop-oldest', 'drop-newest', 'error'] as const) {
      for (const way of ['round-robin', 'least-loaded', by] as const) {
        drawn(`a source that waits loses nothing: '${overflow}', ${typeof way === 'string' ? way : 'by key'}`, plain(2, { overflow, by: way, queue: 0 }), {
          pull:     'ab',
          reads:    way === by ? 'a-b-|' : '--a-b-|',
          ticks:    '--x-x-x',
          expected: way === by ? '--a-(b|)' : '--a-b-|',
        });
      }
    }
  });

  describe('a lane ends when its pipe completes', () => {
    drawn('and is passed over from then on', (seen) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? lane.pipe(take(1)) : lane.pipe(map((letter) => letter.toUpperCase()))), seen), {
      source:   'abcd|',
      sub:      '^---!',
      expected: 'aBCD|',
    });

    drawn("by 'least-loaded' too, though nothing waits in it", (seen) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? lane.pipe(take(1)) : lane.pipe(map((letter) => letter.toUpperCase()))), { ...seen, by: 'least-loaded' }), {
      source:   'abcd|',
      sub:      '^---!',
      expected: 'aBCD|',
    });

    drawn('by key, the values of its keys are dropped as they come, and do not stop the source', (seen) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? lane.pipe(take(1)) : lane), { ...seen, by }), {
      pull:     'abceed',
      reads:    '(abceed)--|', // d is in hand
      ticks:    'x---------x-x',
      expected: 'a---------b-(d|)',
      drops:    '(cee)',
      why:      'cancelled',
    });

    drawn('and what waits in it is dropped', (seen, given) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? lane.pipe(workerPool(1, given, { queue: 0 }), takeUntil(given('stop'))) : lane), seen), {
      source:   'abc------d|',
      sub:      '^---------!',
      given: {
        stop:  ['-----x',
                '^----!'],
        a:     ['---------(a|)',
                '^----!'],
      },
      expected: '-b-------d|',
      drops:    '-----c----',
      why:      'cancelled',
      held:     '001--0----',
    });

    drawn('when all have, the source is released and the output completes', (seen) => fanOut(2, (lane: Observable<string>) => lane.pipe(take(1)), seen), {
      source:   'a-b-c-',
      sub:      '^-!   ',
      expected: 'a-(b|)',
    });

    drawn('when all have at once, the source is not subscribed', (seen) => fanOut(2, () => EMPTY, seen), {
      source:   'abc|',
      sub:      [],
      expected: '|   ',
    });

    drawn('when all have, a source that waits is released', (seen) => fanOut(2, (lane: Observable<string>) => lane.pipe(take(1)), { ...seen, queue: 2 }), {
      pull:     'abcdef',
      reads:    '(abcd)-!',
      ticks:    '------xx',
      expected: '------a(b|)',
      drops:    '------cd',
      why:      'cancelled',
    });
  });

  describe('the pipe of a lane may', () => {
    drawn('leave it and read on: values wait meanwhile', (seen) => fanOut(1, (lane: Observable<string>) => lane.pipe(
      map((letter) => {
        if (letter === 'b') throw 'error';
        return letter;
      }),
      retry({ delay: () => timer(3) }),
    ), seen), {
      source:   'abc-----|',
      sub:      '^-------!',
      expected: 'a---c---|',
      held:     '001-00---',
    });

    drawn('begin to read it later', (seen) => fanOut(1, (lane: Observable<string>) => timer(5).pipe(mergeMap(() => lane)), { ...seen, queue: 3 }), {
      pull:     'abcdef',
      reads:    '(abc)(def|)',
      expected: '-----(abcdef|)',
    });

    drawn('begin to read it when the source has ended', (seen) => fanOut(2, (lane: Observable<string>) => timer(4).pipe(mergeMap(() => lane)), seen), {
      source:   'ab|',
      sub:      '^-!',
      expected: '----(ab|)',
    });

    drawn('never read it: it fills up', (seen) => fanOut(2, (lane: Observable<string>, index) => (index === 0 ? NEVER : lane), seen), {
      pull:     'abcdef',
      reads:    '(ab)', // the third would be its second
      expected: 'b',
      held:     '1---1',
    });

    drawn('multicast it', (seen) => fanOut(1, (lane: Observable<string>) => lane.pipe(connect((values) => merge(values, values.pipe(map((letter) => letter.toUpperCase()))))), seen), {
      source:   'a---b---|',
      sub:      '^-------!',
      expected: '(aA)(bB)|',
    });

    drawn('not be read twice', (seen) => fanOut(1, (lane: Observable<string>) => merge(lane, lane), seen), {
      source:   'a|',
      sub:      [],
      expected: '#',
      error:    new LaneTakenError(0),
    });

    drawn('emit what it likes: several values, or something of its own', (seen) => fanOut(2, (lane: Observable<string>, index) => concat(of(String(index)), lane.pipe(mergeMap((letter) => [letter, letter]))), seen), {
      source:   '----a---b---|',
      sub:      '^-----------!',
      expected: '(01)(aa)(bb)|',
    });

    drawn('go on when its lane is complete', (seen) => fanOut(2, (lane: Observable<string>) => concat(lane, timer(2).pipe(map(() => 'x'))), seen), {
      source:   'ab|',
      sub:      '^-!',
      expected: 'ab--(xx|)',
    });

    drawn('not be made: what `lane` throws fails the pipe', (seen) => fanOut(2, (): Observable<string> => {
      throw 'error';
    }, seen), {
      source:   'ab|',
      sub:      [],
      expected: '#',
    });
  });

  describe('an error', () => {
    drawn('of a lane cuts ahead, and drops what is held', tasks(2), {
      source:   'abcd---|',
      sub:      '^----!  ',
      given: {
        a:     ['-----#',
                '^----!'],
        b:     [' --------(b|)',
                '-^---!'],
      },
      expected: '-----#',
      drops:    '-----(cd)',
      why:      'error',
      held:     '0012-00',
    });

    drawn('of the source comes when every lane has completed', tasks(2), {
      source:   'abcd#',
      sub:      '^---!',
      given: {
        a:     ['------(a|)',
                '^-----!'],
        b:     [' -(b|)',
                '-^!'],
        c:     ['      --(c|)',
                '------^-!'],
        d:     ['   -(d|)',
                '---^!'],
      },
      expected: '--b-d-a-(c#)',
    });

    drawn('of the source is not seen in the lanes: they complete', (seen) => fanOut(2, (lane: Observable<string>) => lane.pipe(toArray(), map((all) => all.join(''))), seen), {
      source:   'abc-#',
      sub:      '^---!',
      expected: '----(xb#)',
      values:   { x: 'ac', b: 'b' },
    });

    drawn("of the source comes at once with errors: 'immediate'", tasks(2, { errors: 'immediate' }), {
      source:   'abcd#',
      sub:      '^---!',
      given: {
        a:     ['------(a|)',
                '^---!'],
        b:     [' -----(b|)',
                '-^--!'],
      },
      expected: '----#',
      drops:    '----(cd)',
      why:      'error',
    });
  });

  describe('of a source that is', () => {
    drawn('empty, it completes', plain(2), {
      source:   '|',
      sub:      '(^!)',
      ticks:    '-',
      expected: '|',
    });
    drawn('never to emit, it is silent', plain(2), {
      source:   '-',
      sub:      '^',
      ticks:    '-',
      expected: '-',
    });
    drawn('failing, it fails', plain(2), {
      source:   '#',
      sub:      '(^!)',
      ticks:    '-',
      expected: '#',
    });
    drawn('synchronous, it holds what the consumer does not take', plain(2), {
      sync:     'abc           ',
      reads:    '(abc|)        ',
      ticks:    '------x--x--x ',
      expected: '------a--b--(c|)',
      parked:   '1-----0--0--0-',
    });
    spec('synchronously empty, never to emit or failing, it is that too', ({ expectObservable }) => {
      const two = fanOut<never, Observable<never>>(2, (lane) => lane);
      expectObservable(EMPTY.pipe(two)).toBe('|');
      expectObservable(NEVER.pipe(two)).toBe('-');
      expectObservable(throwError(() => 'error').pipe(two)).toBe('#');
    });
  });

  describe('unsubscribed, it releases the source at once', () => {
    drawn('while idle', plain(2), {
      source:   '-a----b',
      sub:      '^---!  ',
      ticks:    'x------',
      unsub:    '----!  ',
      expected: '-a-----',
    });
    drawn('while lanes hold values, and their pipes work', tasks(2), {
      source:   'abcd--e',
      sub:      '^---!  ',
      unsub:    '----!  ',
      given: {
        a:     ['------(a|)',
                '^---!'],
        b:     [' -----(b|)',
                '-^--!'],
      },
      expected: '-------',
      drops:    '----(cd)',
      why:      'unsubscribed',
    });
    drawn('while values are parked', plain(2), {
      source:   'abcde-f',
      sub:      '^----! ',
      ticks:    '------x',
      unsub:    '-----! ',
      expected: '-------',
      drops:    '-----(acebd)',
      why:      'unsubscribed',
      parked:   '001230-',
    });
    drawn('after the source has ended, while it drains', plain(2), {
      source:   'ab|     ',
      sub:      '^-!     ',
      ticks:    '----x--x',
      unsub:    '------! ',
      expected: '----a---',
      drops:    '------b ',
      why:      'unsubscribed',
    });
    drawn('while a source waits for it', plain(2), {
      pull:     'abcdef',
      reads:    '(ab)--c-!',
      ticks:    '------x---x',
      unsub:    '--------!',
      expected: '------a----',
      drops:    '--------(cb)',
      why:      'unsubscribed',
    });
    drawn('while a value is in hand', tasks(2, { by }), {
      pull:     'aceb',
      reads:    '(ace)---!',
      unsub:    '--------!',
      given: {
        a:     ['------------(a|)',
                '^-------!'],
      },
      expected: '---------',
      drops:    '--------(ce)',
      why:      'unsubscribed',
    });
  });

  describe('take and takeUntil', () => {
    drawn('take above releases the source while the lanes drain', (seen) => pipe(take(2), plain(2)(seen)), {
      source:   'abcd      ',
      sub:      '^!        ',
      ticks:    '---x--x   ',
      expected: '---a--(b|)',
    });
    drawn('take below releases the source and drops the rest', (seen) => pipe(plain(2)(seen), take(1)), {
      source:   'abcd-e-',
      sub:      '^---!  ',
      ticks:    '----x-x',
      expected: '----(a|)',
      drops:    '----(cbd)',
      why:      'unsubscribed',
    });
    drawn('takeUntil above ends the source, and what is held goes first', (seen, given) => pipe(takeUntil(given('stop')), plain(2)(seen)), {
      source:   'ab--c--   ',
      sub:      '^--!      ',
      given: {
        stop: ['---x', '^--!'],
      },
      ticks:    '----x-x   ',
      expected: '----a-(b|)',
    });
    drawn('takeUntil below drops what is held', (seen, given) => pipe(plain(2)(seen), takeUntil(given('stop'))), {
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
        if (letter === 'a') {
          source.next('b'); // for the other lane, which is free: it waits all the same
          source.next('c');
        }
        if (letter === 'b') {
          source.next('d');
          source.complete();
          source.next('e');
        }
      });

    for (const way of ['round-robin', 'least-loaded', by] as const) {
      spec(`push and complete: what it pushes waits for its turn (${typeof way === 'string' ? way : 'by key'})`, ({ seen, expectObservable }) => {
        const expected = ' -(abcd|) ';
        const source = new Subject<string>();
        const seenFrom: string[] = [];
        timer(1).subscribe(() => source.next('a'));
        expectObservable(source.pipe(plain(2, { by: way })(seen), pushing(source), tap((letter) => seenFrom.push(letter)))).toBe(expected);
      });
    }

    spec('push and complete before a slow consumer', ({ seen, cold, meter, expectObservable }) => {
      const ticks = '    ---(xxxx)   ';
      const expected = ' ---(abcd|)   ';
      const source = new Subject<string>();
      timer(1).subscribe(() => source.next('a'));
      expectObservable(source.pipe(plain(2)(seen), takeOn(cold(ticks)), pushing(source))).toBe(expected);
      expectObservable(timer(12).pipe(map(() => [meter.received, meter.delivered, meter.held]))).toBe('------------(x|)', { x: [4, 4, 0] });
    });

    drawn('unsubscribe: nothing more comes, and what is held is dropped', (seen) => pipe(plain(2, { queue: 2 })(seen), takeWhile((letter) => letter !== 'b', true)), {
      source:   'abcd------',
      sub:      '^----!   ',
      ticks:    '-----(xxx)',
      expected: '-----(ab|)',
      drops:    '-----(cd)',
      why:      'unsubscribed',
    });
  });

  describe('the link', () => {
    drawn('requireDemand: each lane must lead to something that can say wait', plain(2, { requireDemand: true }), {
      source:   'ab|',
      sub:      [],
      expected: '#',
      error:    new DemandRequiredError('lane 0 of fanOut(2)'),
    });

    drawn('requireDemand: a stage in each lane will do', tasks(2, { requireDemand: true }), {
      source:   'a-|',
      sub:      '^-!',
      given: {
        a:     ['-(a|)',
                '^!'],
      },
      expected: '-a|',
    });

    it('onLink hears of each lane, and the source of fanOut', () => {
      const links: unknown[] = [];
      const onLink = ({ from: it, to }: { from: string; to: string | undefined }) => links.push([it, to]);
      pullFrom('ab', { onLink }).pipe(
        fanOut(2, (lane, index) => (index === 0 ? lane : lane.pipe(workerPool(1, async (letter) => letter, { onLink }))), { onLink }),
        bufferedChannel(1),
      ).subscribe();
      expect(links).toEqual([
        ['lane 0 of fanOut(2)', 'bufferedChannel(1)'],
        ['workerPool(1)', 'bufferedChannel(1)'],
        ['lane 1 of fanOut(2)', 'workerPool(1)'],
        ['pullFrom', 'fanOut(2)'],
      ]);
    });
  });

  it('lanes may be asynchronous', async () => {
    const numbers = from([1, 2, 3, 4]).pipe(
      fanOut(2, (lane) => lane.pipe(workerPool(1, async (n) => n * 10))),
      toArray(),
    );
    expect((await lastValueFrom(numbers)).sort()).toEqual([10, 20, 30, 40]);
  });
});
