import type { Clock } from 'rxjs-sluice';
import { HandClock } from './hand-clock.js';

/** A clock that is put forward by hand, and fails when it is told to. */
export class FailingClock implements Clock {
  readonly time = new HandClock();
  /** What of it fails from now on. */
  fails: 'now' | 'schedule' | undefined;

  now(): number {
    if (this.fails === 'now') throw new Error('clock');
    return this.time.now();
  }

  schedule(task: () => void, delayMs: number): () => void {
    if (this.fails === 'schedule') throw new Error('clock');
    const timer = this.time.schedule(task, delayMs);
    return () => timer.unsubscribe();
  }
}
