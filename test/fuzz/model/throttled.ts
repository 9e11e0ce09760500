import { SAYS, notifier, ownLaw } from '../callbacks.js';
import type { StageOf } from '../pipe.js';
import type { Value } from '../values.js';
import { Line } from './line.js';
import type { Surroundings } from './stage.js';

type Given = StageOf<'adaptiveThrottle'>;

/** What delay follows from how many wait, and from the one before. */
function lawOf({ law, minDelay, maxDelay, target }: Given) {
  let before = 0;
  return (waiting: number, delay: number): number => {
    const [shrinks, few] = [waiting < before, waiting <= target];
    before = waiting;
    switch (law) {
      case 'of its own':
        return ownLaw(waiting, { delay, minDelay, maxDelay, target });
      case 'aimd':
        if (few) return 1 / (1 / delay + 1 / maxDelay);
        return shrinks ? delay : Math.max(2 * delay, maxDelay / 64);
      default:
        return minDelay + Math.max(0, (maxDelay - minDelay) * (waiting / target - 1));
    }
  };
}

/** A value goes when the delay since the one before is over. */
export class Throttled extends Line {
  readonly places: number;
  private since = -Infinity;
  private delay: number;
  private readonly law: ReturnType<typeof lawOf>;
  private feedback: { unsubscribe(): void } | undefined;

  constructor(
    private readonly given: Given,
    ...around: Surroundings
  ) {
    super(given, ...around);
    const { queue = 1, minDelay, feedback } = given;
    this.places = queue;
    this.delay = minDelay;
    this.law = lawOf(given);
    this.tell();
    if (feedback === undefined) return;
    this.feedback = notifier(feedback, SAYS.feedback, this.place).subscribe({
      next: (waiting) => this.touched(() => this.read(waiting)),
      complete: () => (this.feedback = undefined),
    });
  }

  protected override passing(told: boolean): number {
    return this.seenAt(told) >= this.since + this.delay ? Math.min(1, super.passing(told)) : 0;
  }

  protected override step(): boolean {
    return this.looksAtClock && super.step();
  }

  protected override send(value: Value): void {
    this.since = this.time.now();
    super.send(value);
    const { below, feedback, state } = this;
    if (below === undefined || feedback !== undefined || state === 'over') return;
    this.read(below.current?.waiting ?? 0);
  }

  private read(waiting: number): void {
    const { law, delay, given } = this;
    this.delay = Math.min(given.maxDelay, Math.max(given.minDelay, law(waiting, delay)));
    if (this.delay !== delay) this.tell();
  }

  private tell(): void {
    const { bench, name } = this.place;
    if (this.given.heard) bench.wasHeard(`${name}: ${this.delay} ms`);
  }

  protected override halt(): readonly Value[] {
    this.feedback?.unsubscribe();
    return [];
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
