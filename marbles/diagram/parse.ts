import { check } from '../../src/check.js';
import type { Diagram, Mark } from './diagram.js';
import { MarbleSyntaxError } from './errors.js';
import { graphemes, isSymbol } from './graphemes.js';
import { Sequence } from './sequence.js';
import { kindOf, listed } from './signs.js';
import { timeAt, type Time } from './time.js';

/**
 * Reads a marble diagram, strictly: what it takes means the same in RxJS's `TestScheduler.run`, and
 * what RxJS would read as something else than it looks is an error that points to the place.
 *
 * - `-`: one frame, which is 1 ms. A space takes no time.
 * - `a`: a value. Any other grapheme is one too, and takes one frame: an emoji, a flag, a letter with
 *   its accents. It must be seen (the space is the only blank), and hold no special sign, but for the
 *   keycap of `#`.
 * - `|` completes, `#` fails, `^` subscribes, `!` unsubscribes; each takes one frame. Only idle frames
 *   follow a `|`, a `#` or a `!`.
 * - `(ab|)`: a group. All of it happens in the frame of its `(`, and time then moves on by as many
 *   frames as it has signs, parentheses included: 5.
 * - `10ms`, `1.5s`, `2m`: so much time passes; whole frames only. It stands between spaces, or at
 *   either end of the text. `1 s` are two values.
 *
 * In a diagram of values, `^` is frame 0, and what stands before it has negative frames. The diagram of
 * a subscription (`allowed` is `^!`) holds no values, and its frames count from its beginning.
 *
 * ```ts
 * import { parseMarbles } from 'rxjs-sluice/marbles';
 *
 * const { marks, length } = parseMarbles('-a 10ms (b|)');
 * console.log(marks.map(({ frame, kind }) => `${kind} at ${frame}`)); // [ 'next at 1', 'next at 12', 'complete at 12' ]
 * console.log(length); // 16
 * ```
 *
 * RxJS reads these otherwise, in silence. Everything else that is taken here and there has the same
 * notifications in the same frames.
 *
 * - A grapheme of several code points: there each is read by itself, one frame each. So a family is five
 *   values, and `#️⃣` an error and two values.
 * - A time at the very end, as in `-a 10ms`: letters, there, unless a space follows.
 * - A group before `^`: there each of its values has a frame of its own.
 * - `^` behind a space (but for leading ones), a time, or a sign of two UTF-16 units: there every frame
 *   is shifted, as it counts from the place of `^` in the text.
 * - `1.001s` are 1000.9999999999999 frames there, where it multiplies in floating point.
 *
 * And these are errors here, where RxJS goes on: a group that is empty, nested or not closed; a stray
 * `)`; `-` and times within a group, in which no time passes; a mark after the end; what looks like a
 * time and is read as letters, for want of a space (`-10ms-`, `10msa`); parts of a frame (`1.5ms`); `^`
 * within a group of values, after `!`, or twice; tabs, newlines and other signs that are not seen.
 *
 * @param text - the diagram.
 * @param allowed - which of the special marks `|`, `#`, `^` and `!` it may hold: `'|#'` for what is
 *   emitted (the default), `'|#^'` for a hot source, `'^!'` for a subscription, `'|#!'` for pulls, `''`
 *   for levels.
 * @throws {@link MarbleSyntaxError} where the text breaks the grammar.
 */
