import fc from 'fast-check';
import {
  NEVER,
  Subject,
  animationFrames,
  asyncScheduler,
  config,
  finalize,
  from,
  groupBy,
  identity,
  interval,
  map,
  mergeMap,
  of,
  repeat,
  take,
  takeUntil,
  tap,
  throwError,
  timer,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { RateLimiter } from 'rxjs-sluice';
import {
  ConservationError,
  EndlessFlowError,
  RealTimeError,
  UnheardDropError,
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
  leakyBucket,
  pullFrom,
  unlinked,
  workerPool,
  type Metered,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { uncaughtBy } from '../support/uncaught-by.js';
import './matchers/tracks.js';

/** Which rxjs this runs with. */
const { RXJS } = process.env;

/** The figures of a stage that has seen nothing. */
const NOTHING: Metered = {
  received: 0,
  delivered: 0,
  dropped: 0,
  held: 0,
  maxHeld: 0,
  parked: 0,
  capacity: 1,
  linked: true,
};

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

  describe('has time and animate of RxJS', () => {
    it('the time up to the end of a diagram', () => {
      expect(output(({ time }) => timer(time('---|')))).toBe('0@3 |@3');
    });

    it.each([
      ['--x--x', '2@2 5@5 |@2000'],
      ['-x--x 10ms', '1@1 4@4 |@2000'],
      ['- 1.001s (ab)-👩‍👩‍👧-x', '1002@1002 1002@1002 1007@1007 1009@1009 |@2000'],
    ])('frames, by a diagram that RxJS may read otherwise: %s', (marbles, expected) => {
      const frames = (tools: FlowTools): Observable<unknown> => {
        tools.animate(marbles);
        return animationFrames().pipe(
          map(({ elapsed }) => elapsed),
          takeUntil(timer(2_000)),
        );
      };
      // That of RxJS 7.5.5 does not reach `animationFrames`.
      expect(output(frames)).toBe(RXJS === 'rxjs-7.5.5' ? '#@0' : expected);
    });
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

  it('throws what stopped it, whatever goes wrong when it is cleaned up', () => {
    const elsewhere = ({ hot, record, stage }: FlowTools) => {
      const deaf = { ...stage(), onDrop: () => {} };
      record(hot('ab').pipe(bufferedChannel(2, deaf)), { takes: '-' });
      asyncScheduler.schedule(() => {
        throw new RangeError('the true cause');
      }, 2);
    };
    expect(() => flow(elsewhere)).toThrow('the true cause');
  });

  it('refuses what it cannot run', () => {
    expect(() => flow(async () => {})).toThrow('Expected `run` to be synchronous, got Promise');
    expect(() => flow('a' as never)).toThrow('Expected `run` to be a function, got "a"');
    expect(() => flow(identity, { maxSteps: 0 })).toThrow(
      'Expected `maxSteps` to be an integer ≥ 1',
    );
    expect(() => flow(() => flow(identity))).toThrow(
      'Expected `flow` to be called outside of another flow',
    );
    flow(identity); // and not after such a failure
  });

  it('leaves no rejection unhandled of a function that is not synchronous', async () => {
    const failing = () =>
      flow(async () => {
        await Promise.resolve();
        throw new RangeError('torn');
      });
    const refused = () => expect(failing).toThrow('Expected `run` to be synchronous, got Promise');
    expect(await uncaughtBy(refused)).toEqual([]);
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
    const run = () => stock.run(({ expectObservable }) => expectObservable(cancelling()));
    if (RXJS === 'rxjs-8') expect(run).not.toThrow();
    else expect(run).toThrow('Expected a due immediate or interval');
    expect(output(cancelling)).toBe('0@12 |@12');
  });
});

describe('the tools', () => {
  it('are no use when the flow is over', () => {
    const tools = flow((tools) => tools);
    expect(() => tools.record(of(1))).toThrow('before its flow is over');
    expect(() => tools.cold('a')).toThrow('before its flow is over');
    expect(() => tools.stage()).toThrow('before its flow is over');
  });

  it('of what plays from the start must be there at the start', () => {
    const late = (tool: 'hot' | 'pausable') => () =>
      flow((tools) => tools.record(of(1).pipe(mergeMap(() => tools[tool]('-a|')))));
    for (const tool of ['hot', 'pausable'] as const) {
      const { emitted } = late(tool)();
      expect(String((emitted.moments[0] as { error: unknown }).error)).toContain(
        'before the flow runs',
      );
    }
  });

  it('record what comes into being in the flow from its first value on', () => {
    const groups = new Map<string, Recording>();
    flow(({ hot, record }) =>
      record(
        hot('-ab-a-b|').pipe(
          groupBy((letter) => letter),
          tap((group) => groups.set(group.key, record(group))),
        ),
      ),
    );
    expect([...groups.values()].map(({ emitted }) => told(emitted))).toEqual([
      'a@1 a@4 |@7',
      'b@2 b@6 |@7',
    ]);
  });

  it('read strictly', () => {
    expect(() => flow(({ time }) => time('---10ms|'))).toThrow('Expected');
    expect(() => flow(({ time }) => time('-a-|'))).toThrow('idle frames and a `|`');
    expect(() => flow(({ animate }) => animate('--x-10ms-x'))).toThrow('Expected');
    expect(() => flow(({ record }) => record('abc' as never))).toThrow(
      '`pipe` to be an Observable',
    );
    expect(() => flow(({ record }) => record(of(1), '^--!' as never))).toThrow('an object');
    expect(() => flow(() => {}, { allow: 'Date.now' as never })).toThrow('an array of calls');
    expect(() => flow(() => {}, { allow: ['Date.then' as never] })).toThrow('one of "Date.now"');
  });

  it('have virtual time for what takes a clock', () => {
    const limited = flow(({ hot, record, clock }) => {
      const limiter = new RateLimiter({ rate: 100, clock });
      return record(hot('(abc)|').pipe(leakyBucket(9, 0, { limiter })));
    });
    expect(told(limited.emitted)).toBe('a@0 b@10 c@20 |@20');
  });

  it('are let go, each of them, whatever happens', () => {
    const subject = new Subject();
    const observed = (put: (tools: FlowTools) => void): boolean => {
      expect(() => flow(put, { maxSteps: 50 })).toThrow();
      return subject.observed;
    };
    expect(
      observed(({ record }) => {
        record(subject);
        record(interval(1));
      }),
    ).toBe(false);
    expect(
      observed(({ record }) => {
        record(NEVER.pipe(finalize(() => expect.fail('torn'))));
        record(subject);
      }),
    ).toBe(false);
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
    source.pulled.map(told).join(' & '),
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

  it('is let go before its end while the pull of that end is under way', () => {
    expect(summary(pulled('a--|', undefined, '^!'))).toEqual(['a@0 !@1', 'a@0']);
    expect(summary(pulled('a--#', undefined, '^!'))).toEqual(['a@0 !@1', 'a@0']);
  });

  it('is pulled as it comes where nothing below can wait', () => {
    expect(summary(pulled('ab|', undefined))).toEqual(['a@0 b@0 |@0', 'a@0 b@0 |@0']);
    const cut = flow(({ pull, record }) => {
      const source = pull('a-b|');
      record(source.pipe(unlinked()), { takes: '----x' });
      return source;
    });
    expect(cut.pulled.map(told).join(' & ')).toBe('a@0 b@0 |@1');
  });

  it('starts anew for each subscriber', () => {
    const source = flow(({ pull, record }) => {
      const source = pull('a|');
      record(source);
      record(source, { during: '-^' });
      return source;
    });
    expect(source.pulled.map(told).join(' & ')).toBe('a@0 |@0 & a@1 |@1');
    expect(source.subscribed.map(told)).toEqual(['^@0 !@0', '^@1 !@1']);
  });

  it('is asserted subscription by subscription, where it is repeated', () => {
    const source = flow(({ pull, record }) => {
      const source = pull('ab|');
      record(source.pipe(repeat(2)), { takes: '-xx---x-x' });
      return source;
    });
    expect(source).toHavePulled(['-ab---|', '------a-b']);
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
    expect(source.pulled.map(told).join(' & ')).toBe('a@1 b@3 c@3 d@3 e@5 f@5');
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

  it('has a scheduler for whatever takes one: a timer that is set again is another', () => {
    const { ticks, stage } = flow(({ record, stage }) => {
      const watched = stage();
      return { ticks: record(interval(2, watched.scheduler).pipe(take(3))), stage: watched };
    });
    expect(told(ticks.emitted)).toBe('0@2 1@4 2@6 |@6');
    expect(stage.timers.map(told)).toEqual(['^@0 !@2', '^@2 !@4', '^@4 !@6']);
  });

  it('has a scheduler that gives each run the state that it was set with', () => {
    const seen: unknown[] = [];
    const stage = flow(({ stage }) => {
      const watched = stage();
      watched.scheduler.schedule<number>(
        function (count) {
          seen.push(count);
          if (count === 1) {
            this.schedule(9, 5);
            this.schedule(2, 3); // in its place
          } else if (count === 2) {
            this.unsubscribe();
            this.schedule(3, 1); // too late
          }
        },
        1,
        1,
      );
      return watched;
    });
    expect(seen).toEqual([1, 2]);
    expect(stage.timers.map(told)).toEqual(['^@0 !@1', '^@1 !@1', '^@1 !@4']);
  });

  it('that nobody took says nothing', () => {
    const unused = flow(({ stage }) => stage());
    const nobody = 'nobody took it';
    expect(() => expect(unused).toHaveHeld('')).toThrow(nobody);
    expect(() => expect(unused).not.toHaveDropped('a')).toThrow(nobody);
    expect(() => expect(unused).toHaveTimers([])).toThrow(nobody);
  });

  it('whose drops go elsewhere fails the flow', () => {
    const elsewhere = () =>
      watched(
        (stage) => bufferedChannel<string>(1, { ...stage, overflow: 'error', onDrop: () => {} }),
        'abc',
        { takes: '-' },
      );
    expect(elsewhere).toThrow(UnheardDropError);
    expect(elsewhere).toThrow('input dropped 2 values of which its watch did not hear');
  });

  it('that is subscribed several times shows all of them together', () => {
    const stage = flow(({ cold, record, stage }) => {
      const watched = stage();
      const pipe = cold('ab|').pipe(bufferedChannel(2, watched));
      record(pipe, { takes: '-----2' });
      record(pipe, { takes: '--------2', during: '-^' });
      return watched;
    });
    expect(told(stage.held)).toBe('1@0 3@1 4@2 2@5 0@9');
  });

  it('verifies conservation at each drop, and when the last recording is let go', () => {
    const figures = { ...NOTHING };
    const followed = (tools: FlowTools): WatchedStage => {
      const watched = tools.stage();
      watched.meter.follow(figures);
      return watched;
    };
    expect(() =>
      flow((tools) => {
        const { onDrop } = followed(tools);
        figures.received = 1;
        onDrop('a', 'overflow');
        figures.received = 0;
      }),
    ).toThrow(ConservationError);
    expect(() =>
      flow((tools) => {
        followed(tools);
        tools.record(NEVER.pipe(finalize(() => (figures.received = 1))));
      }),
    ).toThrow(ConservationError);
  });

  it('a stage that loses a value is found out', () => {
    const lossy = (run: (tools: FlowTools) => Recording): unknown => flow(run);
    expect(() =>
      lossy(({ stage, record, cold }) => {
        const { meter } = stage('lossy');
        const figures = { ...NOTHING };
        meter.follow(figures);
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

  it('the first failure counts, and an error that nobody handles is reported as it is', () => {
    const two = () =>
      flow(({ hot, record }) => {
        const both = () => {
          expect(() => Date.now()).toThrow(RealTimeError);
          expect(() => performance.now()).toThrow(RealTimeError);
        };
        record(hot('-a|').pipe(tap(both)));
      });
    expect(two).toThrow(expect.objectContaining({ call: 'Date.now' }) as Error);
    const iterable = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: 1 }),
        return: () => {
          throw new RangeError('torn');
        },
      }),
    };
    const { onUnhandledError } = config;
    config.onUnhandledError = null;
    expect(() => flow(({ record }) => record(pullFrom(iterable).pipe(take(1))))).toThrow(
      RangeError,
    );
    expect(() => flow(() => void throwError(() => new RangeError('boom')).subscribe())).toThrow(
      RangeError,
    );
    config.onUnhandledError = onUnhandledError;
  });

  it('a guard that is put back when the flow is over guards no more', () => {
    const { now } = Date;
    let guard = now;
    using(() => (guard = Date.now))();
    Date.now = guard;
    expect(Date.now()).toBeGreaterThan(0);
    Date.now = now;
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
