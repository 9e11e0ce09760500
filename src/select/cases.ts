import { channelOf, type Channel, type Receiver } from '../channel/channel.js';
import type { ReceiveChannel, SendChannel } from '../channel/types.js';
import { checkMilliseconds, checkNumber } from '../check.js';
import { Alarm, type Clock } from '../clock.js';
import { Waiter } from '../line/waiters.js';

/** What a case of `select` is told and tells while it takes part in one. */
export interface Contest {
  readonly clock: Clock;
  /** Somebody has chosen this case: the others leave at once. */
  chosen(): void;
  /** It has happened, with this result. */
  won(result: { readonly case: string }): void;
  /** It cannot happen any more. */
  failed(error: unknown): void;
  /** Counts the receivers that this select has on `channel`. */
  receiversOn(channel: unknown): number;
}

/** One case of a {@link select}: made by `recv`, `send`, `after` or `tick`. */
export interface SelectCase<out R> {
  /** What it results in; never there, but for the type. */
  readonly result?: R;
  /** @internal Whether it can happen now. */
  ready(clock: Clock): boolean;
  /** @internal Lets it happen now, if that needs no waiting, under this name. */
  poll(name: string, clock: Clock): { readonly case: string } | undefined;
  /** @internal Gets in line to happen under this name; nobody hears of it yet. Returns what the others need. */
  wait(name: string, contest: Contest): unknown;
  /** @internal It stands in all its lines: now others may hear of it. */
  begin(wait: unknown): void;
  /** @internal Gives up a wait, or does nothing if it is over. */
  leave(wait: unknown): void;
  /** @internal The select is over, and has told so: now others may hear that this one has left. */
  gone?(): void;
  /** @internal What it receives from, if anything. */
  readonly receivesFrom: unknown;
}

/** What a `recv` case results in: a value, or the end of the channel. */
export type Received<T> =
  { readonly value: T; readonly done: false } | { readonly value: undefined; readonly done: true };

/** What a case results in that carries no value. */
export type Happened = object;

/** By how many milliseconds a timer may come early. */
const EARLY = 1;

class Receive<T> implements SelectCase<Received<T>> {
  constructor(readonly receivesFrom: Channel<T>) {}

  ready(): boolean {
    const { length, waiting, closed, senders } = this.receivesFrom;
    // During a round of those who are told of room, a send behind them has to wait for its turn.
    return length > 0 || closed || (waiting > 0 && !senders.waking);
  }

  poll(name: string) {
    const received = this.receivesFrom.tryReceive();
    return received && { case: name, value: received.value, done: received.done };
  }

  wait(name: string, contest: Contest): Receiver<T> {
    const receiver: Receiver<T> = new Waiter(
      ({ value, done }) => {
        contest.chosen();
        contest.won({ case: name, value, done } as { case: string });
      },
      (error) => {
        contest.chosen();
        contest.failed(error);
      },
    );
    this.receivesFrom.receivers.push(receiver);
    return receiver;
  }

  begin(): void {
    this.receivesFrom.senders.wake();
  }

  leave(receiver: Receiver<T>): void {
    receiver.list?.remove(receiver);
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

  poll(name: string) {
    return this.channel.trySend(this.value) ? { case: name } : undefined;
  }

  wait(name: string, contest: Contest): Waiter<T, void> {
    const { channel } = this;
    const sender = channel.waitToSend(
      this.value,
      () => contest.won({ case: name }),
      (error) => contest.failed(error),
    );
    sender.hasLeft = () => contest.chosen();
    sender.own = contest.receiversOn(channel);
    return sender;
  }

  begin(): void {}

  leave(sender: Waiter<T, void>): void {
    if (sender.list?.remove(sender) === true) this.channel.sends--;
  }

  gone(): void {
    this.channel.tell();
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

  wait(name: string, contest: Contest): Alarm {
    return alarmIn(contest, () => contest.won({ case: name }));
  }

  begin(alarm: Alarm): void {
    alarm.set(this.ms);
  }

  leave(alarm: Alarm): void {
    alarm.stop();
  }
}

class Tick implements SelectCase<Happened> {
  readonly receivesFrom = undefined;
  private due = Infinity;

  constructor(private readonly ms: number) {}

  ready(clock: Clock): boolean {
    return this.left(clock) <= 0;
  }

  poll(name: string, clock: Clock) {
    if (this.left(clock) > 0) return undefined;
    this.pass(clock);
    return { case: name };
  }

  wait(name: string, contest: Contest): Alarm {
    this.left(contest.clock);
    const { due } = this;
    return alarmIn(contest, () => {
      if (this.due === due) this.pass(contest.clock); // else another select has had this tick, too
      contest.won({ case: name });
    });
  }

  begin(alarm: Alarm): void {
    alarm.set(this.left(alarm.clock));
  }

  leave(alarm: Alarm): void {
    alarm.stop();
  }

  private left(clock: Clock): number {
    const now = clock.now();
    // Where the clock was set back the grid begins anew; not for a timer that came a little early.
    if (this.due - now > this.ms + EARLY) this.due = now + this.ms;
    return this.due - now;
  }

  /** The next tick is the next on the grid: those that were missed are not made up for. */
  private pass(clock: Clock): void {
    const late = Math.max(0, clock.now() - this.due); // a timer that came early has missed none
    this.due += this.ms + late - (late % this.ms);
  }
}

function alarmIn(contest: Contest, ring: () => void): Alarm {
  return new Alarm(contest.clock, () => {
    contest.chosen();
    ring();
  });
}

/** A case that receives from `channel`: Go's `case v, ok := <-channel`. */
export function recv<T>(channel: ReceiveChannel<T>): SelectCase<Received<T>> {
  return new Receive(channelOf<T>(channel, 'channel'));
}

/** A case that sends `value` on `channel`: Go's `case channel <- value`. */
export function send<T>(channel: SendChannel<T>, value: T): SelectCase<Happened> {
  return new Send(channelOf<T>(channel, 'channel'), value);
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
  checkNumber('ms', ms, 'a number of milliseconds > 0', (ms) => ms > 0);
  return new Tick(ms);
}
