import type { Track } from '../../diagram/track.js';

/** A line of the picture: what happened at one place of the flow, frame by frame. */
export type Row = Flow | Held | Dropped | Demand;

interface Line {
  /** Stands at the left: 'source', 'consumer takes', … */
  readonly label: string;
  readonly track: Track;
}

/** Values that pass: marbles on a line that begins where it is subscribed and stops where it ends. */
export interface Flow extends Line {
  /**
   * `input` is pushed, `pulled` is read on demand; a `notifier` says when, and its values do not matter, so
   * that they take no colour; a `task` has a row of its own.
   */
  readonly role: 'input' | 'pulled' | 'notifier' | 'task' | 'output';
}

/** A level: its track's values are numbers ≥ 0, each the level from its frame on. It begins at 0. */
export interface Held extends Line {
  readonly role: 'held';
  /** A dashed line. What is above it, parked, has a colour that warns. */
  readonly capacity?: number;
}

/** What was dropped: its track's values are {@link Drop}s. */
export interface Dropped extends Line {
  readonly role: 'dropped';
}

export interface Drop {
  readonly value: unknown;
  readonly reason: string;
}

/** When the consumer takes: what the track's values are does not matter. */
export interface Demand extends Line {
  readonly role: 'demand';
}

/** One run of one operator. It is read from top to bottom as values flow; time goes to the right. */
export interface Picture {
  readonly title: string;
  /** The call: `bufferedChannel(2)`. */
  readonly operator: string;
  /** Rows above the operator: what comes in, notifiers, tasks. */
  readonly above: readonly Row[];
  /** Rows below it: what it holds and drops, what goes out, and when the consumer takes. */
  readonly below: readonly Row[];
  /** How many frames it spans. It is longer where a row is. */
  readonly frames: number;
  readonly caption?: string;
  /** Values that have the colour of another, by what is shown of them: `{ A: 'a' }` where a task makes A of a. */
  readonly kin?: Readonly<Record<string, string>>;
}
