import { ChannelClosedError, ChannelOverflowError, type DropReason } from 'rxjs-sluice';
import type { Kind } from './subject.js';

/** What somebody wants: to send, to receive, to be told of room, to be told of the time. */
export type Wish<V> =
  | { readonly kind: 'send'; readonly on: number; readonly value: V }
  | { readonly kind: 'receive' | 'room'; readonly on: number }
  | { readonly kind: 'time'; readonly on: 'clock'; readonly at: number };

/** What came of it. */
export type Happening<V> =
  | { readonly how: 'received'; readonly value: V }
  | { readonly how: 'sent' | 'done' | 'told' }
  | { readonly how: 'failed'; readonly error: unknown };

/** What came of several wishes, of which one comes true: the one at this place. */
export type Outcome<V> = Happening<V> & { readonly place: number };

/** Somebody who waits. */
export interface Waiting<V> {
  readonly wishes: readonly Wish<V>[];
  readonly settle: (outcome: Outcome<V>) => void;
}

const told = () => ({ how: 'told' }) as const;

const deadline = (wish: Wish<unknown>) => (wish.kind === 'time' ? wish.at : Infinity);

/**
 * Go's channels and its select, as the design tells them: arrays, no haste, each rule once.
 *
 * Whoever waits stands in one queue, once, with all that he wishes for; so whoever is served has left
 * every line. What somebody wishes for is tried before he stands there; so nobody meets himself.
 */
export class Reference<V> {
  readonly channels;
  readonly queue: Waiting<V>[] = [];
  now = 0;

  constructor(
    kinds: readonly Kind[],
    private readonly onDrop: (value: V, reason: DropReason) => void,
  ) {
    this.channels = kinds.map(({ capacity, overflow }) => ({
      capacity,
      overflow,
      held: [] as V[],
      end: undefined as Happening<V> | undefined,
      serving: false,
      arrived: 0,
      received: 0,
      dropped: 0,
    }));
  }

  /** The first of the wishes that can come true does. */
  attempt(wishes: readonly Wish<V>[]): Outcome<V> | undefined {
    for (const [place, wish] of wishes.entries()) {
      const happening = this.grant(wish);
      if (happening !== undefined) return { ...happening, place };
    }
    return undefined;
  }

  /** Waits until one of the wishes comes true. Returns what gives up the wait; false if it is over. */
  wait(wishes: readonly Wish<V>[], settle: Waiting<V>['settle']): () => boolean {
    const who = { wishes, settle };
    this.queue.push(who);
    for (const { kind, on } of wishes) {
      if ((kind === 'receive' || kind === 'room') && this.queue.includes(who)) this.serve(on);
    }
    return () => this.leave(who);
  }

  close(on: number, error?: unknown): void {
    const channel = this.channels[on]!;
    if (channel.end !== undefined) return;
    const end: Happening<V> = error === undefined ? { how: 'done' } : { how: 'failed', error };
    channel.end = end;
    const producers = this.all(on, 'room');
    for (const [who, wish] of this.all(on, 'receive')) {
      const more = this.all(on, 'send').some(([other]) => other !== who);
      if (!more) this.settle(who, wish, () => end);
    }
    for (const [who, wish] of producers) this.settle(who, wish, told);
  }

  cancel(on: number, reason?: unknown): void {
    this.close(on, reason);
    for (const [who, wish] of this.all(on, 'send')) {
      this.settle(who, wish, (value) => ({ how: 'failed', error: new ChannelClosedError(value) }));
    }
    const { held } = this.channels[on]!;
    while (held.length > 0) this.drop(on, held.shift()!, 'cancelled');
  }

  /** Lets so much time pass. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (let first; (first = this.firstDue(end)) !== undefined;) {
      const [who, wish] = first;
      this.now = deadline(wish);
      this.settle(who, wish, told);
    }
    this.now = end;
  }

  /** How many values can come in: free places, and all who wait to receive, but for `who`. */
  room(on: number, who?: Waiting<V>): number {
    const { capacity, held } = this.channels[on]!;
    const receivers = this.all(on, 'receive').filter(([other]) => other !== who);
    return capacity - held.length + receivers.length;
  }

