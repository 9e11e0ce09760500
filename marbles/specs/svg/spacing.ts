/**
 * How wide the time between two events is. Frames are evenly spaced where that fits the width wanted. Where it does
 * not, first more of the frames in which nothing happens are left out, then only those frames are wide that need
 * it, and at last the picture grows.
 */
export interface Room {
  readonly frame: number;
  /** What is needed to the left and to the right of where the frame stands. */
  readonly left: number;
  readonly right: number;
}

/** From each knot to the next: how wide it is, and whether frames are left out there. */
interface Spread {
  readonly widths: readonly number[];
  readonly broken: readonly boolean[];
}

/** What must be between two knots, by their numbers. */
interface Need {
  readonly from: number;
  readonly to: number;
  readonly width: number;
}

interface Limits {
  readonly least: number;
  readonly most: number;
}

type Rows = readonly (readonly Room[])[];

/** Where frames are left out, and what of that the mark takes. */
const gap = 44;
export const breakWidth = 12;
/** Between what stands in one row. */
export const clearance = 2;
/** How wide a frame can be. */
const steps = [52, 46, 40, 37, 34, 31, 28, 25, 22, 19, 16, 13, 10];
const [widest = 0, narrowest = 0] = [steps[0], steps.at(-1)];
/** How many frames in which nothing happens are drawn. */
const idles = [12, 8, 5, 3];

/** Spaces the knots: frames in which something happens, in order. */
export function spacing(knots: readonly number[], rows: Rows, { least, most }: Limits): Spread {
  const candidates = idles.map((idle) => new Candidate(knots, rows, idle));
  const fits = ({ widths }: Spread) => sum(widths) <= most;
  const attempts = [
    ...candidates.map((each) => () => each.even(most)),
    ...candidates.flatMap((each) => steps.map((step) => () => each.uneven(step))),
  ];
  let spread: Spread = { widths: [], broken: [] };
  for (const attempt of attempts) {
    spread = attempt();
    if (fits(spread)) break;
  }
  const width = sum(spread.widths);
  if (width === 0 || width >= least) return spread;
  return { ...spread, widths: spread.widths.map((each) => (each * least) / width) };
}

/** The ways to space the knots if longer pauses than `idle` frames are left out. */
class Candidate {
  private readonly lengths: readonly number[];
  private readonly broken: readonly boolean[];
  private readonly needs: readonly Need[];

  constructor(knots: readonly number[], rows: Rows, idle: number) {
    this.lengths = knots.slice(1).map((knot, index) => knot - (knots[index] ?? 0));
    this.broken = this.lengths.map((length) => length - 1 > idle);
    const numbers = new Map(knots.map((knot, index) => [knot, index]));
    const numberOf = ({ frame }: Room) => numbers.get(frame) ?? 0;
    const neighbours = rows.flatMap((row) =>
      row.slice(1).map((room, index): Need => {
        const previous = row[index] ?? room;
        const width = previous.right + clearance + room.left;
        return { from: numberOf(previous), to: numberOf(room), width };
      }),
    );
    const reach = (knot: number, side: 'left' | 'right') =>
      Math.max(0, ...rows.flat().map((room) => (numberOf(room) === knot ? room[side] : 0)));
    const marks = this.broken.flatMap((broken, from): Need[] => {
      const width = reach(from, 'right') + breakWidth + 4 * clearance + reach(from + 1, 'left');
      return broken ? [{ from, to: from + 1, width }] : [];
    });
    // The narrower a need is, the less choice it leaves.
    this.needs = [...neighbours, ...marks].sort((a, b) => a.to - a.from - (b.to - b.from));
  }

  /** Every frame as wide as the others, and as `most` allows. */
  even(most: number): Spread {
    const all = this.between(0, this.lengths.length);
    const steps = this.needs.map(({ from, to, width }) => {
      const { gaps, frames } = this.between(from, to);
      return frames === 0 ? 0 : (width - gaps) / frames;
    });
    const room = all.frames === 0 ? widest : (most - all.gaps) / all.frames;
    return this.uneven(Math.max(Math.min(widest, room), narrowest, ...steps));
  }

  /** Each frame `step` wide, or more where that is needed. */
  uneven(step: number): Spread {
    const { lengths, broken } = this;
    const widths = lengths.map((length, index) => (broken[index] ? gap : length * step));
    for (const { from, to, width } of this.needs) {
      const present = sum(widths.slice(from, to));
      if (present >= width) continue;
      for (let index = from; index < to; index++) {
        widths[index] = ((widths[index] ?? 0) * width) / present;
      }
    }
    return { widths, broken };
  }

  /** What lies between two knots: the width of gaps, and how many frames. */
  private between(from: number, to: number): { gaps: number; frames: number } {
    const drawn = this.lengths.slice(from, to).filter((_, index) => !this.broken[from + index]);
    return { gaps: gap * (to - from - drawn.length), frames: sum(drawn) };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
