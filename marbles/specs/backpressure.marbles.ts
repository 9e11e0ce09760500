import { config, EMPTY, NEVER, Observable, ReplaySubject, Subject, merge, mergeMap, of, take, takeUntil, throwError } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { backpressure, bufferedChannel, conflate, DemandRequiredError, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect, it, onTestFinished } from 'vitest';
import { spec, type Seen } from './bed.js';
import { expectDrawn } from './diagram.js';

/** The switches of a source, and when each was thrown. */
function switches() {
  const calls = new ReplaySubject<string>();
  return { calls, pause: () => calls.next('p'), resume: () => calls.next('r') };
}

/** A stage below the source that has `places`, and the consumer below that. */
const below = (places: number, seen: Seen, ticks: Observable<unknown>) => (source: Observable<string>) =>
  source.pipe(bufferedChannel(places, seen), takeOn(ticks));

describe('backpressure', () => {
  spec('pauses when the stage below is full, and resumes when it has room: once at each change', ({ hot, cold, seen, expectObservable, expectSubscriptions }) => {
    const { calls, ...both } = switches();
    const source = hot('         -a-b-------c-d-----|');
    const ticks = cold('         ------x-x-x-----x-x-');
    const pipe = source.pipe(backpressure(both), below(2, seen, ticks));
    expectObservable(pipe).toBe('------a-b--c----d--|');
    expectObservable(calls).toBe('---p--r-');
    expectSubscriptions(source).toBe('^------------------!');
  });

  spec('a source that pauses loses nothing, and goes on where it was', ({ pausable, record, seen, expectLevel, later }) => {
    const source = pausable('  abcdef|');
    const takes = '            ------x-x-x-x-x-x';
    const emitted = '          ------a-b-c-d-e-(f|)';
    const paused = '           -p----rprprprpr';
    const held = '             12----121212121-0';
    const switches = { pause: source.pause, resume: source.resume };
    const input = record(source);
    const output = record(source.pipe(backpressure(switches), bufferedChannel(2, seen)), { takes });
    later(() => expect(output).toHaveEmitted(emitted));
    later(() => expect(source).toHavePaused(paused));
    expectLevel('held', held);
    later(() => expectDrawn({
      file: 'backpressure',
      of: 'operators/sources/backpressure.ts',
      title: 'A source that can pause is paused while the stage below is full',
      call: 'backpressure({ pause, resume }) | bufferedChannel(2)',
    }, {
      above: [
        { role: 'input', label: 'source', track: input.emitted },
        { role: 'notifier', label: 'pause, resume', track: source.paused },
      ],
      below: [
        { role: 'held', label: 'held', track: seen.held, capacity: 2 },
        { role: 'output', label: 'output', track: output.emitted },
        { role: 'demand', label: 'takes', track: output.asked },
      ],
    }, { switches: paused, takes, held, output: emitted }));
  });

  spec('at a rendezvous, its consumer is what has room', ({ hot, cold, seen, expectObservable }) => {
    const { calls, ...both } = switches();
    const source = hot('         ---a----b--c-');
    const ticks = cold('         -x--x------x-');
    expectObservable(source.pipe(backpressure(both), below(0, seen, ticks))).toBe('---a----b--c-');
    // Paused from the start until the first tick, then by each value that takes the last place.
    expectObservable(calls).toBe('pr-pr---p----');
  });

  spec('a stage that is full already pauses the source before it is subscribed', ({ seen }) => {
    const log: string[] = [];
    const ticks = new Subject<void>();
    const source = new Observable<string>(() => void log.push('subscribed'));
    const both = { pause: () => log.push('pause'), resume: () => log.push('resume') };
    source.pipe(backpressure(both), below(0, seen, ticks)).subscribe();
    expect(log).toEqual(['pause', 'subscribed']);
    ticks.next();
    expect(log).toEqual(['pause', 'subscribed', 'resume']);
  });

  spec('what comes although it is paused passes, and meets the policy of the stage', ({ hot, cold, seen, expectObservable, expectLevel, expectDrops }) => {
    const { calls, ...both } = switches();
    const source = hot('         abcd-----|');
    const ticks = cold('         ----x--x--');
    const pipe = source.pipe(backpressure(both), below(1, { ...seen, overflow: 'drop-oldest' } as Seen, ticks));
    expectObservable(pipe).toBe('----d----|');
    expectObservable(calls).toBe('p---r----');
    expectDrops('                -abc', 'overflow');
    expectLevel('held', '        111100---');
  });

  spec('passes everything through where nothing below can say wait, and calls nothing', ({ hot, expectObservable }) => {
    const { calls, ...both } = switches();
    expectObservable(hot('-a-(bc)-|').pipe(backpressure(both))).toBe('-a-(bc)-|');
    expectObservable(calls).toBe('-');
  });

  spec('under mergeMap each source has its own switches; one that is silent is left alone', ({ hot, cold, seen, expectObservable }) => {
    const a = switches();
    const b = switches();
    const sources = [
      hot('a-----b---').pipe(backpressure(a)),
      hot('----------').pipe(backpressure(b)),
    ];
    const pipe = of(0, 1).pipe(mergeMap((n) => sources[n]!), below(1, seen, cold('---x----x-')));
    expectObservable(pipe).toBe('---a----b-');
    expectObservable(a.calls).toBe('p--r--p-r-');
    expectObservable(b.calls).toBe('-');
  });

  spec('several that are paused are resumed in the order in which they were', ({ hot, cold, later, seen, expectObservable }) => {
    const order: string[] = [];
    const source = (name: string, marbles: string) =>
      hot(marbles).pipe(backpressure({ pause: () => order.push(`pause ${name}`), resume: () => order.push(`resume ${name}`) }));
    const sources = [source('b', '-b----'), source('a', 'a-----')];
    const pipe = of(0, 1).pipe(mergeMap((n) => sources[n]!), below(1, seen, cold('---(xx)')));
    expectObservable(pipe).toBe('---(ab)');
    later(() => expect(order).toEqual(['pause a', 'pause b', 'resume a', 'resume b']));
  });

  describe('calls nothing after the end', () => {
    spec('when the source has completed', ({ hot, cold, seen, expectObservable }) => {
      const { calls, ...both } = switches();
      const pipe = hot('ab|').pipe(backpressure(both), below(1, seen, cold('----x--x')));
      expectObservable(pipe).toBe('----a--(b|)');
      expectObservable(calls).toBe('p');
    });

    spec('when the source has failed', ({ hot, cold, seen, expectObservable }) => {
      const { calls, ...both } = switches();
      const pipe = hot('a#').pipe(backpressure(both), below(1, seen, cold('----x-')));
      expectObservable(pipe).toBe('----(a#)');
      expectObservable(calls).toBe('p');
    });

    spec('when it was unsubscribed while paused', ({ hot, cold, seen, expectObservable, expectSubscriptions, expectDrops }) => {
      const { calls, ...both } = switches();
      const source = hot('a----');
      expectObservable(source.pipe(backpressure(both), below(1, seen, cold('----x'))), '--!').toBe('-');
      expectObservable(calls).toBe('p');
      expectSubscriptions(source).toBe('^-!');
      expectDrops('--a', 'unsubscribed');
    });

    spec('when takeUntil has ended it while paused, above the stage or below', ({ hot, cold, seen, expectObservable, expectSubscriptions }) => {
      const [above, under] = [switches(), switches()];
      const [first, second] = [hot('a---b-'), hot('a---b-')];
      const stop = cold('                          --x');
      expectObservable(first.pipe(backpressure(above), takeUntil(stop), below(1, seen, cold('----x-')))).toBe('----(a|)');
      expectObservable(second.pipe(backpressure(under), bufferedChannel(1), takeOn(cold('----x-')), takeUntil(stop))).toBe('--|');
      for (const { calls } of [above, under]) expectObservable(calls).toBe('p');
      for (const source of [first, second]) expectSubscriptions(source).toBe('^-!');
    });

    spec('when take above the stage has had its fill, which filled it', ({ hot, cold, seen, expectObservable }) => {
      const { calls, ...both } = switches();
      const pipe = hot('abc').pipe(backpressure(both), take(2), below(2, seen, cold('----x-x')));
      expectObservable(pipe).toBe('----a-(b|)');
      expectObservable(calls).toBe('-');
    });
  });

  spec('a pause or resume that throws fails the pipe, and releases the source', ({ hot, cold, expectObservable, expectSubscriptions }) => {
    const fail = (): never => {
      throw 'switch';
    };
    const [first, second, third] = [hot('-a-b'), hot('-a-b'), hot('-a-b')];
    const ticks = () => takeOn<string>(cold('--x-'));
    expectObservable(first.pipe(backpressure({ pause: fail, resume: fail }), bufferedChannel(1), ticks())).toBe('--(a#)', undefined, 'switch');
    expectObservable(second.pipe(backpressure({ pause: () => {}, resume: fail }), bufferedChannel(1), ticks())).toBe('--(a#)', undefined, 'switch');
    expectObservable(third.pipe(backpressure({ pause: fail, resume: fail }), bufferedChannel(0), ticks())).toBe('#', undefined, 'switch');
    expectSubscriptions(first).toBe('^!');
    expectSubscriptions(second).toBe('^-!');
    expectSubscriptions(third).toBe([]);
  });

  it('what a pause throws that has ended the pipe goes to the unhandled-error hook', async () => {
    onTestFinished(() => void (config.onUnhandledError = null));
    const reported = new Promise((resolve) => (config.onUnhandledError = resolve));
    const source = new Subject<string>();
    const stop = new Subject<void>();
    const pause = (): never => {
      stop.next();
      throw 'pause';
    };
    source.pipe(backpressure({ pause, resume: () => {} }), takeUntil(stop), bufferedChannel(1), takeOn(NEVER)).subscribe();
    source.next('a');
    expect(await reported).toBe('pause');
  });

  spec('a source that answers resume and pause in the same turn', ({ seen, meter }) => {
    const source = new Subject<number>();
    const ticks = new Subject<void>();
    const calls: string[] = [];
    let n = 0;
    const resume = () => {
      calls.push('resume');
      source.next(n++);
    };
    const pipe = source.pipe(backpressure({ pause: () => calls.push('pause'), resume }), bufferedChannel(1, { ...seen }), takeOn(ticks));
    const heard: number[] = [];
    pipe.subscribe((value) => heard.push(value));
    source.next(n++);
    for (let i = 0; i < 1000; i++) ticks.next();
    expect(heard).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(calls.slice(0, 4)).toEqual(['pause', 'resume', 'pause', 'resume']);
    expect(meter.maxHeld).toBe(1);
  });

  spec('a consumer that makes room while pause is called resumes at once', ({ seen }) => {
    const source = new Subject<string>();
    const ticks = new Subject<void>();
    const calls: string[] = [];
    const pause = () => {
      calls.push('pause');
      ticks.next();
    };
    source.pipe(backpressure({ pause, resume: () => calls.push('resume') }), bufferedChannel(1, seen), takeOn(ticks)).subscribe();
    source.next('a');
    expect(calls).toEqual(['pause', 'resume']);
  });

  for (const [when, leave] of [
    ['while the source is paused', () => {}],
    ['from inside pause', (stop: Subject<void>) => stop.next()],
  ] as const) {
    spec(`left ${when}, it waits for room no more`, () => {
      const stop = new Subject<void>();
      const pace = new Subject<void>();
      const switched = NEVER.pipe(backpressure({ pause: () => leave(stop), resume: () => {} }), takeUntil(stop));
      merge(switched, NEVER).pipe(bufferedChannel(0, { pace })).subscribe(); // listens to its pace while somebody waits
      stop.next();
      expect(pace.observed).toBe(false);
    });
  }

  spec('a source that makes room as it is let go is not resumed', () => {
    const ticks = new Subject<void>();
    const calls: string[] = [];
    const source = new Observable<string>((subscriber) => {
      subscriber.next('a');
      return () => ticks.next();
    });
    const switched = source.pipe(backpressure({ pause: () => calls.push('pause'), resume: () => calls.push('resume') }));
    switched.pipe(bufferedChannel(1), takeOn(ticks)).subscribe().unsubscribe();
    expect(calls).toEqual(['pause']);
  });

  spec('a stage above it links through it', () => {
    const links: unknown[] = [];
    pullFrom('abc', { onLink: (link) => links.push(link) }).pipe(backpressure(switches()), conflate((a) => a), takeOn(NEVER)).subscribe();
    expect(links).toMatchObject([{ from: 'pullFrom', to: 'conflate', through: 1 }]);
  });

  spec('of an empty, a silent or a failing source is that too', ({ expectObservable }) => {
    expectObservable(EMPTY.pipe(backpressure(switches()))).toBe('|');
    expectObservable(NEVER.pipe(backpressure(switches()))).toBe('-');
    expectObservable(throwError(() => 'error').pipe(backpressure(switches()))).toBe('#');
  });

  spec('can require demand', ({ expectObservable }) => {
    expectObservable(of(1).pipe(backpressure({ ...switches(), requireDemand: true }))).toBe('#', {}, new DemandRequiredError('backpressure'));
  });

  spec('refuses what it cannot call', () => {
    const call = (options: object) => () => backpressure(options as never);
    expect(call({ resume: () => {} })).toThrow('Expected `pause` to be a function, got undefined');
    expect(call({ pause: () => {}, resume: 1 })).toThrow('Expected `resume` to be a function, got 1');
    expect(call({ ...switches(), onLink: 1 })).toThrow('Expected `onLink` to be a function, got 1');
  });
});