  /** All who wait for this, each with his wish, in the order in which they came. */
  all(on: Wish<V>['on'], ...kinds: Wish<V>['kind'][]): [Waiting<V>, Wish<V>][] {
    const all: [Waiting<V>, Wish<V>][] = [];
    for (const who of this.queue) {
      for (const wish of who.wishes) {
        if (wish.on === on && kinds.includes(wish.kind)) all.push([who, wish]);
      }
    }
    return all;
  }

  private firstDue(end: number): [Waiting<V>, Wish<V>] | undefined {
    const due = this.all('clock', 'time').filter(([, wish]) => deadline(wish) <= end);
    return due.sort(([, a], [, b]) => deadline(a) - deadline(b))[0];
  }

  private grant(wish: Wish<V>): Happening<V> | undefined {
    if (wish.kind === 'receive') return this.take(wish.on);
    if (wish.kind !== 'send') return undefined;
    const { on, value } = wish;
    const { end, overflow } = this.channels[on]!;
    if (end !== undefined) return { how: 'failed', error: new ChannelClosedError(value) };
    if (overflow === 'block' && this.room(on) <= 0) return undefined;
    return this.put(on, value);
  }

  private take(on: number): Happening<V> | undefined {
    const channel = this.channels[on]!;
    if (channel.held.length > 0) {
      const value = channel.held.shift()!;
      channel.received++;
      this.serve(on);
      return { how: 'received', value };
    }
    // Those who wait for room meet somebody who stands here for just this call.
    let taken: Happening<V> | undefined;
    this.wait([{ kind: 'receive', on }], (outcome) => (taken = outcome))();
    return taken ?? channel.end;
  }

  /** A value comes in: to whoever waits for it, else in line. */
  private put(on: number, value: V): Happening<V> {
    const channel = this.channels[on]!;
    const { held, capacity, overflow } = channel;
    channel.arrived++;
    const [receiver] = this.all(on, 'receive');
    if (receiver !== undefined) {
      channel.received++;
      this.settle(...receiver, () => ({ how: 'received', value }));
      return { how: 'sent' };
    }
    held.push(value);
    if (held.length <= capacity) return { how: 'sent' };
    this.drop(on, overflow === 'drop-oldest' ? held.shift()! : held.pop()!, 'overflow');
    if (overflow !== 'error') return { how: 'sent' };
    return { how: 'failed', error: new ChannelOverflowError(held.length, capacity, value) };
  }

  private drop(on: number, value: V, reason: DropReason): void {
    this.channels[on]!.dropped++;
    this.onDrop(value, reason);
  }

  /** First come, first served, while there is room; whoever comes meanwhile stands behind. */
  private serve(on: number): void {
    const channel = this.channels[on]!;
    if (channel.serving) return;
    channel.serving = true;
    const next = () => this.all(on, 'send', 'room').find(([who]) => this.room(on, who) > 0);
    for (let first; (first = next()) !== undefined;) {
      const [who, wish] = first;
      this.settle(who, wish, wish.kind === 'room' ? told : (value) => this.put(on, value));
    }
    channel.serving = false;
  }

  /** Somebody leaves, then it happens, then he is told. Nothing does where he has left before. */
  private settle(who: Waiting<V>, wish: Wish<V>, happen: (value: V) => Happening<V>): void {
    if (!this.leave(who)) return;
    const happening = happen((wish as { readonly value: V }).value);
    who.settle({ ...happening, place: who.wishes.indexOf(wish) });
  }

  private leave(who: Waiting<V>): boolean {
    const at = this.queue.indexOf(who);
    if (at >= 0) this.queue.splice(at, 1);
    return at >= 0;
  }
}
