import { pipe, type MonoTypeOperatorFunction } from 'rxjs';
import { takeOn } from 'rxjs-sluice/marbles';
import { bufferedChannel, explain, pullFrom } from 'rxjs-sluice/operators';
import { describe, expect } from 'vitest';
import { drawn, letters, spec } from './bed.js';
import { passesOn } from './passes-on.js';

/** `explain` as an operator; nobody hears of the links. */
const explained = (): MonoTypeOperatorFunction<string> => (source) => explain(source, () => {});

describe('explain', () => {
  passesOn(explained);

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
