import type { Moment } from '../diagram/track.js';
import type { Claim, Parting } from './claim.js';
import { restOf, sameEvent } from './compare.js';
import { inspect } from './inspect.js';
import type { Paint } from './paint.js';

/** The symbols by which the moments of a pair are told. */
export interface Told {
  readonly expected: (index: number) => string;
  readonly actual: (index: number) => string;
}

/** How many moments of one frame are told one by one. */
const AT_MOST = 3;

/** Tells where a claim fails: `At frame 12: expected b, but nothing came.` */
export function sentenceOf(claim: Claim, parting: Parting, told: Told, paint: Paint): string {
  const { pairs, words } = claim;
  const { pair, agreed, frame } = parting;
  const { expected, actual } = pairs[pair] as Claim['pairs'][number];
  const wanted = restOf(expected, parting);
  const came = restOf(actual, parting);

  const within = expected.moments[agreed - 1]?.frame === frame;
  const place = [
    `At frame ${frame}`,
    ...(pairs.length > 1 ? [`in ${words.each ?? ''} ${pair + 1}`] : []),
    ...(within ? [`after ${told.expected(agreed - 1)}`] : []),
  ].join(', ');
  const nothing = within ? 'nothing more' : 'nothing';

  const wish = list(wanted, (moment, index) => words.wanted(moment, told.expected(agreed + index)));
  const fact = list(came, (moment, index) => words.came(moment, told.actual(agreed + index)));
  const link = came.length === 0 ? 'but' : words.link;
  return (
    `${place}: expected ${paint.expected(wish ?? `${nothing}${words.toBe}`)}, ` +
    `${link} ${paint.actual(fact ?? `${nothing}${words.was}`)}${remark(claim, parting, told)}.`
  );
}

function list(
  moments: readonly Moment[],
  tell: (moment: Moment, index: number) => string,
): string | undefined {
  if (moments.length === 0) return undefined;
  const more = moments.length - AT_MOST;
  const all = moments.slice(0, AT_MOST).map(tell).join(', then ');
  return more > 0 ? `${all} and ${more} more` : all;
}

/** What came too late, too early, or only looks the same. */
function remark({ pairs, words, same }: Claim, parting: Parting, told: Told): string {
  const { pair, agreed, frame } = parting;
  const { expected, actual } = pairs[pair] as Claim['pairs'][number];
  const wanted = expected.moments[agreed];
  const came = actual.moments[agreed];
  if (wanted === undefined || came === undefined) return '';
  if (came.frame === wanted.frame) {
    if (came.kind !== 'next' || wanted.kind !== 'next') return '';
    const alike = inspect(came.value, true) === inspect(wanted.value, true);
    return alike ? ', which looks the same and is not equal' : '';
  }
  if (!sameEvent(came, wanted, same)) return '';
  if (came.frame === frame) return `, which was expected at frame ${wanted.frame}`;
  const late = words.came(wanted, told.expected(agreed));
  const was = words.link === 'got' ? `${late}${words.was}` : late;
  return `; ${was} at frame ${came.frame}`;
}
