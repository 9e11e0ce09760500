import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes } from '../../../marbles/diagram/graphemes.js';
import { parseMarbles } from '../../../marbles/diagram/parse.js';
import type { Moment } from '../../../marbles/diagram/track.js';
import { widthOf } from '../../../marbles/diagram/width.js';
import { marbleMatchers } from '../../../marbles/matchers/matchers.js';
import { output, stage, track } from './tracks.js';

const context = { equals: (one: unknown, other: unknown) => one === other };

/** Diagrams of every kind of idle stretch, single values, groups, and ends. */
const diagram = (letters: readonly string[]) => {
  const letter = fc.constantFrom(...letters);
  const group = fc.array(letter, { minLength: 1, maxLength: 5 });
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 4 }).map((frames) => '-'.repeat(frames)) },
    { weight: 4, arbitrary: letter },
    { weight: 2, arbitrary: group.map((all) => `(${all.join('')})`) },
    { weight: 1, arbitrary: fc.integer({ min: 15, max: 3000 }).map((frames) => ` ${frames}ms `) },
  );
  return fc
    .tuple(fc.array(piece, { maxLength: 14 }), fc.constantFrom('', '', '|', '#', '(a|)', '(b#)'))
    .map(([pieces, end]) => pieces.join('') + end);
};

type Change = readonly [kind: 'move' | 'drop' | 'add' | 'alter', at: number, by: number];
const change: fc.Arbitrary<Change> = fc.tuple(
  fc.constantFrom('move', 'drop', 'add', 'alter'),
  fc.nat(20),
  fc.integer({ min: 1, max: 30 }),
);

/** Moments with something done to them, still in order; also in frames that no diagram can name. */
function changed(moments: readonly Moment[], changes: readonly Change[]): Moment[] {
  const all = [...moments];
  for (const [kind, place, by] of changes) {
    const at = place % (all.length + 1);
    const moment = all[at];
    if (kind === 'drop') all.splice(at, 1);
    else if (kind === 'add')
      all.splice(at, 0, { frame: (moment?.frame ?? 0) + by, kind: 'next', value: by });
    else if (moment === undefined) continue;
    else if (kind === 'move') all[at] = { ...moment, frame: moment.frame + by - 15 };
    else if (moment.kind === 'next') all[at] = { ...moment, value: 'z' };
  }
  return all.sort((one, other) => one.frame - other.frame);
}

/** A diagram, and a track like it or not. */
const pairOf = (letters: readonly string[]) =>
  fc.oneof(
    fc
      .tuple(diagram(letters), fc.array(change, { maxLength: 3 }))
      .map(([text, changes]) => [text, changed(track(text).moments, changes)] as const),
    fc
      .tuple(diagram(letters), diagram(letters))
      .map(([text, other]) => [text, track(other).moments] as const),
  );

const narrow = ['a', 'b', 'c'];
const wide = [...narrow, '魚', '🐟', '👨‍👩‍👧', 'é'];

function firstDifferingFrame(one: readonly Moment[], other: readonly Moment[]): number | undefined {
  const frames = [...one, ...other].map(({ frame }) => frame).sort((a, b) => a - b);
  const at = (moments: readonly Moment[], frame: number) =>
    JSON.stringify(moments.filter((moment) => moment.frame === frame));
  return frames.find((frame) => at(one, frame) !== at(other, frame));
}

/** The lines of a failure, each as what stands in each column of a terminal. */
function linesOf(message: string) {
  const columns = (line: string | undefined) =>
    graphemes(line ?? '').flatMap((grapheme) => [
      grapheme,
      ...Array.from({ length: widthOf(grapheme) - 1 }, () => ''),
    ]);
  const [, , axis, expected, actual, caret, sentence] = message.split('\n');
  return {
    axis: columns(axis),
    expected: columns(expected),
    actual: columns(actual),
    caret: (caret ?? '').indexOf('^'),
    sentence: sentence ?? '',
  };
}

const judged = (moments: readonly Moment[], text: string) =>
  marbleMatchers.toHaveEmitted.call(context, { over: true, emitted: { moments } }, text);

