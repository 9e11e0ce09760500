/**
 * A first-in, first-out queue in a circular buffer: O(1) at both ends, no memory moved.
 *
 * Invariants:
 * - `slots.length` is 0 or a power of two, so that a place is found with a mask;
 * - the values stand at `head … head + length − 1`, modulo `slots.length`;
 * - a place that holds no value holds `undefined`, so that nothing taken is kept alive.
 */
export class Ring<T> {
  length = 0;
  /** @internal */
  slots: (T | undefined)[] = [];
  /** @internal */
  head = 0;

  push(value: T): void {
    if (this.length === this.slots.length) this.grow();
    this.slots[(this.head + this.length++) & (this.slots.length - 1)] = value;
  }

  /** The oldest value. The ring must not be empty. */
  shift(): T {
    const { slots, head } = this;
    const value = slots[head] as T;
    slots[head] = undefined;
    this.head = (head + 1) & (slots.length - 1);
    if (--this.length === 0) this.rest();
    return value;
  }

  /**
   * An empty ring begins anew, so that what is taken together mostly stands in one piece, and gives back
   * what a rare long backlog made it grow to.
   */
  rest(): void {
    this.head = 0;
    if (this.slots.length > 4096) this.slots = [];
  }

  private grow(): void {
    const { slots, head, length } = this;
    const values = slots.slice(head).concat(slots);
    values.length = length * 2 || 8;
    this.slots = values.fill(undefined, length); // what stood before the head stands there twice
    this.head = 0;
  }
}

// What few rings need are functions, so that a bundle without them is smaller.

/** The value at `index`, counted from the oldest; `index < ring.length`. */
export function valueAt<T>({ slots, head }: Ring<T>, index: number): T {
  return slots[(head + index) & (slots.length - 1)] as T;
}

/** Takes the oldest `count` values, together. */
export function shiftMany<T>(ring: Ring<T>, count: number): T[] {
  const { slots, head } = ring;
  const mask = slots.length - 1;
  const end = head + count;
  let values = slots.slice(head, end);
  if (end > slots.length) values = values.concat(slots.slice(0, end & mask));
  for (let i = head; i < end; i++) slots[i & mask] = undefined;
  ring.head = end & mask;
  if ((ring.length -= count) === 0) ring.rest();
  return values as T[];
}

/** Puts `value` at `index`: what stands there and behind it moves down one place. */
export function insertAt<T>(ring: Ring<T>, index: number, value: T): void {
  ring.push(value);
  const { slots, head } = ring;
  const mask = slots.length - 1;
  for (let i = ring.length - 1; i > index; i--) {
    slots[(head + i) & mask] = slots[(head + i - 1) & mask];
  }
  slots[(head + index) & mask] = value;
}

/** Takes the value at `index` out of the middle: what stands before it moves up one place. */
export function removeAt<T>(ring: Ring<T>, index: number): T {
  const { slots, head } = ring;
  const mask = slots.length - 1;
  const value = valueAt(ring, index);
  for (let i = index; i > 0; i--) slots[(head + i) & mask] = slots[(head + i - 1) & mask];
  ring.shift();
  return value;
}
