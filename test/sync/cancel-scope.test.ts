import { CancelScope, Channel, Semaphore, type CancelScopeOptions, type Clock } from 'rxjs-sluice';
import { describe, expect, it } from 'vitest';
import { schedulerClock } from '../../operators/stage/scheduler-clock.js';
import { countingSignal } from '../support/counting-signal.js';
import { FailingClock } from '../support/failing-clock.js';
import { HandClock } from '../support/hand-clock.js';

function bed(options: CancelScopeOptions = {}) {
  const time = new HandClock();
  const around = countingSignal();
  const scope = new CancelScope({
    signal: around.controller.signal,
    clock: schedulerClock(time),
    ...options,
  });
  const left = () => [time.armed, around.listeners()];
  return { time, around, scope, left };
}

it('ends with its surroundings, though these end as its alarm is set', () => {
  const around = new AbortController();
  const clock = { now: () => 0, schedule: () => (around.abort('over'), () => {}) };
  const { signal } = new CancelScope({ signal: around.signal, timeout: 5, clock });
  expect([signal.aborted, signal.reason]).toEqual([true, 'over']);
});

const nameOf = (scope: CancelScope) => (scope.signal.reason as Error).name;

describe('a scope', () => {
  it('is open until it is cancelled, with an AbortError', () => {
    const scope = new CancelScope();
    expect(scope.signal.aborted).toBe(false);
    scope.cancel();
    expect([scope.signal.aborted, nameOf(scope)]).toEqual([true, 'AbortError']);
  });

  it('has the reason that it was cancelled with, the first', () => {
    const { scope } = bed();
    scope.cancel('first');
    scope.cancel('second');
    expect(scope.signal.reason).toBe('first');
  });

  it('is cancelled at the end of a block', () => {
    let kept: CancelScope | undefined;
    {
      using scope = new CancelScope();
      kept = scope;
      expect(scope.signal.aborted).toBe(false);
    }
    expect(nameOf(kept)).toBe('AbortError');
  });

  it('can be taken apart, as in Go', () => {
    const { signal, cancel } = new CancelScope();
    cancel('done');
    expect(signal.reason).toBe('done');
  });

  it('can be the options of a wait', async () => {
    const { scope } = bed();
    const waits = new Channel<never>().receive(scope);
    scope.cancel(new Error('enough'));
    await expect(waits).rejects.toThrow('enough');
  });
});

describe('a scope within another', () => {
  it('ends with it, for the same reason, and not the other way', () => {
    const { around, scope } = bed();
    const inner = new CancelScope(scope);
    inner.cancel();
    expect(scope.signal.aborted).toBe(false);
    const other = new CancelScope(scope);
    around.controller.abort('all of it');
    expect([scope.signal.reason, other.signal.reason]).toEqual(['all of it', 'all of it']);
    expect(nameOf(inner)).toBe('AbortError');
  });

  it('has ended where that had ended, and sets and listens to nothing', () => {
    const { controller, listeners } = countingSignal();
    controller.abort('before');
    for (const timeout of [5, 0]) {
      const { scope, left } = bed({ signal: controller.signal, timeout });
      expect([scope.signal.reason, left(), listeners()]).toEqual(['before', [0, 0], 0]);
    }
  });
});

