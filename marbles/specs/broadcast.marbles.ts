import { EMPTY, NEVER, Subject, lastValueFrom, map, merge, of, repeat, retry, take, takeUntil, tap, throwError, timer, toArray, type Observable } from 'rxjs';
import { takeOn, verifyConservation, type Recording } from 'rxjs-sluice/marbles';
import { broadcast, bufferedChannel, ChannelOverflowError, DemandRequiredError, explain, pullFrom, unlinked, workerPool, type BroadcastOptions } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { insideOf, spec, type Bed } from './bed.js';
import { expectDrawn, type Diagram } from './diagram.js';
import type { Row } from './svg/picture.js';

/** One subscriber. */
interface Listener {
  /** When it is subscribed. Absent: from the first frame on. */
  readonly sub?: string;
  /** When it takes a value. Absent: it takes whatever comes, and shows no demand. */
  readonly ticks?: string;
  readonly expected: string;
  readonly error?: unknown;
  readonly then?: (letters: Observable<string>) => Observable<string>;
}

/** A source and those who share it. Columns are frames. */
interface Scene {
  /** A source that pushes, and when it is subscribed; or one that waits, or one that does not, and when each letter is read. */
  readonly source: string;
  readonly as?: 'pull' | 'sync';
  readonly sub?: string | string[];
  readonly reads?: string;
  readonly to: Readonly<Record<string, Listener>>;
  readonly drops?: string;
  readonly why?: Parameters<Bed['expectDrops']>[1];
  readonly held?: string;
  readonly parked?: string;
  /** Whether copies may still be held at the end. */
  readonly holds?: true;
  /** Its run is drawn in the docs. */
  readonly diagram?: Diagram;
}

function shared(title: string, options: BroadcastOptions<string>, scene: Scene): void {
  spec(title, (bed) => {
    const { hot, seen, meter, record, later, expectSubscriptions } = bed;
    const { source: marbles, as, sub, reads, to, drops, why = {}, held, parked } = scene;
    let source: Observable<string>;
    let row: (() => Row) | undefined;
    if (as === undefined) {
      const pushed = hot(marbles);
      source = pushed;
      if (sub !== undefined) expectSubscriptions(pushed).toBe(sub);
    } else {
      const pulled = bed.pull(`${marbles}|`);
      source = as === 'pull' ? pulled : pulled.pipe(unlinked());
      if (reads !== undefined) later(() => expect(pulled).toHavePulled(reads));
      row = () => ({ role: 'pulled', label: 'pulled', track: pulled.pulled[0] ?? { moments: [] } });
    }
    const sane = () => verifyConservation(meter);
    const output = source.pipe(broadcast({ ...seen, ...options }));
    const listening: [name: string, recorded: Recording][] = [];
    for (const [name, { sub: when, ticks, expected, error, then = (values: Observable<string>) => values }] of Object.entries(to)) {
      const pipe = then(output.pipe(tap({ next: sane, error: sane, complete: sane })));
      const recorded = record(pipe, { takes: ticks, during: when });
      later(() => expect(recorded).toHaveEmitted(expected, undefined, error));
      listening.push([name, recorded]);
    }
    if (drops !== undefined) bed.expectDrops(drops, why);
    if (held !== undefined) bed.expectLevel('held', held);
    if (parked !== undefined) bed.expectLevel('parked', parked);
    if (scene.holds === undefined) later(() => expect(meter.held).toBe(0));
    const { diagram } = scene;
    if (diagram === undefined || row === undefined) return;
    later(() => {
      const below: Row[] = insideOf(seen);
      for (const [name, { emitted, asked }] of listening) {
        below.push({ role: 'output', label: name, track: emitted });
        if (asked.moments.length > 0) below.push({ role: 'demand', label: `${name} takes`, track: asked });
      }
      return expectDrawn(diagram, { above: [row()], below }, {
        pulled: reads,
        ...Object.fromEntries(listening.map(([name]) => [name, to[name]?.expected])),
      });
    });
  });
}

