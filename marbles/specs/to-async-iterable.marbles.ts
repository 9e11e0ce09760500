import { EMPTY, NEVER, Subject, of, take, takeUntil, throwError, timer, type Observable } from 'rxjs';
import { bufferedChannel, ChannelOverflowError, pullFrom, StageMeter, toAsyncIterable, type ToAsyncIterableOptions } from 'rxjs-sluice/operators';
import type { Moment } from 'rxjs-sluice/marbles';
import { describe, expect, it } from 'vitest';
import { insideOf, spec, type Bed } from './bed.js';
import { expectDrawn, type Diagram } from './diagram.js';
import type { Row } from './svg/picture.js';

/**
 * What virtual time can see of a loop: when it asks, and what that does above. What its promises give is
 * read when virtual time is over.
 */
interface Loop {
  /** A source that pushes, and its subscription; */
  readonly source?: string;
  readonly sub?: string | string[];
  /** or one that waits, and when it is read. */
  readonly pull?: string;
  readonly reads?: string;
  /** The loop: `x` is `next()`, `r` is `return()`. */
  readonly calls: string;
  /** What each call gives, in order: a letter, `|` for done, `#` and the error for one that rejects, `…` while it waits. */
  readonly gives: readonly string[];
  readonly drops?: string;
  readonly why?: Parameters<Bed['expectDrops']>[1];
  readonly held?: string;
  readonly parked?: string;
  /** Its run is drawn in the docs. */
  readonly diagram?: Diagram;
}

async function outcome(promise: Promise<IteratorResult<string, undefined>>): Promise<string> {
  const pending = new Promise<string>((resolve) => setImmediate(resolve, '…'));
  const settled = promise.then(
    ({ done, value }) => (done === true ? '|' : value),
    (error: unknown) => `# ${String(error)}`,
  );
  return Promise.race([settled, pending]);
}

function loop(
  title: string,
  options: ToAsyncIterableOptions<string>,
  picture: Loop,
  above: (source: Observable<string>, bed: Bed) => Observable<string> = (source) => source,
): void {
  spec(title, (bed) => {
    const { hot, cold, seen, meter, pull, record, expectSubscriptions, expectDrops, expectLevel, later } = bed;
    let source: Observable<string>;
    let input: (() => Row) | undefined;
    if (picture.pull === undefined) {
      const pushed = hot(picture.source ?? '-');
      expectSubscriptions(pushed).toBe(picture.sub ?? []);
      source = pushed;
    } else {
      const pulled = pull(`${picture.pull}|`);
      later(() => expect(pulled).toHavePulled(picture.reads ?? ''));
      source = pulled;
      input = () => ({ role: 'pulled', label: 'pulled', track: pulled.pulled[0] ?? { moments: [] } });
    }
    const iterator = toAsyncIterable(above(source, bed), { ...seen, ...options })[Symbol.asyncIterator]();
    const results: Promise<IteratorResult<string, undefined>>[] = [];
    const calls = cold(picture.calls);
    const called = record(calls);
    calls.subscribe((call) => {
      results.push(call === 'x' ? iterator.next() : iterator.return!());
      results.at(-1)?.catch(() => {});
    });
    if (picture.drops !== undefined) expectDrops(picture.drops, picture.why ?? {});
    if (picture.held !== undefined) expectLevel('held', picture.held);
    if (picture.parked !== undefined) expectLevel('parked', picture.parked);
    const done = picture.gives.some((given) => given === '|' || given.startsWith('#'));
    if (done) later(() => expect(meter.held).toBe(0));
    later(async () => expect(await Promise.all(results.map(outcome))).toEqual(picture.gives));
    const { diagram } = picture;
    if (diagram === undefined || input === undefined) return;
    const row = input;
    later(() => {
      // Where each call has its result at once.
      const given = called.emitted.moments.map(({ frame }, index): Moment =>
        picture.gives[index] === '|' ? { frame, kind: 'complete' } : { frame, kind: 'next', value: picture.gives[index] });
      const below: Row[] = [
        ...insideOf(seen),
        { role: 'output', label: 'gives', track: { moments: given } },
        { role: 'demand', label: 'next()', track: called.emitted },
      ];
      return expectDrawn(diagram, { above: [row()], below }, { pulled: picture.reads, held: picture.held, calls: picture.calls });
    });
  }, { allow: ['Promise.then'] });
}

