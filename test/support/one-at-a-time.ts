import { Subscriber } from 'rxjs';
import type { Demand } from 'rxjs-sluice/operators';
import { DEMAND } from '../../src/line/demand.js';

/** A sink of one's own, with room for one value, whose waits are a set of functions. */
export class OneAtATime extends Subscriber<number> implements Demand {
  readonly capacity = 1;
  arrived = 0;
  /** Called as a wait begins, which cannot be left yet. */
  asked = (): void => {};
  /** Called as a value comes. */
  came = (): void => {};
  private readonly held: number[] = [];
  private readonly waiters = new Set<() => void>();

  get [DEMAND](): Demand {
    return this;
  }
  get waiting(): number {
    return this.held.length;
  }
  get available(): number {
    return 1 - this.held.length;
  }

  override next(value: number): void {
    this.arrived++;
    this.held.push(value);
    this.came();
  }

  take(): number | undefined {
    const value = this.free();
    this.look();
    return value;
  }

  /** Makes room, and tells nobody yet. */
  free(): number | undefined {
    return this.held.shift();
  }

  get isAwaited(): boolean {
    return this.waiters.size > 0;
  }

  onAvailable(resume: () => void): () => void {
    this.waiters.add(resume);
    this.asked();
    this.look();
    return () => this.waiters.delete(resume);
  }

  private look(): void {
    for (const resume of [...this.waiters]) {
      if (this.available <= 0) return;
      this.waiters.delete(resume);
      resume();
    }
  }
}
