import { Observable, Subject, Subscriber, config, type Subscription } from 'rxjs';
import { takeOn, verifyConservation } from 'rxjs-sluice/marbles';
import { StageMeter, type Demand, type DropReason } from 'rxjs-sluice/operators';
import { DEMAND } from '../../src/line/demand.js';
import { later } from '../support/later.js';
import { HandClock } from '../support/hand-clock.js';
import type { Inside, Operator, Options, Specimen } from './subjects.js';

type Output = Observable<number | number[]>;

export interface BedOptions {
  /** Options of the stage, beside those that the bed listens with. */
  readonly options?: Options;
  /** False: the consumer takes all it is given, and no demand is found. Default: it takes on demand. */
  readonly demand?: boolean;
  /** Another make of the specimen. */
  readonly make?: (options: Options, inside: Inside) => Operator;
  /** What stands between the specimen and its consumer. */
  readonly below?: (output: Output) => Output;
  /** Hears of each value that is consumed. */
  readonly consume?: (value: number) => void;
}

export const naturals = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** A specimen between a source and a consumer, and all that can be seen of it. */
export class Bed {
  readonly clock = new HandClock();
  readonly signals = new Map<number, AbortSignal>();
  readonly meter: StageMeter;
  readonly values: number[] = [];
  emissions = 0;
  readonly dropped: [value: number, reason: DropReason][] = [];
  readonly ends: unknown[] = [];
  readonly ticks = new Subject<void>();
  subscription!: Subscription;

  constructor(
    private readonly specimen: Specimen,
    private readonly setup: BedOptions = {},
  ) {
    this.meter = new StageMeter(specimen.title);
  }

  run(source: Observable<number>): this {
    const { make = this.specimen.make, demand = true, below, consume, options } = this.setup;
    const onDrop = (value: number, reason: DropReason): void => {
      this.dropped.push([value, reason]);
      this.verify();
    };
    let output: Output = source.pipe(make({ meter: this.meter, onDrop, ...options }, this));
    if (below !== undefined) output = below(output);
    if (demand) output = output.pipe(takeOn(this.ticks));
    this.subscription = output.subscribe({
      next: (value) => {
        this.verify();
        this.emissions++;
        for (const each of Array.isArray(value) ? value : [value]) {
          this.values.push(each);
          consume?.(each);
        }
      },
      error: (error: unknown) => this.ends.push(error),
      complete: () => this.ends.push('complete'),
    });
    return this;
  }

  /** That what is counted adds up, just now. */
  private verify(): void {
    const { meter } = this;
    verifyConservation(meter);
    if (meter.maxHeld < meter.held)
      throw new Error(`holds ${meter.held}, at most ${meter.maxHeld}`);
  }

  /** As `run`, for a source that does not wait to be subscribed. */
  async begin(source: Observable<number>): Promise<this> {
    this.run(source);
    if (this.specimen.lazy) {
      this.ticks.next();
      await this.turn();
    }
    return this;
  }

  /** Gives what is a promise by nature its turn; nothing else needs one. */
  async turn(): Promise<void> {
    if (this.specimen.async) await later();
  }

  /** One tick of the consumer, and one millisecond. */
  async step(): Promise<void> {
    this.ticks.next();
    await this.turn();
    this.clock.advance(1);
    await this.turn();
  }

  async steps(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.step();
  }

  /** All that was delivered or dropped, in ascending order. */
  get accounted(): number[] {
    return [...this.values, ...this.dropped.map(([value]) => value)].sort((a, b) => a - b);
  }

  get reasons(): DropReason[] {
    return [...new Set(this.dropped.map(([, reason]) => reason))];
  }
}

/** What stands above a consumer that has room for one value more whenever it is asked, once that is opened. */
export function roomWhenAsked() {
  const waiters = new Set<() => void>();
  let isOpen = false;
  let room = 0;
  let arrived = 0;
  const demand: Demand = {
    capacity: 1,
    waiting: 0,
    get available() {
      return room;
    },
    get arrived() {
      return arrived;
    },
    onAvailable(resume) {
      waiters.add(resume);
      wake();
      return () => waiters.delete(resume);
    },
  };
  const wake = (): void => {
    if (!isOpen) return;
    room = 1;
    for (const resume of [...waiters]) {
      if (room > 0 && waiters.delete(resume)) resume();
    }
  };
  return {
    below: <T>(output: Observable<T>): Observable<T> =>
      new Observable((subscriber) => {
        const sink = new Subscriber<T>({
          next(value: T) {
            room--;
            arrived++;
            subscriber.next(value);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
        return output.subscribe(Object.assign(sink, { [DEMAND]: demand }));
      }),
    /** Opens it, until nobody waits. */
    open: (): void => {
      isOpen = true;
      do wake();
      while (waiters.size > 0);
    },
  };
}

/** Runs `act`, and returns what RxJS's hook for unhandled errors heard. */
export async function unhandledBy(act: () => unknown): Promise<unknown[]> {
  const heard: unknown[] = [];
  const { onUnhandledError } = config;
  config.onUnhandledError = (error: unknown) => heard.push(error);
  await act();
  await new Promise((resolve) => setTimeout(resolve)); // set behind those that tell the hook
  config.onUnhandledError = onUnhandledError;
  return heard;
}
