/** One place in a {@link WaitList}. */
export class Waiter {
  /** The list in which it stands; `undefined` once it has left. */
  list: { remove(waiter: Waiter): boolean } | undefined;
  round = 0;
  previous: this | undefined;
  next: this | undefined;
  private stopListening: (() => void) | undefined;

  /** Leaves the list when `signal` aborts, and then tells `left`. No listener outlives the wait. */
  leaveOnAbort(signal: AbortSignal, left: () => void): void {
    const onAbort = (): void => {
      if (this.list?.remove(this) === true) left();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.stopListening = () => signal.removeEventListener('abort', onAbort);
  }

  /** The list calls this when the waiter has left it. */
  hasLeft(): void {
    this.list = this.previous = this.next = undefined;
    this.stopListening?.();
  }
}

/**
 * Whoever waits: a doubly linked list, first in, first out, so that anyone can leave in O(1).
 */
export class WaitList<W extends Waiter> {
  size = 0;
  head: W | undefined;
  private tail: W | undefined;

  push(waiter: W): void {
    const { tail } = this;
    waiter.list = this as WaitList<Waiter>;
    waiter.previous = tail;
    if (tail === undefined) this.head = waiter;
    else tail.next = waiter;
    this.tail = waiter;
    this.size++;
  }

  /** Takes `waiter` out, wherever it stands. False if it had left already. */
  remove(waiter: W): boolean {
    if (waiter.list !== (this as object)) return false;
    const { previous, next } = waiter;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    this.size--;
    waiter.hasLeft();
    return true;
  }

  shift(): W | undefined {
    const { head } = this;
    if (head !== undefined) this.remove(head);
    return head;
  }
}

/** A waiter for room: a producer that asked to be told of it, or a value that waits to be taken. */
export abstract class RoomWaiter extends Waiter {
  abstract wake(): void;
}

/** A producer that asked to be told of room. */
export class Resume extends RoomWaiter {
  constructor(readonly wake: () => void) {
    super();
  }
}

/**
 * Those who wait for room, woken in rounds.
 *
 * Invariants:
 * - they are woken in the order in which they began to wait, each out of the list before it is;
 * - one that begins to wait during a round belongs to the next: nobody is woken twice in one;
 * - a round that is called for during a round follows it, so the stack stays flat.
 */
export class RoomWaiters extends WaitList<RoomWaiter> {
  private round = 0;
  private waking = false;
  private missed = false;

  override push(waiter: RoomWaiter): void {
    waiter.round = this.round;
    super.push(waiter);
  }

  /** Queues `resume`; returns the function that gives up the wait. */
  add(resume: () => void): () => void {
    const waiter = new Resume(resume);
    this.push(waiter);
    return () => void this.remove(waiter);
  }

  /** Wakes one after the other while there is room. */
  wake(hasRoom: () => boolean): void {
    if (this.waking) {
      this.missed = true;
      return;
    }
    this.waking = true;
    do {
      this.missed = false;
      this.round++;
      while (this.head !== undefined && this.head.round < this.round && hasRoom()) {
        this.shift()?.wake();
      }
    } while (this.missed);
    this.waking = false;
  }

  /** Everyone leaves, unwoken. */
  clear(): void {
    while (this.shift() !== undefined);
  }
}
