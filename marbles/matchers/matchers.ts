import type { Values } from '../flow/script.js';
import type { Drop } from '../flow/stage.js';
import {
  drawDrops,
  drawLevels,
  drawPauses,
  drawSubscriptions,
  drawValues,
  levelled,
  type Drawing,
} from './drawing.js';
import type { Track } from '../diagram/track.js';
import type { Pair } from './claim.js';
import { equalityOf, judge } from './judge.js';
import { recordOf } from './recorded.js';
import type { CallableMatchers, MatcherContext, MatcherResult } from './runner.js';
import { ownDigit } from './symbols.js';

/**
 * Matchers for what a flow has recorded, in vitest and in jest: what was emitted, pulled, held, parked,
 * dropped, paused and subscribed, and in which frames. They need neither of the two installed.
 *
 * ```typescript
 * expect.extend(marbleMatchers);
 *
 * it('reads two ahead', () => {
 *   const { source, input, output } = flow(({ pull, record, stage }) => {
 *     const source = pull('abc|');
 *     const input = stage();
 *     const output = record(source.pipe(bufferedChannel(2, input)), { takes: '------x--x--x' });
 *     return { source, input, output };
 *   });
 *   expect(source).toHavePulled(' (ab)--c--|');
 *   expect(input).toHaveHeld('    2-----2--1--0');
 *   expect(output).toHaveEmitted('------a--b--(c|)');
 * });
 * ```
 *
 * A failure shows both diagrams, a column for each frame, and tells where they part:
 *
 * ```
 * expect(output).toHaveEmitted(expected)
 *
 * frame      0     6     12 15
 * expected   ------a-----b--(c|)
 * actual     ------a------b-(c|)
 *                        ^
 * At frame 12: expected b, but nothing came; b came at frame 13.
 *
 * where  a = { id: 1 }
 * ```
 *
 * The rows are diagrams themselves: mostly, `actual` can be copied into the test as it is. Equal values
 * have equal letters; a value that the expectation does not name gets one that is not taken.
 *
 * @throws {TypeError} for something that has no such record.
 * @throws {MarbleSyntaxError} for a diagram that cannot be read.
 * @throws {Error} where the flow still runs: what it records is complete when `flow(…)` returns.
 */
export const marbleMatchers: CallableMatchers = {
  toHaveEmitted(received, marbles, values, error) {
    const actual = recordOf(received, 'emitted');
    const expected = drawValues(marbles, '|#', values, error);
    return judge(this, 'emitted', [{ expected, actual }], { named: values });
  },

  toHavePulled(received, marbles, values, error) {
    const actual = recordOf(received, 'pulled');
    const expected = [marbles].flat().map((text) => drawValues(text, '|#!', values, error));
    return judge(this, 'pulled', pairsOf(expected, actual), { named: values });
  },

  toHaveHeld(received, marbles, levels) {
    return judgeLevels(this, 'held', received, marbles, levels);
  },

  toHaveParked(received, marbles, levels) {
    return judgeLevels(this, 'parked', received, marbles, levels);
  },

  toHaveDropped(received, marbles, reasons, values) {
    const actual = recordOf(received, 'dropped');
    const expected = drawDrops(marbles, reasons, values);
    const equals = equalityOf(this);
    return judge(this, 'dropped', [{ expected, actual }], {
      named: values,
      drawn: (drop) => (drop as Drop).value,
      same(came, wanted) {
        const drop = came as Drop;
        const { value, reason = drop.reason } = wanted as Partial<Drop>;
        return drop.reason === reason && equals(drop.value, value);
      },
    });
  },

  toHavePaused(received, marbles) {
    const actual = recordOf(received, 'paused');
    return judge(this, 'paused', [{ expected: drawPauses(marbles), actual }]);
  },

  toHaveSubscribed(received, marbles) {
    return judgeSpans(this, 'subscribed', received, marbles);
  },

  toHaveTimers(received, marbles) {
    return judgeSpans(this, 'timers', received, marbles);
  },
};

const NOTHING: Drawing = { moments: [], symbols: [], length: 0 };

function judgeSpans(
  context: MatcherContext,
  kept: 'subscribed' | 'timers',
  received: unknown,
  marbles: string | readonly string[],
): MatcherResult {
  const actual = recordOf(received, kept);
  return judge(context, kept, pairsOf(drawSubscriptions(marbles), actual));
}

/** One pair for each subscription, on whichever side there are more. */
function pairsOf(expected: readonly Drawing[], actual: readonly Track[]): readonly Pair[] {
  const length = Math.max(1, actual.length, expected.length);
  return Array.from({ length }, (_, index) => ({
    expected: expected[index] ?? NOTHING,
    actual: actual[index] ?? NOTHING,
  }));
}

function judgeLevels(
  context: MatcherContext,
  kept: 'held' | 'parked',
  received: unknown,
  marbles: string,
  levels: Values<number> | undefined,
): MatcherResult {
  const record = recordOf(received, kept);
  const [expected, actual] = levelled(drawLevels(marbles, levels), record);
  return judge(context, kept, [{ expected, actual }], { named: levels, own: ownDigit });
}
