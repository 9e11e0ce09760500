import fc from 'fast-check';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it } from 'vitest';
import type { Diagram } from '../../marbles/diagram/diagram.js';
import { MarbleSyntaxError } from '../../marbles/diagram/errors.js';
import { parseMarbles } from '../../marbles/diagram/parse.js';
import { printMarbles } from '../../marbles/diagram/print.js';
import {
  diagrams,
  soundText,
  subscription,
  subscriptionText,
  wildText,
} from '../marbles/diagrams.js';

/** What happens when: `a@1`, `|@3`. */
type Happening = string;

/** In run mode, where a frame is one millisecond. */
const running = <T>(read: () => T): T => new TestScheduler(() => {}).run(read);

/** A text of values, as RxJS reads it. */
const inRxJS = (text: string): Happening[] =>
  running(() => TestScheduler.parseMarbles(text, undefined, undefined, false, true)).map(
    ({ frame, notification }) => {
      const sign = { N: '', E: '#', C: '|' }[notification.kind];
      return `${sign || String((notification as { value?: unknown }).value)}@${frame}`;
    },
  );

/** When RxJS subscribes and unsubscribes for the text of a subscription. */
const inRxJSSubscription = (text: string): [from: number, to: number] => {
  const log = running(() => TestScheduler.parseMarblesAsSubscriptions(text, true));
  return [log.subscribedFrame, log.unsubscribedFrame];
};

/** The notifications of a diagram. */
const here = ({ marks }: Diagram): Happening[] =>
  marks
    .filter(({ kind }) => kind !== 'subscribe')
    .map((mark) => {
      const sign = mark.kind === 'next' ? mark.symbol : mark.kind === 'complete' ? '|' : '#';
      return `${sign}@${mark.frame}`;
    });

const frameOf = ({ marks }: Diagram, sought: 'subscribe' | 'unsubscribe'): number =>
  marks.find(({ kind }) => kind === sought)?.frame ?? Infinity;

/** The diagram of a text, or nothing where it has none. */
function tryParse(text: string, allowed: string): Diagram | undefined {
  try {
    return parseMarbles(text, allowed);
  } catch (error) {
    if (error instanceof MarbleSyntaxError) return undefined;
    throw error;
  }
}

