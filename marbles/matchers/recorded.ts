import { check } from '../../src/check.js';
import type { Track } from '../diagram/track.js';

/** Something that a flow recorded. */
export interface Recorded {
  /** False while the flow has not run to its end. */
  readonly over: boolean;
}

/** What an Observable emitted: next, complete, error. */
export interface RecordedOutput extends Recorded {
  readonly emitted: Track;
}

/**
 * How a source was pulled. A pull stands in the frame in which it was asked for: next with what was
 * pulled, complete where the source had ended, error where it failed. `unsubscribe` is where it was let
 * go before its end.
 */
export interface RecordedPulls extends Recorded {
  readonly pulled: readonly Track[];
}

/** The levels of a stage, and what it dropped. */
export interface RecordedStage extends Recorded {
  /** False where no operator that was subscribed took it: then nothing can be said of it. */
  readonly used?: boolean;
  /** How many values it holds: next with a number for each frame at whose end that has changed; 0 at first. */
  readonly held: Track;
  /** How many of these are parked, in the same way. */
  readonly parked: Track;
  /** next with `{ value, reason }` for each value dropped. */
  readonly dropped: Track;
  /** Its timers, in order: each is subscribe where it was set and, where it rang or was stopped, unsubscribe. */
  readonly timers: readonly Track[];
}

/** When something was paused and resumed: next with `p` or `r`. */
export interface RecordedPauses extends Recorded {
  readonly paused: Track;
}

/** The subscriptions to an Observable, in order: each is subscribe and, where it ended, unsubscribe. */
export interface RecordedSubscriptions extends Recorded {
  readonly subscribed: readonly Track[];
}

type Every = RecordedOutput &
  RecordedPulls &
  RecordedStage &
  RecordedPauses &
  RecordedSubscriptions;

const STAGE = ['stage', 'a stage of a flow, as `stage()` makes it'] as const;

/** Who has each record: what matchers call it, and what makes it. */
const OWNERS = {
  emitted: ['output', 'what `record(…)` gives in a flow'],
  pulled: ['source', 'a source of a flow that waits, as `pull(…)` makes it'],
  held: STAGE,
  parked: STAGE,
  dropped: STAGE,
  timers: STAGE,
  paused: ['source', 'a source of a flow that can be paused, as `pausable(…)` makes it'],
  subscribed: [
    'source',
    'a source of a flow, as `pull(…)`, `hot(…)`, `cold(…)` or `pausable(…)` makes it',
  ],
} as const;

/** What a matcher looks at, by the name under which it is recorded. */
export type Kept = keyof typeof OWNERS;

/** What a matcher calls that which has the record. */
export const subjectOf = (kept: Kept): string => OWNERS[kept][0];

/** The record of that kind that `received` has. @throws where it has none, or where its flow still runs. */
export function recordOf<K extends Kept>(received: unknown, kept: K): Every[K] {
  const [name, what] = OWNERS[kept];
  check(Object(received) === received && kept in Object(received), name, what, received);
  const { over, used = true, [kept]: record } = received as Every;
  if (!over) {
    throw new Error(
      `Expected the flow to have run to its end: \`${name}\` is still being recorded, so assert after flow(…) returns`,
    );
  }
  if (!used) {
    throw new Error(
      `Expected \`${name}\` to have been given to an operator that was subscribed: nobody took it, so that it has seen nothing`,
    );
  }
  return record;
}
