import fc from 'fast-check';
import { Channel, ChannelClosedError, type ReceiveChannel, type SendChannel } from 'rxjs-sluice';
import { countingSignal } from '../support/counting-signal.js';
import { later } from '../support/later.js';
import { listen, waitingIn, watchersOf } from './channels.js';

/** What a pipeline on trial is made with. */
export interface Given {
  readonly capacity: number;
  readonly cancel: boolean;
  readonly signal: AbortSignal;
  readonly onDrop: (value: number) => void;
}

/** Makes a pipeline, and returns what can be received from. */
export type Build = (
  sources: readonly Channel<number>[],
  given: Given,
  outputs: number,
) => readonly ReceiveChannel<number>[];

export interface Subject {
  readonly title: string;
  readonly build: Build;
  readonly sources: number;
  readonly outputs: number;
  /** Whether every output gets every value; else one of them does. */
  readonly copies?: boolean;
  /** Whether its outputs can be sent to and closed by others. */
  readonly shared?: boolean;
  /** Whether it ends in stages, each when those before it have. */
  readonly staged?: boolean;
}

/** What can be done; the numbers say where, and how often. */
export type Operation = readonly [name: Name, at: number, n: number];

type Name =
  | 'send'
  | 'trySend'
  | 'produce'
  | 'tryReceive'
  | 'receive'
  | 'giveUp'
  | 'react'
  | 'steal'
  | 'closeSource'
  | 'breakSource'
  | 'cancelSource'
  | 'cancelOutput'
  | 'closeOutput'
  | 'abort'
  | 'turn';

const operations: Readonly<Record<Name, (trial: Trial, at: number, n: number) => unknown>> = {
  send: (trial, at) => trial.send(at),
  trySend: (trial, at) => trial.trySend(at),
  produce: (trial, at, n) => trial.produce(at, 1 + (n % 4), reactions[n >> 2]),
  tryReceive: (trial, at) => trial.receiveNow(at),
  receive: (trial, at) => trial.receive(at, 1),
  react: (trial, at, n) => trial.receive(at, 1 + (n % 4), reactions[n >> 2]),
  giveUp: (trial, at) => trial.giveUp(at),
  steal: (trial, at) => trial.steal(at),
  closeSource: (trial, at) => trial.source(at).close(),
  breakSource: (trial, at) => trial.source(at).close(new Error('broken')),
  cancelSource: (trial, at) => trial.source(at).cancel(),
  cancelOutput: (trial, at) => trial.cancelOutput(at),
  closeOutput: (trial, at) => trial.closeOutput(at),
  abort: (trial) => trial.abort(),
  turn: later,
};

/**
 * What is done from inside a callback; mostly nothing, or little would ever happen after it. To receive at
 * another end is left out: which of two calls under way has its value first, no rule says.
 */
const reactions: readonly (Name | undefined)[] = [
  'trySend',
  'send',
  'steal',
  'closeSource',
  'breakSource',
  'cancelOutput',
  'closeOutput',
  'abort',
];

/** The ends are rare, or little would ever happen before them. */
const weights: Partial<Record<Name, number>> = {
  closeSource: 2,
  breakSource: 1,
  cancelSource: 1,
  cancelOutput: 2,
  closeOutput: 1,
  abort: 1,
};

const operation: fc.Arbitrary<Operation> = fc.tuple(
  fc.oneof(
    ...(Object.keys(operations) as Name[]).map((name) => ({
      arbitrary: fc.constant(name),
      weight: weights[name] ?? 10,
    })),
  ),
  fc.nat(11),
  fc.nat(63),
);

/** How the channels are made, and what is done. */
export const script = fc.record({
  places: fc.nat(2),
  capacity: fc.nat(2),
  cancel: fc.boolean(),
  /** Whether values come from producers that wait for room, or from sends: in order among their like. */
  producers: fc.boolean(),
  steps: fc.array(operation, { maxLength: 40, size: 'max' }),
});

export type Script = typeof script extends fc.Arbitrary<infer S> ? S : never;

