import { firstParting, type Claim, type Pair } from './claim.js';
import type { Same } from './compare.js';
import { failureOf } from './failure.js';
import { paintOf } from './paint.js';
import { subjectOf, type Kept } from './recorded.js';
import type { MatcherContext, MatcherResult } from './runner.js';
import { ownLetter } from './symbols.js';
import { WORDS } from './words.js';

/** In what a matcher's claim is not as most are. */
interface Particulars extends Partial<Pick<Claim, 'drawn' | 'same' | 'own'>> {
  readonly named?: Claim['named'] | undefined;
}

/** Whether, in each pair, what was recorded is what was expected. */
export function judge(
  context: MatcherContext,
  kept: Kept,
  pairs: readonly Pair[],
  { named = {}, drawn = (carried: unknown) => carried, own = ownLetter, same }: Particulars = {},
): MatcherResult {
  const equals = equalityOf(context);
  const claim: Claim = {
    matcher: `toHave${kept.charAt(0).toUpperCase()}${kept.slice(1)}`,
    subject: subjectOf(kept),
    words: WORDS[kept],
    pairs,
    named,
    drawn,
    own,
    equals,
    same: same ?? equals,
  };
  const parting = firstParting(claim);
  return {
    pass: parting === undefined,
    message: () => failureOf(claim, parting, paintOf(context.utils)),
  };
}

/** Equality as `toEqual` has it: with the user's own testers, and looking into maps and sets. */
export function equalityOf(context: MatcherContext): Same {
  const { customTesters = [], utils } = context;
  const testers = [...customTesters, ...(utils?.iterableEquality ? [utils.iterableEquality] : [])];
  return (actual, expected) => context.equals(actual, expected, testers);
}
