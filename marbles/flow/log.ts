import type { Moment, Track } from '../diagram/track.js';
import type { Timeline } from './timeline.js';

/** Writes down what happens, and when, until the flow is over. */
export class Log implements Track {
  readonly moments: Moment[] = [];

  constructor(private readonly time: Timeline) {}

  next(value: unknown): void {
    this.add({ frame: this.time.now(), kind: 'next', value });
  }

  error(error: unknown): void {
    this.add({ frame: this.time.now(), kind: 'error', error });
  }

  mark(kind: 'complete' | 'subscribe' | 'unsubscribe'): void {
    this.add({ frame: this.time.now(), kind });
  }

  add(moment: Moment): void {
    if (this.time.phase !== 'over') this.moments.push(moment);
  }
}
