import { NOTHING, report } from '../callbacks.js';

/**
 * One place in a {@link WaitList}: a receive, a send, a producer that asked to be told of room, or one who wants
 * a permit, tokens or a resource. One class for all of them: an engine makes objects of a class without parents
 * several times as fast, and that is a good part of what a wait costs.
 */
export class Waiter<V, R> {
  /** The list in which it stands; `undefined` once it has left. */
  list: WaitList<V, R> | undefined = undefined;
  round = 0;
  previous: Waiter<V, R> = this;
  next: Waiter<V, R> = this;
  /** What can call it off. */
  signal?: AbortSignal | undefined;
  /** Called when it leaves the list. */
  hasLeft: (() => void) | undefined = undefined;
  /** How many places are of its own making: a select that sends and receives on one channel. */
  own = 0;

  constructor(
    readonly resolve: (result: R) => void,
    readonly reject: (error: unknown) => void = NOTHING,
    /**
     * Takes its value when it is woken: into the channel for a send, out of the bucket for a claim. Others have
     * none.
     */
    readonly admit?: (value: V) => void,
    readonly value?: V,
  ) {}

  /** Its wait comes to nothing, because of `error`; one that was called off hears of that alone. */
  fail(error?: unknown): void {
    this.reject(this.signal?.aborted ? this.signal.reason : error);
  }

  /** There is room for it, and it has left the list. What it throws keeps nobody else from being woken. */
  wake(this: Waiter<V, void>): void {
    try {
      this.admit?.(this.value as V);
      this.resolve();
    } catch (error) {
      report(error);
    }
  }
}

/**
 * Takes `waiter` out of its list when `signal` aborts; at once, where it did so while the wait began. No
 * listener outlives the wait.
 */
export function leaveOnAbort<V, R>(
  waiter: Waiter<V, R>,
  signal: AbortSignal | undefined,
  left?: () => void,
): void {
  const { list } = waiter;
  if (!signal || !list) return;
  waiter.signal = signal;
  const leave = (error?: unknown): void => {
    if (!list.remove(waiter)) return;
    waiter.fail(error);
    left?.();
  };
  try {
    signal.addEventListener('abort', leave);
  } catch (error) {
    leave(error); // it is no signal
  }
  waiter.hasLeft = () => signal.removeEventListener('abort', leave);
  if (signal.aborted) leave();
}

/**
 * Whoever waits: a doubly linked ring, first in, first out, so that anyone can leave in O(1). It closes
 * at `end`, which is nobody.
 */
export class WaitList<V, R> {
  size = 0;
  protected readonly end = new Waiter<V, R>(NOTHING);

  /** Who has waited longest. */
  get head(): Waiter<V, R> | undefined {
    return this.size ? this.end.next : undefined;
  }

  all(): Waiter<V, R>[] {
    const all = [];
    for (let at = this.end.next; at !== this.end; at = at.next) all.push(at);
    return all;
  }

  push(waiter: Waiter<V, R>): void {
    const { end } = this;
    const last = end.previous;
    waiter.list = this;
    waiter.previous = last;
    waiter.next = end;
    last.next = end.previous = waiter;
    this.size++;
  }

  /** Takes `waiter` out, wherever it stands. False if it had left already. */
  remove(waiter: Waiter<V, R>): boolean {
    if (waiter.list !== this) return false;
    waiter.previous.next = waiter.next;
    waiter.next.previous = waiter.previous;
    waiter.list = undefined;
    waiter.previous = waiter.next = waiter;
    this.size--;
    waiter.hasLeft?.();
    return true;
  }

  shift(): Waiter<V, R> | undefined {
    const { next } = this.end;
    return this.remove(next) ? next : undefined;
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
  /** Whether a round is under way. */
  waking = false;
  private round = 0;
  private missed = false;

  constructor(readonly room: () => number) {
    super();
  }

  override push(waiter: Waiter<V, void>): void {
    waiter.round = this.round;
    super.push(waiter);
  }

  /** Queues `resume`; returns the function that gives up the wait, and says whether it still waited. */
  add(resume: () => void): () => boolean {
    const waiter = new Waiter<V, void>(resume);
    this.push(waiter);
    return () => this.remove(waiter);
  }

  /** As `add`, and wakes those whose turn it is: at once, where there is room. */
  ask(resume: () => void): () => void {
    const giveUp = this.add(resume);
    this.wake();
    return giveUp;
  }

  /** Wakes one after the other while there is room. */
  wake(): void {
    this.missed = true;
    if (this.waking) return;
    this.waking = true;
    while (this.missed) {
      this.missed = false;
      this.round++;
      for (let waiter; (waiter = this.firstWithRoom());) {
        this.remove(waiter);
        waiter.wake();
      }
    }
    this.waking = false;
  }

  private firstWithRoom(): Waiter<V, void> | undefined {
    let { next } = this.end;
    for (let room; next !== this.end && next.round < this.round; next = next.next) {
      if ((room ??= this.room()) > next.own) return next;
      if (room <= 0) break;
    }
    return undefined;
  }
}

/** Everyone leaves, unwoken. */
export function dismiss(waiters: RoomWaiters): void {
  while (waiters.shift() !== undefined);
}

// What few lists need are functions, so that a bundle without them is smaller.

/**
 * Whose turn it is: the first whose signal has not aborted. Those before it leave: a signal tells its listeners
 * one after the other, and what one of them gives back is not for a wait that has yet to hear.
 */
export function firstOf<V, R>(
  waiters: WaitList<V, R>,
  left?: (waiter: Waiter<V, R>) => void,
): Waiter<V, R> | undefined {
  for (;;) {
    const { head } = waiters;
    if (!head?.signal?.aborted) return head;
    waiters.remove(head);
    head.fail();
    left?.(head);
  }
}

/** The one whose turn it is leaves, to get what it waits for. */
export function takeFirst<V, R>(waiters: WaitList<V, R>): Waiter<V, R> | undefined {
  const first = firstOf(waiters);
  if (first) waiters.remove(first);
  return first;
}

/** Everyone leaves, and goes on. */
export function resolveAll(waiters: WaitList<never, void>): void {
  for (let waiter; (waiter = takeFirst(waiters));) waiter.resolve();
}

/**
 * Has those leave who wait now and are `meant`, and calls `act` with each just after: one that is made to give
 * up its wait meanwhile is passed over.
 */
export function each<V, R>(
  waiters: WaitList<V, R>,
  act: (waiter: Waiter<V, R>) => void,
  meant: (waiter: Waiter<V, R>) => unknown = () => true,
): void {
  for (const waiter of waiters.all()) {
    if (meant(waiter) && waiters.remove(waiter)) act(waiter);
  }
}

/**
 * Whether somebody has to be woken for one who has just begun to wait. During a round: where there is room, so
 * that another round follows. Else: where the owner is `idle`; one that is at work looks when it has done.
 */
export function needsLook({ waking, room }: RoomWaiters, idle: boolean): boolean {
  return waking ? room() > 0 : idle;
}