export function parseMarbles(text: string, allowed = '|#'): Diagram {
  check(typeof text === 'string', 'text', 'a string', text);
  check(
    typeof allowed === 'string' && /^[|#^!]*$/.test(allowed),
    'allowed',
    'a string of `|`, `#`, `^` and `!`',
    allowed,
  );
  return new Reader(text, allowed).read();
}

/**
 * Invariants:
 * - `cells` from `at` on, which begin at `position` of the text, are still to be read;
 * - `frame` counts from the beginning of the text, as do those of `marks`; `origin` is that of `^`;
 * - `group` is there while one is open: the frame of all that it holds.
 */
class Reader {
  private readonly cells: readonly string[];
  private at = 0;
  private position = 0;
  private frame = 0;
  private origin = 0;
  private group: number | undefined;
  private readonly marks: Mark[] = [];
  private readonly ofSubscription: boolean;
  private readonly sequence: Sequence;
  /** Those seen already: to look closely at a sign takes longer than to remember it. */
  private readonly symbols = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly allowed: string,
  ) {
    this.cells = graphemes(text);
    this.ofSubscription = allowed.includes('^') && allowed.includes('!') && !/[|#]/.test(allowed);
    this.sequence = new Sequence(this.ofSubscription);
  }

  read(): Diagram {
    for (let cell; (cell = this.cells[this.at]) !== undefined;) {
      const time = this.timeHere();
      if (time) this.pass(time);
      else this.take(cell);
    }
    if (this.group !== undefined) this.fail('`)` to close the group');
    const { marks, origin } = this;
    return {
      marks: origin === 0 ? marks : marks.map((mark) => ({ ...mark, frame: mark.frame - origin })),
      length: this.frame - origin,
    };
  }

  private take(cell: string): void {
    if (cell === '-') {
      if (this.group !== undefined) this.fail(NO_TIME);
    } else if (cell === '(') this.open();
    else if (cell === ')') this.close();
    else if (cell !== ' ') this.mark(cell);
    this.advance(cell, 1, cell === ' ' ? 0 : 1);
  }

  private open(): void {
    if (this.group !== undefined) this.fail('`)` before another group');
    if (this.sequence.onlyIdle) this.fail(this.sequence.onlyIdle);
    this.group = this.frame;
  }

  private close(): void {
    if (this.group === undefined) this.fail('`(` to open a group first');
    if (this.marks.at(-1)?.frame !== this.group) this.fail('a symbol in the group');
    this.group = undefined;
  }

  private mark(symbol: string): void {
    const kind = kindOf(symbol);
    const { frame, group, allowed } = this;
    if (kind === 'next') this.checkSymbol(symbol);
    else if (!allowed.includes(symbol)) {
      this.fail(`no special mark ${allowed && `but ${listed(allowed)} `}here`);
    }
    const objection = this.sequence.admit(kind, group !== undefined);
    if (objection !== undefined) this.fail(objection);
    if (kind === 'subscribe' && !this.ofSubscription) this.origin = frame;
    const at = group ?? frame;
    this.marks.push(kind === 'next' ? { frame: at, kind, symbol } : { frame: at, kind });
  }

  private checkSymbol(symbol: string): void {
    if (this.symbols.has(symbol)) return;
    if (!isSymbol(symbol)) this.fail('a sign that is seen, or a space');
    this.symbols.add(symbol);
  }

  /** The time progression that begins here, or what looks like one. */
  private timeHere(): Time | undefined {
    const { cells, at } = this;
    // What follows a row of digits decides on it, so that it is tried but once.
    if (!isDigit(cells[at]) || isDigit(cells[at - 1])) return undefined;
    const time = timeAt(this.text, this.position);
    // A letter with an accent is no unit.
    const last = time && cells[at + time.text.length - 1];
    return last === time?.text.at(-1) ? time : undefined;
  }

  private pass({ text, frames }: Time): void {
    if (this.group !== undefined) this.fail(NO_TIME);
    if (!isEdge(this.cells[this.at - 1])) {
      this.fail('a space before the time, or within it for values');
    }
    if (frames === undefined) this.fail('whole milliseconds, as each is a frame');
    this.advance(text, text.length, frames);
    if (!isEdge(this.cells[this.at])) this.fail('a space after the time');
  }

  /** Leaves what was read behind, and so many frames. */
  private advance(read: string, cells: number, frames: number): void {
    if (this.frame + frames > Number.MAX_SAFE_INTEGER) {
      this.fail(`at most ${Number.MAX_SAFE_INTEGER} frames`);
    }
    this.frame += frames;
    this.at += cells;
    this.position += read.length;
  }

  private fail(expected: string): never {
    throw new MarbleSyntaxError(this.text, this.position, expected);
  }
}

const NO_TIME = 'a symbol or `)`, as no time passes within a group';

const isDigit = (cell: string | undefined): boolean => cell !== undefined && /^\d$/.test(cell);

const isEdge = (cell: string | undefined): boolean => cell === undefined || cell === ' ';
