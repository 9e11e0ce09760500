import type { StageOf } from '../pipe.js';
import type { Value } from '../values.js';
import { Line } from './line.js';
import type { Surroundings } from './stage.js';

/** A value goes when the delay since the one before is over. */
export class Throttled extends Line {
  readonly places: number;
  private since = -Infinity;
  private delay: number;

  constructor(
    private readonly given: StageOf<'adaptiveThrottle'>,
    ...around: Surroundings
  ) {
    super(given, ...around);
    this.places = given.queue;
    this.delay = given.minDelay;
  }

  protected override passing(told: boolean): number {
    return this.seenAt(told) >= this.since + this.delay ? Math.min(1, super.passing(told)) : 0;
  }

  protected override step(): boolean {
    return this.looksAtClock && super.step();
  }

  protected override send(value: Value): void {
    const { minDelay, maxDelay, target } = this.given;
    this.since = this.time.now();
    super.send(value);
    const waiting = this.below?.current?.waiting ?? 0;
    const more = (maxDelay - minDelay) * (waiting / target - 1);
    this.delay = Math.min(maxDelay, minDelay + Math.max(0, more));
  }

  protected override isPacing(): boolean {
    return true;
  }

  protected override get wakesAt(): number | undefined {
    return this.wants && this.roomBelow > 0
      ? Math.max(this.since + this.delay, this.time.now())
      : undefined;
  }
}
