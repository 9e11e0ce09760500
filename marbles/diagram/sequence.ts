import type { Kind } from './diagram.js';
import { SIGNS, listed } from './signs.js';

/**
 * The rules of what may follow what in a diagram, which reading and writing share:
 * - nothing but idle frames follows a `|`, a `#` or a `!`;
 * - `^` comes once;
 * - a subscription diagram holds no values; in any other the frames count from `^`, which therefore
 *   stands for itself, outside of groups (RxJS counts from its place in the text).
 */
export class Sequence {
  private ended: Exclude<Kind, 'next' | 'subscribe'> | undefined;
  private subscribed = false;

  constructor(private readonly ofSubscription: boolean) {}

  /** Takes the next mark; where it cannot come here, says what was expected in its place. */
  admit(kind: Kind, grouped: boolean): string | undefined {
    const objection = this.objection(kind, grouped);
    if (objection === undefined) {
      if (kind === 'subscribe') this.subscribed = true;
      else if (kind !== 'next') this.ended = kind;
    }
    return objection;
  }

  /** What is expected instead of anything that is not idle, if the end was seen. */
  get onlyIdle(): string | undefined {
    return this.ended && `only idle frames after ${listed(SIGNS[this.ended])}`;
  }

  private objection(kind: Kind, grouped: boolean): string | undefined {
    if (kind === 'subscribe' && this.subscribed) return 'no second `^`';
    if (kind === 'subscribe' && this.ended === 'unsubscribe') return '`^` before `!`';
    if (kind === 'unsubscribe' && this.ended === kind) return 'no second `!`';
    if (this.ended) return this.onlyIdle;
    if (kind === 'next' && this.ofSubscription) return 'only `^` and `!` in a subscription diagram';
    if (kind === 'subscribe' && grouped && !this.ofSubscription) {
      return '`^` outside of groups, as frames count from it';
    }
    return undefined;
  }
}