describe('a scope with a time', () => {
  it.each<[string, CancelScopeOptions]>([
    ['a timeout', { timeout: 5 }],
    ['a deadline', { deadline: 5 }],
    ['the earlier of two: the timeout', { timeout: 5, deadline: 9 }],
    ['the earlier of two: the deadline', { timeout: 9, deadline: 5 }],
  ])('ends with a TimeoutError after %s', (_, options) => {
    const { time, scope, left } = bed(options);
    time.advance(4);
    expect([scope.signal.aborted, left()]).toEqual([false, [1, 1]]);
    time.advance(1);
    expect([nameOf(scope), left()]).toEqual(['TimeoutError', [0, 0]]);
    expect(scope.signal.reason).toBeInstanceOf(DOMException);
    expect(scope.signal.reason).toHaveProperty('message', 'The time of the scope is up');
  });

  it.each<[string, CancelScopeOptions]>([
    ['timeout 0', { timeout: 0 }],
    ['a deadline that is now', { deadline: 0 }],
    ['a deadline in the past', { deadline: -5 }],
    ['the deadline -Infinity', { deadline: -Infinity }],
  ])('has ended from the start with %s', (_, options) => {
    const { scope, left } = bed(options);
    expect([nameOf(scope), left()]).toEqual(['TimeoutError', [0, 0]]);
  });

  it('has ended from the start under a clock that rings at once, and listens to nothing', () => {
    const clock: Clock = {
      now: () => 0,
      schedule(task) {
        task();
        return () => {};
      },
    };
    const { scope, left } = bed({ timeout: 5, clock });
    expect([nameOf(scope), left()]).toEqual(['TimeoutError', [0, 0]]);
  });

  it('needs no timer where its time is Infinity', () => {
    expect(bed({ timeout: Infinity, deadline: Infinity }).left()).toEqual([0, 1]);
  });

  it('ends in time, however far off that is', () => {
    const month = 30 * 24 * 60 * 60_000; // a timer of the host reaches 24.8 days
    const { time, scope } = bed({ timeout: month });
    time.advance(month - 1);
    expect(scope.signal.aborted).toBe(false);
    time.advance(1);
    expect(nameOf(scope)).toBe('TimeoutError');
  });

  it('takes the time of the host where no clock is given', () => {
    expect(nameOf(new CancelScope({ deadline: Date.now() }))).toBe('TimeoutError');
    using scope = new CancelScope({ deadline: Date.now() + 60_000 });
    expect(scope.signal.aborted).toBe(false);
  });
});

describe('a scope that ends', () => {
  it.each<[string, (ends: ReturnType<typeof bed>) => void]>([
    ['cancelled', ({ scope }) => scope.cancel()],
    ['disposed of', ({ scope }) => scope[Symbol.dispose]()],
    ['by its time', ({ time }) => time.advance(5)],
    ['by what surrounds it', ({ around }) => around.controller.abort()],
  ])('%s, leaves neither timer nor listener, once its own listeners hear of it', (_, end) => {
    const all = bed({ timeout: 5 });
    expect(all.left()).toEqual([1, 1]);
    const heard: unknown[] = [];
    all.scope.signal.addEventListener('abort', () => {
      heard.push(all.left());
      all.scope.cancel('again');
    });
    end(all);
    expect([heard, all.left()]).toEqual([[[0, 0]], [0, 0]]);
    expect(all.scope.signal.reason).not.toBe('again');
  });

  it('gives up the waits of one that it called, and lets others go on', async () => {
    const semaphore = new Semaphore(1);
    const held = await semaphore.acquire();
    const { scope } = bed();
    const [gone, stays] = [semaphore.acquire(scope), semaphore.acquire()];
    scope.cancel();
    held();
    await expect(gone).rejects.toHaveProperty('name', 'AbortError');
    (await stays)();
    expect(semaphore.available).toBe(1);
  });
});

it.each<[unknown, string]>([
  [{ timeout: -1 }, 'Expected `timeout` to be a number of milliseconds ≥ 0, got -1'],
  [{ timeout: '5' }, 'Expected `timeout` to be a number of milliseconds ≥ 0, got "5"'],
  [{ deadline: NaN }, 'Expected `deadline` to be an instant in milliseconds, got NaN'],
  [{ deadline: new Date(0) }, 'Expected `deadline` to be an instant in milliseconds, got Date'],
  [{ signal: {} }, 'Expected `signal` to be an AbortSignal, got Object'],
  [{ signal: null }, 'Expected `signal` to be an AbortSignal, got null'],
  [{ signal: { aborted: false } }, 'Expected `signal` to be an AbortSignal, got Object'],
])('a scope does not begin with %o, and leaves no timer', (options, message) => {
  const time = new HandClock();
  const wrong = { timeout: 1, clock: schedulerClock(time), ...(options as CancelScopeOptions) };
  expect(() => new CancelScope(wrong)).toThrow(message);
  expect(time.armed).toBe(0);
});

it.each(['now', 'schedule'] as const)(
  'a clock whose `%s` fails makes no scope, and leaves no listener behind',
  (fails) => {
    const clock = new FailingClock();
    clock.fails = fails;
    const { controller, listeners } = countingSignal();
    const { signal } = controller;
    expect(() => new CancelScope({ signal, timeout: 1, deadline: 9, clock })).toThrow('clock');
    expect(listeners()).toBe(0);
  },
);
