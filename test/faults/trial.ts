import { Observable, Subject, config, type Subscriber } from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import { ChannelOverflowError, demandOf, type DropReason } from 'rxjs-sluice/operators';
import { expect } from 'vitest';
import { Bed } from '../laws/bed.js';
import type { Inside, Operator, Options, Specimen } from '../laws/subjects.js';
import { whenRoom } from '../support/when-room.js';
import type { Situation } from './situations.js';
import { Strike, type Span } from './strike.js';

/** A callback of a user's, and an operator in which it is called. */
export interface Exercise {
  /** The way to it in the public types: `workerPool.options.keyBy`. */
  readonly seat: string;
  readonly specimen: Specimen;
  /** The operator, with a callback that counts its calls and can be made to throw. */
  readonly make: (strike: Strike, options: Options, inside: Inside) => Operator;
}

/** When the callback threw first. */
interface Moment {
  /** Whether the pipe still ran: it had not ended, and nobody had left it. */
  readonly live: boolean;
  /** If it was an `onDrop`, why the value was dropped. */
  readonly reason: DropReason | undefined;
}

/** One run of an exercise in a situation, with a call that throws. */
export class Trial {
  readonly bed: Bed;
  /** How many values the source has sent. */
  sent = 0;
  /** What came out of a call that nothing should come out of: into the source, the clock, the consumer. */
  readonly thrown: unknown[] = [];
  private readonly source = new Subject<number>();
  private opened = 0;
  private released = 0;
  private unsubscribed = false;
  private moment: Moment | undefined;
  private dropping: DropReason | undefined;

  constructor(
    private readonly exercise: Exercise,
    private readonly situation: Situation,
    readonly count: number,
    readonly strike: Strike,
  ) {
    const { specimen, make } = exercise;
    const { setup, consume } = situation;
    strike.falls = () => {
      this.moment = {
        live: this.bed.ends.length === 0 && !this.unsubscribed,
        reason: this.dropping,
      };
    };
    this.bed = new Bed(specimen, {
      ...setup,
      ...(consume && { consume: (value) => consume(this, value) }),
      make: (options, inside) => make(strike, this.noting(options), inside),
    });
  }

  /** Notes why a value is dropped while `onDrop` hears of it. */
  private noting({ onDrop, ...options }: Options): Options {
    return {
      ...options,
      onDrop: (value: number, reason: DropReason) => {
        this.dropping = reason;
        (onDrop as (value: number, reason: DropReason) => void)(value, reason);
      },
    };
  }

  async run(): Promise<this> {
    const source = this.situation.pulls ? this.pulled : this.source;
    this.guard(() => this.bed.run(source));
    if (this.exercise.specimen.lazy) await this.step();
    await this.situation.play(this);
    // Whatever is still to come must not.
    if (!this.situation.pulls) this.push(2);
    await this.step();
    await this.step();
    return this;
  }

  // ---- what a situation does ---------------------------------------------------------------------

  push(count: number): void {
    for (let i = 0; i < count; i++) {
      if (!this.source.observed) return;
      const value = this.sent++;
      this.guard(() => this.source.next(value));
    }
  }

  complete(): void {
    this.guard(() => this.source.complete());
  }

  fail(): void {
    this.guard(() => this.source.error('source error'));
  }

  unsubscribe(): void {
    if (this.isOver) return;
    this.unsubscribed = true;
    this.guard(() => this.bed.subscription.unsubscribe());
  }

  async step(): Promise<void> {
    try {
      await this.bed.step();
    } catch (error) {
      this.thrown.push(error);
    }
  }

  async untilEnd(): Promise<void> {
    for (let i = 0; i < 12 * this.count && !this.isOver; i++) await this.step();
  }