/** One pipeline on trial: what is done at its ends, and what becomes of each value. */
export class Trial {
  private readonly sources: Channel<number>[];
  private readonly outputs;
  private readonly signal = countingSignal();
  /** What became of each value that a source accepted, but for what came out. */
  private readonly ends = new Map<number, string[]>();
  /** What came out of each output, and what it dropped, in order. */
  private readonly out: number[][];
  private readonly cancelled = new Set<number>();
  private readonly givenUp: (() => void)[] = [];
  private readonly sent: number[];

  constructor(
    private readonly subject: Subject,
    private readonly given: Script,
  ) {
    const { capacity, cancel, places } = given;
    this.sent = Array<number>(subject.sources).fill(0);
    this.sources = this.sent.map(
      () => new Channel<number>(places, { onDrop: (value) => this.ended(value, 'dropped') }),
    );
    this.out = Array.from({ length: subject.outputs }, () => []);
    const { signal } = this.signal.controller;
    const onDrop = (value: number) => this.dropped.push(value);
    this.outputs = subject.build(
      this.sources,
      { capacity, cancel, signal, onDrop },
      subject.outputs,
    );
  }

  /** What outputs have dropped; only a cancel may make one do that. */
  private readonly dropped: number[] = [];

  async run(): Promise<void> {
    for (const [name, at, n] of this.given.steps) {
      await operations[name](this, at, n);
      this.check();
    }
    await this.finish();
  }

  // ---- what is done --------------------------------------------------------------------------------

  source(at: number): Channel<number> {
    return this.sources[at % this.sources.length]!;
  }

  send(at: number): void {
    if (this.given.producers) {
      this.produce(at, 1);
      return;
    }
    const value = this.accepted(at);
    this.source(at)
      .send(value)
      .catch((error: unknown) => {
        if (!(error instanceof ChannelClosedError) || error.value !== value) throw error;
        this.ended(value, 'handed back');
      });
  }

  trySend(at: number): void {
    const source = this.source(at);
    if (source.available > 0) source.trySend(this.accepted(at));
  }

  produce(at: number, count: number, reaction?: Name): void {
    const source = this.source(at);
    if (!this.given.producers) {
      for (let n = 0; n < count; n++) this.send(at);
      return;
    }
    let left = count;
    const resume = (): void => {
      while (left > 0 && source.available > 0) {
        if (left-- === 1) this.react(reaction, at);
        this.trySend(at);
      }
      if (left > 0 && !source.closed) source.onAvailable(resume);
    };
    resume();
  }

  receiveNow(at: number): void {
    const index = at % this.outputs.length;
    try {
      const result = this.outputs[index]!.tryReceive();
      if (result?.done === false) this.out[index]!.push(result.value);
    } catch {
      // What the channel was closed with.
    }
  }

  /** Receives so many values, each from inside the callback that brings the last, and does something there. */
  receive(at: number, times: number, reaction?: Name): void {
    const index = at % this.outputs.length;
    const place = this.givenUp.push(() => {}) - 1;
    const receive = (left: number): void => {
      let waits = true;
      const giveUp = this.outputs[index]!.receiveWith(
        (result) => {
          waits = false;
          if (result.done === true) return;
          this.out[index]!.push(result.value);
          this.react(reaction, at);
          if (left > 1) receive(left - 1);
        },
        () => (waits = false),
      );
      if (waits) this.givenUp[place] = giveUp;
    };
    receive(times);
  }

  giveUp(at: number): void {
    this.givenUp[at % this.givenUp.length]?.();
  }

  /** Others receive from the source as well. */
  steal(at: number): void {
    try {
      const result = this.source(at).tryReceive();
      if (result?.done === false) this.ended(result.value, 'stolen');
    } catch {
      // What the channel was closed with.
    }
  }

  cancelOutput(at: number): void {
    const index = at % this.outputs.length;
    this.outputs[index]!.cancel();
    this.cancelled.add(index);
  }

  /** Others may close what was not made by the pipeline. */
  closeOutput(at: number): void {
    const output: object = this.outputs[at % this.outputs.length]!;
    if (this.subject.shared) (output as SendChannel<number>).close();
  }

