import { EMPTY, NEVER, Observable, Subject, from, of, throwError } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { handSource } from '../support/hand-source.js';

/** Runs `source` into a list, with ticks by hand. */
function run(source: Observable<string>) {
  const ticks = new Subject<void>();
  const values: string[] = [];
  const ends: unknown[] = [];
  const subscription = source.pipe(takeOn(ticks)).subscribe({
    next: (value) => values.push(value),
    error: (error: unknown) => ends.push(error),
    complete: () => ends.push('complete'),
  });
  return { ticks, values, ends, subscription };
}

describe('takeOn', () => {
  it('takes one value of a source that waits for each tick', () => {
    const { ticks, values, ends } = run(pullFrom('ab'));
    expect(values).toEqual([]);
    ticks.next();
    expect(values).toEqual(['a']);
    ticks.next();
    expect([values, ends]).toEqual([['a', 'b'], []]);
    ticks.next();
    expect(ends).toEqual(['complete']);
  });

  it('shows each tick that has not got its value yet as demand', () => {
    const { source, demand, next } = handSource<string>();
    const { ticks } = run(source);
    expect(demand().available).toBe(0);
    ticks.next();
    ticks.next();
    expect(demand().available).toBe(2);
    next('a');
    expect([demand().available, demand().arrived, demand().waiting]).toEqual([1, 1, 0]);
  });

  it('keeps a tick that finds no value', () => {
    const source = new Subject<string>();
    const { ticks, values } = run(source.pipe(bufferedChannel(1)));
    ticks.next();
    source.next('a');
    source.next('b');
    expect(values).toEqual(['a']);
  });

  it('emits at once what comes from a source that does not wait, and counts it', () => {
    const { source, demand, next } = handSource<string>();
    const { ticks, values } = run(source);
    next('a');
    next('b');
    expect([values, demand().available]).toEqual([['a', 'b'], 0]);
    ticks.next();
    ticks.next();
    expect(demand().available).toBe(0);
    ticks.next();
    expect(demand().available).toBe(1);
  });

  it('wakes those who wait in the order in which they began to, one for each tick', () => {
    const { source, demand, next } = handSource<string>();
    const { ticks, values } = run(source);
    demand().onAvailable(() => next('first'));
    demand().onAvailable(() => next('second'));
    ticks.next();
    expect(values).toEqual(['first']);
    ticks.next();
    expect(values).toEqual(['first', 'second']);
    ticks.next();
    expect(values).toEqual(['first', 'second']);
  });

  it('does not wake who has given up', () => {
    const { source, demand, next } = handSource<string>();
    const { ticks, values } = run(source);
    demand().onAvailable(() => next('never'))();
    ticks.next();
    expect(values).toEqual([]);
  });

  it('resumes at once who asks while there is room', () => {
    const { source, demand, next } = handSource<string>();
    const { ticks, values } = run(source);
    ticks.next();
    demand().onAvailable(() => next('a'));
    expect(values).toEqual(['a']);
  });

  it('completes with the source, and leaves the ticks', () => {
    const { ticks, ends } = run(EMPTY);
    expect([ends, ticks.observed]).toEqual([['complete'], false]);
  });

  it('errors with the source, and leaves the ticks', () => {
    const { ticks, ends } = run(throwError(() => 'error'));
    expect([ends, ticks.observed]).toEqual([['error'], false]);
  });

  it('errors when the ticks do, and releases the source', () => {
    const source = new Subject<string>();
    const { ticks, ends } = run(source);
    ticks.error('error');
    expect([ends, source.observed]).toEqual([['error'], false]);
  });

  it('does not subscribe the source where the ticks have failed already', () => {
    let subscribed = false;
    const source = new Observable(() => {
      subscribed = true;
    });
    const ends: unknown[] = [];
    source
      .pipe(takeOn(throwError(() => 'error')))
      .subscribe({ error: (error) => ends.push(error) });
    expect([ends, subscribed]).toEqual([['error'], false]);
  });

  it('goes on without ticks once they have completed: what was asked for is still taken', () => {
    const values: string[] = [];
    const source = new Subject<string>();
    source.pipe(bufferedChannel(9), takeOn(of(1, 2))).subscribe((value) => values.push(value));
    for (const value of 'abc') source.next(value);
    expect(values).toEqual(['a', 'b']);
  });

  it('releases source and ticks when it is unsubscribed', () => {
    const source = new Subject<string>();
    const { ticks, subscription } = run(source);
    subscription.unsubscribe();
    expect([source.observed, ticks.observed]).toEqual([false, false]);
  });

  it('takes any input as ticks', async () => {
    const values: string[] = [];
    await new Promise<void>((complete) => {
      pullFrom('abc')
        .pipe(takeOn(Promise.resolve('one')))
        .subscribe((value) => {
          values.push(value);
          complete();
        });
    });
    pullFrom('abc')
      .pipe(takeOn(['x', 'x']))
      .subscribe((value) => values.push(value));
    expect(values).toEqual(['a', 'a', 'b']);
  });

  it('a tick from inside next does not nest', () => {
    const ticks = new Subject<void>();
    const log: string[] = [];
    pullFrom('abc')
      .pipe(takeOn(ticks))
      .subscribe((value) => {
        log.push(`${value}<`);
        if (value !== 'c') ticks.next();
        log.push(`>${value}`);
      });
    ticks.next();
    expect(log).toEqual(['a<', '>a', 'b<', '>b', 'c<', '>c']);
  });

  it('keeps apart what subscribes twice', () => {
    const ticks = new Subject<void>();
    const pipe = pullFrom('ab').pipe(takeOn(ticks));
    const values: string[] = [];
    pipe.subscribe((value) => values.push(`1${value}`));
    ticks.next();
    pipe.subscribe((value) => values.push(`2${value}`));
    ticks.next();
    expect(values).toEqual(['1a', '1b', '2a']);
  });

  it('never ticks: nothing of a source that waits', () => {
    const values: string[] = [];
    pullFrom('ab')
      .pipe(takeOn(NEVER))
      .subscribe((value) => values.push(value));
    from('ab')
      .pipe(bufferedChannel(2), takeOn(NEVER))
      .subscribe((value) => values.push(value));
    expect(values).toEqual([]);
  });
});

it.each([[undefined], [5]])('ticks of %o are refused at the call', (ticks) => {
  const refusal = new TypeError(`Expected \`ticks\` to be an ObservableInput, got ${ticks}`);
  expect(() => takeOn(ticks as never)).toThrow(refusal);
});
