import type { Moment } from '../diagram/track.js';
import { UNCHANGED } from './drawing.js';
import { inspect } from './inspect.js';
import type { Drop } from '../flow/stage.js';
import type { Kept } from './recorded.js';

/** How one matcher speaks of what it expected, and of what there was. */
export interface Words {
  /** Follows on «expected». */
  readonly wanted: (moment: Moment, symbol: string) => string;
  /** Follows on `link`. */
  readonly came: (moment: Moment, symbol: string) => string;
  readonly link: 'got' | 'but';
  /** Follow on «nothing» or «nothing more». */
  readonly toBe: string;
  readonly was: string;
  /** Of what there may be several diagrams. */
  readonly each?: string;
}

/** A moment told by a noun. */
const noun = (moment: Moment, symbol: string): string => {
  switch (moment.kind) {
    case 'next':
      return symbol;
    case 'error':
      return `the error ${inspect(moment.error)}`;
    case 'complete':
      return 'completion';
    case 'subscribe':
      return 'a subscription';
    case 'unsubscribe':
      return 'an unsubscription';
  }
};

const nouns = (of: Words['came']): Words => ({
  wanted: of,
  came: of,
  link: 'got',
  toBe: '',
  was: ' came',
});

const PAUSES = /* @__PURE__ */ nouns((_, symbol) => (symbol === 'p' ? 'a pause' : 'a resume'));

const PULLS: Words = {
  wanted(moment, symbol) {
    if (moment.kind === 'next') return `${symbol} to be pulled`;
    if (moment.kind === 'error') return `a pull to fail with ${inspect(moment.error)}`;
    return moment.kind === 'complete' ? 'a pull to find the end' : 'the source to be let go';
  },
  came(moment, symbol) {
    if (moment.kind === 'next') return `${symbol} was pulled`;
    if (moment.kind === 'error') return `a pull failed with ${inspect(moment.error)}`;
    return moment.kind === 'complete' ? 'a pull found the end' : 'the source was let go';
  },
  link: 'but',
  toBe: ' to be pulled',
  was: ' was pulled',
  each: 'subscription',
};

const reasonOf = (moment: Moment): string => {
  const { reason } = (moment.kind === 'next' ? moment.value : {}) as Partial<Drop>;
  return reason === undefined ? '' : ` for ${inspect(reason)}`;
};

const DROPS: Words = {
  wanted: (moment, symbol) => `${symbol} to be dropped${reasonOf(moment)}`,
  came: (moment, symbol) => `${symbol} was dropped${reasonOf(moment)}`,
  link: 'but',
  toBe: ' to be dropped',
  was: ' was dropped',
};

const levelOf = (moment: Moment): string => (moment.kind === 'next' ? inspect(moment.value) : '');

/** Levels have a moment on both sides wherever they have one on either. */
const levelsOf = (name: 'held' | 'parked'): Words => ({
  ...nouns(levelOf),
  wanted: (moment, symbol) =>
    symbol === UNCHANGED ? `still ${levelOf(moment)} ${name}` : `${levelOf(moment)} ${name}`,
});

const spans = (begin: string, end: string, each: string): Words => ({
  ...nouns(({ kind }) => (kind === 'subscribe' ? begin : end)),
  each,
});

export const WORDS: Readonly<Record<Kept, Words>> = {
  emitted: /* @__PURE__ */ nouns(noun),
  pulled: PULLS,
  held: /* @__PURE__ */ levelsOf('held'),
  parked: /* @__PURE__ */ levelsOf('parked'),
  dropped: DROPS,
  paused: PAUSES,
  subscribed: /* @__PURE__ */ spans('a subscription', 'an unsubscription', 'subscription'),
  timers: /* @__PURE__ */ spans('a timer', 'the end of a timer', 'timer'),
};