describe('toAsyncIterable', () => {
  describe('each next() is demand', () => {
    loop('for one value of a source that waits', {}, {
      pull:  'abc',
      reads: '--a--b--c--|',
      calls: '--x--x--x--x',
      gives: ['a', 'b', 'c', '|'],
    });
    loop('several at once are served in order', {}, {
      pull:  'abc',
      reads: '--(ab)--(c|)',
      calls: '--(xx)--(xxx)',
      gives: ['a', 'b', 'c', '|', '|'],
    });
    loop('it subscribes at the first one, not before', {}, {
      source: 'abcdef-',
      sub:    '--^----',
      calls:  '--x----',
      gives:  ['c'],
      held:   '--0123-',
    });
    loop('a next() waits for a value', {}, {
      source: '-----a--',
      sub:    '--^-----',
      calls:  '--x-----',
      gives:  ['a'],
    });
    loop('`capacity` values are read ahead of it', { capacity: 2 }, {
      pull:  'abcd',
      reads: '(abc)-d--|  ',
      calls: 'x-----x--x--x--x',
      gives: ['a', 'b', 'c', 'd', '|'],
      held:  '2-----2--1--0',
      diagram: { file: 'to-async-iterable', of: 'operators/sinks/to-async-iterable.ts', title: 'Each next() is demand; `capacity` values are read ahead of it', call: 'toAsyncIterable(source, { capacity: 2 })' },
    });
    loop('through the stages above', {}, {
      pull:  'abc',
      reads: '(ab)--c--|',
      calls: 'x-----x--x--x',
      gives: ['a', 'b', 'c', '|'],
    }, (source) => source.pipe(bufferedChannel(1)));
  });

  describe('what comes although nobody asks', () => {
    loop('is held, then parked, in order', { capacity: 1 }, {
      source: '-abcd-|',
      sub:    '^-----!',
      calls:  'x-----xxxx',
      gives:  ['a', 'b', 'c', 'd', '|'],
      held:   '00123-210',
      parked: '00012-10',
    });
    loop('fails beyond maxParked; what was asked for meanwhile rejects', { maxParked: 1 }, {
      source: '-abcd-|',
      sub:    '^--!   ',
      calls:  'x----xx',
      gives:  ['a', `# ${String(new ChannelOverflowError(1, 0, 'c'))}`, '|'],
      drops:  '---(cb)',
      why:    { c: 'overflow', b: 'error' },
    });
    loop("fails at once under 'error'", { capacity: 1, overflow: 'error' }, {
      source: '-abcd-|',
      sub:    '^--!   ',
      calls:  'x----xx',
      gives:  ['a', `# ${String(new ChannelOverflowError(1, 1, 'c'))}`, '|'],
      drops:  '---(cb)',
      why:    { c: 'overflow', b: 'error' },
    });
    loop("makes room at the head under 'drop-oldest'", { capacity: 1, overflow: 'drop-oldest' }, {
      source: '-abcd-|',
      sub:    '^-----!',
      calls:  'x------xx',
      gives:  ['a', 'd', '|'],
      drops:  '---bc  ',
      why:    'overflow',
      held:   '00111-100',
    });
    loop("goes under 'drop-newest'", { capacity: 1, overflow: 'drop-newest' }, {
      source: '-abcd-|',
      sub:    '^-----!',
      calls:  'x------xx',
      gives:  ['a', 'b', '|'],
      drops:  '---cd  ',
      why:    'overflow',
    });
  });

  describe('when the source ends', () => {
    loop('what is held goes first, then done, for ever', { capacity: 9 }, {
      source: '-ab|    ',
      sub:    '^--!    ',
      calls:  'x---x-xx',
      gives:  ['a', 'b', '|', '|'],
    });
    loop('every next() that waits is done', {}, {
      source: '---|  ',
      sub:    '^--!  ',
      calls:  '(xx)-x',
      gives:  ['|', '|', '|'],
    });
    loop('with an error, one next() that waits rejects, the others are done', {}, {
      source: '----# ',
      sub:    '^---! ',
      calls:  '(xx)-x',
      gives:  ['# error', '|', '|'],
    });
    loop('with an error and nobody waits, the next next() rejects, once', {}, {
      source: '-a-#   ',
      sub:    '^--!   ',
      calls:  'x----xx',
      gives:  ['a', '# error', '|'],
    });
    loop('with an error, what is held goes first', { capacity: 9 }, {
      source: '-ab-#   ',
      sub:    '^---!   ',
      calls:  'x----xxx',
      gives:  ['a', 'b', '# error', '|'],
    });
    loop("with errors: 'immediate', what is held is dropped", { capacity: 9, errors: 'immediate' }, {
      source: '-ab-#   ',
      sub:    '^---!   ',
      calls:  'x----xx ',
      gives:  ['a', '# error', '|'],
      drops:  '----b   ',
      why:    'error',
    });
  });

  describe('of a source that is', () => {
    loop('empty, it is done', {}, {
      source: '|-',
      sub:    '(^!)',
      calls:  'x-x',
      gives:  ['|', '|'],
    });
    loop('never to emit, it waits', {}, {
      source: '---',
      sub:    '^--',
      calls:  'x-x',
      gives:  ['…', '…'],
    });
    loop('failing, it rejects', {}, {
      source: '#--',
      sub:    '(^!)',
      calls:  'x-x',
      gives:  ['# error', '|'],
    });
    for (const [name, source, gives] of [
      ['synchronously empty', EMPTY, ['|', '|']],
      ['synchronously failing', throwError(() => 'error'), ['# error', '|']],
      ['synchronous', of('a'), ['a', '|']],
      ['silent', NEVER, ['…', '…']],
    ] as const) {
      loop(`${name}, it is that too`, {}, { sub: [], calls: 'x-x', gives }, () => source);
    }
  });

  describe('return() releases the source at once', () => {
    loop('while nothing is held', {}, {
      source: '-a---b-',
      sub:    '^--!   ',
      calls:  'x--rx  ',
      gives:  ['a', '|', '|'],
    });
    loop('while some is held: it is dropped', { capacity: 9 }, {
      source: '-abc-d-',
      sub:    '^---!  ',
      calls:  'x---rx ',
      gives:  ['a', '|', '|'],
      drops:  '----(bc)',
      why:    'unsubscribed',
    });
    loop('while values are parked', {}, {
      source: '-abc-d-',
      sub:    '^---!  ',
      calls:  'x---rx ',
      gives:  ['a', '|', '|'],
      drops:  '----(bc)',
      why:    'unsubscribed',
    });
    loop('while a next() waits: it is done', {}, {
      source: '-----a-',
      sub:    '^---!  ',
      calls:  'x-x-rx ',
      gives:  ['|', '|', '|', '|'],
    });
    loop('while a source waits for the next next()', { capacity: 1 }, {
      pull:   'abc',
      reads:  '(ab)--!',
      calls:  'x-----r',
      gives:  ['a', '|'],
      drops:  '------b',
      why:    'unsubscribed',
    });
    loop('before the first next(): it is never subscribed', {}, {
      source: '-a---b-',
      sub:    [],
      calls:  '--r-x--',
      gives:  ['|', '|'],
    });
  });

  describe('take and takeUntil above release the source', () => {
    loop('take', { capacity: 9 }, {
      source: '-abcd  ',
      sub:    '^-!    ',
      calls:  'x----xx',
      gives:  ['a', 'b', '|'],
    }, (source) => source.pipe(take(2)));
    loop('takeUntil', { capacity: 9 }, {
      source: '-ab-cd ',
      sub:    '^--!   ',
      calls:  'x----xx',
      gives:  ['a', 'b', '|'],
    }, (source) => source.pipe(takeUntil(timer(3))));
  });

  loop('requireDemand above is met: each next() is demand', {}, {
    pull:  'ab',
    reads: 'a--b--|',
    calls: 'x--x--x',
    gives: ['a', 'b', '|'],
  }, (source) => source.pipe(bufferedChannel(0, { requireDemand: true })));

  spec('each iteration subscribes anew', ({ hot, cold, expectSubscriptions }) => {
    const source = hot(' -a-b-c-d');
    const one = '        ^-------';
    const two = '        --^-----';
    const iterable = toAsyncIterable(source);
    const [first, second] = [iterable[Symbol.asyncIterator](), iterable[Symbol.asyncIterator]()];
    cold('x').subscribe(() => void first.next());
    cold('--x').subscribe(() => void second.next());
    expectSubscriptions(source).toBe([one, two]);
  });

  it('brings the demand: a source links to it', async () => {
    const links: unknown[] = [];
    const meter = new StageMeter();
    const source = pullFrom('a', { onLink: (link) => links.push(link) });
    for await (const value of toAsyncIterable(source, { capacity: 2, meter })) expect(value).toBe('a');
    expect(links).toMatchObject([{ from: 'pullFrom', to: 'toAsyncIterable(2)' }]);
    expect(meter.linked).toBe(true);
  });

  it('left before its first next(), it does not subscribe', async () => {
    const source = new Subject<string>();
    const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
    await iterator.return?.();
    expect([await iterator.next(), source.observed]).toEqual([{ done: true, value: undefined }, false]);
  });

  it('for await reads to the end', async () => {
    const values: string[] = [];
    for await (const value of toAsyncIterable(pullFrom('abc'), { capacity: 1 })) values.push(value);
    expect(values).toEqual(['a', 'b', 'c']);
  });

  it('a for await that is left releases the source', async () => {
    const source = new Subject<string>();
    const iterable = toAsyncIterable(source);
    queueMicrotask(() => source.next('a'));
    for await (const value of iterable) {
      expect([value, source.observed]).toEqual(['a', true]);
      break;
    }
    expect(source.observed).toBe(false);
  });

  it('a consumer may push, and complete, as soon as it has a value', async () => {
    const source = new Subject<string>();
    const values: string[] = [];
    queueMicrotask(() => source.next('a'));
    for await (const value of toAsyncIterable(source)) {
      values.push(value);
      if (value === 'a') source.next('b');
      else source.complete();
    }
    expect(values).toEqual(['a', 'b']);
  });
});
