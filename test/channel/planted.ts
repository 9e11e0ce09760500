import type { Change } from '../support/library-copy.js';
import type { Kind } from './subject.js';

/** The library with one thing wrong with it. */
export interface Planted {
  /** What the broken thing does. */
  readonly title: string;
  readonly change: Change;
  /** The policy under which it shows; 'block' where nothing is said. */
  readonly overflow?: Kind['overflow'];
  /**
   * Of which channels the explorer finds it, and how many operations the shortest program has that shows
   * it, before the channels are closed and drained. It has no words for producers, for time, for what
   * happens within a turn of the event loop, or for cases that are nil.
   */
  readonly explored?: Explored;
}

export interface Explored {
  readonly kinds: readonly Kind[];
  readonly operations: number;
}

export const kind = (capacity: number, overflow: Kind['overflow'] = 'block'): Kind => ({
  capacity,
  overflow,
});

export const from = (operations: number, ...kinds: Kind[]): Explored => ({ kinds, operations });

/** Plants in this file; `find` stands there once. */
export const inFile =
  (file: Change['file']) =>
  (
    title: string,
    [find, put]: readonly [string, string],
    where: Pick<Planted, 'overflow' | 'explored'> = {},
  ): Planted => ({ title, change: { file, find, put }, ...where });
