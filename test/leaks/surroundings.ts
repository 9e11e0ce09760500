import { Subject, concat, defer, from, take, throwError, type Observable } from 'rxjs';
import { Channel } from 'rxjs-sluice';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import { StageMeter, pullFrom } from 'rxjs-sluice/operators';
import type { Inside, Operator, Options } from '../laws/subjects.js';
import { HandClock } from '../support/hand-clock.js';
import { later } from '../support/later.js';
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

/** What outlives every pipe, and can tell whether a pipe has left something there. */
export class Surroundings implements Inside {
  readonly clock = new HandClock();
  readonly signals = new Map<number, AbortSignal>();
  readonly source = new Subject<number>();
  /** What a pipe may listen to beside its source. */
  readonly input = new Subject<number>();
  readonly channel = new Channel<number>(2);
  readonly ticks = new Subject<void>();
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

  /** Throws if something has been left. */
  verify(): void {
    const { clock, source, ticks, input, channel, meter } = this;
    verifyConservation(meter);
    const left = {
      timers: clock.armed,
      source: Number(source.observed),
      input: Number(input.observed),
      consumer: Number(ticks.observed),
      receivers: channel.available - channel.capacity,
      producers: channel.waiting,
      held: meter.held,
    };
    expectNothing(left);
  }

  /** So many cycles, at all moments in turn. */
  async batch(cycles: number): Promise<void> {
    for (let n = 0; n < cycles; n += moments.length) {
      for (const moment of moments) {
        this.cycle(moment);
        if (n % 100 === 0) {
          if (this.specimen.async) await later();
          this.verify();
        }
      }
    }
    await later();
    this.verify();
  }
}
