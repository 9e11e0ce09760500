import { Line } from './line.js';
import type { Ring } from './ring.js';

/**
 * A line in which a note may stand beside each value: its key, weight or cost, taken once, when it
 * came.
 *
 * Invariant: `notes`, if there are any, stand in the order of the values.
 */
export class NotedLine<T, N> extends Line<T> {
  notes: Ring<N> | undefined = undefined;

  override take(): T {
    this.notes?.shift();
    return this.shift();
  }

  takeAt(index: number): T {
    this.notes?.removeAt(index);
    return this.removeAt(index);
  }

  takeMany(count: number): T[] {
    this.notes?.shiftMany(count);
    return this.shiftMany(count);
  }

  protected override add(value: T, note: unknown): void {
    this.push(value);
    this.notes?.push(note as N);
  }
}
