import { EMPTY, NEVER, Observable, Subject, config, finalize, identity, map, pipe, take, takeUntil, throwError, timer, type MonoTypeOperatorFunction, type Observer } from 'rxjs';
import { Channel, ChannelClosedError, ChannelOverflowError } from 'rxjs-sluice';
import { takeOn } from 'rxjs-sluice/marbles';
import { StageMeter, demandOf, intoChannel, pullFrom, type Demand, type IntoChannelOptions, type Overflow } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { drawn, letters, spec, type Bed, type Given, type Seen } from './bed.js';

/** What a receiver sees that tries now: a letter, `.` for nothing now, `D` for done, `E` for an error. */
function tried(channel: Channel<string>): string {
  try {
    const result = channel.tryReceive();
    return result === undefined ? '.' : (result.value ?? 'D');
  } catch {
    return 'E';
  }
}

interface Channelled {
  /** Of the channel. */
  readonly capacity: number;
  readonly overflow?: Overflow;
  /** When somebody tries to receive, and what is received then. */
  readonly received?: string;
  /** When somebody else closes or cancels the channel: `c`, `x`. */
  readonly ended?: string;
  /** At each `o` the channel is open, at each `c` closed. */
  readonly open?: string;
  readonly options?: IntoChannelOptions<string>;
}

/** Sends into a channel, of which this is the picture. */
const sending =
  (
    { capacity, overflow, received, ended, open, options }: Channelled,
    above: (given: Given) => MonoTypeOperatorFunction<string> = () => identity,
  ) =>
  (seen: Seen, given: Given, { hot, cold, expectObservable }: Bed) => {
    const { onDrop } = seen;
    const channel = new Channel<string>(capacity, { overflow, ...(overflow && { onDrop }) });
    if (received !== undefined) {
      expectObservable(cold(received).pipe(map(() => tried(channel)))).toBe(received);
    }
    if (ended !== undefined) hot(ended).subscribe((how) => (how === 'x' ? channel.cancel() : channel.close()));
    if (open !== undefined) expectObservable(cold(open).pipe(map(() => (channel.closed ? 'c' : 'o')))).toBe(open);
    return pipe(above(given), intoChannel<string>(channel, { ...seen, ...options }));
  };

