import type { Observable, Subscription } from 'rxjs';
import type { StageOf } from '../pipe.js';
import type { Value } from '../values.js';
import { Line } from './line.js';
import type { Surroundings } from './stage.js';

/** The plain line, and what `pace` or `credit` allows. */
export class BufferedChannel extends Line {
  readonly places: number;
  /** How many values `pace` or `credit` lets pass. */
  private allowance: number;
  private listening: Subscription | undefined;
  private ended = false;
  private releasing = false;

  constructor(
    private readonly given: StageOf<'bufferedChannel'>,
    private readonly pace: Observable<number> | undefined,
    credit: Observable<number> | undefined,
    ...around: Surroundings
  ) {
    super(given, ...around);
    this.places = given.capacity;
    this.allowance = pace === undefined && credit === undefined ? Infinity : 0;
    if (credit !== undefined) this.listen(credit, (count) => (this.allowance += count));
  }

  protected override passing(told: boolean): number {
    return Math.min(this.allowance, super.passing(told));
  }

  protected override send(value: Value): void {
    this.allowance--;
    super.send(value);
    // No time passes while it releases values: all that are held go at once, unless none may be spent.
    if (this.given.yieldEvery && this.releasing) this.allowance = 1;
  }

  /** `pace` is heard only while something waits, and what it allows is not kept. */
  override rest(): void {
    super.rest();
    if (this.pace === undefined || this.ended || this.state === 'over') return;
    this.allowance = 0;
    this.releasing = false;
    if (!this.wants) {
      this.stopListening();
    } else if (this.listening === undefined) {
      this.listen(this.pace, () => {
        this.allowance = 1;
        this.releasing = true;
      });
    }
  }

  /** A rendezvous before which nobody waits any more waits for nothing, `pace` included, until somebody does again. */
  left(): void {
    if (this.places > 0 || this.busy || this.wants) return;
    if (this.pace !== undefined) this.stopListening();
    this.below?.current?.left?.();
  }

  protected override halt(): readonly Value[] {
    this.stopListening();
    return [];
  }

  private stopListening(): void {
    this.listening?.unsubscribe();
    this.listening = undefined;
  }

  private listen(notifier: Observable<number>, heard: (count: number) => void): void {
    this.listening = notifier.subscribe({
      next: (count) => this.touched(() => heard(count)),
      complete: () => {
        this.touched(() => {
          this.ended = true;
          this.allowance = Infinity;
        });
      },
    });
  }
}
