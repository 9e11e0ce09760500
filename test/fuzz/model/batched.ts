import { weightOf } from '../callbacks.js';
import type { StageOf } from '../pipe.js';
import type { Value } from '../values.js';
import { ModelStage, type Surroundings } from './stage.js';
import { roomIn } from './world.js';

/** The open batch is the head of the line, as far as it fits; it goes when it is full, or due. */
export class Batched extends ModelStage {
  readonly places: number;
  private due = false;
  /** When the open batch falls due. */
  private deadline: number | undefined;

  constructor(
    private readonly given: StageOf<'batchWithTimeout'>,
    ...around: Surroundings
  ) {
    super(given, ...around);
    this.places = given.size + (given.queue ?? 0);
  }

  /** How many values the open batch has, and whether no further one fits. */
  private get open(): { readonly count: number; readonly full: boolean } {
    const { size, maxWeight = Infinity } = this.given;
    let weight = 0;
    let count = 0;
    for (const value of this.line) {
      const own = maxWeight === Infinity ? 0 : weightOf(value);
      if (count > 0 && weight + own > maxWeight) return { count, full: true };
      weight += own;
      count++;
      if (count === size || weight >= maxWeight) return { count, full: true };
    }
    return { count, full: false };
  }

  private get ready(): boolean {
    const { count, full } = this.open;
    return full || (count > 0 && (this.due || this.state === 'ending'));
  }

  protected free(told: boolean): number {
    const places = Math.max(0, this.places - this.line.length);
    return this.busy || this.ready ? places : places + roomIn(this.below, told) * this.given.size;
  }

  get wants(): boolean {
    return this.ready;
  }

  /** Only if a batch is full then. */
  protected override looksOnArrival(): boolean {
    return false;
  }

  protected arrive(value: Value): void {
    this.store(value);
    this.awake ||= this.open.full;
  }

  protected override store(value: Value): void {
    super.store(value);
    this.setDeadline(this.given.timer === 'idle');
  }

  protected step(): boolean {
    if (!this.ready || this.roomBelow <= 0) return false;
    const batch = this.line.splice(0, this.open.count);
    this.due = false;
    this.setDeadline(true);
    this.emit(batch);
    return true;
  }

  /** The time of a batch runs while it is open; anew from its first value, or from its last. */
  private setDeadline(anew: boolean): void {
    const { count, full } = this.open;
    if (count === 0 || full) this.deadline = undefined;
    else if (anew || this.deadline === undefined) {
      this.deadline = this.time.now() + this.given.timeout;
    }
  }

  protected override get wakesAt(): number | undefined {
    return this.due || this.state !== 'open' ? undefined : this.deadline;
  }

  protected override wake(): void {
    this.touched(() => (this.due = true));
  }
}
