const NOTHING = (): void => {};

/**
 * One place in a {@link WaitList}: a receive, a send, or a producer that asked to be told of room. One
 * class for all three: an engine makes objects of a class without parents several times as fast, and
 * that is a good part of what a wait costs.
 */
export class Waiter<V, R> {
  /** The list in which it stands; `undefined` once it has left. */
  list: { remove(waiter: Waiter<V, R>): boolean } | undefined;
  round = 0;
  previous: this | undefined;
  next: this | undefined;
  private stopListening: (() => void) | undefined;

  constructor(
    readonly resolve: (result: R) => void,
    readonly reject: (error: unknown) => void = NOTHING,
    /** Where its value goes in when it is woken; only a send has one. */
    readonly admit?: (value: V) => void,
    readonly value?: V,
  ) {}

  /** There is room for it, and it has left the list. */
  wake(this: Waiter<V, void>): void {
    this.admit?.(this.value as V);
    this.resolve();
  }

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
export class WaitList<V, R> {
  size = 0;
  head: Waiter<V, R> | undefined;
  private tail: Waiter<V, R> | undefined;

  push(waiter: Waiter<V, R>): void {
    const { tail } = this;
    waiter.list = this;
    waiter.previous = tail;
    if (tail === undefined) this.head = waiter;
    else tail.next = waiter;
    this.tail = waiter;
    this.size++;
  }

  /** Takes `waiter` out, wherever it stands. False if it had left already. */
  remove(waiter: Waiter<V, R>): boolean {
    if (waiter.list !== this) return false;
    const { previous, next } = waiter;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    this.size--;
    waiter.hasLeft();
    return true;
  }

  shift(): Waiter<V, R> | undefined {
    const { head } = this;
    if (head === undefined) return undefined;
    const { next } = head;
    this.head = next;
    if (next === undefined) this.tail = undefined;
    else next.previous = undefined;
    this.size--;
    head.hasLeft();
    return head;
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
export class RoomWaiters<V = never> extends WaitList<V, void> {
  private round = 0;
  /** Whether a round is under way. */
  waking = false;
  private missed = false;

  override push(waiter: Waiter<V, void>): void {
    waiter.round = this.round;
    super.push(waiter);
  }

  /** Queues `resume`; returns the function that gives up the wait. */
  add(resume: () => void): () => void {
    const waiter = new Waiter<V, void>(resume);
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
      this.wakeEach(hasRoom);
    } while (this.missed);
    this.waking = false;
  }

  protected wakeEach(hasRoom: () => boolean): void {
    while (this.head !== undefined && this.head.round < this.round && hasRoom()) {
      this.shift()?.wake();
    }
  }

  /** Everyone leaves, unwoken. */
  clear(): void {
    while (this.shift() !== undefined);
  }
}

/**
 * Producers that wait for one stage. Nearly always there is one: it stands by itself, and takes no
 * place in the list, which costs more than all the rest of a wait.
 *
 * Invariant: `only` stands there only if it began to wait before everyone in the list.
 */
export class Producers extends RoomWaiters {
  private only: (() => void) | undefined;
  private turn = 0;

  override add(resume: () => void): () => void {
    if (this.size > 0) return super.add(resume);
    const turn = ++this.turn;
    this.only = resume;
    this.size = 1;
    return () => {
      if (this.turn === turn) this.takeOnly();
    };
  }

  protected override wakeEach(hasRoom: () => boolean): void {
    if (this.only !== undefined) {
      if (!hasRoom()) return;
      this.takeOnly()?.();
    }
    super.wakeEach(hasRoom);
  }

  override clear(): void {
    this.takeOnly();
    super.clear();
  }

  private takeOnly(): (() => void) | undefined {
    const { only } = this;
    if (only !== undefined) {
      this.only = undefined;
      this.size--;
    }
    return only;
  }
}