  abort(): void {
    this.signal.controller.abort(new Error('aborted'));
  }

  private react(reaction: Name | undefined, at: number): void {
    if (reaction !== undefined) operations[reaction](this, at + 1, 0);
  }

  private accepted(at: number): number {
    const index = at % this.sources.length;
    const value = index * 1000 + this.sent[index]!++;
    this.ends.set(value, []);
    return value;
  }

  private ended(value: number, how: string): void {
    this.ends.get(value)?.push(how);
  }

  // ---- what must hold ------------------------------------------------------------------------------

  /** Whether it must have ended. One whose last value stands in the line of an output sees that through. */
  private get over(): boolean {
    const { aborted } = this.signal.controller.signal;
    if (aborted && !this.subject.staged) return true;
    return this.outputs.every((output) => output.closed && waitingIn(output) === output.length);
  }

  private check(): void {
    const { outputs, sources, given } = this;
    for (const { length } of outputs) must(length <= given.capacity, `an output holds ${length}`);
    for (const output of outputs) {
      const inHand = waitingIn(output) - output.length;
      must(inHand <= sources.length, `${inHand} are in hand`);
    }
    const mayDrop = this.over || this.cancelled.size > 0 || this.subject.staged === true;
    must(mayDrop || this.dropped.length === 0, `dropped ${this.dropped.join()}`);
    if (!this.over) return;
    for (const source of sources) {
      const waiting = source.closed ? 0 : source.available - (source.capacity - source.length);
      must(waiting <= 0, 'a receiver is left at a source');
    }
    for (const channel of [...sources, ...outputs]) {
      must(watchersOf(channel) === 0, 'a watcher is left');
    }
    must(this.signal.listeners() === 0, 'a listener is left');
  }

  private async finish(): Promise<void> {
    for (const source of this.sources) source.close();
    for (const [index, output] of this.outputs.entries()) {
      listen(output, (value) => this.out[index]!.push(value));
    }
    await later();
    for (const output of this.outputs) must(output.closed, 'an output is left open');
    for (const source of this.sources) {
      while (source.waiting > 0) this.ended(source.tryReceive()!.value!, 'left');
    }
    await later();
    this.check();
    this.checkEnds();
  }

  /** Each value that a source accepted has one end. */
  private checkEnds(): void {
    const { out } = this;
    const came = this.subject.copies ? this.checkCopies() : out.flat().concat(this.dropped);
    for (const value of came) this.ended(value, 'came');
    for (const [value, ends] of this.ends) {
      must(ends.length === 1, `${value} ended as [${ends.join(', ')}]`);
    }
    for (const values of out) {
      for (let index = 0; index < this.sources.length; index++) {
        const own = values.filter((value) => Math.floor(value / 1000) === index);
        must(ascends(own), `out of order: ${own.join()}`);
      }
    }
  }

  /** Everybody got the same, or dropped it, or left before. Returns what was given. */
  private checkCopies(): number[] {
    const copies = this.out.map((values) => new Set(values));
    for (const value of this.dropped) {
      // Whoever left last of those who lack it.
      const [lacking] = copies
        .filter((own, index) => this.cancelled.has(index) && !own.has(value))
        .sort((a, b) => b.size - a.size);
      must(lacking !== undefined, `${value} was dropped for nobody`);
      lacking?.add(value);
    }
    const given = [...copies.reduce((a, b) => (b.size > a.size ? b : a))];
    for (const [index, own] of copies.entries()) {
      const expected = this.cancelled.has(index) ? given.slice(0, own.size) : given;
      must(sorted(own) === sorted(expected), `${sorted(own)} beside ${sorted(expected)}`);
    }
    return given;
  }
}

const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b).join();

const ascends = (values: readonly number[]) =>
  values.every((value, i) => i === 0 || values[i - 1]! < value);

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

/** Keeps to what is said of it, whatever is done. */
export const lawful = (subject: Subject) =>
  fc.asyncProperty(script, (given) => new Trial(subject, given).run());