  private get isOver(): boolean {
    return this.bed.ends.length > 0 || this.unsubscribed;
  }

  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.thrown.push(error);
    }
  }

  /** A source that waits, and notes what is thrown into it. */
  private readonly pulled = new Observable<number>((subscriber) => {
    this.opened++;
    subscriber.add(() => {
      this.released++;
    });
    const produce = (): void =>
      this.guard(() => {
        const demand = demandOf(subscriber);
        while (!subscriber.closed && this.sent < this.count) {
          if (demand !== undefined && demand.available <= 0) {
            whenRoom(subscriber, demand, produce);
            return;
          }
          this.emit(subscriber);
        }
        if (!subscriber.closed) subscriber.complete();
      });
    produce();
  });

  private emit(subscriber: Subscriber<number>): void {
    const value = this.sent++;
    this.guard(() => subscriber.next(value));
  }

  // ---- what must hold ----------------------------------------------------------------------------

  /** @param unhandled - how often RxJS's hook has heard of the fault. */
  verify(unhandled: number): void {
    const { bed, strike, moment } = this;
    expect(this.thrown, 'what was thrown into the source, the clock or the consumer').toEqual([]);
    if (strike.at > 0) this.verifyFault(unhandled, moment);
    this.verifyEnd();
    this.verifyCounts();
    expect(this.source.observed, 'whether the source is observed').toBe(false);
    expect(this.released, 'how often it was released').toBe(this.opened);
    expect(bed.clock.armed, 'timers').toBe(0);
    expect(bed.ticks.observed, 'whether the consumer is subscribed').toBe(false);
  }

  /** The first errors the pipe, while there is one that it can error; any other goes to the hook. */
  private verifyFault(unhandled: number, moment: Moment | undefined): void {
    const { ends } = this.bed;
    const { fault, at, calls, thrown } = this.strike;
    expect(moment, `whether call ${at} of ${calls} came`).toBeDefined();
    const ending = moment?.reason === 'error' || moment?.reason === 'unsubscribed';
    const errorsPipe = moment?.live === true && !ending;
    expect(ends.includes(fault), 'whether it errors the pipe').toBe(errorsPipe);
    expect(unhandled, 'how often the hook has heard').toBe(errorsPipe ? thrown - 1 : thrown);
  }

  private verifyEnd(): void {
    expect(this.bed.ends.length, 'ends').toBe(this.unsubscribed ? 0 : 1);
  }

  private verifyCounts(): void {
    const { bed, sent, exercise } = this;
    const { copies = 1, combines = false } = exercise.specimen;
    verifyConservation(bed.meter);
    const { held, dropped, received } = bed.meter;
    expect([held, received], 'held and received').toEqual([0, sent * copies]);
    if (!combines) expect(dropped, 'dropped').toBe(bed.dropped.length);
    const all = Array.from({ length: sent * copies }, (_, i) => Math.floor(i / copies));
    expect(bed.accounted, 'delivered and dropped').toEqual(all);
  }
}

/** What came of an exercise in a situation. */
export interface Struck {
  /** How often its callback is called where nothing throws. */
  readonly calls: number;
  readonly runs: number;
}

/**
 * Runs an exercise in a situation, twice for each call of its callback: it throws alone, and it and every call
 * after it do.
 */
export async function strikeEach(
  exercise: Exercise,
  situation: Situation,
  count: number,
): Promise<Struck> {
  const run = (at: number, span?: Span) =>
    new Trial(exercise, situation, count, new Strike(at, span)).run();
  const trials: Trial[] = [];
  let calls = 0;
  let thrown = 0;
  const heard = await reportedBy(async () => {
    trials.push(await run(0));
    calls = trials[0]!.strike.calls;
    for (let at = 1; at <= calls; at++) {
      trials.push(await run(at, 'once'), await run(at, 'from then on'));
    }
  });
  const faults = new Set<unknown>(trials.map(({ strike }) => strike.fault));
  for (const trial of trials) {
    const { at, span, fault } = trial.strike;
    thrown += trial.strike.thrown;
    try {
      trial.verify(heard.filter((error) => error === fault).length);
    } catch (error) {
      const where = at === 0 ? 'no call throws' : `call ${at} of ${calls} throws, ${span}`;
      throw new Error(`${exercise.seat}, ${situation.title}, ${where}`, { cause: error });
    }
  }
  // A policy that fails has an error of its own, which comes too late where `onDrop` has failed for it.
  const others = heard.filter((error) => !faults.has(error));
  for (const other of others) expect(other, 'unhandled').toBeInstanceOf(ChannelOverflowError);
  expect(others.length, 'unhandled').toBeLessThanOrEqual(thrown);
  return { calls, runs: trials.length };
}

/** Runs `act`, and returns what has gone to RxJS's hook by the time of the next timers. */
async function reportedBy(act: () => Promise<void>): Promise<unknown[]> {
  const heard: unknown[] = [];
  const { onUnhandledError } = config;
  config.onUnhandledError = (error: unknown) => heard.push(error);
  try {
    await act();
    await new Promise((resolve) => setTimeout(resolve));
  } finally {
    config.onUnhandledError = onUnhandledError;
  }
  return heard;
}
