import fc from 'fast-check';
import { ChannelClosedError, ChannelOverflowError, type LineOptions } from 'rxjs-sluice';
import type { Make, Result, Subject } from './reference.js';

/** What can be done to a channel; the number says how many, or to which of those that wait. */
export type Operation = readonly [name: Name, n: number];

type Name =
  | `${'send' | 'receive'}${'' | 'WithSignal' | 'Aborted'}`
  | 'trySend'
  | 'tryReceive'
  | 'receiveWith'
  | 'giveUp'
  | 'produce'
  | 'withdraw'
  | 'abort'
  | 'close'
  | 'closeWithError'
  | 'cancel';

const operations: Readonly<Record<Name, (trial: Trial, n: number) => unknown>> = {
  trySend: (trial) => trial.trySend(),
  send: (trial) => trial.send(),
  sendWithSignal: (trial) => trial.send(trial.newSignal()),
  sendAborted: (trial) => trial.send(AbortSignal.abort('aborted before')),
  tryReceive: (trial) => trial.tryReceive(),
  receive: (trial) => trial.receive(),
  receiveWithSignal: (trial) => trial.receive(trial.newSignal()),
  receiveAborted: (trial) => trial.receive(AbortSignal.abort('aborted before')),
  receiveWith: (trial, n) => trial.receiveWith(1 + (n % 4), afterReceiving[n >> 3]),
  produce: (trial, n) => trial.produce(n % 8, afterProducing[n >> 3]),
  abort: (trial, n) => trial.abort(n),
  giveUp: (trial, n) => trial.giveUp(n),
  withdraw: (trial, n) => trial.withdraw(n),
  close: (trial) => trial.channel.close(),
  closeWithError: (trial, n) => trial.channel.close(new Error(`closed ${n}`)),
  cancel: (trial, n) => trial.channel.cancel(n % 2 > 0 ? `cancelled ${n}` : undefined),
};

/**
 * What a callback does to the channel in which it is called; mostly nothing. A producer that receives
 * as well is left out: which of its rights comes first, no rule says.
 */
const afterProducing: readonly (Name | undefined)[] = ['close', 'closeWithError', 'cancel'];
const afterReceiving: typeof afterProducing = [
  'trySend',
  'tryReceive',
  'receive',
  ...afterProducing,
];

/** The ends are rare, or little would ever happen before them. */
const rare: readonly string[] = ['close', 'closeWithError', 'cancel'];
const often: readonly string[] = ['trySend', 'send', 'tryReceive', 'receive', 'abort'];

const names = Object.keys(operations) as Name[];

const operation: fc.Arbitrary<Operation> = fc.tuple(
  fc.oneof(
    ...names.map((name) => ({
      arbitrary: fc.constant(name),
      weight: rare.includes(name) ? 1 : often.includes(name) ? 12 : 6,
    })),
  ),
  fc.nat(127),
);

/** Turns of the event loop, and what happens in each: an abort may follow a hand-over at once. */
export const turns: fc.Arbitrary<Operation[][]> = fc.array(
  fc.array(operation, { minLength: 1, maxLength: 4 }),
  { maxLength: 16, size: 'max' },
);

/** Lets every promise that has been settled be heard of. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Listened {
  readonly controller: AbortController;
  listeners: number;
  waits: boolean;
}

/**
 * One channel on trial: what is done to it, and all that is heard of it. Two trials that are put
 * through the same must have the same to tell.
 */
export class Trial {
  readonly channel: Subject;
  /** Told apart by kind: in which order a receiver and a sender hear of one value is nobody's concern. */
  readonly heard = {
    receives: [] as string[],
    sends: [] as string[],
    producers: [] as string[],
    drops: [] as string[],
  };
  private values = 0;
  private readonly received = new Set<number>();
  private readonly dropped = new Set<number>();
  private readonly signals: Listened[] = [];
  private readonly givenUp: (() => void)[] = [];
  private readonly withdrawn: (() => void)[] = [];
  private receivers = 0;

  constructor(make: Make, capacity: number, overflow: LineOptions<number>['overflow']) {
    const onDrop = (value: number, reason: string) => {
      this.ends(value, this.dropped);
      this.heard.drops.push(`${value}, ${reason}`);
    };
    this.channel = make(capacity, { overflow, onDrop });
  }

  /** Does it, and tells what came of it and how the channel stands. */
  run(operation: Operation): string {
    const outcome = this.do(operation);
    const { length, available, waiting, arrived, closed } = this.channel;
    return JSON.stringify({ outcome, length, available, waiting, arrived, closed });
  }

  private do([name, n]: Operation): string {
    try {
      return String(operations[name](this, n));
    } catch (error) {
      return `threw ${tellError(error)}`;
    }
  }

  /** What must hold whatever the channel does, by what was seen at its two ends. */
  check(): void {
    const { length, arrived } = this.channel;
    const { received, dropped } = this;
    if (arrived !== received.size + dropped.size + length) {
      throw new Error(
        `arrived ${arrived}, received ${received.size}, dropped ${dropped.size}, held ${length}`,
      );
    }
    for (const { controller, listeners, waits } of this.signals) {
      const due = waits && !controller.signal.aborted ? 1 : 0;
      if (listeners !== due) throw new Error(`${listeners} listeners on a signal, not ${due}`);
    }
  }