describe('broadcast', () => {
  describe('a source that pushes', () => {
    shared('reaches everyone at once where nobody can say wait', {}, {
      source: '-a-(bc)-|',
      sub:    '^-------!',
      to: {
        one: {
          expected: '-a-(bc)-|',
        },
        other: {
          expected: '-a-(bc)-|',
        },
      },
      held:   '-0-0----0',
    });

    shared('waits in the channel of each subscriber, who take at their own pace', { capacity: 2 }, {
      source: 'ab|          ',
      sub:    '^-!          ',
      to: {
        fast: {
          ticks:    '--x-x-----',
          expected: '--a-(b|)  ',
        },
        slow: {
          ticks:    '---x-----x',
          expected: '---a-----(b|)',
        },
      },
      held:   '24321-1--00',
    });

    shared('is parked for the one that is slow, and not for the other', { capacity: 1 }, {
      source: 'abc-----|',
      sub:    '^-------!',
      to: {
        fast: {
          expected: 'abc-----|',
        },
        slow: {
          ticks:    '----x-x-x-',
          expected: '----a-b-(c|)',
        },
      },
      parked: '012-1100--',
    });
  });

  describe('a source that waits', () => {
    shared('is read as fast as the slowest takes', { capacity: 1, minSubscribers: 2 }, {
      source: 'abcd',
      as:     'pull',
      reads:  'a--b---c-d-|',
      to: {
        fast: {
          ticks:    '-xxxx-----',
          expected: '-a-b---c-d-|',
        },
        slow: {
          ticks:    '---x---x-x-x',
          expected: '---a---b-c-(d|)',
        },
      },
      diagram: { file: 'broadcast', of: 'operators/broadcast.ts', title: 'A source that waits is read as fast as the slowest subscriber takes', call: 'broadcast({ capacity: 1, minSubscribers: 2 })' },
    });

    shared('is not held up by who takes whatever comes', { capacity: 1, minSubscribers: 2 }, {
      source: 'abc',
      as:     'pull',
      reads:  'a--b--c--|',
      to: {
        slow: {
          ticks:    '---x--x--x',
          expected: '---a--b--(c|)',
        },
        eager: {
          expected: 'a--b--c--|',
        },
      },
    });

    shared('is read when all can take, at a rendezvous', { minSubscribers: 2 }, {
      source: 'abc',
      as:     'pull',
      reads:  '--a---b---c--|',
      to: {
        one: {
          ticks:    '-x-x-x-x-----',
          expected: '--a---b---c--|',
        },
        other: {
          ticks:    '--x---x---x--x',
          expected: '--a---b---c--|',
        },
      },
      held:   '0-0---0---0---',
    });

    for (const overflow of ['drop-oldest', 'drop-newest', 'error'] as const) {
      shared(`under '${overflow}' loses nothing while nobody is further behind than the channel is long`, { capacity: 2, overflow, minSubscribers: 2 }, {
        source: 'abcde',
        as:     'pull',
        reads:  '(ab)--c--d---e--|',
        to: {
          one: {
            ticks:    '----x--x--x--x--x',
            expected: '----a--b--c--d--(e|)',
          },
          other: {
            ticks:    '------x--x---x--x-x',
            expected: '------a--b---c--d-(e|)',
          },
        },
      });
    }

    shared("under 'drop-oldest' goes on with who has nothing left, and the slow one loses its oldest", { capacity: 1, overflow: 'drop-oldest', minSubscribers: 2 }, {
      source: 'abcd',
      as:     'pull',
      reads:  'a----b--c-d----|',
      to: {
        fast: {
          ticks:    '--x--x--x--x',
          expected: '--a--b--c--d---|',
        },
        slow: {
          ticks:    '----------x----x',
          expected: '----------c----(d|)',
        },
      },
      drops:  '-----a--b---',
      why:    'overflow',
    });

    shared("under 'drop-newest' it loses what comes", { capacity: 1, overflow: 'drop-newest', minSubscribers: 2 }, {
      source: 'abcd',
      as:     'pull',
      reads:  'a----b--c-d----|',
      to: {
        fast: {
          ticks:    '--x--x--x--x',
          expected: '--a--b--c--d---|',
        },
        slow: {
          ticks:    '----------x----x',
          expected: '----------a----(d|)',
        },
      },
      drops:  '-----b--c---',
      why:    'overflow',
    });

    shared("under 'error' it fails alone", { capacity: 1, overflow: 'error', minSubscribers: 2 }, {
      source: 'abc',
      as:     'pull',
      reads:  'a----(bc)|', // it is alone then, and read ahead for
      to: {
        fast: {
          ticks:    '--x--x---x',
          expected: '--a--b---(c|)',
        },
        slow: {
          ticks:    '----------',
          expected: '-----#    ',
          error:    new ChannelOverflowError(1, 1, 'b'),
        },
      },
      drops:  '-----(ba)-',
      why:    { b: 'overflow', a: 'error' },
    });

    shared('with a worker pool below each is read as fast as both work', { minSubscribers: 2 }, {
      source: 'abc',
      as:     'pull',
      reads:  'a--b--c--|',
      to: {
        fast: {
          then:     (values) => values.pipe(workerPool(1, (letter) => timer(1).pipe(map(() => letter)), { queue: 0 })),
          expected: '-a--b--c-|',
        },
        slow: {
          then:     (values) => values.pipe(workerPool(1, (letter) => timer(3).pipe(map(() => letter)), { queue: 0 })),
          expected: '---a--b--(c|)',
        },
      },
    });
  });

  describe('when a subscriber is full', () => {
    shared("'block': beyond maxParked it fails alone, ahead of what it holds, and the rest go on", { capacity: 1, maxParked: 1 }, {
      source: 'abc-d|',
      sub:    '^----!',
      to: {
        slow: {
          ticks:    '------',
          expected: '--#   ',
          error:    new ChannelOverflowError(2, 1, 'c'),
        },
        eager: {
          expected: 'abc-d|',
        },
      },
      drops:  '--(cab)',
      why:    { c: 'overflow', rest: 'error' },
    });

    shared("'error': it fails alone", { capacity: 1, overflow: 'error' }, {
      source: 'ab-c|',
      sub:    '^---!',
      to: {
        eager: {
          expected: 'ab-c|',
        },
        slow: {
          ticks:    '-----',
          expected: '-#   ',
          error:    new ChannelOverflowError(1, 1, 'b'),
        },
      },
      drops:  '-(ba)',
      why:    { b: 'overflow', a: 'error' },
    });

    shared('and fails, and is the last, the source is released', { capacity: 0, overflow: 'error' }, {
      source: '-a-b-c-|',
      sub:    '^--!    ',
      to: {
        one: {
          ticks:    'x-------',
          expected: '-a-#    ',
          error:    new ChannelOverflowError(0, 0, 'b'),
        },
      },
      drops:  '---b    ',
      why:    'overflow',
    });

    shared('a rendezvous that drops keeps nothing for who does not take', { overflow: 'drop-newest' }, {
      source: '-a-b-c-|',
      sub:    '^------!',
      to: {
        eager: {
          expected: '-a-b-c-|',
        },
        slow: {
          ticks:    '--x-----',
          expected: '---b---|',
        },
      },
      drops:  '-a---c--',
      why:    'overflow',
      held:   '-0-0-0-0',
    });
  });

  describe('subscribers', () => {
    shared('share one subscription: the first to come connects, the last to leave releases', { capacity: 1 }, {
      source: '-a-b-c-d-e-',
      sub:    '--^-----!  ',
      to: {
        first: {
          sub:      '--^--!     ',
          expected: '---b-------',
        },
        last: {
          sub:      '----^---!  ',
          expected: '-----c-d---',
        },
      },
    });

    shared('who come late get what comes from then on', { capacity: 2 }, {
      source: 'a-b-c-|',
      sub:    '^-----!',
      to: {
        first: {
          expected: 'a-b-c-|',
        },
        late: {
          sub:      '---^---',
          expected: '----c-|',
        },
        after: {
          sub:      '-----^-',
          expected: '------|',
        },
      },
    });

    shared('who come late hold up a source that waits from then on', { capacity: 1 }, {
      source: 'abcdef',
      as:     'pull',
      reads:  'a-b-c-----d-e-f-|',
      to: {
        fast: {
          ticks:    '--x-x-x-x-x-x-x--',
          expected: '--a-b-c---d-e-f-|',
        },
        late: {
          sub:      '---^             ',
          ticks:    '-------x-x-x-x   ', // from when it comes
          expected: '----------c-d-e-(f|)',
        },
      },
    });

    shared('who leave no longer hold up the rest, and what is held for them is dropped', { capacity: 1, minSubscribers: 2 }, {
      source: 'abc',
      as:     'pull',
      reads:  'a----b-c-|',
      to: {
        fast: {
          ticks:    '---x---x-x',
          expected: '---a---b-(c|)',
        },
        slow: {
          sub:      '^----!',
          ticks:    '------',
          expected: '------',
        },
      },
      drops:  '-----a',
      why:    'unsubscribed',
    });

    shared('all gone, the source that waits is released', { capacity: 2 }, {
      source: 'abcd',
      as:     'pull',
      reads:  '(ab)--!',
      to: {
        only: {
          sub:      '^-----!',
          ticks:    '-------',
          expected: '-------',
        },
      },
      drops:  '------(ab)',
      why:    'unsubscribed',
    });

    shared('who come when all had left begin anew', { capacity: 1 }, {
      source: 'a-b-c-d-e-f-g-',
      sub:    ['^--!', '-----^----!'],
      to: {
        first: {
          sub:      '^--!          ',
          expected: 'a-b-----------',
        },
        second: {
          sub:      '-----^----!   ',
          expected: '------d-e-----',
        },
      },
    });

    shared('of minSubscribers: the source is subscribed when the last of them comes', { capacity: 1, minSubscribers: 2 }, {
      source: 'a-b-c-d-|',
      sub:    '---^----!',
      to: {
        first: {
          expected: '----c-d-|',
        },
        second: {
          sub:      '---^     ',
          expected: '----c-d-|',
        },
        third: {
          sub:      '-----^   ',
          expected: '------d-|',
        },
      },
    });

    shared('of minSubscribers: who leave before do not count', { minSubscribers: 2 }, {
      source: 'a-b-c-d-|',
      sub:    '-----^--!',
      to: {
        first: {
          sub:      '^-!      ',
          expected: '---------',
        },
        second: {
          sub:      '---^     ',
          expected: '------d-|',
        },
        third: {
          sub:      '-----^   ',
          expected: '------d-|',
        },
      },
    });

    shared('of minSubscribers: once connected, the source is kept for those who stay', { minSubscribers: 2 }, {
      source: 'a-b-c-d-|',
      sub:    '^-----!  ',
      to: {
        first: {
          sub:      '^-----!  ',
          expected: 'a-b-c----',
        },
        second: {
          sub:      '^--!     ',
          expected: 'a-b------',
        },
      },
    });

    shared('of minSubscribers: a source that emits at once reaches all of them', { capacity: 9, minSubscribers: 2 }, {
      source: 'abc',
      as:     'sync',
      reads:  '-(abc|)',
      to: {
        first: {
          expected: '-(abc|)',
        },
        second: {
          sub:      '-^     ',
          ticks:    '--x-x-x',
          expected: '---a-b-(c|)',
        },
      },
    });

    shared('a source that emits at once is over before a second subscriber comes, who begins it anew', {}, {
      source: 'abc',
      as:     'sync',
      to: {
        first: {
          expected: '(abc|)',
        },
        second: {
          expected: '(abc|)',
        },
      },
    });
  });

  describe('when the source', () => {
    shared('completes, each completes behind what it holds', { capacity: 3 }, {
      source: 'ab|         ',
      sub:    '^-!         ',
      to: {
        eager: {
          expected: 'ab|      ',
        },
        slow: {
          ticks:    '----x---x',
          expected: '----a---(b|)',
        },
      },
    });

    shared('fails, each fails behind what it holds', { capacity: 3 }, {
      source: 'ab#         ',
      sub:    '^-!         ',
      to: {
        eager: {
          expected: 'ab#      ',
        },
        slow: {
          ticks:    '----x---x',
          expected: '----a---(b#)',
        },
      },
    });

    shared("fails, with errors: 'immediate' all fail at once", { capacity: 3, errors: 'immediate' }, {
      source: 'ab#   ',
      sub:    '^-!   ',
      to: {
        eager: {
          expected: 'ab#',
        },
        slow: {
          ticks:    '----x---x',
          expected: '--#      ',
        },
      },
      drops:  '--(ab)',
      why:    'error',
    });

    shared('has completed, who come then begin anew, while others still drain', { capacity: 3 }, {
      source: 'ab|',
      sub:    ['^-!', '-----(^!)'],
      to: {
        slow: {
          ticks:    '----x---x',
          expected: '----a---(b|)',
        },
        late: {
          sub:      '-----^   ',
          expected: '-----|   ',
        },
      },
    });

    shared('has completed, who leave while they drain drop what is left', { capacity: 3 }, {
      source: 'ab|',
      sub:    '^-!',
      to: {
        slow: {
          sub:      '^-----!',
          ticks:    '----x--',
          expected: '----a--',
        },
      },
      drops:  '------b',
      why:    'unsubscribed',
    });

    spec('is synchronously empty, never to emit or failing, it is that too', ({ expectObservable }) => {
      expectObservable(EMPTY.pipe(broadcast())).toBe('|');
      expectObservable(NEVER.pipe(broadcast())).toBe('-');
      expectObservable(throwError(() => 'error').pipe(broadcast())).toBe('#');
    });

    spec('fails, retry below subscribes it anew, for all who retry', ({ cold, seen, expectObservable, expectSubscriptions }) => {
      const source = cold('a-#');
      const subs = [
        '^-!',
        '--^-!',
      ];
      const expected = 'a-a-#';
      const output = source.pipe(broadcast({ ...seen, minSubscribers: 2 }), retry(1));
      expectObservable(output).toBe(expected);
      expectObservable(output).toBe(expected);
      expectSubscriptions(source).toBe(subs);
    });

    spec('completes, repeat below subscribes it anew', ({ cold, seen, expectObservable }) => {
      const source = cold('  a-|');
      const expected = '     a-a-|';
      expectObservable(source.pipe(broadcast(seen), repeat(2))).toBe(expected);
    });
  });

  describe('take and takeUntil', () => {
    shared('below one subscriber let the rest go on', { capacity: 1 }, {
      source: 'abcd|',
      sub:    '^---!',
      to: {
        two: {
          then:     (values) => values.pipe(take(2)),
          expected: 'a(b|)',
        },
        all: {
          expected: 'abcd|',
        },
      },
    });

    shared('below the last release the source', { capacity: 1 }, {
      source: 'abcd|',
      sub:    '^-!  ',
      to: {
        two: {
          then:     (values) => values.pipe(take(2)),
          expected: 'a(b|)',
        },
        three: {
          then:     (values) => values.pipe(take(3)),
          expected: 'ab(c|)',
        },
      },
    });

    spec('above end the source, and each gets what it holds', ({ hot, cold, seen, expectObservable, expectSubscriptions }) => {
      const source = hot(' ab---c');
      const sub = '        ^--!  ';
      const stop = cold('  ---x  ');
      const ticks = cold(' ----x-x');
      const slow = '       ----a-(b|)';
      const eager = '      ab-|  ';
      const output = source.pipe(takeUntil(stop), broadcast({ ...seen, capacity: 2 }));
      expectObservable(output.pipe(takeOn(ticks))).toBe(slow);
      expectObservable(output).toBe(eager);
      expectSubscriptions(source).toBe(sub);
    });
  });

  describe('a subscriber may, inside next,', () => {
    const act = (when: string, then: () => void) =>
      tap((letter: string) => {
        if (letter === when) then();
      });

    for (const capacity of [0, 2]) {
      spec(`push and complete: everyone gets all in the same order (capacity ${capacity})`, ({ seen, meter, expectObservable }) => {
        const expected = ' -(abc|) ';
        const source = new Subject<string>();
        const output = source.pipe(broadcast({ ...seen, capacity }));
        const pushing = output.pipe(
          act('a', () => source.next('b')),
          act('b', () => {
            source.next('c');
            source.complete();
            source.next('d');
          }),
        );
        timer(1).subscribe(() => source.next('a'));
        expectObservable(output).toBe(expected);
        expectObservable(pushing).toBe(expected);
        expectObservable(output).toBe(expected);
        expectObservable(timer(2).pipe(map(() => [meter.received, meter.delivered, meter.held]))).toBe('--(x|)', { x: [9, 9, 0] });
      });
    }

    spec('fail the source: those who have yet to get the value get it first', ({ seen, expectObservable }) => {
      const source = new Subject<string>();
      const output = source.pipe(broadcast(seen));
      timer(1).subscribe(() => source.next('a'));
      expectObservable(output.pipe(act('a', () => source.error('error')))).toBe('-(a#)');
      expectObservable(output).toBe('-(a#)');
    });

    spec('unsubscribe another: what that has yet to get is dropped', ({ seen, expectObservable, expectDrops }) => {
      const drops = '    -a  ';
      const expected = ' -a-b';
      const source = new Subject<string>();
      const output = source.pipe(broadcast(seen));
      const stop = new Subject<void>();
      timer(1).subscribe(() => source.next('a'));
      timer(3).subscribe(() => source.next('b'));
      expectObservable(output.pipe(act('a', () => stop.next()))).toBe(expected);
      expectObservable(output.pipe(takeUntil(stop))).toBe('-|');
      expectDrops(drops, 'unsubscribed');
    });

    spec('subscribe another, who gets what comes from then on', ({ seen, expectObservable, later }) => {
      const expected = ' -a-(b|)';
      const source = new Subject<string>();
      const output = source.pipe(broadcast(seen));
      const got: string[] = [];
      timer(1).subscribe(() => source.next('a'));
      timer(3).subscribe(() => {
        source.next('b');
        source.complete();
      });
      expectObservable(output.pipe(act('a', () => output.subscribe({ next: (letter) => got.push(letter), complete: () => got.push('|') })))).toBe(expected);
      later(async () => expect(got).toEqual(['b', '|']));
    });

    spec('throw: it fails alone', ({ seen, hot, expectObservable }) => {
      const source = hot(' -a-b|');
      const output = source.pipe(broadcast(seen));
      expectObservable(output.pipe(act('a', () => {
        throw 'error';
      }))).toBe('-#');
      expectObservable(output).toBe('-a-b|');
    });

    spec('take more', ({ seen, expectObservable }) => {
      const source = new Subject<string>();
      const output = source.pipe(broadcast({ ...seen, capacity: 1 }));
      const ticks = new Subject<void>();
      timer(1).subscribe(() => ['a', 'b'].forEach((letter) => source.next(letter)));
      timer(2).subscribe(() => ticks.next());
      expectObservable(output.pipe(takeOn(ticks), act('a', () => ticks.next()))).toBe('--(ab)');
      expectObservable(output).toBe('-(ab)');
    });
  });

  describe('the link', () => {
    shared('requireDemand: who cannot say wait fails alone, and does not connect', { requireDemand: true }, {
      source: '-a-|',
      sub:    '^--!',
      to: {
        eager: {
          expected: '#',
          error:    new DemandRequiredError('broadcast(0)'),
        },
        taking: {
          ticks:    '-x--',
          expected: '-a-|',
        },
      },
    });

    it('onLink hears of each subscriber, and explain, below the one who connects, of the source too', () => {
      const links: unknown[] = [];
      const explained: unknown[] = [];
      const onLink = ({ from: it, to }: { from: string; to: string | undefined }) => links.push([it, to]);
      const output = pullFrom('ab', { onLink }).pipe(broadcast({ capacity: 4, minSubscribers: 2, onLink }));
      output.subscribe();
      explain(output.pipe(bufferedChannel(1)), ({ from: it, to }) => explained.push([it, to])).subscribe();
      expect(links).toEqual([
        ['broadcast(4)', undefined],
        ['broadcast(4)', 'bufferedChannel(1)'],
        ['pullFrom', 'broadcast(4)'],
      ]);
      expect(explained).toEqual([
        ['bufferedChannel(1)', undefined],
        ['broadcast(4)', 'bufferedChannel(1)'],
        ['pullFrom', 'broadcast(4)'],
      ]);
    });
  });

  it('the two halves of a diamond go at one pace', async () => {
    const numbers = pullFrom([1, 2, 3]).pipe(broadcast({ minSubscribers: 2 }));
    const diamond = merge(
      numbers.pipe(workerPool(1, async (n) => n)),
      numbers.pipe(workerPool(1, (n) => of(n * 10))),
    );
    expect((await lastValueFrom(diamond.pipe(toArray()))).sort((a, b) => a - b)).toEqual([1, 2, 3, 10, 20, 30]);
  });
});
