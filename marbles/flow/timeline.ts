import type { Subscription } from 'rxjs';

/** The virtual time of one flow. */
export interface Timeline {
  /** The frame that it is now: one frame is a millisecond. */
  now(): number;
  /** Runs `action` once, `delay` frames from now. */
  after(delay: number, action: () => void): Subscription;
  /** Runs `action` when the flow starts: all that it consists of is there then. */
  onStart(action: () => void): void;
  /** The flow is to fail with this, whatever becomes of it. The first counts. */
  fail(error: unknown): void;
  /** Whether the flow has run to its end. What happens then is not recorded. */
  readonly over: boolean;
}
