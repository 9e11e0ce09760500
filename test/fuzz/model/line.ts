import type { Value } from '../values.js';
import { ModelStage } from './stage.js';
import { roomIn } from './world.js';

/** First in, first out: a value that finds nothing before it and room below goes from hand to hand. */
export abstract class Line extends ModelStage {
  /** How many values may be passed on now. */
  protected passing(told: boolean): number {
    return roomIn(this.below, told);
  }

  protected free(told: boolean): number {
    const places = Math.max(0, this.places - this.line.length);
    return this.line.length === 0 && !this.busy ? places + this.passing(told) : places;
  }

  /** A rendezvous waits for room below if somebody waits for it. */
  get wants(): boolean {
    return this.line.length > 0 || this.world.isAwaited(this.place.slot);
  }

  protected arrive(value: Value): void {
    if (this.line.length === 0 && this.passing(false) > 0) this.send(value);
    else this.store(value);
  }

  protected step(): boolean {
    if (this.line.length === 0 || this.passing(!this.awake) <= 0) return false;
    this.send(this.line.shift() as Value);
    return true;
  }

  protected send(value: Value): void {
    this.emit(value);
  }
}
