import type { Subscription } from 'rxjs';

/** The virtual time of one flow. */
export interface Timeline {
  /** The frame that it is now: one frame is a millisecond. */
  now(): number;
  /** Runs `action` once, `delay` frames from now. */
  after(delay: number, action: () => void): Subscription;
  /** Runs `action` when the flow starts: all that it consists of is there then. Throws where it has. */
  onStart(action: () => void): void;
  /** The flow is to fail with this, whatever becomes of it. The first counts. */
  readonly fail: (error: unknown) => void;
  /** It is set up, it runs, and then it is over: what happens then is not recorded. */
  readonly phase: 'set up' | 'runs' | 'over';
}