/** Whether RxJS is documented to read what was taken here otherwise. */
function isReadOtherwise(text: string): boolean {
  const segments = [...new Intl.Segmenter('en').segment(text)];
  if (Array.from(text).length !== segments.length) return true;
  if (/(^| )\d+(\.\d+)?(ms|s|m)$/.test(text)) return true;
  for (const [, count, unit] of text.matchAll(/(?:^| )(\d+\.\d+)(ms|s|m)(?= )/g)) {
    if (!Number.isInteger(Number(count) * 1000 * (unit === 'm' ? 60 : 1))) return true;
  }
  // But for spaces at its beginning.
  const beforeCaret = text.trimStart().split('^')[0]!;
  return text.includes('^') && /[ (\u{10000}-\u{10ffff}]/u.test(beforeCaret);
}

describe('RxJS reads as it is read here', () => {
  const plain = Array.from('ab015.ms日🙂');

  it('every text of values that is taken and is not listed', () => {
    let compared = 0;
    const text = fc.oneof(soundText(), soundText(plain), wildText);
    fc.assert(
      fc.property(text, fc.constantFrom('|#', '|#^'), (text, allowed) => {
        const read = tryParse(text, allowed);
        if (!read || isReadOtherwise(text)) return;
        compared++;
        expect(inRxJS(text)).toEqual(here(read));
      }),
      { numRuns: 4000 },
    );
    expect(compared).toBeGreaterThan(400);
  });

  it('every text of a subscription that is taken and is not listed', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.oneof(subscriptionText, subscriptionText, wildText), (text) => {
        const read = tryParse(text, '^!');
        // Its frames do not count from `^`.
        if (!read || isReadOtherwise(text.replace('^', '-'))) return;
        compared++;
        const frames = [frameOf(read, 'subscribe'), frameOf(read, 'unsubscribe')];
        expect(inRxJSSubscription(text)).toEqual(frames);
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(400);
  });

  it('every diagram that is written, but for signs of several code points and what precedes ^', () => {
    let compared = 0;
    fc.assert(
      fc.property(diagrams(plain), (written) => {
        const text = printMarbles(written);
        if (isReadOtherwise(text) || text.includes('!')) return;
        compared++;
        expect(inRxJS(text)).toEqual(here(written));
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(200);
  });

  it('every subscription that is written', () => {
    fc.assert(
      fc.property(subscription, (written) => {
        const frames = [frameOf(written, 'subscribe'), frameOf(written, 'unsubscribe')];
        expect(inRxJSSubscription(printMarbles(written))).toEqual(frames);
      }),
      { numRuns: 500 },
    );
  });
});

describe('RxJS reads in silence as something else', () => {
  it.each<[what: string, text: string, here: string, inRxJS: string]>([
    ['a family', '👨‍👩‍👧a', '👨‍👩‍👧@0 a@1', '👨@0 \u200d@1 👩@2 \u200d@3 👧@4 a@5'],
    ['a flag', '🇩🇪|', '🇩🇪@0 |@1', '🇩@0 🇪@1 |@2'],
    ['a letter with an accent', 'e\u0301|', 'e\u0301@0 |@1', 'e@0 \u0301@1 |@2'],
    ['a keycap', '#️⃣', '#️⃣@0', '#@0 \ufe0f@1 \u20e3@2'],
    ['a time at the very end', '-a 10ms', 'a@1', 'a@1 1@2 0@3 m@4 s@5'],
    ['a space before ^', 'a- -^b', 'a@-3 b@1', 'a@-4 b@0'],
    ['a time before ^', 'a 10ms ^b', 'a@-11 b@1', 'a@-7 b@5'],
    ['a group before ^', '(ab)^c', 'a@-4 b@-4 c@1', 'a@-3 b@-2 c@1'],
    ['an emoji before ^', '🙂^b', '🙂@-1 b@1', '🙂@-2 b@0'],
    ['a fraction that is not exact', '1.001s a', 'a@1001', 'a@1000.9999999999999'],
  ])('%s: %j', (_what, text, expected, there) => {
    expect(here(parseMarbles(text, '|#^')).join(' ')).toBe(expected);
    expect(inRxJS(text).join(' ')).toBe(there);
  });
});

describe('RxJS goes on where there is an error here', () => {
  it.each([
    ['an empty group', '-()-a', 'a@4'],
    ['a nested group', '(a(b)c)', 'a@0 b@2 c@5'],
    ['a group that is not closed', '-(ab--c', 'a@1 b@1 c@1'],
    ['a stray )', 'a)b', 'a@0 b@2'],
    ['idle frames within a group', '(a-b)c', 'a@0 b@0 c@5'],
    ['a time within a group', '( 10ms b)c', 'b@0 c@13'],
    ['a mark after the end', 'a|-b', 'a@0 |@1 b@3'],
    ['two ends', '#|', '#@0 |@1'],
    ['no space before a time', '-5s -', '5@1 s@2'],
    ['no space after a time', '10msa', '1@0 0@1 m@2 s@3 a@4'],
    ['a part of a frame', '1.5ms a', 'a@1.5'],
    ['^ within a group of values', '(^a)', 'a@1'],
    ['two ^', '^-^a', 'a@3'],
    ['a tab', 'a\tb', 'a@0 \t@1 b@2'],
    ['a newline', 'a\nb', 'a@0 \n@1 b@2'],
    ['a blank that is no space', 'a\u00a0b', 'a@0 \u00a0@1 b@2'],
    ['an accent on an idle frame', '-\u0301', '\u0301@1'],
  ])('%s: %j', (_what, text, there) => {
    expect(() => parseMarbles(text, '|#^')).toThrow(MarbleSyntaxError);
    expect(inRxJS(text).join(' ')).toBe(there);
  });

  it('^ after !', () => {
    expect(() => parseMarbles('!-^', '^!')).toThrow(MarbleSyntaxError);
    expect(inRxJSSubscription('!-^')).toEqual([1, 0]);
  });
});
