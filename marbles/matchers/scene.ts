import { isSymbol } from '../diagram/graphemes.js';
import { SIGNS } from '../diagram/signs.js';
import { LONG } from '../diagram/time.js';
import type { Moment, Track } from '../diagram/track.js';
import { ERROR } from '../flow/script.js';
import type { Claim, Pair, Parting } from './claim.js';
import { UNCHANGED } from './drawing.js';
import { Excerpt, type Place } from './excerpt.js';
import { inspect } from './inspect.js';
import type { Row } from './layout.js';
import type { Meaning } from './legend.js';
import type { Told } from './sentence.js';
import { NAMELESS, Symbols } from './symbols.js';

/** How many subscriptions are shown, and how many of these before the one that matters. */
const PAIRS = 5;
const LEAD = 1;

/** One track in a picture. */
export interface Side {
  readonly label: string;
  readonly expected: boolean;
  /** Its pair in the claim. */
  readonly pair: number;
  readonly track: Track;
  readonly excerpt: Excerpt;
  readonly symbolOf: (index: number) => string;
}

/** What a picture of a claim shows: the tracks around the place that matters, and a symbol for each moment. */
export class Scene {
  /** Where the claim fails, or where its tracks begin. */
  readonly place: Place;
  readonly sides: readonly Side[];
  /** The row of each side. */
  readonly rows: readonly Row[];
  /** The first frame of all, and the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Between these frames none of the rows leaves anything out. */
  readonly from: number;
  readonly to: number;
  /** How many subscriptions are left out before and after those shown. */
  readonly pairsLeftOut: readonly [before: number, after: number];
  private readonly symbols: Symbols;

  constructor(
    private readonly claim: Claim,
    private readonly parting: Parting | undefined,
  ) {
    const { pairs } = claim;
    const first = pairs[0]?.actual.moments[0]?.frame ?? 0;
    this.place = parting
      ? { frame: parting.frame, index: parting.agreed }
      : { frame: first, index: 0 };
    const from = Math.max(0, Math.min((parting?.pair ?? 0) - LEAD, pairs.length - PAIRS));
    const to = Math.min(pairs.length, from + PAIRS);
    this.pairsLeftOut = [from, pairs.length - to];
    this.symbols = new Symbols(this.named(), claim.equals, claim.own);
    this.sides = pairs.slice(from, to).flatMap((pair, index) => this.sidesOf(pair, from + index));
    this.nameValues();
    const excerpts = this.sides.map(({ excerpt }) => excerpt);
    this.start = Math.min(0, ...excerpts.map(({ start }) => start));
    this.end = Math.max(1, ...excerpts.map(({ end }) => end));
    // An idle end is shown as it was drawn, if it is short.
    const drawn = Math.max(...pairs.slice(from, to).map(({ expected }) => expected.length));
    if (drawn > this.end && drawn - this.end < LONG) this.end = drawn;
    this.from = Math.max(...excerpts.map(({ from }) => from));
    if (this.from === -Infinity) this.from = this.start;
    this.to = Math.min(this.end, ...excerpts.map(({ to }) => to));
    this.rows = this.sides.map(({ excerpt, symbolOf }) =>
      excerpt.row(this.from, this.to, symbolOf),
    );
  }

  /** The symbols of the pair in which the claim fails. */
  get told(): Told {
    const of = (expected: boolean) =>
      this.sides.find((side) => side.pair === this.parting?.pair && side.expected === expected);
    const nothing = () => '';
    return { expected: of(true)?.symbolOf ?? nothing, actual: of(false)?.symbolOf ?? nothing };
  }

  /** The symbols of the two moments at which the claim fails, where both carry something. */
  get contrast(): readonly string[] {
    if (this.parting === undefined) return [];
    const { agreed } = this.parting;
    const { expected, actual } = this.told;
    return [expected(agreed), actual(agreed)];
  }

  /** What the symbols in these frames stand for, as far as they do not say it themselves. */
  meanings(frames: readonly number[]): Meaning[] {
    const shown = new Set<string>();
    const failures: Meaning[] = [];
    for (const frame of frames) {
      for (const { excerpt, symbolOf, track, expected } of this.sides) {
        for (const index of excerpt.shown(frame)) {
          const moment = track.moments[index] as Moment;
          if (moment.kind === 'next') shown.add(symbolOf(index));
          // The sentence tells those at which the claim fails.
          const told = frame === this.parting?.frame || expected;
          if (moment.kind === 'error' && !told && moment.error !== ERROR) {
            failures.push({ symbol: SIGNS.error, value: moment.error });
          }
        }
      }
    }
    const told = [...shown].filter((symbol) => this.symbols.needsWords(symbol));
    // `1 = '1'` needs to be said beside `a = 1`.
    const looks = new Set(told.map((symbol) => inspect(this.symbols.meaningOf(symbol))));
    const all = [...shown].filter((symbol) => told.includes(symbol) || looks.has(symbol));
    const meanings = all.map((symbol) => ({ symbol, value: this.symbols.meaningOf(symbol) }));
    const rest = {
      symbol: NAMELESS,
      value: undefined,
      words: 'values for which no letter is left',
    };
    return [...meanings, ...failures, ...(shown.has(NAMELESS) ? [rest] : [])];
  }

  private sidesOf({ expected, actual }: Pair, pair: number): Side[] {
    const { parting, place, claim } = this;
    const number = claim.pairs.length > 1 ? ` ${pair + 1}` : '';
    const agreed = parting?.pair === pair ? parting.agreed : Infinity;
    const symbolOf = (index: number): string => {
      const moment = actual.moments[index];
      if (moment?.kind !== 'next') return moment === undefined ? '' : SIGNS[moment.kind];
      const symbol = index < agreed ? expected.symbols[index] : undefined;
      return symbol !== undefined && symbol !== UNCHANGED
        ? symbol
        : this.symbols.of(claim.drawn(moment.value));
    };
    const sides: Side[] = [
      {
        label: `actual${number}`,
        expected: false,
        pair,
        track: actual,
        excerpt: new Excerpt(actual, place),
        symbolOf,
      },
    ];
    if (parting === undefined) return sides;
    sides.unshift({
      label: `expected${number}`,
      expected: true,
      pair,
      track: expected,
      excerpt: new Excerpt(expected, place),
      symbolOf: (index) => expected.symbols[index] ?? '',
    });
    return sides;
  }

  /** What letters stand for in the expectation. */
  private named(): Map<string, unknown> {
    const { pairs, named, drawn } = this.claim;
    const letters = new Map<string, unknown>();
    for (const { expected } of pairs) {
      expected.moments.forEach((moment, index) => {
        const symbol = expected.symbols[index];
        if (moment.kind !== 'next' || symbol === undefined || symbol === UNCHANGED) return;
        letters.set(symbol, drawn(moment.value));
      });
    }
    for (const [name, value] of Object.entries(named)) if (isSymbol(name)) letters.set(name, value);
    return letters;
  }

  /** Names what came, that at which the claim fails before all else. */
  private nameValues(): void {
    for (const { track, excerpt, expected } of this.sides) {
      if (expected) continue;
      const values = (indexes: Iterable<number>) =>
        Array.from(indexes, (index) => track.moments[index]).flatMap((moment) =>
          moment?.kind === 'next' ? [this.claim.drawn(moment.value)] : [],
        );
      this.symbols.nameAll(values(excerpt.shown()), values(excerpt.shown(this.place.frame)));
    }
  }
}
