import { sumRead } from '../harness/sums.js';
import type { Run } from '../harness/timed.js';

// What nobody can do without: places, and a turn of the microtask queue for who finds none.

/** Awaited, it costs one turn and nothing else. */
const turn = Promise.resolve();

/** A ring of bare places. */
export class Places {
  private readonly slots: number[];
  private readonly mask: number;
  private written = 0;
  private read = 0;

  constructor(readonly capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(capacity));
    this.slots = new Array<number>(size).fill(0);
    this.mask = size - 1;
  }

  get full(): boolean {
    return this.written - this.read === this.capacity;
  }

  get empty(): boolean {
    return this.written === this.read;
  }

  push(value: number): void {
    this.slots[this.written++ & this.mask] = value;
  }

  shift(): number {
    return this.slots[this.read++ & this.mask]!;
  }
}

export const placesFor = (capacity: number) => new Places(Math.max(1, capacity));

/** Each side awaits only where it finds no room, or nothing. */
export function ringAndAwait(capacity: number): Run {
  return (count) => {
    const places = placesFor(capacity);
    void fill(places, count);
    return empty(places, count);
  };
}

async function fill(places: Places, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) {
    while (places.full) await turn;
    places.push(value);
  }
}

async function empty(places: Places, count: number): Promise<number> {
  let sum = 0;
  for (let taken = 0; taken < count; taken += 1) {
    while (places.empty) await turn;
    sum += places.shift();
  }
  return sum;
}

/** The same, with every value for each of the rings. */
export async function fillAll(rings: readonly Places[], count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) {
    for (const places of rings) {
      while (places.full) await turn;
      places.push(value);
    }
  }
}

/** Each side awaits once per value. */
export function awaitPerValue(capacity: number): Run {
  return (count) => {
    const places = placesFor(capacity);
    void fillAwaiting(places, count);
    return emptyAwaiting(places, count);
  };
}

async function fillAwaiting(places: Places, count: number): Promise<void> {
  for (let value = 1; value <= count; value += 1) {
    do await turn;
    while (places.full);
    places.push(value);
  }
}

async function emptyAwaiting(places: Places, count: number): Promise<number> {
  let sum = 0;
  for (let taken = 0; taken < count; taken += 1) {
    do await turn;
    while (places.empty);
    sum += places.shift();
  }
  return sum;
}

/** The consumer is a `for await` loop over an iterator that answers each `next` with one promise. */
export const iterate = (capacity: number): Run => iterating(capacity, fillAwaiting);

/** Likewise, but the producer awaits only where it finds no room. */
export const fillAndIterate = (capacity: number): Run => iterating(capacity, fill);

function iterating(capacity: number, produce: typeof fill): Run {
  return (count) => {
    const places = placesFor(capacity);
    void produce(places, count);
    return sumRead(iterableOf(places, count));
  };
}

export function iterableOf(places: Places, count: number): AsyncIterable<number> {
  let taken = 0;
  const take = (): IteratorResult<number, undefined> => {
    if (taken === count) return { done: true, value: undefined };
    taken += 1;
    return { done: false, value: places.shift() };
  };
  const wait = async (): Promise<IteratorResult<number, undefined>> => {
    while (places.empty) await turn;
    return take();
  };
  const next = () => (places.empty && taken < count ? wait() : Promise.resolve(take()));
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
