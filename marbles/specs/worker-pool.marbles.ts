import { BehaviorSubject, EMPTY, NEVER, Observable, Subject, lastValueFrom, map, of, pipe, take, takeUntil, takeWhile, tap, throwError, timer, toArray, type OperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, ChannelOverflowError, demandOf, pullFrom, TaskTimeoutError, workerPool, type TaskContext, type WorkerPoolOptions } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { drawn, letters, spec, type Given, type Seen } from './bed.js';

/** A pool in which the task of each letter is the Observable that the picture gives under it. */
const tasks =
  (concurrency: number, options: WorkerPoolOptions<string> = {}) =>
  (seen: Seen, given: Given): OperatorFunction<string, string> =>
    workerPool(concurrency, given, { ...seen, ...options });

/** A pool whose tasks end in the frame in which they start. */
const echo =
  (concurrency: number, options: WorkerPoolOptions<string> = {}) =>
  (seen: Seen): OperatorFunction<string, string> =>
    workerPool(concurrency, (letter: string) => of(letter), { ...seen, ...options });

/** A pool whose concurrency is what the picture gives as `limit`. */
const steered =
  (options: WorkerPoolOptions<string> = {}) =>
  (seen: Seen, given: Given): OperatorFunction<string, string> =>
    workerPool(given('limit').pipe(map((digit) => Number(digit))), given, { ...seen, ...options });

