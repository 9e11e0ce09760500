import { EMPTY, NEVER, Subject, identity, pipe, take, takeUntil, tap, throwError, timer, type MonoTypeOperatorFunction } from 'rxjs';
import { describe } from 'vitest';
import { drawn, spec } from './bed.js';

/** What holds for an operator that passes on what it is given, and holds nothing. */
export function passesOn(make: () => MonoTypeOperatorFunction<string>): void {
  drawn('passes everything on as it comes', make, {
    source:   '-a-(bc)-|',
    sub:      '^-------!',
    expected: '-a-(bc)-|',
  });

  drawn('an error too', make, {
    source:   '-a-#',
    sub:      '^--!',
    expected: '-a-#',
  });

  drawn('releases the source when it is unsubscribed', make, {
    source:   '-a-b-c',
    sub:      '^---!  ',
    unsub:    '----!  ',
    expected: '-a-b---',
  });

  spec('of an empty, a silent or a failing source is that too', ({ expectObservable }) => {
    expectObservable(EMPTY.pipe(make())).toBe('|');
    expectObservable(NEVER.pipe(make())).toBe('-');
    expectObservable(throwError(() => 'error').pipe(make())).toBe('#');
  });

  describe('take and takeUntil release the source', () => {
    drawn('take above', () => pipe(take(2), make()), {
      source:   'a-b-c',
      sub:      '^-!  ',
      expected: 'a-(b|)',
    });
    drawn('take below', () => pipe(make(), take(2)), {
      pull:     'abc',
      reads:    '(ab!)',
      expected: '(ab|)',
    });
    drawn('takeUntil above', (_seen, given) => pipe(takeUntil(given('stop')), make()), {
      source:   'a-b-c',
      sub:      '^--! ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: 'a-b|',
    });
    drawn('takeUntil below', (_seen, given) => pipe(make(), takeUntil(given('stop'))), {
      source:   'a-b-c',
      sub:      '^--! ',
      given: {
        stop: ['---x', '^--!'],
      },
      expected: 'a-b|',
    });
  });

  spec('a consumer may push and complete inside next, with the same effect as in plain RxJS', ({ expectObservable }) => {
    const expected = ' -(ba|)';
    for (const operator of [make(), identity]) {
      const source = new Subject<string>();
      const pushing = tap((letter: string) => letter === 'a' && source.next('b'));
      timer(1).subscribe(() => {
        source.next('a');
        source.complete();
      });
      expectObservable(source.pipe(operator, pushing)).toBe(expected);
    }
  });
}
