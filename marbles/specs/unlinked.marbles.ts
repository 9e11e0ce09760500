import { pipe, timer } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, DemandRequiredError, pullFrom, unlinked } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, letters, spec } from './bed.js';
import { passesOn } from './passes-on.js';

describe('unlinked', () => {
  passesOn(unlinked);

  describe('cuts the link', () => {
    drawn('a source that waits does not wait for what is below', () => unlinked(), {
      pull:     'abc',
      reads:    '(abc|)',
      ticks:    '-----x-x-x',
      expected: '(abc|)',
    });

    drawn('what comes all the same is parked in the stage below', (seen) => pipe(unlinked(), bufferedChannel(1, seen)), {
      pull:     'abc',
      reads:    '(abc|)     ',
      ticks:    '------x-x-x',
      expected: '------a-b-(c|)',
      held:     '3-----2-1-0',
      parked:   '2-----1-0-0',
      diagram:  { file: 'unlinked', of: 'operators/unlinked.ts', title: 'A cut link: the source does not wait, and the stage below parks what comes', call: 'unlinked() | bufferedChannel(1)' },
    });

    drawn('or meets its overflow policy', (seen) => pipe(unlinked(), bufferedChannel(1, { ...seen, overflow: 'drop-oldest' })), {
      pull:     'abc',
      reads:    '(abc|)',
      ticks:    '------x',
      expected: '------(c|)',
      drops:    '(ab)   ',
      why:      'overflow',
    });

    drawn('a stage above hands on at once', (seen) => pipe(bufferedChannel(2, seen), unlinked()), {
      source:   'abc----|',
      sub:      '^------!',
      ticks:    '-----x-x',
      expected: 'abc----|',
      held:     '000----0',
    });

    drawn('a stage above that requires demand fails', (seen) => pipe(bufferedChannel(2, { ...seen, requireDemand: true }), unlinked()), {
      source:   'abc----|',
      sub:      [],
      ticks:    '-----x-x',
      expected: '#       ',
      error:    new DemandRequiredError('bufferedChannel(2)'),
    });

    drawn('a stage between it and the source is still linked to', (seen) => pipe(bufferedChannel(2, seen), takeOn(timer(5, 2)), unlinked()), {
      pull:     'abc',
      reads:    '(ab)-c-|     ',
      expected: '-----a-b-(c|)', // at 5, 7, 9
      held:     '2-----2110---',
    });

    spec('and says so', ({ seen, meter, hot, cold, expectObservable, later }) => {
      const because: string[] = [];
      const pipe = hot('a').pipe(bufferedChannel(1, { ...seen, onLink: (link) => because.push(link.because) }), unlinked());
      expectObservable(pipe.pipe(takeOn(cold('-')))).toBe('a');
      later(async () => expect([because, meter.linked]).toEqual([['unlinked'], false]));
    });
  });

  spec('each subscription is a cut of its own', ({ cold, expectObservable }) => {
    const { iterable } = letters('ab');
    const pipe = pullFrom(iterable).pipe(unlinked(), bufferedChannel(2));
    expectObservable(pipe.pipe(takeOn(cold('--x-x')))).toBe('   --a-(b|)');
    expectObservable(pipe.pipe(takeOn(cold('---x--x')))).toBe(' ---a--(b|)');
  });
});
