import { Line } from './line.js';
import { removeAt, shiftMany, type Ring } from './ring.js';

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
    if (this.notes !== undefined) removeAt(this.notes, index);
    return removeAt(this, index);
  }

  takeMany(count: number): T[] {
    if (this.notes !== undefined) shiftMany(this.notes, count);
    return shiftMany(this, count);
  }

  protected override add(value: T, note: unknown): void {
    this.push(value);
    this.notes?.push(note as N);
  }
}
