import { EventEmitter, getEventListeners } from 'node:events';
import { Subject, concat, defer, from, fromEvent, take, throwError, type Observable } from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import { StageMeter, pullFrom } from 'rxjs-sluice/operators';
import type { Inside, Operator, Options } from '../laws/subjects.js';
import { HandClock } from '../support/hand-clock.js';
import { later } from '../support/later.js';
import { hostTimers, timersOf } from './host-timers.js';
import { expectNothing } from './left.js';

const six = [1, 2, 3, 4, 5, 6];

/** When a pipe is left, or how it ends. */
export interface Moment {
  readonly title: string;
  /** What it is subscribed to. Default: a subject that lives as long as all cycles. */
  readonly source?: (around: Surroundings) => Observable<number>;
  /** What stands below it. Default: nothing. */
  readonly below?: (output: Observable<number | number[]>) => Observable<number | number[]>;
  /** What happens before it is unsubscribed. */
  readonly act?: (around: Surroundings) => void;
}

const push =
  (count: number, steps = 0) =>
  ({ source, step }: Surroundings): void => {
    for (let n = 0; n < count; n++) source.next(n);
    for (let i = 0; i < steps; i++) step();
  };

const step =
  (steps: number) =>
  ({ step }: Surroundings): void => {
    for (let i = 0; i < steps; i++) step();
  };

export const moments: readonly Moment[] = [
  { title: 'idle' },
  { title: 'holding one value', act: push(1) },
  { title: 'full, with values parked', act: push(12) },
  { title: 'with tasks and timers under way', act: push(4, 1) },
  { title: 'after some values', act: push(6, 4) },
  { title: 'when it has completed', source: () => from(six), act: step(30) },
  {
    title: 'when it has failed',
    source: () =>
      concat(
        from(six),
        throwError(() => 'source error'),
      ),
    act: step(30),
  },
  { title: 'while its source waits for room', source: () => pullFrom(six), act: step(1) },
  {
    title: 'while its source waits for a value of a channel',
    source: ({ channel }) => pullFrom(channel),
    act: step(2),
  },
  {
    title: 'while it listens to an emitter',
    source: ({ emitter }) => fromEvent(emitter, 'value') as Observable<number>,
    act({ emitter }) {
      for (const n of six) emitter.emit('value', n);
    },
  },
  {
    title: 'from inside next',
    below: (output) => output.pipe(take(1)),
    act: push(6, 4),
  },
];

/** What is subscribed and left, time and again. */
export interface Cycled {
  readonly make: (options: Options, around: Surroundings) => Operator;
  /** Its values pass through promises. */
  readonly async?: true;
}

/** How often it is seen whether something is left: after the first of so many rounds through the moments. */
const ROUNDS = 10;

/**
 * How many timers of the host more there may be after a batch than before: the host of the tests has some of
 * its own, now and then; what leaves one leaves hundreds.
 */
const SLACK = 9;

/** What outlives every pipe, and can tell whether a pipe has left something there. */
export class Surroundings implements Inside {
  readonly clock = new HandClock();
  readonly signals = new Map<number, AbortSignal>();
  readonly source = new Subject<number>();
  /** What a pipe may listen to beside its source. */
  readonly input = new Subject<number>();
  readonly channel = new Channel<number>(2);
  /** A rendezvous to which nobody comes: a pipe waits for room in vain. */
  readonly full = new Channel<number>(0);
  readonly ticks = new Subject<void>();
  readonly emitter = new EventEmitter();
  readonly signal = new AbortController().signal;
  private readonly meter = new StageMeter();
  private current: Observable<number> = this.source;
  private readonly operator: Operator;
  private readonly output: Observable<number | number[]>;

  constructor(private readonly specimen: Cycled) {
    const { meter } = this;
    this.operator = specimen.make({ meter, onDrop: () => {} }, this);
    this.output = this.applied();
  }

  readonly step = (): void => {
    this.ticks.next();
    this.input.next(1);
    this.clock.advance(1);
  };

  private applied(): Observable<number | number[]> {
    return defer(() => this.current).pipe(this.operator, takeOn(this.ticks));
  }

  /** Subscribes the pipe, and leaves it at that moment. */
  cycle({ source, below, act, title }: Moment): void {
    this.current = source?.(this) ?? this.source;
    // What has failed may remember that.
    const output = title.includes('failed') ? this.applied() : this.output;
    const subscription = (below?.(output) ?? output).subscribe({ error: () => {} });
    act?.(this);
    subscription.unsubscribe();
  }

  /** Listeners to what lasts, and to the signals of tasks, which may outlive them. */
  private get listeners(): number {
    const signals = [this.signal, ...this.signals.values()];
    const toSignals = signals.map((signal) => getEventListeners(signal, 'abort').length);
    return toSignals.reduce((sum, count) => sum + count, this.emitter.listenerCount('value'));
  }

  /** Throws if something has been left. */
  verify(): void {
    const { clock, source, ticks, input, channel, full, meter } = this;
    verifyConservation(meter);
    const left = {
      timers: clock.armed,
      source: Number(source.observed),
      input: Number(input.observed),
      consumer: Number(ticks.observed),
      receivers: channel.available - channel.capacity,
      producers: channel.waiting,
      waiters: full.senders.size,
      listeners: this.listeners,
      held: meter.held,
    };
    expectNothing(left);
  }

  /** One cycle, and throws if it has left something. */
  private async verified(moment: Moment): Promise<void> {
    const set = timersOf(() => this.cycle(moment));
    if (this.specimen.async) await later();
    this.verify();
    expectNothing({ 'host timers': set });
  }

  /** So many cycles, at all moments in turn. */
  async batch(cycles: number): Promise<void> {
    const before = hostTimers();
    for (let n = 0; n * moments.length < cycles; n++) {
      for (const moment of moments) {
        if (n % ROUNDS === 0) await this.verified(moment);
        else this.cycle(moment);
      }
      // What is a promise by nature settles, and lets go, in turns of its own.
      if (this.specimen.async) await later();
    }
    await later();
    this.verify();
    expectNothing({ 'host timers': Math.max(0, hostTimers() - before - SLACK) });
  }
}
