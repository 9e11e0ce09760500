import type { Track } from '../diagram/track.js';
import type { Cell, Row } from './layout.js';
import { ELLIPSIS } from './symbols.js';

/** A place in a track: the frame, and the moment in it that matters. */
export interface Place {
  readonly frame: number;
  readonly index: number;
}

/** How many moments to either side of a place are looked at: more than a line has room for. */
const NEARBY = 100;
/** How many moments of one frame are shown, and how many of these before the place. */
const GROUP = 30;
const LEAD = 10;

/** The moments of one frame: from `from` until `to`, of which those from `first` until `last` are shown. */
interface Group {
  readonly frame: number;
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** As much of a track as a picture around one place may show. */
export class Excerpt {
  /** The first frame in which something stands, and the one after the last; `Infinity` and its negative. */
  readonly start: number;
  readonly end: number;
  /** Between these frames it leaves out none in which something stands. */
  readonly from: number;
  readonly to: number;
  /** The frame from which nothing can come any more. */
  readonly over: number;
  private readonly groups: readonly Group[];

  constructor({ moments }: Track, place: Place) {
    const all = groupsOf(moments, place);
    const at = all.findIndex(({ frame }) => frame >= place.frame);
    const centre = at === -1 ? all.length : at;
    const first = centre - countNearby(all.slice(0, centre).reverse());
    const end = centre + countNearby(all.slice(centre));
    this.groups = all.slice(first, end);
    this.from = first === 0 ? -Infinity : (all[first] as Group).frame;
    this.to = all[end]?.frame ?? Infinity;
    const last = all.at(-1);
    this.start = all[0]?.frame ?? Infinity;
    this.end = last === undefined ? -Infinity : last.frame + spanOf(last);
    const ended = ['complete', 'error', 'unsubscribe'].includes(moments.at(-1)?.kind ?? '');
    this.over = ended ? this.end : Infinity;
  }

  /** The moments that it shows, in order; those of one frame alone where it is given. */
  *shown(only?: number): Generator<number> {
    for (const { frame, first, last } of this.groups) {
      if (only !== undefined && only !== frame) continue;
      for (let index = first; index < last; index++) yield index;
    }
  }

  /** What it shows from one frame until another, each moment told by its symbol. */
  row(from: number, to: number, symbolOf: (index: number) => string): Row {
    const groups = this.groups.filter(({ frame }) => frame >= from && frame < to);
    return { cells: groups.map((group) => cellOf(group, symbolOf)), end: this.over };
  }
}

function groupsOf(moments: Track['moments'], place: Place): Group[] {
  const groups: Group[] = [];
  for (let from = 0, to = 0; from < moments.length; from = to) {
    const frame = moments[from]?.frame as number;
    while (moments[to]?.frame === frame) to++;
    const wished = frame === place.frame ? place.index - LEAD : from;
    const first = Math.max(from, Math.min(wished, to - GROUP));
    groups.push({ frame, from, to, first, last: Math.min(to, first + GROUP) });
  }
  return groups;
}

/** How many groups, from the nearest on, hold so many moments. */
function countNearby(groups: readonly Group[]): number {
  let moments = 0;
  const enough = groups.findIndex(({ first, last }) => (moments += last - first) > NEARBY);
  return enough === -1 ? groups.length : enough + 1;
}

function cellOf(group: Group, symbolOf: (index: number) => string): Cell {
  const { frame, from, to, first, last } = group;
  const symbols = Array.from({ length: last - first }, (_, index) => symbolOf(first + index));
  const before = first > from ? ELLIPSIS : '';
  const after = last < to ? ELLIPSIS : '';
  const text = to - from === 1 ? symbols.join('') : `(${before}${symbols.join('')}${after})`;
  return { frame, text, span: spanOf(group) };
}

function spanOf({ from, to, first, last }: Group): number {
  return to - from === 1 ? 1 : last - first + Number(first > from) + Number(last < to) + 2;
}
