import type { Values } from '../flow/script.js';
import type { DropReasons } from './drawing.js';
import type { RunnerColours } from './paint.js';

/** What a matcher uses of the runner that calls it. */
export interface MatcherContext {
  equals(actual: unknown, expected: unknown, testers?: readonly unknown[]): boolean;
  /** Those of `expect.addEqualityTesters`. */
  readonly customTesters?: readonly unknown[];
  readonly utils?: RunnerColours & { readonly iterableEquality?: unknown };
}

/** What a matcher answers. */
export interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/**
 * What {@link marbleMatchers} add to `expect(…)`. Merge it into the types of your runner, once. vitest:
 *
 * ```typescript
 * import 'vitest';
 * import type { MarbleMatchers } from 'rxjs-sluice/marbles';
 *
 * declare module 'vitest' {
 *   interface Matchers<T = any> extends MarbleMatchers<T> {}
 * }
 * ```
 *
 * jest, where `expect` comes from `@jest/globals`:
 *
 * ```typescript
 * import type { MarbleMatchers } from 'rxjs-sluice/marbles';
 *
 * declare module 'expect' {
 *   interface Matchers<R extends void | Promise<void>, T = unknown> extends MarbleMatchers<R> {}
 * }
 * ```
 *
 * jest, where it is a global of `@types/jest`:
 *
 * ```typescript
 * import type { MarbleMatchers } from 'rxjs-sluice/marbles';
 *
 * declare global {
 *   namespace jest {
 *     interface Matchers<R, T = {}> extends MarbleMatchers<R> {}
 *   }
 * }
 * ```
 */
export interface MarbleMatchers<R = void> {
  /**
   * An output emitted this, and nothing else: `expect(output).toHaveEmitted('--a--(b|)')`.
   *
   * @param values - what letters stand for, where not for themselves; compared as by `toEqual`.
   * @param error - what `#` stands for; `'error'` where absent, as in RxJS.
   */
  toHaveEmitted(marbles: string, values?: Values<unknown>, error?: unknown): R;
  /**
   * A source was pulled so: `expect(source).toHavePulled('(ab)--c--|')`. A letter stands in the frame in
   * which its value was asked for; `|` where a pull found the end, `#` where it failed, `!` where the source
   * was let go before its end. An array is of several subscriptions, in the order in which they began.
   */
  toHavePulled(marbles: string | readonly string[], values?: Values<unknown>, error?: unknown): R;
  /**
   * A stage held so many values: `expect(stage).toHaveHeld('2--1--0')`. A digit is the level at the end of
   * that frame; where none stands, the level is as it was before, and 0 at first.
   *
   * @param levels - levels above 9, by letter: `{ a: 12 }`.
   */
  toHaveHeld(marbles: string, levels?: Values<number>): R;
  /** So many of the values that a stage held were parked; drawn as for `toHaveHeld`. */
  toHaveParked(marbles: string, levels?: Values<number>): R;
  /**
   * A stage dropped these values, and for these reasons: `expect(stage).toHaveDropped('--a-b', 'overflow')`,
   * or `{ a: 'overflow', rest: 'error' }`. `''` is none.
   *
   * @param reasons - absent: each may be for any reason.
   */
  toHaveDropped(marbles: string, reasons?: DropReasons, values?: Values<unknown>): R;
  /** A source was paused at each `p` and resumed at each `r`: `expect(socket).toHavePaused('--p---r')`. */
  toHavePaused(marbles: string): R;
  /**
   * A source was subscribed so: `expect(source).toHaveSubscribed('-^---!')`, or an array of such texts, in
   * the order in which the subscriptions began. `[]`, or a text without `^`, is none.
   */
  toHaveSubscribed(marbles: string | readonly string[]): R;
  /**
   * A stage set these timers: `expect(stage).toHaveTimers(['^--!', '----^--!'])`, each from when it was set
   * until it rang or was stopped; drawn as in {@link toHaveSubscribed}.
   */
  toHaveTimers(marbles: string | readonly string[]): R;
}

/** The matchers as a runner calls them. */
export type CallableMatchers = {
  readonly [K in keyof MarbleMatchers]: (
    this: MatcherContext,
    received: unknown,
    ...expected: Parameters<MarbleMatchers[K]>
  ) => MatcherResult;
};
