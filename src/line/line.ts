import { checkFunction, checkOneOf } from '../check.js';
import { ChannelOverflowError } from '../errors.js';
import { Ring } from './ring.js';
import { report } from '../callbacks.js';

/**
 * What happens to a value that comes although there is no place for it. Every policy shows demand,
 * so a source that can wait waits under each of them; only what comes all the same meets it.
 *
 * - `'block'`: it waits its turn. In a channel its `send` waits; in a stage it is *parked*, up to
 *   `maxParked`, and then the stage fails with `ChannelOverflowError`.
 * - `'drop-oldest'`: the oldest held value goes.
 * - `'drop-newest'`: the arriving value goes.
 * - `'error'`: `ChannelOverflowError`.
 */
export type Overflow = 'block' | 'drop-oldest' | 'drop-newest' | 'error';

/** Why a value was not delivered. */
export type DropReason = 'overflow' | 'unsubscribed' | 'error' | 'task-error' | 'cancelled';

/** Hears of each value that is not delivered, exactly once. */
export type OnDrop<T> = (value: T, reason: DropReason) => void;

/** `T`, but not a place to infer it from: a callback that takes more than `T` does not widen `T`. */
export type Given<T> = [T][T extends unknown ? 0 : never];

/** What becomes of the values that a line cannot take or pass on. */
export interface LineOptions<T> {
  /** What happens to a value that finds no place. Default `'block'`. */
  readonly overflow?: Overflow | undefined;
  /** Hears of each value that is not delivered, once, with the reason. */
  readonly onDrop?: OnDrop<Given<T>> | undefined;
}

export function checkLineOptions(options: LineOptions<never>): void {
  checkOneOf('overflow', options.overflow, 'block', 'drop-oldest', 'drop-newest', 'error');
  checkFunction('onDrop', options.onDrop, true);
}

/** The default of `maxParked`. */
export const MAX_PARKED = 65_536;

/**
 * The machine under every channel and every stage: the values that wait, the policy for those that
 * find no place, and the counts.
 *
 * Invariants:
 * - values stand in the order in which they came, parked ones behind the others;
 * - every value that came was taken out, was dropped, or stands here.
 */
export class Line<T> extends Ring<T> {
  arrived = 0;
  dropped = 0;

  constructor(
    private readonly overflow: Overflow,
    /** How many more than find a place may stand here. */
    readonly maxParked: number,
    private readonly onDrop: OnDrop<T> | undefined,
  ) {
    super();
  }

  /**
   * Puts `value` in line, where there are `places` of them in all; one that finds none meets the
   * policy. Returns the error if the policy is to fail: `value` is then dropped.
   */
  put(value: T, places: number, note?: unknown): ChannelOverflowError | undefined {
    const { length, overflow } = this;
    const parks = overflow === 'block';
    if (length < places || (parks && this.mayPark(places))) {
      this.add(value, note);
      return undefined;
    }
    let victim = value;
    if (overflow === 'drop-oldest' && places > 0) {
      victim = this.take();
      this.add(value, note);
    }
    this.drop(victim, 'overflow');
    return parks || overflow === 'error'
      ? new ChannelOverflowError(length, places, value)
      : undefined;
  }

  take(): T {
    return this.shift();
  }

  drop(value: T, reason: DropReason): void {
    this.dropped++;
    this.onDrop?.(value, reason);
  }

  /**
   * Drops all that stands here. Where `onDrop` throws, the rest is dropped all the same; what more it throws is
   * the host's.
   */
  clear(reason: DropReason): void {
    let failure: { readonly error: unknown } | undefined;
    while (this.length > 0) {
      try {
        this.drop(this.take(), reason);
      } catch (error) {
        if (failure) report(error);
        else failure = { error };
      }
    }
    if (failure) throw failure.error;
  }

  /** Whether one more may stand here without a place. */
  protected mayPark(places: number): boolean {
    return this.length - places < this.maxParked;
  }

  protected add(value: T, _note: unknown): void {
    this.push(value);
  }
}