describe('workerPool', () => {
  describe('runs tasks', () => {
    drawn('as many at a time as there are workers', tasks(2), {
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
      held:     '12321-00---',
      diagram:  { file: 'worker-pool', of: 'operators/worker-pool.ts', title: 'As many tasks run as there are workers; results come as they are ready', call: 'workerPool(2, task)' },
    });

    drawn('one after the other where there is one worker, and completes with the last', tasks(1), {
      source:   'ab-|      ',
      sub:      '^--!      ',
      given: {
        a:     ['---(a|)',
                '^--!'],
        b:     ['   ---(b|)',
                '---^--!'],
      },
      expected: '---a--(b|)',
    });

    drawn('all at once where concurrency is Infinity', tasks(Infinity), {
      source:   'abc---|',
      sub:      '^-----!',
      given: {
        a:     ['---(a|)',
                '^--!'],
        b:     [' ---(b|)',
                '-^--!'],
        c:     ['  ---(c|)',
                '--^--!'],
      },
      expected: '---abc|',
    });

    drawn('that end as they start: the value passes from hand to hand', echo(1), {
      source:   '-a-(bc)-|',
      sub:      '^-------!',
      expected: '-a-(bc)-|',
      held:     '00-0----0',
    });

    drawn('of several results, which come as they are ready', tasks(2), {
      source:   'ab---------|',
      sub:      '^----------!',
      given: {
        a:     ['--x---y|',
                '^------!'],
        b:     [' --z-w|',
                '-^----!'],
      },
      expected: '--xz-wy----|',
      held:     '12100------ ', // a value counts as delivered with its first result
    });

    drawn('of no result, which frees the worker', tasks(1), {
      source:   'ab----|',
      sub:      '^-----!',
      given: {
        a:     ['--|',
                '^-!'],
        b:     ['  -(b|)',
                '--^!'],
      },
      expected: '---b--|',
    });

    drawn('that never end, and then does not either', tasks(1), {
      source:   'a-|  ',
      sub:      '^-!  ',
      given: {
        a:     ['-x---',
                '^'],
      },
      expected: '-x---',
    });

    spec('and tells each its index, and a worker that no other has at the time', ({ hot, cold, expectObservable, later }) => {
      const told: unknown[] = [];
      const source = hot('  abcd|  ');
      const task = '        --(x|) ';
      const expected = '    --xxx(x|)';
      const project = (letter: string, { index, worker }: TaskContext) => {
        told.push([letter, index, worker]);
        return cold(task);
      };
      expectObservable(source.pipe(workerPool(2, project, { queue: 2 }))).toBe(expected);
      later(async () => expect(told).toEqual([['a', 0, 0], ['b', 1, 1], ['c', 2, 0], ['d', 3, 1]]));
    });
  });

  describe('ordered', () => {
    drawn('results come in the order of the values, each task wholly before the next', tasks(3, { ordered: true }), {
      source:   'abc---------|',
      sub:      '^-----------!',
      given: {
        a:     ['--x---(y|)',
                '^-----!'],
        b:     [' --z-w|',
                '-^----!'],
        c:     ['  -(c|)',
                '--^!'],
      },
      expected: '--x---(yzwc)|',
      held:     '122-2-0-----0',
      diagram:  { file: 'worker-pool-ordered', title: 'Ordered, a result waits for those before it', call: 'workerPool(3, task, { ordered: true })' },
    });

    drawn('results of the first in turn come as they are ready', tasks(2, { ordered: true }), {
      source:   'ab-------|',
      sub:      '^--------!',
      given: {
        a:     ['--(a|)',
                '^-!'],
        b:     [' --x-y|',
                '-^----!'],
      },
      expected: '--ax-y---|',
    });

    drawn('a slow head stops new starts', tasks(2, { ordered: true }), {
      pull:     'abcd',
      reads:    '(abcd)---|',
      given: {
        a:     ['---------(a|)',
                '^--------!'],
        b:     ['-(b|)',
                '^!'],
        c:     ['         -----(c|)',
                '---------^----!'],
        d:     ['         ----(d|)',
                '---------^---!'],
      },
      expected: '---------(ab)-(cd|)',
    });

    drawn('before a slow consumer too', tasks(2, { ordered: true, queue: 0 }), {
      source:   'ab-----------|',
      sub:      '^------------!',
      given: {
        a:     ['--(xy|)',
                '^-!'],
        b:     [' -(z|)',
                '-^!'],
      },
      ticks:    '-----x--x--x--',
      expected: '-----x--y--z-|',
    });

    drawn('a task that is skipped gives up its turn', tasks(3, { ordered: true, onTaskError: 'skip' }), {
      source:   'abc------|',
      sub:      '^--------!',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     [' -#',
                '-^!'],
        c:     ['  -(c|)',
                '--^!'],
      },
      expected: '-----(ac)|',
      drops:    '--b       ',
      why:      'task-error',
    });
  });

  describe('reads a source that waits', () => {
    const slow = {
      a: ['------(a|)', '^-----!'],
      b: ['------(b|)', '^-----!'],
    } as const;

    drawn('up to one value for each worker where queue is 0', tasks(2, { queue: 0 }), {
      pull:     'abc',
      reads:    '(ab)--(c|)',
      given: {
        ...slow,
        c:     ['      ------(c|)',
                '------^-----!'],
      },
      expected: '------(ab)--(c|)',
    });

    drawn('up to as many more as there are workers by default', tasks(2), {
      pull:     'abcde',
      reads:    '(abcd)(e|)',
      given: {
        ...slow,
        c:     ['      ------(c|)',
                '------^-----!'],
        d:     ['      ------(d|)',
                '------^-----!'],
        e:     ['            ------(e|)',
                '------------^-----!'],
      },
      expected: '------(ab)--(cd)--(e|)',
      diagram:  { file: 'worker-pool-pull', title: 'A source that waits is read up to one value for each worker, and as many more', call: 'workerPool(2, task)' },
    });

    drawn('up to `queue` more', tasks(2, { queue: 1 }), {
      pull:     'abcd',
      reads:    '(abc)-(d|)',
      given: {
        ...slow,
        c:     ['      ------(c|)',
                '------^-----!'],
        d:     ['      ------(d|)',
                '------^-----!'],
      },
      expected: '------(ab)--(cd|)',
    });

    drawn('without end where concurrency is Infinity', tasks(Infinity), {
      pull:     'abab',
      reads:    '(abab|)',
      given: {
        a:     ['------(a|)',
                ['^-----!', '^-----!']],
        b:     ['------(b|)',
                ['^-----!', '^-----!']],
      },
      expected: '------(abab|)',
    });
  });

  describe('before a slow consumer', () => {
    drawn('a worker is busy until its results are taken', echo(2, { queue: 1 }), {
      pull:     'abcdefgh',
      reads:    '(abc)d--e-!',
      ticks:    '-----x--x--',
      unsub:    '----------!',
      expected: '-----a--b--',
      drops:    '----------(cde)',
      why:      'unsubscribed',
      held:     '3----3--3-0',
    });

    drawn('results that wait go first come, first served', tasks(2), {
      source:   'ab----------|',
      sub:      '^-----------!',
      given: {
        a:     ['--x-y|',
                '^----!'],
        b:     [' --z|',
                '-^--!'],
      },
      ticks:    '------x--x-x-',
      expected: '------x--z-y|',
    });

    drawn('an input that can wait is read one result ahead', (seen, _given, { expectObservable }) => {
      const inner = letters('xyz');
      expectObservable(inner.reads).toBe('-x--y--z--|');
      return workerPool(1, () => pullFrom(inner.iterable), seen);
    }, {
      source:   '-a---------|',
      sub:      '^----------!',
      ticks:    '----x--x--x-',
      expected: '----x--y--z|',
      held:     '01--0--0--0-',
    });

    drawn("an input of one's own that asks to be told of room is told at once where there is some", (seen) => workerPool(1, () => new Observable<string>((subscriber) => {
      demandOf(subscriber)?.onAvailable(() => {
        subscriber.next('x');
        subscriber.complete();
      });
    }), seen), {
      source:   '-a-|',
      sub:      '^--!',
      ticks:    'x---',
      expected: '-x-|',
    });

    drawn('results of an input that cannot wait are parked', tasks(1, { maxParked: 2 }), {
      source:   '-a---------|',
      sub:      '^----------!',
      given: {
        a:     [' (xyz|)',
                '-(^!)'],
      },
      ticks:    '----x--x--x-',
      expected: '----x--y--z|',
    });

    drawn('more than maxParked of them fail the pipe', tasks(1, { maxParked: 1 }), {
      source:   '-a---b-----|',
      sub:      '^---!       ',
      given: {
        a:     [' -xyz-',
                '-^--!'],
      },
      ticks:    '------x--x-x',
      expected: '----#       ',
      error:    new ChannelOverflowError(2, 1, 'z'),
      drops:    '----a       ',
      why:      'error',
    });

    drawn('two pools in a row are independent: capacities add up', (seen) => pipe(echo(1, { queue: 0 })(seen), workerPool(1, (letter) => of(letter), { queue: 0 })), {
      pull:     'abc',
      reads:    '(ab)c--|',
      ticks:    '----x--x--x   ',
      expected: '----a--b--(c|)',
      held:     '1---1--0--0   ',
    });

    drawn('a channel below is its consumer', (seen) => pipe(echo(1, { queue: 0 })(seen), bufferedChannel(1)), {
      pull:     'abc',
      reads:    '(ab)c--|',
      ticks:    '----x--x--x   ',
      expected: '----a--b--(c|)',
    });

    drawn('before a fast one nothing waits', tasks(2), {
      source:   '-----ab---|',
      sub:      '^---------!',
      given: {
        a:     ['     -(a|)',
                '-----^!'],
        b:     ['      -(b|)',
                '------^!'],
      },
      ticks:    '(xxx)------',
      expected: '------ab--|',
    });
  });

  describe('keyBy', () => {
    const keyBy = (letter: string) => (letter < 'd' ? 'abc' : letter);

    drawn('values of one key run one at a time, in order, and others pass them', tasks(3, { keyBy }), {
      source:   'abd-------|',
      sub:      '^---------!',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['     --(b|)',
                '-----^-!'],
        d:     ['  -(d|)',
                '--^!'],
      },
      expected: '---d-a-b--|',
    });

    drawn('a queue full of one key is full: it passes nobody who is not in it', tasks(2, { keyBy, queue: 1 }), {
      pull:     'abcd',
      reads:    '(abc)d|',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['     --(b|)',
                '-----^-!'],
        c:     ['       -(c|)',
                '-------^!'],
        d:     ['     -(d|)',
                '-----^!'],
      },
      expected: '-----adb(c|)',
    });

    drawn('what is parked passes nobody until it has a place in the queue', tasks(2, { keyBy, queue: 1 }), {
      source:   'abcd------|',
      sub:      '^---------!',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['     --(b|)',
                '-----^-!'],
        c:     ['       -(c|)',
                '-------^!'],
        d:     ['     -(d|)',
                '-----^!'],
      },
      expected: '-----adbc-|',
      parked:   '0001-00---',
    });

    drawn('a key is free again when its task has failed', tasks(2, { keyBy, onTaskError: 'skip' }), {
      source:   'ab----|',
      sub:      '^-----!',
      given: {
        a:     ['--#',
                '^-!'],
        b:     ['  -(b|)',
                '--^!'],
      },
      expected: '---b--|',
      drops:    '--a',
      why:      'task-error',
    });

    drawn('undefined is a key', tasks(2, { keyBy: () => undefined }), {
      source:   'ab----|',
      sub:      '^-----!',
      given: {
        a:     ['--(a|)',
                '^-!'],
        b:     ['  -(b|)',
                '--^!'],
      },
      expected: '--ab--|',
    });

    drawn('one that throws errors the pipe, and drops that value with the rest', tasks(2, {
      keyBy: (letter) => {
        if (letter === 'b') throw 'error';
        return letter;
      },
    }), {
      source:   'a-b-c',
      sub:      '^-!  ',
      given: {
        a:     ['-----',
                '^-!'],
      },
      expected: '--#  ',
      drops:    '--(ab)',
      why:      'error',
    });
  });

  describe('when a task fails', () => {
    drawn("'fail' errors the pipe at once, and drops what ran or waited", tasks(2), {
      source:   'abc----|',
      sub:      '^--!    ',
      given: {
        a:     ['------(a|)',
                '^--!'],
        b:     [' --#',
                '-^-!'],
      },
      expected: '---#    ',
      drops:    '---(abc)',
      why:      'error',
    });

    drawn("'fail' cuts ahead of results that wait", tasks(2), {
      source:   'ab-----',
      sub:      '^--!   ',
      given: {
        a:     ['-(x|)',
                '^!'],
        b:     [' --#',
                '-^-!'],
      },
      ticks:    '-----x-',
      expected: '---#   ',
      drops:    '---(ab)',
      why:      'error',
    });

    drawn("'skip' drops its value, and goes on", tasks(1, { onTaskError: 'skip' }), {
      source:   'ab----|',
      sub:      '^-----!',
      given: {
        a:     ['--#',
                '^-!'],
        b:     ['  --(b|)',
                '--^-!'],
      },
      expected: '----b-|',
      drops:    '--a    ',
      why:      'task-error',
    });

    drawn("'skip' drops nothing once there was a result", tasks(1, { onTaskError: 'skip' }), {
      source:   'a----|',
      sub:      '^----!',
      given: {
        a:     ['-x-#',
                '^--!'],
      },
      expected: '-x---|',
    });

    drawn("'skip' keeps results that wait", tasks(1, { onTaskError: 'skip' }), {
      source:   'a----|',
      sub:      '^----!',
      given: {
        a:     ['-x-#',
                '^--!'],
      },
      ticks:    '----x-',
      expected: '----x|',
    });

    drawn('what onTaskError returns takes its place', (seen, given) => workerPool(1, given, {
      ...seen,
      onTaskError: (error, letter) => given(`${String(error)} of ${letter}`),
    }), {
      source:         'ab------|',
      sub:            '^-------!',
      given: {
        'a':          ['-x#',
                       '^-!'],
        'error of a': ['  --(y|)',
                       '--^-!'],
        'b':          ['    -(b|)',
                       '----^!'],
      },
      expected:       '-x--yb--|',
    });

    drawn('if that fails too, its error is that of the pipe', (seen, given) =>
      workerPool(1, given, { ...seen, onTaskError: () => given('instead') }), {
      source:      'a-------|',
      sub:         '^--!     ',
      given: {
        'a':       ['-#',
                    '^!'],
        'instead': [' --#',
                    '-^-!'],
      },
      expected:    '---#     ',
      drops:       '---a     ',
      why:         'error',
    });

    drawn('an onTaskError that throws errors the pipe', tasks(1, {
      onTaskError: () => {
        throw 'error';
      },
    }), {
      source:   'ab----|',
      sub:      '^-!    ',
      given: {
        a:     ['--#',
                '^-!'],
      },
      expected: '--#    ',
      drops:    '--(ab) ',
      why:      'error',
    });

    for (const [onTaskError, expected, sub, drops, why] of [
      ['fail', 'a-#  ', '^-!', '--x', 'error'],
      ['skip', 'a---b', '^', '--x', 'task-error'],
    ] as const) {
      drawn(`a project that throws is a task that fails ('${onTaskError}')`, (seen) => workerPool(1, (letter: string) => {
        if (letter === 'x') throw 'error';
        return of(letter);
      }, { ...seen, onTaskError }), { source: 'a-x-b', sub, expected, drops, why });
    }

    drawn('a project that returns nothing is too', (seen) => workerPool(1, (() => undefined) as never, { ...seen, onTaskError: 'skip' }), {
      source:   'a-|',
      sub:      '^-!',
      expected: '--|',
      drops:    'a  ',
      why:      'task-error',
    });
  });

  describe('taskTimeout', () => {
    drawn("a task that takes longer fails: 'fail'", tasks(1, { taskTimeout: 4 }), {
      source:   'ab-------|',
      sub:      '^---!     ',
      given: {
        a:     ['-',
                '^---!'],
      },
      expected: '----#     ',
      error:    new TaskTimeoutError('a', 4),
      drops:    '----(ab)  ',
      why:      'error',
      timers:   '^---!     ',
    });

    drawn("'skip' drops it, and the next has its own time, from its start", tasks(1, { taskTimeout: 4, onTaskError: 'skip' }), {
      source:   'ab-------|',
      sub:      '^--------!',
      given: {
        a:     ['-',
                '^---!'],
        b:     ['    ---(b|)',
                '----^--!'],
      },
      expected: '-------b-|',
      drops:    '----a     ',
      why:      'task-error',
      timers:   ['^---!', '----^--!'],
    });

    drawn("'skip' keeps what it gave before", tasks(1, { taskTimeout: 4, onTaskError: 'skip' }), {
      source:   'a----|',
      sub:      '^----!',
      given: {
        a:     ['-x-y-z',
                '^---!'],
      },
      expected: '-x-y-|',
      timers:   '^---!',
    });

    drawn('what takes its place is not timed', (seen, given) => workerPool(1, given, {
      ...seen,
      taskTimeout: 4,
      onTaskError: (error) => (error instanceof TaskTimeoutError ? given('instead') : EMPTY),
    }), {
      source:      'a---------|',
      sub:         '^---------!',
      given: {
        'a':       ['-',
                    '^---!'],
        'instead': ['    ------(y|)',
                    '----^-----!'],
      },
      expected:    '----------(y|)',
      timers:      '^---!      ',
    });

    drawn('nor is what takes the place of a task that failed in time', (seen, given) => workerPool(1, given, {
      ...seen,
      taskTimeout: 4,
      onTaskError: () => given('instead'),
    }), {
      source:      'a-------|',
      sub:         '^-------!',
      given: {
        'a':       ['-#',
                    '^!'],
        'instead': [' ------(y|)',
                    '-^-----!'],
      },
      expected:    '-------y|',
      timers:      '^!       ', // what takes its place has no time
    });

    drawn('each task has its own, from its start', tasks(2, { taskTimeout: 4, onTaskError: 'skip' }), {
      source:   'a-b------|',
      sub:      '^--------!',
      given: {
        a:     ['-',
                '^---!'],
        b:     ['-',
                '--^---!'],
      },
      expected: '---------|',
      drops:    '----a-b   ',
      why:      'task-error',
      timers:   ['^---!', '----^-!'],
    });

    drawn('a task in time leaves the timer to those that run on', tasks(2, { taskTimeout: 4, onTaskError: 'skip' }), {
      source:   'ab-----|',
      sub:      '^------!',
      given: {
        a:     ['--(a|)',
                '^-!'],
        b:     ['-',
                '-^---!'],
      },
      expected: '--a----|',
      drops:    '-----b  ',
      why:      'task-error',
      timers:   ['^---!', '----^!'],
    });

    drawn('a task in time stops the timer', tasks(1, { taskTimeout: 4 }), {
      source:   '-a-----b-|',
      sub:      '^--------!',
      given: {
        a:     [' --(a|)',
                '-^-!'],
        b:     ['       -(b|)',
                '-------^!'],
      },
      expected: '---a----b|',
      timers:   ['-^-!', '-------^!'],
    });

    drawn('of Infinity sets no timer', tasks(1, { taskTimeout: Infinity }), {
      source:   'a---|',
      sub:      '^---!',
      given: {
        a:     ['--(a|)',
                '^-!'],
      },
      expected: '--a-|',
      timers:   [],
    });

    spec('aborts the signal of the task with the error', ({ hot, expectObservable, later }) => {
      const signals: AbortSignal[] = [];
      const source = hot('  ab---------|');
      const expected = '    -----------|';
      const project = (_: string, { signal }: TaskContext) => {
        signals.push(signal);
        return NEVER;
      };
      expectObservable(source.pipe(workerPool(1, project, { taskTimeout: 4, onTaskError: 'skip' }))).toBe(expected);
      later(async () => {
        expect(signals.map(({ reason }) => reason as unknown)).toEqual([new TaskTimeoutError('a', 4), new TaskTimeoutError('b', 4)]);
      });
    });
  });

  describe('when a value comes, the workers are busy and the queue is full', () => {
    const a = ['-----(a|)', '^----!'] as const;

    drawn("'block' parks it, in order", tasks(1, { queue: 1 }), {
      source:   'abc--------|',
      sub:      '^----------!',
      given: {
        a,
        b:     ['     --(b|)',
                '-----^-!'],
        c:     ['       --(c|)',
                '-------^-!'],
      },
      expected: '-----a-b-c-|',
      held:     '123--221100-',
      parked:   '001--00-0-0-',
    });

    drawn("'block' fails beyond maxParked, ahead of the tasks that run", tasks(1, { queue: 1, maxParked: 1 }), {
      source:   'abcde--',
      sub:      '^--!   ',
      given: {
        a:     ['-----(a|)',
                '^--!'],
      },
      expected: '---#   ',
      error:    new ChannelOverflowError(2, 1, 'd'),
      drops:    '---(dabc)',
      why:      { d: 'overflow', rest: 'error' },
    });

    drawn("'error' fails at once", tasks(1, { queue: 1, overflow: 'error' }), {
      source:   'abcde--',
      sub:      '^-!    ',
      given: {
        a:     ['-----(a|)',
                '^-!'],
      },
      expected: '--#    ',
      error:    new ChannelOverflowError(1, 1, 'c'),
      drops:    '--(cab)',
      why:      { c: 'overflow', rest: 'error' },
    });

    drawn("'drop-oldest' drops the one that has waited longest; what runs stays", tasks(1, { queue: 1, overflow: 'drop-oldest' }), {
      source:   'abcd------|',
      sub:      '^---------!',
      given: {
        a,
        d:     ['     --(d|)',
                '-----^-!'],
      },
      expected: '-----a-d--|',
      drops:    '--bc       ',
      why:      'overflow',
      held:     '1222-1100--',
    });

    drawn("'drop-newest' lets the arriving one go", tasks(1, { queue: 1, overflow: 'drop-newest' }), {
      source:   'abcd------|',
      sub:      '^---------!',
      given: {
        a,
        b:     ['     --(b|)',
                '-----^-!'],
      },
      expected: '-----a-b--|',
      drops:    '--cd       ',
      why:      'overflow',
      held:     '1222-1100--',
    });

    for (const overflow of ['drop-oldest', 'drop-newest'] as const) {
      drawn(`queue 0 with '${overflow}' runs what it can, and keeps nothing`, tasks(1, { queue: 0, overflow }), {
        source:   'abc---d---|',
        sub:      '^---------!',
        given: {
          a,
          d:     ['      --(d|)',
                  '------^-!'],
        },
        expected: '-----a--d-|',
        drops:    '-bc        ',
        why:      'overflow',
      });
    }

    for (const overflow of ['drop-oldest', 'drop-newest', 'error'] as const) {
      drawn(`a source that waits overflows nothing ('${overflow}')`, echo(1, { queue: 1, overflow }), {
        pull:     'abcd',
        reads:    '(ab)c--d--|',
        ticks:    '----x--x--x--x   ',
        expected: '----a--b--c--(d|)',
      });
    }
  });

  describe('where the concurrency is an Observable', () => {
    drawn('more tasks run as soon as it rises; once it completes, the last number stays', steered(), {
      source:   'abcd-------|',
      sub:      '^----------!',
      given: {
        limit: ['1---2---|',
                '^-------!'],
        a:     ['---(a|)',
                '^--!'],
        b:     ['   ---(b|)',
                '---^--!'],
        c:     ['    ---(c|)',
                '----^--!'],
        d:     ['      ---(d|)',
                '------^--!'],
      },
      expected: '---a--bc-d-|',
      held:     '1233--21-00-',
    });

    drawn('lowered below what runs, it cancels nothing; none starts until it is met', steered(), {
      source:   'abcd-------|',
      sub:      '^----------!',
      given: {
        limit: ['2--1--------',
                '^----------!'],
        a:     ['-----(a|)',
                '^----!'],
        b:     ['------(b|)',
                '-^-----!'],
        c:     ['       --(c|)',
                '-------^-!'],
        d:     ['         -(d|)',
                '---------^!'],
      },
      expected: '-----a-b-cd|',
    });

    drawn('0 pauses the pool, which then reads no more; what runs goes on', steered(), {
      pull:     'abcd',
      reads:    '(ab)c-----d---|',
      given: {
        limit: ['1----0----1-------',
                '^-----------------!'],
        a:     ['----(a|)',
                '^---!'],
        b:     ['    ----(b|)',
                '----^---!'],
        c:     ['          ----(c|)',
                '----------^---!'],
        d:     ['              ----(d|)',
                '--------------^---!'],
      },
      expected: '----a---b-----c---(d|)',
      held:     '2----2--1122--11--0   ',
    });

    drawn('before its first number nothing starts, and nothing is read', steered(), {
      pull:     'ab',
      reads:    '---(ab)|       ',
      given: {
        limit: ['---1-----------',
                '^----------!   '],
        a:     ['   ----(a|)',
                '---^---!'],
        b:     ['       ----(b|)',
                '-------^---!'],
      },
      expected: '-------a---(b|)',
    });

    drawn('what waits when it is lowered is not dropped, and `queue` values still find a place', steered({ queue: 1, overflow: 'drop-newest' }), {
      source:   'abcd--------|',
      sub:      '^-----------!',
      given: {
        limit: ['2-1----------',
                '^-----------!'],
        a:     ['------(a|)',
                '^-----!'],
        b:     ['-----(b|)',
                '-^----!'],
        c:     ['      ----(c|)',
                '------^---!'],
      },
      expected: '------(ab)c-|',
      drops:    '---d         ',
      why:      'overflow',
      parked:   '0000---------',
    });

    drawn('its error is that of the pipe, at once', steered(), {
      source:   'ab---',
      sub:      '^--! ',
      given: {
        limit: ['1--# ',
                '^--! '],
        a:     ['-----',
                '^--! '],
      },
      expected: '---# ',
      drops:    '---(ab)',
      why:      'error',
    });

    drawn('an end before the first number is an error: nothing would ever run', steered(), {
      source:   'a----',
      sub:      '^--! ',
      given: {
        limit: ['---| ',
                '^--! '],
      },
      expected: '---# ',
      error:    new TypeError('Expected `concurrency` to be told before its Observable ends, got undefined'),
      drops:    '---a ',
      why:      'error',
    });

    drawn('anything but an integer ≥ 0 is an error', steered(), {
      source:   'a----',
      sub:      '^--! ',
      given: {
        limit: ['1--x ',
                '^--! '],
        a:     ['-----',
                '^--! '],
      },
      expected: '---# ',
      error:    new RangeError('Expected `concurrency` to be an integer ≥ 0 or Infinity, got NaN'),
      drops:    '---a ',
      why:      'error',
    });

    drawn('it is released when the pipe is', steered(), {
      source:   'ab---',
      sub:      '^--! ',
      given: {
        limit: ['1----',
                '^--! '],
        a:     ['-----',
                '^--! '],
      },
      unsub:    '---! ',
      expected: '-----',
      drops:    '---(ab)',
      why:      'unsubscribed',
    });

    spec('one that fails at once: the source is not subscribed', ({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('a-');
      expectObservable(source.pipe(workerPool(throwError(() => 'error'), (letter: string) => of(letter)))).toBe('#');
      expectSubscriptions(source).toBe([]);
    });

    spec('a project may move it: what it says holds for the next start', ({ seen, expectObservable }) => {
      const expected = ' -a-(bc)(d|)';
      const limit = new BehaviorSubject(1);
      const project = (letter: string) => {
        if (letter === 'b') limit.next(2);
        if (letter === 'd') limit.next(0);
        return timer(letter === 'a' ? 1 : letter === 'd' ? 4 : 2).pipe(map(() => letter));
      };
      expectObservable(of('a', 'b', 'c', 'd').pipe(workerPool(limit, project, seen))).toBe(expected);
    });
  });

  describe('when the source fails', () => {
    drawn('what runs or waits is done first', tasks(1), {
      source:   'ab#        ',
      sub:      '^-!        ',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['     --(b|)',
                '-----^-!'],
      },
      expected: '-----a-(b#)',
    });

    drawn("errors: 'immediate' ends what runs, and drops it with what waits", tasks(1, { errors: 'immediate' }), {
      source:   'ab#   ',
      sub:      '^-!   ',
      given: {
        a:     ['-----(a|)',
                '^-!'],
      },
      expected: '--#   ',
      drops:    '--(ab)',
      why:      'error',
    });

    drawn('what is parked is done first too', tasks(1, { queue: 0 }), {
      source:   'ab#        ',
      sub:      '^-!        ',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['     --(b|)',
                '-----^-!'],
      },
      expected: '-----a-(b#)',
      parked:   '01---0     ',
    });

    drawn("errors: 'immediate' drops what is parked", tasks(1, { queue: 0, errors: 'immediate' }), {
      source:   'abc#  ',
      sub:      '^--!  ',
      given: {
        a:     ['-----(a|)',
                '^--!'],
      },
      expected: '---#  ',
      drops:    '---(abc)',
      why:      'error',
    });

    drawn('results that wait are taken first', echo(1), {
      source:   'ab#        ',
      sub:      '^-!        ',
      ticks:    '----x--x   ',
      expected: '----a--(b#)',
    });

    drawn("errors: 'immediate' drops results that wait", echo(1, { errors: 'immediate' }), {
      source:   'ab#     ',
      sub:      '^-!     ',
      ticks:    '----x--x',
      expected: '--#     ',
      drops:    '--(ab)  ',
      why:      'error',
    });

    drawn('beside a task that never ends, that is never seen', tasks(1), {
      source:   'a-#    ',
      sub:      '^-!    ',
      given: {
        a:     ['-x-----',
                '^'],
      },
      expected: '-x-----',
    });

    drawn("a task's error cuts ahead of it", tasks(1), {
      source:   'ab#  ',
      sub:      '^-!  ',
      given: {
        a:     ['----#',
                '^---!'],
      },
      expected: '----#',
      drops:    '----(ab)',
      why:      'error',
    });

    for (const errors of ['drain', 'immediate'] as const) {
      drawn(`nothing held, it fails at once (errors: '${errors}')`, echo(1, { errors }), {
        source:   '-a-#',
        sub:      '^--!',
        expected: '-a-#',
      });
    }
  });

  describe('of a source that is', () => {
    drawn('empty, it completes', echo(1), {
      source:   '|',
      sub:      '(^!)',
      expected: '|',
    });
    drawn('never to emit, it is silent', echo(1, { taskTimeout: 1 }), {
      source:   '-----',
      sub:      '^',
      expected: '-----',
      timers:   [],
    });
    drawn('failing, it fails', echo(1), {
      source:   '#',
      sub:      '(^!)',
      expected: '#',
    });
    drawn('synchronous, it parks what is beyond its capacity', tasks(1), {
      sync:     'abc',
      reads:    '(abc|)',
      given: {
        a:     ['-----(a|)',
                '^----!'],
        b:     ['     --(b|)',
                '-----^-!'],
        c:     ['       --(c|)',
                '-------^-!'],
      },
      expected: '-----a-b-(c|)',
      held:     '3----22110   ',
      parked:   '1----00-0    ',
    });
    spec('synchronously empty, never to emit or failing, it is that too', ({ expectObservable }) => {
      expectObservable(EMPTY.pipe(workerPool(1, () => NEVER))).toBe('|');
      expectObservable(NEVER.pipe(workerPool(1, () => NEVER))).toBe('-');
      expectObservable(throwError(() => 'error').pipe(workerPool(1, () => NEVER))).toBe('#');
    });
  });

  describe('unsubscribed, it releases source and tasks at once', () => {
    drawn('while idle', tasks(1), {
      source:   'a-----b',
      sub:      '^---!  ',
      given: {
        a:     ['--(a|)',
                '^-!'],
      },
      unsub:    '----!  ',
      expected: '--a----',
    });

    drawn('while a worker runs and a value waits', tasks(1), {
      source:   'ab----c',
      sub:      '^---!  ',
      given: {
        a:     ['-----(a|)',
                '^---!'],
      },
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
    });

    drawn('while a task runs that has had a result, which counts as delivered', tasks(1), {
      source:   'a-----c',
      sub:      '^---!  ',
      given: {
        a:     ['-x----y',
                '^---!'],
      },
      unsub:    '----!  ',
      expected: '-x-----',
    });

    drawn('while full, and values are parked', tasks(2, { queue: 0 }), {
      source:   'abc---d',
      sub:      '^---!  ',
      given: {
        a:     ['-----(a|)',
                '^---!'],
        b:     ['-----(b|)',
                '-^--!'],
      },
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(abc)',
      why:      'unsubscribed',
      parked:   '001-0--',
    });

    drawn('while results wait', echo(1), {
      source:   'ab----c',
      sub:      '^---!  ',
      ticks:    '------x',
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
    });

    drawn('while the timer of a task runs', tasks(1, { taskTimeout: 6 }), {
      source:   'a------',
      sub:      '^---!  ',
      given: {
        a:     ['-',
                '^---!'],
      },
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----a  ',
      why:      'unsubscribed',
      timers:   '^---!  ',
    });

    drawn('in the very frame in which the time of a task is up', tasks(1, { taskTimeout: 4 }), {
      source:   'a------',
      sub:      '^---!  ',
      given: {
        a:     ['-',
                '^---!'],
      },
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----a  ',
      why:      'unsubscribed',
      timers:   '^---!  ',
    });

    drawn('after the source has ended', tasks(1), {
      source:   'ab|    ',
      sub:      '^-!    ',
      given: {
        a:     ['-----(a|)',
                '^---!'],
      },
      unsub:    '----!  ',
      expected: '-------',
      drops:    '----(ab)',
      why:      'unsubscribed',
    });

    spec('and aborts the signals of the tasks that run, of no others', ({ hot, cold, expectObservable, later }) => {
      const signals: AbortSignal[] = [];
      const source = hot('  ab-----');
      const unsub = '       ----!  ';
      const expected = '    --a----';
      const project = (letter: string, { signal }: TaskContext) => {
        signals.push(signal);
        return cold(letter === 'a' ? '--(a|)' : '-------(b|)');
      };
      expectObservable(source.pipe(workerPool(2, project)), unsub).toBe(expected);
      later(async () => expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]));
    });
  });

  describe('take and takeUntil', () => {
    drawn('take above releases the source while the tasks run', (seen, given) => pipe(take(2), tasks(1)(seen, given)), {
      source:   'abcd      ',
      sub:      '^!        ',
      given: {
        a:     ['---(a|)',
                '^--!'],
        b:     ['   ---(b|)',
                '---^--!'],
      },
      expected: '---a--(b|)',
    });

    drawn('take above releases a source that waits', (seen) => pipe(take(2), echo(2)(seen)), {
      pull:     'abcd',
      reads:    '(ab!)',
      ticks:    '-----x-x',
      expected: '-----a-(b|)',
    });

    drawn('take below releases the source, and drops what runs or waits', (seen, given) => pipe(tasks(1)(seen, given), take(1)), {
      source:   'abcd-e',
      sub:      '^---! ',
      given: {
        a:     ['----(a|)',
                '^---!'],
      },
      expected: '----(a|)',
      drops:    '----(bcd)',
      why:      'unsubscribed',
    });

    drawn('takeUntil above ends the source, and the tasks are done', (seen, given) => pipe(takeUntil(given('stop')), tasks(2)(seen, given)), {
      source:   'ab--c--',
      sub:      '^--!   ',
      given: {
        stop:  ['---x', '^--!'],
        a:     ['----(a|)',
                '^---!'],
        b:     [' ----(b|)',
                '-^---!'],
      },
      expected: '----a(b|)',
    });

    drawn('takeUntil below ends the tasks', (seen, given) => pipe(tasks(2)(seen, given), takeUntil(given('stop'))), {
      source:   'ab--c--',
      sub:      '^--!   ',
      given: {
        stop:  ['---x', '^--!'],
        a:     ['----(a|)',
                '^--!'],
        b:     ['----(b|)',
                '-^-!'],
      },
      expected: '---|   ',
      drops:    '---(ab)',
      why:      'unsubscribed',
    });
  });

  describe('a consumer may, inside next,', () => {
    for (const ordered of [false, true]) {
      spec(`push and complete (ordered: ${ordered})`, ({ seen, expectObservable }) => {
        const expected = ' -(abc|)';
        const source = new Subject<string>();
        timer(1).subscribe(() => source.next('a'));
        const pushing = tap((letter: string) => {
          if (letter === 'a') source.next('b');
          if (letter === 'b') {
            source.next('c');
            source.complete();
            source.next('d');
          }
        });
        expectObservable(source.pipe(echo(2, { ordered })(seen), pushing)).toBe(expected);
      });
    }

    spec('push into a task that runs: its results do not nest', ({ seen, expectObservable }) => {
      const expected = ' -(xyz|)';
      const source = new Subject<string>();
      const task = new Subject<string>();
      timer(1).subscribe(() => {
        source.next('a');
        task.next('x');
      });
      const pushing = tap((result: string) => {
        if (result === 'x') task.next('y');
        if (result === 'y') {
          task.next('z');
          task.complete();
          source.complete();
        }
      });
      expectObservable(source.pipe(workerPool(1, () => task, seen), pushing)).toBe(expected);
    });

    drawn('unsubscribe: nothing more comes, and what is held is dropped', (seen) => pipe(echo(2)(seen), takeWhile((letter) => letter !== 'b', true)), {
      source:   'abc------ ',
      sub:      '^----!    ',
      ticks:    '-----(xxx)',
      expected: '-----(ab|)',
      drops:    '-----c    ',
      why:      'unsubscribed',
    });

    drawn('throw: the pipe errors, and the tasks end', (seen, given) => pipe(tasks(2)(seen, given), map((letter) => {
      if (letter === 'a') throw 'error';
      return letter;
    })), {
      source:   'ab---c',
      sub:      '^--!  ',
      given: {
        a:     ['---(a|)',
                '^--!'],
        b:     [' ---(b|)',
                '-^-!'],
      },
      expected: '---#  ',
      drops:    '---b  ',
      why:      'unsubscribed',
    });
  });

  spec('a project may push and complete: what it pushes is a task of its own', ({ seen, expectObservable }) => {
    const expected = ' -(abc|)';
    const source = new Subject<string>();
    timer(1).subscribe(() => source.next('a'));
    const project = (letter: string) => {
      if (letter === 'a') source.next('b');
      if (letter === 'b') {
        source.next('c');
        source.complete();
      }
      return of(letter);
    };
    expectObservable(source.pipe(workerPool(3, project, seen))).toBe(expected);
  });

  spec('each subscription is a pool of its own', ({ cold, expectObservable }) => {
    const pipe = pullFrom('ab').pipe(workerPool(1, (letter) => of(letter), { queue: 0 }));
    expectObservable(pipe.pipe(takeOn(cold('--x-x')))).toBe('   --a-(b|)');
    expectObservable(pipe.pipe(takeOn(cold('---x--x')))).toBe(' ---a--(b|)');
  });

  it('tasks may be promises', async () => {
    const pipe = pullFrom('abc').pipe(workerPool(2, async (letter) => letter.toUpperCase(), { ordered: true }), toArray());
    expect(await lastValueFrom(pipe)).toEqual(['A', 'B', 'C']);
  });

  it('a promise that rejects is a task that fails', async () => {
    const dropped: unknown[] = [];
    const project = async (letter: string) => {
      if (letter === 'b') throw 'error';
      return letter;
    };
    const onDrop = (letter: string, reason: string) => dropped.push([letter, reason]);
    const skipping = pullFrom('abc').pipe(workerPool(1, project, { onTaskError: 'skip', onDrop }), toArray());
    expect(await lastValueFrom(skipping)).toEqual(['a', 'c']);
    expect(dropped).toEqual([['b', 'task-error']]);
    await expect(lastValueFrom(pullFrom('abc').pipe(workerPool(1, project)))).rejects.toBe('error');
  });
});
