import { EMPTY, NEVER, Subject, pipe, take, takeUntil, tap, throwError, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, explain, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, letters, spec } from './bed.js';

/** `explain` as an operator; nobody hears of the links. */
const explained = (): MonoTypeOperatorFunction<string> => (source) => explain(source, () => {});

describe('explain', () => {
  drawn('passes everything on as it comes', explained, {
    source:   '-a-(bc)-|',
    sub:      '^-------!',
    expected: '-a-(bc)-|',
  });

  drawn('an error too', explained, {
    source:   '-a-#',
    sub:      '^--!',
    expected: '-a-#',
  });

  drawn('releases the source when it is unsubscribed', explained, {
    source:   '-a-b-c',
    sub:      '^---!  ',
    unsub:    '----!  ',
    expected: '-a-b---',
  });

  spec('of an empty, a silent or a failing source is that too', ({ expectObservable }) => {
    expectObservable(EMPTY.pipe(explained())).toBe('|');
    expectObservable(NEVER.pipe(explained())).toBe('-');
    expectObservable(throwError(() => 'error').pipe(explained())).toBe('#');
  });

  describe('lets demand pass', () => {
    drawn('a source that waits does so for what is below', explained, {
      pull:     'abc',
      reads:    '-----a-b-c-|',
      ticks:    '-----x-x-x-x',
      expected: '-----a-b-c-|',
    });

    drawn('to a stage below', (seen) => pipe(explained(), bufferedChannel(1, seen)), {
      pull:     'abc',
      reads:    'a----b-c-|   ',
      ticks:    '-----x-x-x   ',
      expected: '-----a-b-(c|)',
      held:     '1----1-1-0   ',
    });

    drawn('from a stage above, which holds what is not taken', (seen) => pipe(bufferedChannel(2, seen), explained()), {
      source:   'abc----|   ',
      sub:      '^------!   ',
      ticks:    '----x-x-x  ',
      expected: '----a-b-(c|)',
      parked:   '001-0------',
    });
  });

  describe('take and takeUntil release the source', () => {
    drawn('take above', () => pipe(take(2), explained()), {
      source:   'a-b-c',
      sub:      '^-!  ',
      expected: 'a-(b|)',
    });
    drawn('take below', () => pipe(explained(), take(2)), {
      pull:     'abc',
      reads:    '(ab!)',
      expected: '(ab|)',
    });
    drawn('takeUntil above', (_seen, given) => pipe(takeUntil(given('stop')), explained()), {
      source:   'a-b-c',
      sub:      '^--! ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: 'a-b|',
    });
    drawn('takeUntil below', (_seen, given) => pipe(explained(), takeUntil(given('stop'))), {
      source:   'a-b-c',
      sub:      '^--! ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: 'a-b|',
    });
  });

  spec('a consumer may push and complete inside next, with the same effect as in plain RxJS', ({ expectObservable }) => {
    const source = new Subject<string>();
    const pushing = tap((letter: string) => letter === 'a' && source.next('b'));
    timer(1).subscribe(() => {
      source.next('a');
      source.complete();
    });
    expectObservable(source.pipe(explained(), pushing)).toBe('-(ba|)');
  });

  spec('each subscription tells its own links', ({ cold, expectObservable, later }) => {
    const links: string[] = [];
    const pipe = explain(pullFrom(letters('ab').iterable).pipe(bufferedChannel(2)), ({ from, because }) => links.push(`${from} ${because}`));
    expectObservable(pipe.pipe(takeOn(cold('--x-x')))).toBe('--a-(b|)');
    expectObservable(pipe).toBe('                            (ab|)   ');
    later(async () => expect(links).toEqual([
      'bufferedChannel(2) linked', 'pullFrom linked',
      'bufferedChannel(2) end', 'pullFrom linked',
    ]));
  });
});
