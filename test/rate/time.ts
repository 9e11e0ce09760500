import type { Clock } from 'rxjs-sluice';
import { later } from '../support/later.js';

interface Timer {
  readonly at: number;
  readonly task: () => void;
}

/** A clock that passes when it is told to, and gives what promises lead to its turn at each timer. */
export class Time implements Clock {
  /** By how much timers are late. */
  late = 0;
  /** How many timers were ever set, the most that were set at a time, and the longest delay. */
  made = 0;
  most = 0;
  longest = 0;
  private readonly timers = new Set<Timer>();

  constructor(private instant = 0) {}

  get armed(): number {
    return this.timers.size;
  }

  now(): number {
    return this.instant;
  }

  schedule(task: () => void, delayMs: number): () => void {
    const timer = { at: this.instant + delayMs + this.late, task };
    this.timers.add(timer);
    this.made++;
    this.most = Math.max(this.most, this.armed);
    this.longest = Math.max(this.longest, delayMs);
    return () => void this.timers.delete(timer);
  }

  /** Sets the clock; what is timed goes on by what it was. */
  set(instant: number): void {
    const moved = instant - this.instant;
    const timers = [...this.timers].map(({ at, task }) => ({ at: at + moved, task }));
    this.timers.clear();
    for (const timer of timers) this.timers.add(timer);
    this.instant = instant;
  }

  async passUntil(end: number): Promise<void> {
    await later();
    for (;;) {
      const [next] = [...this.timers].sort((a, b) => a.at - b.at);
      if (next === undefined || next.at > end) break;
      this.timers.delete(next);
      this.instant = next.at;
      next.task();
      await later();
    }
    this.instant = end;
  }

  pass(ms: number): Promise<void> {
    return this.passUntil(this.instant + ms);
  }
}
