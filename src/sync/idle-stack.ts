import { Alarm, type Clock } from '../clock.js';

/** Something that can rest. */
export interface Resting {
  /** When it will have rested for too long. */
  deadline: number;
}

/**
 * What rests until it is needed. The last one that came is taken first, so that those not needed stay at
 * the bottom until they have rested for too long, and then go.
 *
 * Invariant: the alarm is set only while something rests, for what is at the bottom.
 */
export class IdleStack<R extends Resting> {
  private readonly resting: R[] = [];
  private readonly alarm: Alarm;

  constructor(
    private readonly timeoutMs: number,
    private readonly clock: Clock,
    private readonly expired: (resting: R) => void,
  ) {
    this.alarm = new Alarm(clock, this.expire);
  }

  get length(): number {
    return this.resting.length;
  }

  push(one: R): void {
    const { resting, timeoutMs } = this;
    resting.push(one);
    if (timeoutMs === Infinity) return;
    one.deadline = this.clock.now() + timeoutMs;
    if (resting.length === 1) this.alarm.set(timeoutMs);
  }

  /** The last one that came. The stack must not be empty. */
  pop(): R {
    const one = this.resting.pop() as R;
    if (this.resting.length === 0) this.alarm.stop();
    return one;
  }

  /** Takes all. */
  clear(): R[] {
    this.alarm.stop();
    return this.resting.splice(0);
  }

  private readonly expire = (): void => {
    const { resting, timeoutMs } = this;
    const now = this.clock.now();
    // A clock that was set back must not keep any for longer than was asked.
    for (const one of resting) one.deadline = Math.min(one.deadline, now + timeoutMs);
    const left = resting.findIndex(({ deadline }) => deadline > now);
    const due = resting.splice(0, left < 0 ? resting.length : left);
    const [next] = resting;
    try {
      if (next !== undefined) this.alarm.set(next.deadline - now);
    } finally {
      for (const one of due) this.expired(one); // whether or not the clock has failed
    }
  };
}
