import { Tally } from '../../src/line/tallied-line.js';
import type { Metered } from '../stage/meter.js';

/**
 * What a meter reads off a connection: it counts copies, one of each value for each subscriber.
 *
 * Invariant: received = delivered + dropped + held, whenever foreign code runs.
 */
export class Copies extends Tally implements Metered {
  received = 0;
  delivered = 0;
  dropped = 0;
  maxHeld = 0;
  linked = false;
  /** Those who subscribe now, or did until the last of them left. */
  private subscribers = 0;

  get held(): number {
    return this.waiting;
  }
  get capacity(): number {
    return this.places * this.subscribers;
  }

  noteHeld(): void {
    if (this.waiting > this.maxHeld) this.maxHeld = this.waiting;
  }

  noteSubscribers(all: readonly { readonly linked: boolean }[]): void {
    if (all.length === 0) return;
    this.subscribers = all.length;
    this.linked = all.every(({ linked }) => linked);
  }
}