describe('intoChannel', () => {
  describe('reads a source that waits', () => {
    drawn('as the channel is received from, at a rendezvous', sending({
      capacity: 0,
      received: '--a--b--c--D',
    }), {
      pull:     'abc',
      reads:    '--a--b--c--|',
      expected: '-----------|',
    });

    drawn('ahead by the capacity of the channel', sending({
      capacity: 2,
      received: '------a--b--c--D',
    }), {
      pull:     'abc',
      reads:    '(ab)--c--|      ',
      expected: '---------|      ',
    });

    drawn('no further while nobody receives', sending({
      capacity: 1,
    }), {
      pull:     'abc',
      reads:    'a-----',
      expected: '------',
    });
  });

  describe('of a source that pushes', () => {
    drawn('what the channel cannot take is parked before it; it completes when all is delivered, and closes the channel', sending({
      capacity: 1,
      received: '-----a--b--c--D',
      open:     'o--o----c------',
    }), {
      source:   'abc|           ',
      sub:      '^--!           ',
      expected: '--------|      ',
      held:     '012--1--0------',
      parked:   '012--1--0------',
      diagram:  { file: 'into-channel', of: 'operators/sinks/into-channel.ts', title: 'What the channel cannot take is parked before it', call: 'intoChannel(channel)' },
    });

    drawn('a rendezvous parks what nobody is there to take', sending({
      capacity: 0,
      received: '---a--b.--D',
    }), {
      source:   'ab------|',
      sub:      '^-------!',
      expected: '--------|',
      held:     '12-1--0--',
    });

    drawn('more than maxParked fails it, and closes the channel', sending({
      capacity: 1,
      options:  { maxParked: 1 },
      received: '-----aE',
    }), {
      source:   'abc-d',
      sub:      '^-!  ',
      expected: '--#  ',
      error:    new ChannelOverflowError(1, 0, 'c'),
      drops:    '--(cb)',
      why:      { c: 'overflow', b: 'error' },
    });

    for (const [overflow, received, drops] of [
      ['drop-oldest', '-----c-d.-D', '--ab'],
      ['drop-newest', '-----a-b.-D', '--cd'],
    ] as const) {
      drawn(`meets the policy of the channel: '${overflow}'`, sending({
        capacity: 2,
        overflow,
        received,
      }), {
        source:   'abcd-----|',
        sub:      '^--------!',
        expected: '---------|',
        drops,
        why:      'overflow',
        held:     '0000-0-0--',
      });
    }

    drawn("meets the policy of the channel: 'error' fails it", sending({
      capacity: 2,
      overflow: 'error',
      received: '----a-b-E',
    }), {
      source:   'abcd-----|',
      sub:      '^-!       ',
      expected: '--#       ',
      error:    new ChannelOverflowError(2, 2, 'c'),
      drops:    '--c       ',
      why:      'overflow',
    });

    drawn("its own overflow policy: 'drop-newest' keeps nothing before a channel that is full", sending({
      capacity: 1,
      options:  { overflow: 'drop-newest' },
      received: '---a--c-D',
    }), {
      source:   'ab--c--|',
      sub:      '^------!',
      expected: '-------|',
      drops:    '-b      ',
      why:      'overflow',
      held:     '00------',
    });
  });

  describe('when the source fails', () => {
    drawn('what is parked goes first, and then the channel is closed with the error', sending({
      capacity: 1,
      received: '-----a--b--c--E',
      open:     'o--o----c------',
    }), {
      source:   'abc#           ',
      sub:      '^--!           ',
      expected: '--------#      ',
    });

    drawn("errors: 'immediate' drops what is parked; what the channel holds can still be received", sending({
      capacity: 1,
      received: '-----a--E',
      open:     'o--c-----',
      options:  { errors: 'immediate' },
    }), {
      source:   'abc#     ',
      sub:      '^--!     ',
      expected: '---#     ',
      drops:    '---(bc)  ',
      why:      'error',
    });
  });

  describe('close: false leaves the channel open', () => {
    drawn('when the source completes', sending({
      capacity: 1,
      received: '---a-.',
      open:     'o--o-o',
      options:  { close: false },
    }), {
      source:   'a-|   ',
      sub:      '^-!   ',
      expected: '--|   ',
    });
    drawn('when the source fails', sending({
      capacity: 1,
      received: '---a-.',
      open:     'o--o-o',
      options:  { close: false },
    }), {
      source:   'a-#   ',
      sub:      '^-!   ',
      expected: '--#   ',
    });
    spec('so that several may send into one', ({ hot, cold, expectObservable }) => {
      const one = hot('     a---b|   ');
      const two = hot('     -c-d---| ');
      const received = '    -a-c-d-b.';
      const ends = '        -----|   ';
      const channel = new Channel<string>(9);
      expectObservable(one.pipe(intoChannel(channel, { close: false }))).toBe(ends);
      expectObservable(two.pipe(intoChannel(channel, { close: false }))).toBe('-------|');
      expectObservable(cold(received).pipe(map(() => tried(channel)))).toBe(received);
    });
  });

  describe('when somebody else closes the channel', () => {
    drawn('it fails at the next value, which is dropped', sending({
      capacity: 2,
      ended:    '--c------',
      received: '-----a-D ',
    }), {
      source:   'a---b-c-|',
      sub:      '^---!    ',
      expected: '----#    ',
      error:    new ChannelClosedError('b'),
      drops:    '----b    ',
      why:      'error',
    });

    drawn('while values are parked it fails at once, and drops them', sending({
      capacity: 1,
      ended:    '---c-----',
      received: '-----a-D ',
    }), {
      source:   'abc-----|',
      sub:      '^--!     ',
      expected: '---#     ',
      error:    new ChannelClosedError(),
      drops:    '---(bc)  ',
      why:      'error',
    });

    drawn('and cancels it, likewise', sending({
      capacity: 1,
      ended:    '---x-----',
      received: '-----D-D ',
    }), {
      source:   'abc-----|',
      sub:      '^--!     ',
      expected: '---#     ',
      error:    new ChannelClosedError(),
      drops:    '---(bc)  ',
      why:      'error',
    });

    drawn('a source that waits for room is let go at once', sending({
      capacity: 1,
      ended:    '---c-----',
    }), {
      pull:     'abc',
      reads:    'a--!     ',
      expected: '---#     ',
      error:    new ChannelClosedError(),
    });

    drawn('after the source has completed and all is delivered, it is no concern', sending({
      capacity: 2,
      ended:    '---c--',
    }), {
      source:   'ab|   ',
      sub:      '^-!   ',
      expected: '--|   ',
    });

    drawn('before it began, it fails before it reads', (seen) => {
      const channel = new Channel<string>(1);
      channel.close();
      return intoChannel(channel, seen);
    }, {
      pull:     'abc',
      reads:    '!',
      expected: '#',
      error:    new ChannelClosedError(),
    });
  });

  describe('of a source that is', () => {
    drawn('empty, it completes, and closes the channel', sending({ capacity: 0, received: '-D' }), {
      source:   '|',
      sub:      '(^!)',
      expected: '|',
    });
    drawn('never to emit, it is silent', sending({ capacity: 0, received: '-.', open: '-o' }), {
      source:   '--',
      sub:      '^',
      expected: '--',
    });
    drawn('failing, it fails, and closes the channel with the error', sending({ capacity: 0, received: '-E' }), {
      source:   '#',
      sub:      '(^!)',
      expected: '#',
    });
    spec('synchronously empty, never to emit or failing, it is that too', ({ expectObservable }) => {
      expectObservable(EMPTY.pipe(intoChannel(new Channel<never>()))).toBe('|');
      expectObservable(NEVER.pipe(intoChannel(new Channel<never>()))).toBe('-');
      expectObservable(throwError(() => 'error').pipe(intoChannel(new Channel<never>()))).toBe('#');
    });
  });

  describe('unsubscribed, it releases the source at once, and leaves the channel open', () => {
    drawn('while idle', sending({ capacity: 1, received: '--a--.', open: '-----o' }), {
      source:   'a---b-',
      sub:      '^--!  ',
      unsub:    '---!  ',
      expected: '------',
    });
    drawn('while the channel is full', sending({ capacity: 1, received: '-----a-.', open: '-----o--' }), {
      source:   'a---b---',
      sub:      '^--!    ',
      unsub:    '---!    ',
      expected: '--------',
    });
    drawn('while values are parked', sending({ capacity: 1, received: '-----a-.', open: '-----o--' }), {
      source:   'abc-----',
      sub:      '^--!    ',
      unsub:    '---!    ',
      expected: '--------',
      drops:    '---(bc) ',
      why:      'unsubscribed',
    });
    drawn('while a source waits for room', sending({ capacity: 1, received: '-----a-.', open: '-----o--' }), {
      pull:     'abc',
      reads:    'a--!    ',
      unsub:    '---!    ',
      expected: '--------',
    });
  });

  describe('take and takeUntil', () => {
    drawn('take above releases the source, and the channel closes when all is delivered', sending({
      capacity: 1,
      received: '---a--b--D',
    }, () => take(2)), {
      source:   'abcd      ',
      sub:      '^!        ',
      expected: '---|      ',
    });
    drawn('takeUntil above too', sending({
      capacity: 2,
      received: '-----a-b-D',
    }, (given) => takeUntil(given('stop'))), {
      source:   'ab---c',
      sub:      '^--!  ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: '---|  ',
    });
    drawn('takeUntil below releases the source, drops what is parked, and leaves the channel open', (seen, given, bed) => pipe(sending({
      capacity: 1,
      received: '-----a-.',
      open:     '-----o--',
    })(seen, given, bed), takeUntil(given('stop'))), {
      source:   'ab---c  ',
      sub:      '^--!    ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: '---|    ',
      drops:    '---b    ',
      why:      'unsubscribed',
    });
  });

  spec('a receiver that waits is handed the value, and may send and end the source from there', ({ seen, expectObservable, later }) => {
    const expected = ' -|';
    const got: string[] = [];
    const source = new Subject<string>();
    const channel = new Channel<string>();
    const receive = () => {
      channel.receiveWith(({ value = 'D' }) => {
        got.push(value);
        if (value === 'a') source.next('b');
        if (value === 'b') source.complete();
        if (value !== 'D') receive();
      }, () => got.push('E'));
    };
    receive();
    timer(1).subscribe(() => source.next('a'));
    expectObservable(source.pipe(intoChannel(channel, seen))).toBe(expected);
    later(async () => expect(got).toEqual(['a', 'b', 'D']));
  });

  spec('and pullFrom are the two ends of one channel, which is all that stands between them', ({ cold, expectObservable }) => {
    const { iterable, reads } = letters('abc');
    const read = '      (ab)-c--|      ';
    const sent = '      --------|      ';
    const ticks = cold('-----x--x--x--x');
    const expected = '  -----a--b--c--|';
    const channel = new Channel<string>(2);
    expectObservable(pullFrom(iterable).pipe(intoChannel(channel))).toBe(sent);
    expectObservable(pullFrom(channel).pipe(takeOn(ticks))).toBe(expected);
    expectObservable(reads).toBe(read);
  });

  it('a promised receive is served too', async () => {
    const channel = new Channel<string>();
    pullFrom('abc').pipe(intoChannel(channel)).subscribe();
    const values: string[] = [];
    for await (const value of channel) values.push(value);
    expect(values).toEqual(['a', 'b', 'c']);
  });

  it('what the source throws out of `subscribe` closes the channel, behind what it has sent', async () => {
    const channel = new Channel<string>();
    const ends: unknown[] = [];
    const source = new Observable<string>();
    source.subscribe = (observer) => {
      (observer as Observer<string>).next('a');
      throw 'subscribe';
    };
    source.pipe(intoChannel(channel)).subscribe({ error: (error) => ends.push(error) });
    expect(ends).toEqual([]);
    expect(channel.tryReceive()).toEqual({ done: false, value: 'a' });
    expect(ends).toEqual(['subscribe']);
    await expect(channel.receive()).rejects.toBe('subscribe');
  });

  it('left in the teardown of a source that completes, it leaves the channel open', () => {
    const channel = new Channel<string>(1);
    const source = new Subject<string>();
    const drops: unknown[] = [];
    const subscription = source
      .pipe(finalize(() => subscription.unsubscribe()), intoChannel(channel, { onDrop: (...drop) => drops.push(drop) }))
      .subscribe({ complete: () => expect.fail('it has been left') });
    for (const value of 'abc') source.next(value);
    source.complete();
    expect(drops).toEqual([['b', 'unsubscribed'], ['c', 'unsubscribed']]);
    expect(channel.closed).toBe(false);
  });

  for (const closes of [false, true]) {
    it(`a value that its receiver cannot pass on, as another channel is closed, is not dropped${closes ? ', though it closes this one too' : ''}`, () => {
      const channel = new Channel<string>();
      const other = new Channel<unknown>();
      other.close();
      channel.receiveWith(({ value }) => {
        if (closes) channel.close();
        other.trySend(value);
      }, () => expect.fail('it gets the value'));
      const meter = new StageMeter();
      const ends: unknown[] = [];
      const source = new Subject<string>();
      source.pipe(intoChannel(channel, { meter })).subscribe({ error: (error: unknown) => ends.push(error) });
      source.next('a');
      expect([ends, source.observed, channel.closed]).toEqual([[new ChannelClosedError('a')], false, true]);
      expect([meter.delivered, meter.dropped, meter.held]).toEqual([1, 0, 0]);
    });
  }

  it('a source links to the channel', () => {
    const links: unknown[] = [];
    pullFrom('a', { onLink: (link) => links.push(link) }).pipe(intoChannel(new Channel(3))).subscribe();
    expect(links).toMatchObject([{ from: 'pullFrom', to: 'intoChannel(3)' }]);
  });

  it('what comes from inside while others are parked goes behind them, though the channel has room', () => {
    const channel = new Channel<string>(1);
    const source = new Subject<string>();
    const got: string[] = [];
    source.pipe(intoChannel(channel)).subscribe();
    for (const letter of 'abcd') source.next(letter); // b, c and d are parked
    pullFrom(channel).subscribe((letter) => {
      got.push(letter);
      if (letter === 'b') source.next('e');
    });
    expect(got.join('')).toBe('abcde');
  });

  it('so does what is pushed by another who waits for the same room, and is told first', () => {
    const channel = new Channel<string>(1);
    const source = new Subject<string>();
    channel.trySend('a');
    channel.onAvailable(() => source.next('c'));
    source.pipe(intoChannel(channel)).subscribe();
    source.next('b');
    expect(['a', 'b', 'c'].map(() => tried(channel))).toEqual(['a', 'b', 'c']);
  });

  it('whoever asks for room when all is over, and the channel closed, does not make it fail', async () => {
    const channel = new Channel<string>();
    let demand: Demand | undefined;
    const source = new Observable<string>((subscriber) => {
      demand = demandOf(subscriber);
    });
    source.pipe(intoChannel(channel)).subscribe().unsubscribe();
    channel.close();
    const unhandled: unknown[] = [];
    config.onUnhandledError = (error: unknown) => unhandled.push(error);
    demand?.onAvailable(() => expect.fail('all is over'));
    await new Promise((resolve) => setTimeout(resolve)); // the hook hears in a turn of its own
    config.onUnhandledError = null;
    expect([demand?.available, unhandled]).toEqual([0, []]);
  });

  it('only a channel will do', () => {
    expect(() => intoChannel(undefined as never)).toThrow('Expected `channel.trySend` to be a function, got undefined');
    expect(() => intoChannel({} as never)).toThrow('Expected `channel.trySend` to be a function, got undefined');
    expect(() => intoChannel(new Channel(), { close: 1 as never })).toThrow('Expected `close` to be a boolean, got 1');
  });
});