describe.each([
  ['narrow', narrow],
  ['wide', wide],
])('for any diagram of %s letters and any track', (_, letters) => {
  const pair = pairOf(letters);

  it('the matcher passes exactly where the two are equal', () => {
    fc.assert(
      fc.property(pair, ([text, moments]) => {
        const difference = firstDifferingFrame(track(text).moments, moments);
        expect(judged(moments, text).pass).toBe(difference === undefined);
      }),
      { numRuns: 500 },
    );
  });

  it('the caret, the number above it and the sentence name the first frame that differs', () => {
    fc.assert(
      fc.property(pair, ([text, moments]) => {
        const { pass, message } = judged(moments, text);
        fc.pre(!pass);
        const { axis, caret, expected, actual, sentence } = linesOf(message());
        const frame = String(firstDifferingFrame(track(text).moments, moments));
        expect(sentence).toMatch(new RegExp(`^At frame ${frame}[:,]`));
        expect(axis.slice(caret).join('')).toMatch(new RegExp(`^${frame}( |$)`));
        // After an end, a row is blank.
        const row = (columns: readonly string[]) =>
          columns.slice('expected   '.length, caret).join('').trimEnd();
        const [short, long] = [row(expected), row(actual)].sort((a, b) => a.length - b.length);
        expect(long!.startsWith(short!)).toBe(true);
        if (short !== long) expect(short).toMatch(/[|#]\)?$/);
      }),
      { numRuns: 500 },
    );
  });

  it('the rows are equally wide, but for what follows an end', () => {
    fc.assert(
      fc.property(pair, ([text, moments]) => {
        const { pass, message } = judged(moments, text);
        fc.pre(!pass);
        const { expected, actual } = linesOf(message());
        const [short, long] =
          expected.length < actual.length ? [expected, actual] : [actual, expected];
        if (short.length !== long.length) expect(short.join('')).toMatch(/[|#]\)?$/);
      }),
      { numRuns: 500 },
    );
  });

  it('what is not expected, or passes under .not, is drawn without a fault', () => {
    fc.assert(
      fc.property(diagram(letters), (text) => {
        const { pass, message } = judged(track(text).moments, text);
        expect(pass).toBe(true);
        expect(message()).toContain('Expected anything else');
      }),
    );
  });
});

it('each row can be read as the diagram that it shows', () => {
  fc.assert(
    fc.property(fc.tuple(diagram(narrow), diagram(narrow)), ([text, other]) => {
      const { pass, message } = judged(track(other).moments, text);
      fc.pre(!pass);
      const { expected, actual } = linesOf(message());
      const shown = [expected, actual].map((columns) =>
        columns.slice('expected   '.length).join(''),
      );
      fc.pre(shown.every((row) => !row.includes('…')));
      expect(shown.map((row) => parseMarbles(row).marks)).toEqual(
        [text, other].map((each) => parseMarbles(each).marks),
      );
    }),
    { numRuns: 500 },
  );
});

describe('for any levels', () => {
  const levels = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 3 })), {
      maxLength: 8,
    })
    .map((steps) => {
      let frame = -1;
      return steps.map(([by, level]) => [(frame += by), level] as const);
    });

  /** The level at the end of each frame. */
  const curve = (steps: readonly (readonly [number, number])[]) =>
    Array.from({ length: 50 }, (_, frame) => steps.findLast(([at]) => at <= frame)?.[1] ?? 0);

  const changes = (steps: readonly (readonly [number, number])[]) =>
    steps.filter(([, level], index) => level !== (steps[index - 1]?.[1] ?? 0));

  const drawn = (steps: readonly (readonly [number, number])[]) =>
    curve(steps)
      .map((level, frame) => (steps.some(([at]) => at === frame) ? level : '-'))
      .join('');

  it('toHaveHeld passes exactly where they are equal in each frame, and names the first that is not', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(levels, levels),
          levels.map((one) => [one, one] as const),
        ),
        ([one, other]) => {
          const actual = stage(changes(other));
          const { pass, message } = marbleMatchers.toHaveHeld.call(context, actual, drawn(one));
          const [wanted, came] = [curve(one), curve(other)];
          const frame = wanted.findIndex((level, at) => level !== came[at]);
          expect(pass).toBe(frame === -1);
          if (pass) return;
          const { sentence, caret, axis } = linesOf(message());
          expect(sentence).toMatch(
            new RegExp(
              `^At frame ${frame}: expected (still )?${wanted[frame]} held, got ${came[frame]}\\.$`,
            ),
          );
          expect(axis.slice(caret).join('')).toMatch(new RegExp(`^${frame}( |$)`));
        },
      ),
      { numRuns: 500 },
    );
  });
});

it('10,000 moments are compared and told in one screen', () => {
  const long = 'abcdefghi-'.repeat(1000);
  const { message } = marbleMatchers.toHaveEmitted.call(
    context,
    output(long),
    `${long.slice(0, -1)}j`,
  );
  expect(message().split('\n').length).toBeLessThan(20);
  expect(Math.max(...message().split('\n').map(widthOf))).toBeLessThan(110);
});
