import fc from 'fast-check';
import type { Diagram, Kind, Mark } from '../../marbles/diagram/diagram.js';

/** Texts and diagrams at random, for what must hold of each. */

/** Signs that may join their neighbours, or look like something else. */
export const symbols = [
  ...Array.from('ab015.ms*é日한가कष👩🙂🇩🇪'),
  ...'e\u0301 s\u0308 क् 👨‍👩‍👧 👩🏽 🇩🇪 1️⃣ #️⃣ ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿'.split(' '),
];

/** What a text is made of, if it is to break every rule. */
const shreds = [
  ...Array.from('--  ab()()|#^!15.ms0'),
  ...Array.from('\u0301\u200d🏽🇩👩\n\t\u00a0\ufeff\u0600\ud83d'),
  ...[' 10ms ', ' 1.5s ', '2m ', ' 0.5ms ', '10ms', '99999999999999m ', '👨‍👩‍👧'],
  ...['(ab)', '(ab|)', '(^!)'],
];

export const allowances = ['|#', '|#^', '^!', '|#!', '', '|#^!'];

/** Texts of which most break a rule. */
export const wildText = fc.oneof(
  fc.array(fc.constantFrom(...shreds), { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom(...Array.from('-|#^!() 0159.msab')), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

/** Texts of which most are sound; `^` may stand in them, and an end. */
export function soundText(values: readonly string[] = symbols): fc.Arbitrary<string> {
  const value = fc.constantFrom(...values);
  const group = fc.array(value, { minLength: 1, maxLength: 4 });
  const time = fc.constantFrom('0ms', '7ms', '20ms', '10ms  3ms', '1.5s', '0.25s', '2m', '1.001s');
  const part = fc.oneof(
    { weight: 4, arbitrary: fc.nat(30).map((frames) => '-'.repeat(frames)) },
    { weight: 4, arbitrary: value },
    { weight: 1, arbitrary: group.map((all) => `(${all.join('')})`) },
    { weight: 1, arbitrary: group.map((all) => `( ${all.join(' ')} )`) },
    { weight: 1, arbitrary: time.map((text) => ` ${text} `) },
    { weight: 1, arbitrary: fc.constant(' ') },
  );
  const parts = fc.array(part, { maxLength: 12 });
  const end = fc.constantFrom('', '', '|', '#', '(a|)', '(ab#)', '|---', '| 1s ', ' 5ms', '(|)');
  const caret = fc.constantFrom('', '', '^');
  return fc
    .tuple(parts, caret, parts, end)
    .map(([before, point, behind, last]) => [...before, point, ...behind, last].join(''));
}

/** The diagrams of subscriptions. */
export const subscriptionText = fc
  .tuple(
    fc.constantFrom('', '-', '--- ', '3ms ', '1s 2ms '),
    fc.constantFrom('^', '', '( ^ )', '(^!)'),
    fc.constantFrom('', '-', ' ---', ' 12ms ', '-- 1.5s -'),
    fc.constantFrom('!', '', '(!)', '!--', '! 20ms '),
  )
  .map((parts) => parts.join(''));

const gap = fc.oneof(
  fc.nat(3),
  fc.nat(50),
  fc.nat(200_000),
  fc.nat(200).map((seconds) => seconds * 500),
);

/** Diagrams of values that a text can say, some with a `^`. */
export function diagrams(values: readonly string[] = symbols): fc.Arbitrary<Diagram> {
  const together = fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 4 });
  return fc
    .record({
      before: fc.option(fc.array(fc.tuple(gap, together), { maxLength: 4 })),
      behind: fc.array(fc.tuple(gap, together), { maxLength: 8 }),
      end: fc.constantFrom(undefined, 'complete', 'error', 'unsubscribe'),
      // Whether the end comes in the frame of the last values.
      close: fc.boolean(),
      idle: gap,
    })
    .map(({ before, behind, end, close, idle }) => {
      const marks: Mark[] = [];
      let frame = 0;
      let origin = 0;
      const add = (values: readonly string[], kind?: Exclude<Kind, 'next'>) => {
        for (const symbol of values) marks.push({ frame, kind: 'next', symbol });
        if (kind) marks.push({ frame, kind });
        const count = values.length + (kind ? 1 : 0);
        frame += count > 1 ? count + 2 : count;
      };
      if (before) {
        for (const [pause, values] of before) {
          frame += pause;
          add(values);
        }
        origin = frame;
        add([], 'subscribe');
      }
      for (const [pause, values] of behind) {
        frame += pause;
        add(values, close && values === behind.at(-1)?.[1] ? end : undefined);
      }
      if (end && !(close && behind.length > 0)) add([], end);
      return {
        marks: marks.map((mark) => ({ ...mark, frame: mark.frame - origin })),
        length: frame - origin + idle,
      };
    });
}

/** The diagrams of subscriptions that a text can say. */
export const subscription: fc.Arbitrary<Diagram> = fc
  .record({ from: fc.option(gap), lasts: fc.option(gap), idle: gap })
  .map(({ from, lasts, idle }) => {
    const marks: Mark[] = [];
    const together = from !== null && lasts === 0;
    if (from !== null) marks.push({ frame: from, kind: 'subscribe' });
    if (lasts !== null) marks.push({ frame: (from ?? 0) + lasts, kind: 'unsubscribe' });
    const last = marks.at(-1)?.frame;
    return { marks, length: (last === undefined ? 0 : last + (together ? 4 : 1)) + idle };
  });

const kinds = ['next', 'next', 'next', 'complete', 'subscribe', 'unsubscribe'] as const;

const wildMark = fc
  .record({
    frame: fc.oneof(fc.integer({ min: -4, max: 14 }), fc.constantFrom(0, 0, 0.5, NaN, 2 ** 53)),
    kind: fc.constantFrom<Kind>(...kinds),
    symbol: fc.constantFrom('ab', '', ...Array.from('a1m🇩🇪👩\u1100\u1161- \u0301')),
  })
  .map(({ frame, kind, symbol }): Mark =>
    kind === 'next' ? { frame, kind, symbol } : { frame, kind },
  );

/** Diagrams of which most say what no text can. */
export const wildDiagram: fc.Arbitrary<Diagram> = fc
  .record({
    marks: fc.array(wildMark, { maxLength: 4 }),
    length: fc.oneof(fc.nat(40), fc.constantFrom(-1, 1.5, NaN, Infinity)),
  })
  .map(({ marks, length }) => ({
    // Most in order, or hardly one would get beyond its second mark.
    marks: length % 5 === 0 ? marks : marks.sort((a, b) => a.frame - b.frame),
    length,
  }));

/** What must be allowed for a text of `diagram` to be read as it is meant. */
export const allowanceOf = ({ marks }: Diagram): string =>
  marks.every(({ kind }) => kind === 'subscribe' || kind === 'unsubscribe') ? '^!' : '|#^!';
