import fc from 'fast-check';
import {
  NEVER,
  animationFrames,
  asyncScheduler,
  from,
  identity,
  interval,
  map,
  mergeMap,
  of,
  take,
  tap,
  throwError,
  timer,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  ConservationError,
  EndlessFlowError,
  RealTimeError,
  flow,
  type FlowTools,
  type RecordOptions,
  type Recording,
  type Track,
  type WatchedStage,
} from 'rxjs-sluice/marbles';
import {
  backpressure,
  batchWithTimeout,
  bufferedChannel,
  unlinked,
  workerPool,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';

/** A track in short: `a@1 |@3`. */
const told = ({ moments }: Track): string =>
  moments
    .map((moment) => {
      const { kind, frame } = moment;
      if (kind === 'next') return `${String(moment.value)}@${frame}`;
      const sign = { complete: '|', error: '#', subscribe: '^', unsubscribe: '!' }[kind];
      return `${sign}@${frame}`;
    })
    .join(' ');

const output = (put: (tools: FlowTools) => Observable<unknown>): string =>
  told(flow((tools) => tools.record(put(tools))).emitted);

describe('flow', () => {
  it('runs in virtual time, and gives what its function returns, when it is over', () => {
    let during: boolean | undefined;
    const recording = flow(({ record }) => {
      const recording = record(timer(10_000).pipe(tap(() => (during = recording.over))));
      return recording;
    });
    expect(told(recording.emitted)).toBe('0@10000 |@10000');
    expect([during, recording.over]).toEqual([false, true]);
  });

  it('has time and animate of RxJS', () => {
    expect(output(({ time }) => timer(time('---|')))).toBe('0@3 |@3');
    const frames = (tools: FlowTools): Observable<unknown> => {
      tools.animate('--x--x');
      return animationFrames().pipe(
        take(2),
        map(({ elapsed }) => elapsed),
      );
    };
    expect(output(frames)).toBe('2@2 5@5 |@5');
  });

  it('records nothing that happens after it, and lets every recording go', () => {
    let left = 0;
    const recording = flow(({ record }) => record(NEVER.pipe(tap({ finalize: () => left++ }))));
    expect([told(recording.emitted), left]).toEqual(['', 1]);
  });

  it('throws what its function throws, and what no consumer handles', () => {
    const boom = () => {
      throw new RangeError('boom');
    };
    expect(() => flow(boom)).toThrow(RangeError);
    expect(() => flow(() => void throwError(() => new RangeError('boom')).subscribe())).toThrow(
      RangeError,
    );
  });

  it('refuses what it cannot run', () => {
    expect(() => flow(async () => {})).toThrow('Expected `run` to be synchronous, got Promise');
    expect(() => flow('a' as never)).toThrow('Expected `run` to be a function, got "a"');
    expect(() => flow(identity, { maxSteps: 0 })).toThrow(
      'Expected `maxSteps` to be an integer ≥ 1',
    );
    expect(() => flow(() => flow(identity))).toThrow(
      'Expected `flow` to be called outside another',
    );
    flow(identity); // and not after such a failure
  });

  it('says that it does not end, and how it could', () => {
    const endless = (): unknown => flow(({ record }) => record(interval(5)), { maxSteps: 1_000 });
    expect(endless).toThrow(EndlessFlowError);
    expect(endless).toThrow(/did not end within 1000 steps, and stands at frame \d+: .*during/);
    const recording = flow(({ record }) => record(interval(5), { during: '^ 11ms !' }));
    expect(told(recording.emitted)).toBe('0@5 1@10');
  });

  it('bears with two timers of one frame of which the first cancels the second, as RxJS does not', () => {
    const cancelling = (): Observable<unknown> => {
      const first = interval(5).subscribe((n) => n === 1 && second.unsubscribe());
      const second = timer(10).subscribe();
      return timer(12).pipe(tap(() => first.unsubscribe()));
    };
    const stock = new TestScheduler(() => {});
    expect(() => stock.run(({ expectObservable }) => expectObservable(cancelling()))).toThrow(
      'Expected a due immediate or interval',
    );
    expect(output(cancelling)).toBe('0@12 |@12');
  });
});

describe('hot and cold', () => {
  const symbol = fc.constantFrom('a', 'b', '-', '--', '(ab)', ' 3ms ');
  const marbles = fc
    .tuple(fc.array(symbol, { maxLength: 8 }), fc.constantFrom('|', '#', '(a|)', '-'))
    .map(([symbols, end]) => [...symbols, end].join(''));

  it('emit what those of RxJS do, at the same time and in the same order', () => {
    const stock = (hot: string, cold: string): string => {
      let seen = '';
      new TestScheduler(() => {}).run((helpers) => {
        const pipe = combined(helpers.hot(hot), helpers.cold(cold));
        const note = (what: string) => (seen += ` ${what}@${asyncScheduler.now()}`);
        helpers.cold('-').subscribe(); // subscribed when the flow starts, as a recording is
        asyncScheduler.schedule(() =>
          pipe.subscribe({ next: note, error: () => note('#'), complete: () => note('|') }),
        );
      });
      return seen.trim();
    };
    fc.assert(
      fc.property(marbles, marbles, (hot, cold) => {
        const ours = output((tools) => combined(tools.hot(hot), tools.cold(cold)));
        expect(ours).toBe(stock(hot, cold));
      }),
    );
  });

  const combined = (hot: Observable<string>, cold: Observable<string>) =>
    hot.pipe(mergeMap((letter) => cold.pipe(map((inner) => letter + inner))));

  it('know their subscriptions', () => {
    const source = flow(({ hot, record }) => {
      const source = hot('-a-b-c-|');
      record(source, { during: '--^--!' });
      record(source, { during: '---^' });
      return source;
    });
    expect(source.subscribed.map(told)).toEqual(['^@2 !@5', '^@3 !@7']);
  });

  it('take values, and an error', () => {
    const values = { a: 1, b: undefined };
    expect(output(({ cold }) => cold<number | undefined>('ab-c', values))).toBe(
      '1@0 undefined@1 c@3',
    );
    const recording = flow(({ hot, record }) => record(hot('-#', {}, 'why')));
    expect(recording.emitted.moments).toEqual([{ frame: 1, kind: 'error', error: 'why' }]);
    const plain = flow(({ hot, record }) => record(hot('-#')));
    expect(plain.emitted.moments).toEqual([{ frame: 1, kind: 'error', error: 'error' }]);
  });

  it('refuse a diagram that cannot be read', () => {
    expect(() => flow(({ hot }) => hot('-(a'))).toThrow('Expected `)`');
    expect(() => flow(({ cold }) => cold('^-a'))).toThrow('-a');
  });
});

describe('pull', () => {
  const pulled = (marbles: string, takes: string | undefined, during?: string) =>
    flow(({ pull, record }) => {
      const source = pull(marbles);
      const recording = record(source, { takes, during });
      return { source, recording };
    });
  const summary = ({ source, recording }: ReturnType<typeof pulled>) => [
    told(source.pulled),
    told(recording.emitted),
  ];

  it('gives a value when it is asked, and records when that was', () => {
    expect(summary(pulled('ab|', '--x---x-x'))).toEqual(['a@2 b@6 |@8', 'a@2 b@6 |@8']);
  });

  it('takes its time for a value, and for the end', () => {
    expect(summary(pulled('--a-bc---|', '--x-x(xxx)'))).toEqual([
      'a@2 b@4 c@5 |@5',
      'a@4 b@5 c@5 |@8',
    ]);
  });

  it('fails when it is asked beyond its last value', () => {
    expect(summary(pulled('a#', '--x--x'))).toEqual(['a@2 #@5', 'a@2 #@5']);
    expect(summary(pulled('a--#', '--x--x'))).toEqual(['a@2 #@5', 'a@2 #@7']);
  });

  it('never answers beyond a diagram without an end', () => {
    expect(summary(pulled('a', '--x--x'))).toEqual(['a@2', 'a@2']);
  });

  it('is let go, whether a value is under way or not', () => {
    expect(summary(pulled('ab|', '--x', '^--!'))).toEqual(['a@2 !@3', 'a@2']);
    expect(summary(pulled('a-----b|', '--xx', '^---!'))).toEqual(['a@2 b@3 !@4', 'a@2']);
    expect(summary(pulled('ab|', undefined, '(^!)'))).toEqual(['a@0 b@0 |@0', 'a@0 b@0 |@0']);
  });

  it('is pulled as it comes where nothing below can wait', () => {
    expect(summary(pulled('ab|', undefined))).toEqual(['a@0 b@0 |@0', 'a@0 b@0 |@0']);
    const cut = flow(({ pull, record }) => {
      const source = pull('a-b|');
      record(source.pipe(unlinked()), { takes: '----x' });
      return source;
    });
    expect(told(cut.pulled)).toBe('a@0 b@0 |@1');
  });

  it('starts anew for each subscriber', () => {
    const source = flow(({ pull, record }) => {
      const source = pull('a|');
      record(source);
      record(source, { during: '-^' });
      return source;
    });
    expect(told(source.pulled)).toBe('a@0 |@0 a@1 |@1');
    expect(source.subscribed.map(told)).toEqual(['^@0 !@0', '^@1 !@1']);
  });

  it('has no groups: a pull gets one value', () => {
    expect(() => flow(({ pull }) => pull('(ab)|'))).toThrow(
      'Expected `marbles` to be without groups: a pull gets one value, got "(ab)|"',
    );
  });
});

describe('pausable', () => {
  it('stands still while it is paused, in the middle of a group too', () => {
    const { source, recording } = flow(({ pausable, cold, record }) => {
      const source = pausable('a-(bc)d-|');
      cold('--p---r---p-p--r-r').subscribe((call) =>
        call === 'p' ? source.pause() : source.resume(),
      );
      return { source, recording: record(source) };
    });
    expect(told(source.paused)).toBe('p@2 r@6 p@10 p@12 r@15 r@17');
    expect(told(recording.emitted)).toBe('a@0 b@6 c@6 d@15 |@17');
  });

  it('plays on with what is left, and waits as long as was left', () => {
    const { source, recording } = flow(({ pausable, record, stage }) => {
      const source = pausable('abcd-e|');
      const switches = { pause: source.pause, resume: source.resume };
      const pipe = source.pipe(backpressure(switches), bufferedChannel(2, stage()));
      return { source, recording: record(pipe, { takes: '------2---3--x' }) };
    });
    expect(told(source.paused)).toBe('p@1 r@6 p@8 r@10');
    expect(told(recording.emitted)).toBe('a@6 b@6 c@10 d@10 e@12 |@13');
  });

  it('may be paused before it starts, and from inside next', () => {
    const { source, recording } = flow(({ pausable, cold, record }) => {
      const source = pausable('(ab)-c|');
      source.pause();
      cold('--r--r').subscribe(source.resume);
      const pausing = tap((value: string) => value === 'a' && source.pause());
      return { source, recording: record(source.pipe(pausing)) };
    });
    expect(told(source.paused)).toBe('p@0 r@2 p@2 r@5');
    expect(told(recording.emitted)).toBe('a@2 b@5 c@10 |@11');
  });
});

describe('record', () => {
  it('takes one at a letter, and so many at a digit', () => {
    const { source, recording } = flow(({ pull, record }) => {
      const source = pull('abcdefg|');
      return { source, recording: record(source, { takes: '-x-3-(xx)' }) };
    });
    expect(told(source.pulled)).toBe('a@1 b@3 c@3 d@3 e@5 f@5');
    expect(told(recording.asked)).toBe('1@1 1@3 1@3 1@3 1@5 1@5');
  });

  it('is there from when to when it is told', () => {
    const recorded = (during: string): string =>
      told(flow(({ cold, record }) => record(cold('-a-b-c|'), { during })).emitted);
    expect(recorded('--^--!')).toBe('a@3');
    expect(recorded('^--!')).toBe('a@1'); // b would come in the frame in which it leaves
    expect(recorded('')).toBe('a@1 b@3 c@5 |@6');
  });
});

describe('stage', () => {
  const watched = (
    make: (stage: WatchedStage) => OperatorFunction<string, unknown>,
    marbles: string,
    options: RecordOptions,
  ): WatchedStage =>
    flow(({ hot, record, stage }) => {
      const watched = stage('input');
      record(hot(marbles).pipe(make(watched)), options);
      return watched;
    });

  it('records levels at the end of each frame in which they change', () => {
    const stage = watched((stage) => bufferedChannel(1, stage), 'ab(cd)----|', {
      takes: '---x-x2',
    });
    expect(stage.meter.name).toBe('input');
    expect(told(stage.held)).toBe('1@0 2@1 4@2 3@3 2@5 0@6');
    expect(told(stage.parked)).toBe('1@1 3@2 2@3 1@5 0@6');
    expect(told(stage.dropped)).toBe('');
  });

  it('records drops with their reasons', () => {
    const make = (stage: WatchedStage) =>
      bufferedChannel<string>(1, { ...stage, overflow: 'drop-oldest' });
    const stage = watched(make, 'abc', { takes: '-----', during: '^---!' });
    expect(stage.dropped.moments).toEqual([
      { frame: 1, kind: 'next', value: { value: 'a', reason: 'overflow' } },
      { frame: 2, kind: 'next', value: { value: 'b', reason: 'overflow' } },
      { frame: 4, kind: 'next', value: { value: 'c', reason: 'unsubscribed' } },
    ]);
  });

  it('records its timers, from when they are set until they ring or are stopped', () => {
    const stage = watched((stage) => batchWithTimeout(2, 5, stage), 'ab-c-----d--|', {});
    expect(stage.timers.map(told)).toEqual(['^@0 !@1', '^@3 !@8', '^@9 !@12']);
  });

  it('a stage that loses a value is found out', () => {
    const lossy = (run: (tools: FlowTools) => Recording): unknown => flow(run);
    expect(() =>
      lossy(({ stage, record, cold }) => {
        const { meter } = stage('lossy');
        const figures = {
          received: 0,
          delivered: 0,
          dropped: 0,
          held: 0,
          maxHeld: 0,
          parked: 0,
          capacity: 1,
          linked: true,
        };
        (meter as unknown as { follow(stage: object): void }).follow(figures);
        return record(cold('--a').pipe(tap(() => figures.received++)));
      }),
    ).toThrow(ConservationError);
  });
});

describe('real time', () => {
  const calls = {
    'Date.now': () => Date.now(),
    'new Date': () => new Date(),
    'performance.now': () => performance.now(),
    setTimeout: () => setTimeout(() => {}),
    setInterval: () => setInterval(() => {}),
    setImmediate: () => setImmediate(() => {}),
    queueMicrotask: () => queueMicrotask(() => {}),
    'Promise.then': () => Promise.resolve().then(() => {}),
  } as const;
  const using = (call: () => unknown) => (): unknown =>
    flow(({ record, hot }) => record(hot('-a|').pipe(tap(call))));

  it.each(Object.entries(calls))('%s fails the flow, by its name', (name, call) => {
    expect(using(call)).toThrow(RealTimeError);
    expect(using(call)).toThrow(
      expect.objectContaining({ call: name, code: 'ERR_REAL_TIME' }) as Error,
    );
  });

  it.each(Object.entries(calls))('%s fails the flow where it is caught, too', (_, call) => {
    const caught = () => {
      try {
        void call();
      } catch {
        // swallowed
      }
    };
    expect(using(caught)).toThrow(RealTimeError);
  });

  it('Date() as a function fails likewise; a date that is given does not', () => {
    expect(using(() => Date())).toThrow(RealTimeError);
    let date: Date | undefined;
    using(() => (date = new Date(0)))();
    expect(date).toBeInstanceOf(Date);
    expect(date?.getTime()).toBe(0);
  });

  it('a promise that reaches a stage fails the flow, and is awaited all the same', async () => {
    const rejecting = Promise.reject(new Error('nobody listens'));
    expect(() =>
      flow(({ hot, record }) => record(hot('a|').pipe(workerPool(1, () => rejecting)))),
    ).toThrow('A promise reached the pipe');
    expect(() => flow(({ record }) => record(from(Promise.resolve(1))))).toThrow(RealTimeError);
    await expect(rejecting).rejects.toThrow('nobody listens');
  });

  it('the stack shows where it was called', () => {
    let stack: string | undefined = '';
    try {
      using(function culprit() {
        Date.now();
      })();
    } catch (error) {
      stack = (error as Error).stack?.split('\n')[1];
    }
    expect(stack).toContain('culprit');
  });

  it('what is allowed goes through', () => {
    const seen: unknown[] = [];
    flow(
      ({ record }) =>
        record(of(1).pipe(tap(() => seen.push(Date.now() > 0, new Date() instanceof Date)))),
      { allow: ['Date.now', 'new Date'] },
    );
    expect(seen).toEqual([true, true]);
  });

  it('printing is no part of a flow', () => {
    const lines: unknown[] = [];
    const { log } = console;
    console.log = (line: unknown) => lines.push(line, Date.now() > 0, new Date() instanceof Date);
    try {
      using(() => console.log('here'))();
    } finally {
      console.log = log;
    }
    expect(lines).toEqual(['here', true, true]);
  });

  it('everything is as before when the flow is over, however it ended', () => {
    const owners = [globalThis, Date, performance, Promise.prototype, console];
    const state = () =>
      owners.flatMap((owner) => Object.entries(Object.getOwnPropertyDescriptors(owner)));
    const before = state();
    using(() => {})();
    expect(using(calls['Date.now'])).toThrow();
    expect(() =>
      flow(() => {
        throw new Error('at once');
      }),
    ).toThrow('at once');
    expect(state()).toEqual(before);
  });
});
