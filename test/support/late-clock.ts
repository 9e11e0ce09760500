import type { SchedulerAction, Subscription } from 'rxjs';
import { HandClock } from './hand-clock.js';

/** A clock that can be set back, and its timers late; it notes the most that were armed at a time. */
export class LateClock extends HandClock {
  late = 0;
  back = 0;
  most = 0;

  override now(): number {
    return this.passed - this.back;
  }

  /** How much time has passed in truth. */
  get passed(): number {
    return super.now();
  }

  override schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delayMs = 0,
    state?: T,
  ): Subscription {
    const timed = super.schedule(work, delayMs + this.late, state);
    this.most = Math.max(this.most, this.armed);
    return timed;
  }
}
