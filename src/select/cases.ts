import type { Channel } from '../channel/channel.js';
import type { ReceiveChannel, SendChannel } from '../channel/types.js';
import { check, checkMilliseconds } from '../check.js';
import { Alarm, type Clock } from '../clock.js';
import type { Waiter } from '../line/waiters.js';

/** What a case of `select` is told and tells while it takes part in one. */
export interface Contest<R> {
  readonly clock: Clock;
  /** The case has happened, with this result. */
  readonly won: (result: R) => void;
  /** The case cannot happen any more. */
  readonly failed: (error: unknown) => void;
  /** Somebody has chosen this case: the others leave at once. */
  readonly chosen: () => void;
  /** Counts the receivers that this select has on `channel`. */
  readonly receiversOn: (channel: unknown) => number;
}

/** One case of a {@link select}: made by `recv`, `send`, `after` or `tick`. */
export interface SelectCase<out R> {
  /** What it results in; never there, but for the type. */
  readonly result?: R;
  /** @internal Whether it can happen now. */
  ready(clock: Clock): boolean;
  /** @internal Lets it happen now, if that needs no waiting. */
  poll(clock: Clock): R | undefined;
  /** @internal Waits for it. Returns what gives up the wait. */
  wait(contest: Contest<R>): () => void;
  /** @internal What it receives from, if anything. */
  readonly receivesFrom: unknown;
}

/** What a `recv` case results in: a value, or the end of the channel. */
export type Received<T> =
  { readonly value: T; readonly done: false } | { readonly value: undefined; readonly done: true };

/** What a case results in that carries no value. */
export type Happened = object;

const HAPPENED: Happened = {};

class Receive<T> implements SelectCase<Received<T>> {
  constructor(readonly receivesFrom: Channel<T>) {}

  ready(): boolean {
    const { waiting, closed } = this.receivesFrom;
    return waiting > 0 || closed;
  }

  poll(): Received<T> | undefined {
    return this.receivesFrom.tryReceive();
  }

  wait({ won, failed, chosen }: Contest<Received<T>>): () => void {
    const waiter = this.receivesFrom.waitToReceive(
      (result) => {
        chosen();
        won(result);
      },
      (error) => {
        chosen();
        failed(error);
      },
    );
    return () => void waiter.list?.remove(waiter);
  }
}

class Send<T> implements SelectCase<Happened> {
  readonly receivesFrom = undefined;

  constructor(
    private readonly channel: Channel<T>,
    private readonly value: T,
  ) {}

  ready(): boolean {
    const { available, closed } = this.channel;
    return available > 0 || closed;
  }

  poll(): Happened | undefined {
    return this.channel.trySend(this.value) ? HAPPENED : undefined;
  }

  wait({ won, failed, chosen, receiversOn }: Contest<Happened>): () => void {
    const { channel } = this;
    const waiter: Waiter<T, void> = channel.waitToSend(this.value, () => won(HAPPENED), failed);
    waiter.hasLeft = chosen;
    waiter.own = receiversOn(channel);
    return () => {
      if (waiter.list?.remove(waiter) === true) channel.sendLeft();
    };
  }
}

class After implements SelectCase<Happened> {
  readonly receivesFrom = undefined;

  constructor(private readonly ms: number) {}

  ready(): boolean {
    return false;
  }

  poll(): undefined {
    return undefined;
  }

  wait({ clock, won, chosen }: Contest<Happened>): () => void {
    return ring(clock, this.ms, () => {
      chosen();
      won(HAPPENED);
    });
  }
}

class Tick implements SelectCase<Happened> {
  readonly receivesFrom = undefined;
  private due: number | undefined;

  constructor(private readonly ms: number) {}

  ready(clock: Clock): boolean {
    return this.left(clock) <= 0;
  }

  poll(clock: Clock): Happened | undefined {
    const left = this.left(clock);
    if (left > 0) return undefined;
    this.due = clock.now() + this.ms + (left % this.ms); // on the grid; missed ticks are not made up for
    return HAPPENED;
  }

  wait({ clock, won, chosen }: Contest<Happened>): () => void {
    return ring(clock, this.left(clock), () => {
      chosen();
      this.due = (this.due ?? clock.now()) + this.ms;
      won(HAPPENED);
    });
  }

  private left(clock: Clock): number {
    this.due ??= clock.now() + this.ms;
    return this.due - clock.now();
  }
}

function ring(clock: Clock, ms: number, task: () => void): () => void {
  const alarm = new Alarm(clock, task);
  alarm.set(ms);
  return () => alarm.stop();
}

/** A case that receives from `channel`: Go's `case v, ok := <-channel`. */
export function recv<T>(channel: ReceiveChannel<T>): SelectCase<Received<T>> {
  return new Receive(channelOf<T>(channel));
}

/** A case that sends `value` on `channel`: Go's `case channel <- value`. */
export function send<T>(channel: SendChannel<T>, value: T): SelectCase<Happened> {
  return new Send(channelOf<T>(channel), value);
}

/** A case that happens `ms` milliseconds after its select began: Go's `case <-time.After(d)`. */
export function after(ms: number): SelectCase<Happened> {
  checkMilliseconds('ms', ms);
  return new After(ms);
}

/**
 * A case that happens every `ms` milliseconds, counted from its first select: Go's `time.Tick`. Make it
 * once, before the loop. A tick that is missed is not made up for.
 */
export function tick(ms: number): SelectCase<Happened> {
  check(typeof ms === 'number' && ms > 0, 'ms', 'a number of milliseconds > 0', ms, RangeError);
  return new Tick(ms);
}

function channelOf<T>(end: object): Channel<T> {
  check('waitToReceive' in Object(end), 'channel', 'a Channel', end);
  return end as Channel<T>;
}
