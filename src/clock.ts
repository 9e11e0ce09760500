/** Where time comes from: the host ({@link systemClock}), a scheduler of RxJS, a test. */
export interface Clock {
  /** Now, in milliseconds since a fixed instant. */
  now(): number;
  /** Calls `task` once, `delayMs` from now. Returns a function that takes it back. */
  schedule(task: () => void, delayMs: number): () => void;
}

/** The host's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(task, delayMs) {
    // A host's timer counts whole milliseconds; it would cut off what is beyond, and come too early.
    const timer = setTimeout(task, Math.ceil(delayMs));
    return () => clearTimeout(timer);
  },
};

/** The longest delay that a host's timer can be set to; a longer one would fire at once. */
const LONGEST = 0x7fff_ffff;

/**
 * One timer for one deadline at a time, which can lie further off than a host's timer reaches, and can
 * be put off without a new timer. At `Infinity` no timer is set.
 */
export class Alarm {
  private deadline = 0;
  private delayMs = 0;
  private exact = false;
  private wakes = 0;
  private cancel: (() => void) | undefined;

  constructor(
    readonly clock: Clock,
    private readonly ring: () => void,
  ) {}

  get armed(): boolean {
    return this.cancel !== undefined;
  }

  /** Rings `delayMs` from now, and at no other time. */
  set(delayMs: number): void {
    this.stop();
    if (delayMs === Infinity) return;
    this.exact = delayMs <= LONGEST;
    if (!this.exact) this.postpone(delayMs);
    this.wait(delayMs);
  }

  /** Puts off an alarm that is set: it rings `delayMs` from now. */
  postpone(delayMs: number): void {
    this.exact = false;
    this.delayMs = delayMs;
    this.deadline = this.clock.now() + delayMs;
  }

  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private wait(delayMs: number): void {
    const { wakes } = this;
    const cancel = this.clock.schedule(this.wake, Math.min(delayMs, LONGEST));
    // Under a scheduler that runs at once it has rung by now, and may have been set again.
    if (wakes === this.wakes) this.cancel = cancel;
  }

  private readonly wake = (): void => {
    this.wakes++;
    this.cancel = undefined;
    const now = this.clock.now();
    // A clock that was set back must not put the alarm off for longer than was asked.
    this.deadline = Math.min(this.deadline, now + this.delayMs);
    if (!this.exact && this.deadline > now) this.wait(this.deadline - now);
    else this.ring();
  };
}

/** An alarm for an instant, which is set anew only where that changes. */
export class DueAlarm extends Alarm {
  /** When it rings, as it was set last; `Infinity` for never. */
  due = Infinity;
  private setAt = -Infinity;

  isSetFor(due: number): boolean {
    return due === this.due && (this.armed || due === Infinity);
  }

  /** Rings at `due`, or with the next timer where that is past. It was reckoned at `at`: since then the clock may have been set back. */
  setFor(due: number, at = -Infinity): void {
    if (this.isSetFor(due)) return;
    this.due = due;
    this.setAt = Math.max(at, this.clock.now());
    this.set(Math.max(0, due - this.setAt));
  }

  /** Whether the clock was set back since: when it rings, its timer knows better how much time has passed. */
  get isSetBack(): boolean {
    return this.clock.now() < this.setAt;
  }
}
