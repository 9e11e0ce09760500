import { Readable } from 'node:stream';
import { Subject, concatMap, config, filter, identity, lastValueFrom, map, merge, mergeMap, of, pipe, switchMap, take, takeUntil, tap, toArray, type Observable } from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, DemandRequiredError, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect, it, onTestFinished } from 'vitest';
import { drawn, letters, spec } from './bed.js';

/** Sends each letter into the channel as it comes, and closes the channel when they end. */
function feed(channel: Channel<string>, source: Observable<string>): void {
  source.subscribe({
    next: (letter) => void channel.trySend(letter),
    error: (error) => channel.close(error),
    complete: () => channel.close(),
  });
}

describe('pullFrom', () => {
  describe('an iterable is read', () => {
    drawn('once for each value that is taken; its end takes one more', () => identity, {
      iterable: 'abc',
      reads:    '--a--b--c--|',
      ticks:    '--x--x--x--x',
      expected: '--a--b--c--|',
      diagram:  { file: 'pull-from', of: 'operators/sources/pull-from.ts', title: 'A source that waits is read once for each value that is taken', call: "pullFrom('abc')" },
    });

    drawn('all at once where nothing below can say wait', () => identity, {
      iterable: 'abc',
      reads:    '(abc|)',
      expected: '(abc|)',
    });

    drawn('as fast as the consumer takes', () => identity, {
      iterable: 'abc',
      reads:    '--(abc|)',
      ticks:    '--(xxxx)',
      expected: '--(abc|)',
    });

    drawn('no more where the consumer stops', () => identity, {
      iterable: 'abc',
      reads:    '--a--b--',
      ticks:    '--x--x--',
      expected: '--a--b--',
    });

    drawn('not at all while nobody takes', () => identity, {
      iterable: 'abc',
      reads:    '--------',
      ticks:    '--------',
      expected: '--------',
    });

    drawn('to its end, where it is empty', () => identity, {
      iterable: '',
      reads:    '--|',
      ticks:    '--x',
      expected: '--|',
    });

    drawn('on until one passes a filter', () => filter((letter) => letter !== 'b'), {
      iterable: 'abc',
      reads:    '--a--(bc)|',
      ticks:    '--x--x---x',
      expected: '--a--c---|',
    });

    drawn('no more until all that one value expands into is taken', () => mergeMap((letter) => [letter, letter]), {
      iterable: 'abc',
      reads:    '--a-----b-----',
      ticks:    '--x--x--x--x--',
      expected: '--(aa)--(bb)--',
    });

    drawn('ahead by what concatMap holds itself, which hides it from the stage below', () => concatMap((letter) => pullFrom([letter, letter.toUpperCase()])), {
      iterable: 'ab',
      reads:    '--a-----(b|)    ',
      ticks:    '--x--x--x--x--x ',
      expected: '--a--A--b--B--| ',
    });
  });

  describe('an iterable is let go, once,', () => {
    drawn('when it is unsubscribed before a first read', () => identity, {
      iterable: 'abc',
      reads:    '---|  ',
      ticks:    '-----x',
      unsub:    '---!  ',
      expected: '------',
    });

    drawn('when it is unsubscribed while it waits', () => identity, {
      iterable: 'abc',
      reads:    '-a-|  ',
      ticks:    '-x---x',
      unsub:    '---!  ',
      expected: '-a----',
    });

    drawn('by take, in the same turn', () => take(2), {
      iterable: 'abc',
      reads:    '-a-(b|)',
      ticks:    '-x-x-x ',
      expected: '-a-(b|)',
    });

    drawn('by take, where nothing below can say wait', () => take(2), {
      iterable: 'abc',
      reads:    '(ab|)',
      expected: '(ab|)',
    });

    drawn('by takeUntil', (_seen, given) => takeUntil(given('stop')), {
      iterable: 'abc',
      reads:    '-a-|  ',
      given: {
        stop: ['---x', '^--!'],
      },
      ticks:    '-x---x',
      expected: '-a-|  ',
    });

    drawn('by a consumer that throws', () => map((letter) => {
      if (letter === 'b') throw 'error';
      return letter;
    }), {
      iterable: 'abc',
      reads:    '-a-(b|)',
      ticks:    '-x-x-x ',
      expected: '-a-#   ',
    });

    spec('by switchMap, when the next one comes', ({ hot, cold, expectObservable }) => {
      const words = {
        x: letters('abc'),
        y: letters('def'),
      };
      const source = hot('  x--y----- ');
      const ticks = cold('  -x--x-x-- ');
      const expected = '    -a--d-e-- ';
      const unsub = '       --------! ';
      expectObservable(words.x.reads).toBe('-a-|      ');
      expectObservable(words.y.reads).toBe('----d-e-| ');
      const pipe = source.pipe(switchMap((name) => pullFrom(words[name as 'x' | 'y'].iterable)), takeOn(ticks));
      expectObservable(pipe, unsub).toBe(expected);
    });
  });

  describe('an iterable that', () => {
    spec('throws errors the pipe, and is not let go any more', ({ cold, expectObservable, later }) => {
      let returned = 0;
      const iterator = {
        at: 0,
        next() {
          if (this.at++ === 2) throw 'error';
          return { done: false as const, value: 'ab'[this.at - 1] };
        },
        return() {
          returned++;
          return { done: true as const, value: undefined };
        },
      };
      const ticks = cold('--x--x--x--x');
      const expected = '  --a--b--#   ';
      const pipe = pullFrom({ [Symbol.iterator]: () => iterator }).pipe(takeOn(ticks));
      expectObservable(pipe).toBe(expected);
      later(async () => expect(returned).toBe(0));
    });

    spec('cannot be opened errors the pipe', ({ expectObservable }) => {
      const closed = {
        [Symbol.iterator]() {
          throw 'error';
        },
      };
      expectObservable(pullFrom(closed as Iterable<string>)).toBe('#');
    });

    spec('holds promises passes them on as they are', ({ expectObservable }) => {
      const promise = Promise.resolve('a');
      expectObservable(pullFrom([promise])).toBe('(p|)', { p: promise });
    });

    spec('is subscribed twice is read anew each time', ({ cold, expectObservable }) => {
      const pulled = pullFrom('ab');
      expectObservable(pulled.pipe(takeOn(cold('-x-x-x')))).toBe('   -a-b-|');
      expectObservable(pulled.pipe(takeOn(cold('--x--x--x')))).toBe('--a--b--|');
    });
  });

  drawn('a consumer may leave from inside next, and nothing more is read', () => {
    const leave = new Subject<void>();
    return pipe(tap((letter: string) => letter === 'b' && leave.next()), takeUntil(leave));
  }, {
    iterable: 'abc',
    reads:    '-(ab|) ',
    ticks:    '-(xxx) ',
    expected: '-(a|)  ',
  });

  spec('a consumer may show demand from inside next: the loop goes on, and does not nest', ({ expectObservable, hot }) => {
    const { iterable, reads } = letters('abc');
    const more = new Subject<string>();
    let depth = 0;
    const nested = tap((letter: string) => {
      expect(++depth).toBe(1);
      if (letter !== 'c') more.next('x');
      depth--;
    });
    const ticks = hot('  --x---');
    const expected = '   --(abc)';
    expectObservable(pullFrom(iterable).pipe(takeOn(merge(ticks, more)), nested)).toBe(expected);
    expectObservable(reads).toBe('--(abc)');
  });

  spec('requireDemand: where nothing below can say wait, the input is not even opened', ({ expectObservable }) => {
    const { iterable, reads } = letters('abc');
    expectObservable(pullFrom(iterable, { requireDemand: true })).toBe('#', {}, new DemandRequiredError('pullFrom'));
    expectObservable(reads).toBe('-----');
  });

  spec('two sources before one stage take turns', ({ cold, expectObservable }) => {
    const one = letters('abc');
    const two = letters('xyz');
    const ticks = cold('-x-x-x-x-x--');
    const expected = '  -a-x-b-y-c--';
    const pipe = merge(pullFrom(one.iterable), pullFrom(two.iterable)).pipe(takeOn(ticks));
    expectObservable(pipe).toBe(expected);
    expectObservable(one.reads).toBe('-a---b---c--');
    expectObservable(two.reads).toBe('---x---y----');
  });

  describe('a channel', () => {
    spec('gives what is sent as it is sent, and completes when it is closed', ({ hot, expectObservable }) => {
      const sent = hot('   -a-(bc)-|');
      const expected = '   -a-(bc)-|';
      const channel = new Channel<string>();
      feed(channel, sent);
      expectObservable(pullFrom(channel)).toBe(expected);
    });

    spec('is not drained faster than the consumer takes', ({ hot, cold, expectObservable }) => {
      const sent = hot('   abc-|         ');
      const ticks = cold(' -----x--x--x--x');
      const expected = '   -----a--b--c--|';
      const length = cold('---3--2--1--0--').pipe(map(() => String(channel.length)));
      const channel = new Channel<string>(3);
      feed(channel, sent);
      expectObservable(pullFrom(channel).pipe(takeOn(ticks))).toBe(expected);
      expectObservable(length).toBe('---3--2--1--0--');
    });

    spec('that is a rendezvous takes a send when the consumer takes', ({ hot, cold, expectObservable }) => {
      const offered = hot('abcdefg-');
      const ticks = cold(' --x-x---');
      const expected = '   ---d-f--';
      const channel = new Channel<string>();
      const accepted = offered.pipe(filter((letter) => channel.trySend(letter)));
      expectObservable(pullFrom(channel).pipe(takeOn(ticks))).toBe(expected);
      expectObservable(accepted).toBe(expected);
    });

    spec('closed with an error gives what it holds, and then the error', ({ hot, cold, expectObservable }) => {
      const sent = hot('   ab-#      ');
      const ticks = cold(' ----x--x-x');
      const expected = '   ----a--b-#';
      const channel = new Channel<string>(2);
      feed(channel, sent);
      expectObservable(pullFrom(channel).pipe(takeOn(ticks))).toBe(expected);
    });

    spec('that nobody sends into is silent', ({ expectObservable }) => {
      expectObservable(pullFrom(new Channel<string>(1))).toBe('-----');
    });

    spec('stays open when it is left, and what comes later is not taken', ({ hot, expectObservable, later }) => {
      const sent = hot('  -a-b---c');
      const unsub = '     -----!  ';
      const expected = '  -a-b----';
      const channel = new Channel<string>(1);
      feed(channel, sent);
      expectObservable(pullFrom(channel), unsub).toBe(expected);
      later(async () => expect([channel.closed, channel.tryReceive()]).toEqual([false, { done: false, value: 'c' }]));
    });

    spec('and another share a room: what arrives when it has gone is kept in hand', ({ hot, cold, expectObservable }) => {
      const sentA = hot(' -a-------');
      const sentB = hot(' --b------');
      const ticks = cold('x-----x--'); // both are asked at 0, for one place
      const expected = '  -a----b--';
      const one = new Channel<string>();
      const two = new Channel<string>();
      feed(one, sentA);
      feed(two, sentB);
      expectObservable(merge(pullFrom(one), pullFrom(two)).pipe(takeOn(ticks))).toBe(expected);
    });

    spec('whose value is in hand when it is unsubscribed: onDrop hears of it', ({ seen, hot, cold, expectObservable, expectDrops }) => {
      const sentA = hot(' -a-----');
      const sentB = hot(' --b----');
      const ticks = cold('x-----x');
      const unsub = '     ----!  ';
      const expected = '  -a-----';
      const drops = '     ----b  ';
      const { onDrop } = seen;
      const one = new Channel<string>();
      const two = new Channel<string>();
      feed(one, sentA);
      feed(two, sentB);
      const pipe = merge(pullFrom(one, { onDrop }), pullFrom(two, { onDrop })).pipe(takeOn(ticks));
      expectObservable(pipe, unsub).toBe(expected);
      expectDrops(drops, 'unsubscribed');
    });

    spec('that feeds itself from inside next does not nest', ({ hot, expectObservable }) => {
      const sent = hot(' -a-----');
      const expected = ' -(abc) ';
      const channel = new Channel<string>(1);
      feed(channel, sent);
      const pipe = pullFrom(channel).pipe(tap((letter) => letter !== 'c' && channel.trySend(letter === 'a' ? 'b' : 'c')));
      expectObservable(pipe).toBe(expected);
    });
  });

  describe('an async iterable', () => {
    /** One whose `next()` never settles: virtual time sees when it is asked, and when it is let go. */
    function silent() {
      const asked = new Subject<string>();
      const iterator = {
        next: () => {
          asked.next('n');
          return new Promise<never>(() => {});
        },
        return: () => {
          asked.next('r');
          return Promise.resolve({ done: true as const, value: undefined });
        },
      };
      return { iterable: { [Symbol.asyncIterator]: () => iterator }, asked };
    }

    spec('is asked for one value at a time, and only when there is room', ({ cold, expectObservable }) => {
      const { iterable, asked } = silent();
      const ticks = cold('   --x-x-x-- ');
      const expected = '     --n------ ';
      expectObservable(asked).toBe(expected);
      expectObservable(pullFrom(iterable).pipe(takeOn(ticks))).toBe('-');
    }, { allow: ['Promise.then'] });

    spec('is let go at once, although a value is awaited', ({ cold, expectObservable }) => {
      const { iterable, asked } = silent();
      const ticks = cold('   --x-x---- ');
      const unsub = '        -----!    ';
      const expected = '     --n--r--- ';
      expectObservable(asked).toBe(expected);
      expectObservable(pullFrom(iterable).pipe(takeOn(ticks)), unsub).toBe('-');
    }, { allow: ['Promise.then'] });

    spec('is asked at once where nothing below can say wait', ({ expectObservable }) => {
      const { iterable, asked } = silent();
      expectObservable(asked).toBe('n---');
      expectObservable(pullFrom(iterable)).toBe('-');
    }, { allow: ['Promise.then'] });

    async function* soon(text: string, letGo: () => void) {
      try {
        yield* text;
      } finally {
        letGo();
      }
    }

    it('comes in order, and completes', async () => {
      const letGo = () => {};
      expect(await lastValueFrom(pullFrom(soon('abc', letGo)).pipe(bufferedChannel(1), toArray()))).toEqual(['a', 'b', 'c']);
    });

    it('is let go by take', async () => {
      const values: string[] = [];
      await new Promise<void>((letGo) => {
        pullFrom(soon('abc', letGo)).pipe(take(2)).subscribe((letter) => values.push(letter));
      });
      expect(values).toEqual(['a', 'b']);
    });

    it('that rejects errors the pipe', async () => {
      async function* failing() {
        yield 'a';
        throw 'error';
      }
      await expect(lastValueFrom(pullFrom(failing()))).rejects.toBe('error');
    });

    it('may be a Node stream, which take destroys', async () => {
      const stream = Readable.from(['a', 'b', 'c']);
      expect(await lastValueFrom(pullFrom<string>(stream).pipe(take(2), toArray()))).toEqual(['a', 'b']);
      expect(stream.destroyed).toBe(true);
    });

    it('may be a web stream, which take cancels', async () => {
      let cancelled = 0;
      const stream = new ReadableStream<string>({
        pull: (controller) => controller.enqueue('a'),
        cancel: () => {
          cancelled++;
        },
      });
      expect(await lastValueFrom(pullFrom(stream).pipe(take(2), toArray()))).toEqual(['a', 'a']);
      expect(cancelled).toBe(1);
    });
  });

  it('what fails while the input is let go goes to the unhandled-error hook', async () => {
    onTestFinished(() => void (config.onUnhandledError = null));
    const reported = new Promise((resolve) => (config.onUnhandledError = resolve));
    const iterator = {
      next: () => ({ done: false, value: 'a' }),
      return: () => {
        throw 'error';
      },
    };
    pullFrom({ [Symbol.iterator]: () => iterator }).pipe(take(1)).subscribe();
    expect(await reported).toBe('error');
  });

  it('after 1,024 values of which none arrives below, the event loop gets a turn', async () => {
    let read = 0;
    function* endless() {
      for (;;) yield read++;
    }
    const pipe = pullFrom(endless()).pipe(filter(() => false), takeOn(of('x')));
    const subscription = pipe.subscribe();
    const first = read;
    expect(first).toBe(1024);
    await new Promise((resolve) => setImmediate(resolve));
    expect(read).toBe(first + 1024);
    subscription.unsubscribe();
  });

  for (const [name, input] of Object.entries({ undefined, null: null, 'a number': 1, 'an object': {}, 'a function': () => 1 })) {
    it(`${name} is no input`, () => {
      expect(() => pullFrom(input as never)).toThrow('Expected `input` to be an iterable, async iterable, stream or channel');
    });
  }

  it('refuses what it cannot call', () => {
    expect(() => pullFrom('ab', { onDrop: 1 as never })).toThrow('Expected `onDrop` to be a function, got 1');
  });
});
