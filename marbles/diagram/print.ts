import { check, checkInteger } from '../../src/check.js';
import type { Diagram, Mark } from './diagram.js';
import { isSymbol, merge } from './graphemes.js';
import { Sequence } from './sequence.js';
import { SIGNS, SPECIAL } from './signs.js';
import { LONG, shortestTime } from './time.js';

/**
 * Writes a diagram as text: what {@link parseMarbles} reads back as the same diagram, and the same text
 * for the same diagram, whatever it was read from.
 *
 * Marks of one frame stand in a group, 20 idle frames and more are written as a time between spaces
 * (RxJS wants the one behind it even at the end). A space also parts what would otherwise be read as one:
 * two halves of a flag, or the values `1` and `s`.
 *
 * ```ts
 * import { parseMarbles, printMarbles } from 'rxjs-sluice/marbles';
 *
 * console.log(printMarbles(parseMarbles('-a-(b)---(c|) '))); // -a-b-----(c|)
 * console.log(printMarbles(parseMarbles('a 1000ms 500ms b|'))); // a 1.5s b|
 * ```
 *
 * @param diagram - of values, in which a `^` is at frame 0, or of a subscription: `^` and `!` alone.
 * @throws RangeError for what no text can say: marks out of order, or in the frames that a group before
 *   them takes (two more than it has marks); anything after the end; a negative frame without `^`; a
 *   symbol that is not one grapheme, cannot be seen or is a special sign; a `length` in which the marks
 *   find no room.
 */
export function printMarbles(diagram: Diagram): string {
  check(Array.isArray((Object(diagram) as Diagram).marks), 'diagram', 'a Diagram', diagram);
  return new Writer(diagram).write();
}

/**
 * Invariants:
 * - `text` says what happens before `frame`, the first frame that is still free;
 * - `last` is the sign with which it ends, or empty where that is idle.
 */
class Writer {
  private text = '';
  private last = '';
  private frame: number;
  private readonly marks: readonly Mark[];
  private readonly sequence: Sequence;
  /** Whether frames count from a `^`. */
  private readonly fromCaret: boolean;
  /** Those seen already: to look closely at a sign takes longer than to remember it. */
  private readonly symbols = new Set<string>();

  constructor(private readonly diagram: Diagram) {
    this.marks = diagram.marks;
    const ofSubscription = this.marks.every(
      ({ kind }) => kind === 'subscribe' || kind === 'unsubscribe',
    );
    this.sequence = new Sequence(ofSubscription);
    this.fromCaret = !ofSubscription && this.marks.some(({ kind }) => kind === 'subscribe');
    this.frame = this.fromCaret ? Math.min(0, this.marks[0]?.frame ?? 0) : 0;
  }

  write(): string {
    const first = this.frame;
    for (let index = 0; index < this.marks.length;) index = this.happen(index);
    const { length } = this.diagram;
    checkInteger('diagram.length', length, this.frame);
    const inAll = length - first;
    const most = Number.MAX_SAFE_INTEGER;
    check(inAll <= most, 'diagram', `at most ${most} frames long`, inAll, RangeError);
    this.idle(length - this.frame);
    return this.text;
  }

  /** Writes all that happens in the frame of one mark; returns the index of what comes later. */
  private happen(index: number): number {
    const { marks } = this;
    const frame = this.frameOf(index);
    let end = index + 1;
    while (marks[end]?.frame === frame) end++;
    const grouped = end - index > 1;

    this.idle(frame - this.frame);
    if (grouped) this.put('(');
    for (let i = index; i < end; i++) this.put(this.signOf(i, grouped));
    if (grouped) this.put(')');
    this.frame = frame + (grouped ? end - index + 2 : 1);
    return end;
  }

  private idle(frames: number): void {
    if (frames === 0) return;
    const gap = this.text === '' ? '' : ' ';
    this.text += frames < LONG ? '-'.repeat(frames) : `${gap}${shortestTime(frames)} `;
    this.last = '';
  }

  private put(sign: string): void {
    if (isUnitOf(this.last, sign) || merge(this.last, sign)) this.text += ' ';
    this.text += sign;
    this.last = sign;
  }

  /** The frame of a mark, if that is one that it can have. */
  private frameOf(index: number): number {
    const { kind, frame } = this.marks[index] as Mark;
    const name = `diagram.marks[${index}].frame`;
    const least =
      index > 0
        ? `an integer ≥ ${this.frame}, where the marks before it end`
        : this.fromCaret
          ? 'an integer'
          : 'an integer ≥ 0, unless a `^` at 0 comes later';
    const ok = Number.isSafeInteger(frame) && frame >= this.frame;
    check(ok, name, least, frame, RangeError);
    if (this.fromCaret && kind === 'subscribe') {
      const zero = '0, as frames count from `^` in a diagram of values';
      check(frame === 0, name, zero, frame, RangeError);
    }
    return frame;
  }

  /** The sign of a mark, if it can come next. */
  private signOf(index: number, grouped: boolean): string {
    const mark = this.marks[index] as Mark;
    const { kind } = mark;
    const name = `diagram.marks[${index}]`;
    check(kind === 'next' || Object.hasOwn(SIGNS, kind), `${name}.kind`, 'a kind of mark', kind);
    const objection = this.sequence.admit(kind, grouped);
    check(objection === undefined, `${name}.kind`, `in place (${objection})`, kind, RangeError);
    return kind === 'next' ? this.symbolOf(mark, `${name}.symbol`) : SIGNS[kind];
  }

  private symbolOf({ symbol }: Extract<Mark, { kind: 'next' }>, name: string): string {
    const ok = this.symbols.has(symbol) || (typeof symbol === 'string' && isSymbol(symbol));
    const what = `one grapheme that is seen and holds none of \`${SPECIAL}\``;
    check(ok, name, what, symbol, RangeError);
    this.symbols.add(symbol);
    return symbol;
  }
}

/** Whether a value would be read as the unit of a time that ends with another. */
const isUnitOf = (digit: string, unit: string): boolean =>
  /^\d$/.test(digit) && (unit === 'm' || unit === 's');
