import type { Channel, SelectCase, WaitOptions } from 'rxjs-sluice';
import type { Kind } from '../channel/subject.js';
import type { Library } from '../support/library-copy.js';
import type { End } from './alphabet.js';
import type { Token } from './snapshot.js';
import { ShownSignal, type ShownPromise } from './stand-ins.js';
import {
  ABORT,
  BOOM,
  NOTHING_NOW,
  WAITS,
  tellAll,
  tellChannel,
  tellError,
  told,
  type Operation,
  type Side,
  type Step,
} from './step.js';

/** What an operation of the library results in. */
interface Result {
  readonly case?: string;
  readonly done?: boolean | undefined;
  readonly value?: Token | undefined;
}

interface Pending {
  readonly operation: Operation;
  readonly values: readonly Token[];
  readonly promise: ShownPromise<Result | undefined>;
  readonly signal: ShownSignal;
}

interface Place {
  readonly next: Place;
  actor?: Token;
}

/** What is private in a channel: who waits there. */
type Lines = Readonly<Record<'senders' | 'receivers', { readonly end: Place }>>;

const declared = { order: 'declared' } as const;

/** A program on a copy of the library that was made with `ShownPromise`. */
export class Real implements Side {
  readonly waiting = new Map<Token, Pending>();
  private readonly heard = new Map<Token, string>();
  private readonly channels: readonly Channel<Token>[];
  private readonly came: Token[] = [];
  private readonly went: Token[] = [];
  private drops = '';

  constructor(
    private readonly library: Library,
    kinds: readonly Kind[],
  ) {
    const onDrop = (value: Token, reason: string) => {
      this.went.push(value);
      this.drops += ` ${value.name} ${reason}`;
    };
    this.channels = kinds.map(
      ({ capacity, overflow }) => new library.Channel<Token>(capacity, { overflow, onDrop }),
    );
  }

  perform(step: Step): void {
    try {
      this.carryOut(step);
    } catch (error) {
      this.heard.set(step.actor, `${tellError(error)}, thrown`);
    }
    for (const [who, pending] of this.waiting) this.look(who, pending);
    this.markWaiters(step.actor);
  }

  tell(actors: readonly Token[]): string[] {
    const channels = this.channels.map(({ length, waiting, available, arrived, closed }) =>
      tellChannel(length, waiting, available, arrived, closed),
    );
    return tellAll(actors, this.heard, this.drops, channels);
  }

  roots(): unknown[] {
    return [this.channels, ...[...this.waiting.values()].map(({ signal }) => signal.listeners)];
  }

  /** What came, and what went: received or dropped. */
  ledger(): { readonly came: string; readonly went: string } {
    const names = (tokens: readonly Token[]) =>
      tokens
        .map(({ name }) => name)
        .sort()
        .join();
    return { came: names(this.came), went: names(this.went) };
  }

  private carryOut({ actor, letter, values, whom }: Step): void {
    switch (letter.does) {
      case 'close':
        this.channels[letter.on]!.close();
        break;
      case 'fail':
        this.channels[letter.on]!.close(BOOM);
        break;
      case 'cancel':
        this.channels[letter.on]!.cancel();
        break;
      case 'abort':
        this.waiting.get(whom!)!.signal.abort(ABORT);
        break;
      case 'try':
        this.attempt(actor, letter, values);
        break;
      default:
        this.begin(actor, letter, values);
    }
  }

  private attempt(actor: Token, operation: Operation, values: readonly Token[]): void {
    try {
      const result = this.now(operation, values);
      const nothing = result === undefined || result === false;
      this.heard.set(actor, nothing ? NOTHING_NOW : this.result(operation, values, result));
    } catch (error) {
      this.heard.set(actor, this.failure(error));
    }
  }

  private now({ ends, select }: Operation, values: readonly Token[]): Result | boolean | undefined {
    if (select) return this.library.trySelect(this.cases(ends, values), declared);
    const [{ kind, on }] = ends as [End];
    const channel = this.channels[on]!;
    return kind === 'send' ? channel.trySend(values[0]!) : channel.tryReceive();
  }

  private begin(actor: Token, operation: Operation, values: readonly Token[]): void {
    const signal = new ShownSignal();
    if (operation.does === 'late') signal.abort(ABORT);
    const promise = this.later(operation, values, { signal } as unknown as WaitOptions);
    this.heard.set(actor, WAITS);
    this.waiting.set(actor, { operation, values, signal, promise: promise as never });
  }

  private later(
    { ends, select }: Operation,
    values: readonly Token[],
    options: WaitOptions,
  ): Promise<unknown> {
    if (select) return this.library.select(this.cases(ends, values), { ...declared, ...options });
    const [{ kind, on }] = ends as [End];
    const channel = this.channels[on]!;
    return kind === 'send' ? channel.send(values[0]!, options) : channel.receive(options);
  }

  private cases(
    ends: readonly End[],
    values: readonly Token[],
  ): Record<string, SelectCase<Result>> {
    const { library, channels } = this;
    const cases: Record<string, SelectCase<Result>> = {};
    for (const [place, { kind, on }] of ends.entries()) {
      const channel = channels[on]!;
      cases[`case ${place}`] =
        kind === 'send' ? library.send(channel, values[place]!) : library.recv(channel);
    }
    return cases;
  }

  /** Has an actor that waited been told? */
  private look(who: Token, { operation, values, promise, signal }: Pending): void {
    const { state, result } = promise;
    if (state === 'pending') return;
    this.waiting.delete(who);
    const told =
      state === 'rejected' ? this.failure(result) : this.result(operation, values, result);
    // No listener outlives the wait, so that a later abort can do nothing.
    this.heard.set(who, told + ' and still listens'.repeat(signal.listeners.length));
  }

  private result(operation: Operation, values: readonly Token[], result: unknown): string {
    const { case: name = 'case 0', done, value } = (result ?? {}) as Result;
    const place = Number(name.slice('case '.length));
    if (done === undefined) {
      this.came.push(values[place]!);
      return told(operation, place, 'sent');
    }
    if (done) return told(operation, place, 'done');
    this.went.push(value!);
    return told(operation, place, `received ${value?.name}`);
  }

  private failure(error: unknown): string {
    if (error instanceof this.library.ChannelOverflowError) this.came.push(error.value as Token);
    return tellError(error);
  }

  /** A place in a line is told by whose it is: what its callbacks lead to cannot be seen. */
  private markWaiters(actor: Token): void {
    for (const channel of this.channels as unknown as readonly Lines[]) {
      for (const { end } of [channel.senders, channel.receivers]) {
        for (let waiter = end.next; waiter !== end; waiter = waiter.next) waiter.actor ??= actor;
      }
    }
  }
}