  trySend(): boolean {
    return this.channel.trySend(++this.values);
  }

  send(signal?: AbortSignal): void {
    const value = ++this.values;
    const settled = this.waitsOn(signal);
    const hear = (how: string) => {
      settled();
      this.heard.sends.push(`${value} ${how}`);
    };
    this.channel.send(value, { signal }).then(
      () => hear('sent'),
      (error: unknown) => hear(tellError(error)),
    );
  }

  tryReceive(): string {
    return this.tell(this.channel.tryReceive());
  }

  receive(signal?: AbortSignal): void {
    const receiver = ++this.receivers;
    const settled = this.waitsOn(signal);
    const hear = (how: string) => {
      settled();
      this.heard.receives.push(`${receiver}: ${how}`);
    };
    this.channel.receive({ signal }).then(
      (result) => hear(this.tell(result)),
      (error: unknown) => hear(tellError(error)),
    );
  }

  /**
   * Receives `times` values, asking for the next one from inside the callback that brings the last;
   * does `after` from inside the last.
   */
  receiveWith(times: number, after?: Name): void {
    const receiver = ++this.receivers;
    const place = this.givenUp.push(() => {}) - 1;
    const receive = (left: number) => {
      let calls = 0;
      const hear = (how: string) => {
        calls++;
        this.heard.receives.push(`${receiver}: ${how}`);
      };
      const giveUp = this.channel.receiveWith(
        (result) => {
          hear(this.tell(result));
          if (left > 1 && result.done !== true) receive(left - 1);
          else if (after !== undefined) hear(`${after} ${this.do([after, 0])}`);
        },
        (error) => hear(tellError(error)),
      );
      if (calls === 0) this.givenUp[place] = giveUp;
    };
    receive(times);
  }

  /**
   * A producer: pushes while there is room, and waits for more room while it has more to push; then it
   * does `after`.
   */
  produce(stock: number, after?: Name): void {
    let left = stock;
    const place = this.withdrawn.push(() => {}) - 1;
    const resume = () => {
      const { channel } = this;
      let pushed = 0;
      while (left > 0 && channel.available > 0) {
        channel.trySend(++this.values);
        left--;
        pushed++;
      }
      this.heard.producers.push(`${place} pushed ${pushed}`);
      if (left > 0 && !channel.closed) wait();
      else if (after !== undefined) {
        this.heard.producers.push(`${place} ${after}: ${this.do([after, 0])}`);
      }
    };
    const wait = () => {
      let resumed = false;
      const withdraw = this.channel.onAvailable(() => {
        resumed = true;
        resume();
      });
      if (!resumed) this.withdrawn[place] = withdraw;
    };
    wait();
  }

  newSignal(): AbortSignal {
    const listened: Listened = { controller: new AbortController(), listeners: 0, waits: false };
    this.signals.push(listened);
    return countListeners(listened);
  }

  /** Aborts a signal that some call was given, whether that call still waits or not. */
  abort(n: number): void {
    const { signals } = this;
    signals[n % signals.length]?.controller.abort(`abort ${n}`);
  }

  giveUp(n: number): void {
    this.givenUp[n % this.givenUp.length]?.();
  }

  withdraw(n: number): void {
    this.withdrawn[n % this.withdrawn.length]?.();
  }

  private waitsOn(signal: AbortSignal | undefined): () => void {
    const listened = this.signals.find(({ controller }) => controller.signal === signal);
    if (listened === undefined) return () => {};
    listened.waits = true;
    return () => (listened.waits = false);
  }

  private tell(result: Result | undefined): string {
    if (result === undefined) return 'nothing now';
    if (result.done === true) return 'done';
    this.ends(result.value, this.received);
    return `value ${result.value}`;
  }

  /** A value has come to its end, of which it has only one. */
  private ends(value: number, where: Set<number>): void {
    if (this.received.has(value) || this.dropped.has(value)) {
      this.heard.drops.push(`${value} came out twice`);
    }
    where.add(value);
  }
}

function countListeners(listened: Listened): AbortSignal {
  const { signal } = listened.controller;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listened.listeners++;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listened.listeners--;
    remove(...given);
  };
  return signal;
}

function tellError(error: unknown): string {
  if (error instanceof ChannelClosedError) return `closed to ${String(error.value)}`;
  if (error instanceof ChannelOverflowError) {
    return `overflow by ${String(error.value)}: ${error.waiting} in ${error.capacity}`;
  }
  return String(error);
}

/** Puts `subject` and `model` through the same; throws where they part. */
export async function compare(subject: Trial, model: Trial, script: Operation[][]): Promise<void> {
  for (const inOneTurn of script) {
    for (const operation of inOneTurn) {
      const told = subject.run(operation);
      same(`after ${operation.join(' ')}`, told, model.run(operation));
    }
    await turn();
    for (const kind of ['receives', 'sends', 'producers', 'drops'] as const) {
      same(kind, subject.heard[kind].join('; '), model.heard[kind].join('; '));
    }
    subject.check();
  }
}

function same(what: string, told: string, expected: string): void {
  if (told !== expected) throw new Error(`${what}:\n  expected ${expected}\n  got      ${told}`);
}
