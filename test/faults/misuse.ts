import { UnsubscriptionError, config, type Subscriber } from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import type { DropReason } from 'rxjs-sluice/operators';
import { expect } from 'vitest';
import { Bed } from '../laws/bed.js';
import type { Specimen } from '../laws/subjects.js';
import { hostHears } from './host.js';
import type { Misdeed } from './misdeeds.js';

/** An operator below a source that does what no source may. */
export class Misuse {
  readonly bed: Bed;
  /** The values that were sent while the source had neither ended nor been left. */
  readonly sent: number[] = [];
  subscriber!: Subscriber<number>;
  opened = 0;
  released = 0;
  resumed = 0;
  private next = 0;
  private readonly thrown: unknown[] = [];
  private readonly unhandled: unknown[] = [];
  private readonly tasks: (() => void)[] = [];

  constructor(
    private readonly specimen: Specimen,
    private readonly misdeed: Misdeed,
    demand: boolean,
  ) {
    const { consume, dropped } = misdeed;
    this.bed = new Bed(specimen, {
      demand,
      ...(consume && { consume: (value) => consume(this, value) }),
      ...(dropped && {
        make: ({ onDrop, ...options }, inside) =>
          specimen.make(
            {
              ...options,
              onDrop: (value: number, reason: DropReason) => {
                (onDrop as (value: number, reason: DropReason) => void)(value, reason);
                dropped(this);
              },
            },
            inside,
          ),
      }),
    });
  }

  // ---- for the source ----------------------------------------------------------------------------

  subscribed(subscriber: Subscriber<number>): void {
    this.opened++;
    this.subscriber = subscriber;
  }

  emit(subscriber: Subscriber<number>): void {
    const value = this.next++;
    if (!subscriber.closed) this.sent.push(value);
    this.call(() => subscriber.next(value));
  }

  /** What is thrown into the source is noted. */
  call(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.thrown.push(error);
    }
  }

  later(task: () => void): void {
    this.tasks.push(task);
  }

  unsubscribe(): void {
    if (this.bed.ends.length > 0) return;
    try {
      this.bed.subscription.unsubscribe();
    } catch (error) {
      this.unhandled.push(error);
    }
  }

  // ---- the run -----------------------------------------------------------------------------------

  async run(): Promise<void> {
    const { bed, misdeed } = this;
    const { unhandled } = this;
    const { onUnhandledError } = config;
    config.onUnhandledError = (error: unknown) => unhandled.push(error);
    try {
      const { heard } = await hostHears(async () => {
        await bed.begin(misdeed.source(this));
        for (let i = 0; i < 3; i++) await bed.step();
        for (const task of this.tasks) this.call(task);
        misdeed.then?.(this);
        for (let i = 0; i < 60 && bed.ends.length === 0; i++) await bed.step();
        if (bed.ends.length === 0) this.unsubscribe();
        await bed.steps(3);
        await new Promise((resolve) => setTimeout(resolve));
      });
      this.verify(unhandled.flatMap(causes), heard);
    } finally {
      config.onUnhandledError = onUnhandledError;
    }
  }

  private verify(unhandled: readonly unknown[], host: readonly unknown[]): void {
    const { bed, misdeed, specimen, sent } = this;
    const { copies = 1 } = specimen;
    expect(this.thrown, 'what was thrown into the source').toEqual([]);
    expect(unhandled, "what RxJS's hook heard").toEqual(misdeed.unhandled ?? []);
    // Only one that found a demand waits for room.
    expect(host, 'what the host heard').toEqual(
      misdeed.host?.flatMap((error) => Array<unknown>(this.resumed).fill(error)) ?? [],
    );
    const end = { complete: ['complete'], error: ['source error'], unsubscribed: [] };
    expect(bed.ends, 'ends').toEqual(end[misdeed.ends]);
    verifyConservation(bed.meter);
    expect(bed.meter.held, 'held').toBe(0);
    const all = sent.flatMap((value) => Array<number>(copies).fill(value));
    expect(bed.accounted, 'delivered and dropped').toEqual(all);
    expect([this.released, bed.clock.armed, bed.ticks.observed]).toEqual([this.opened, 0, false]);
  }
}

/** What stands in RxJS's collection of errors. */
const causes = (error: unknown): unknown[] =>
  error instanceof UnsubscriptionError ? (error.errors as unknown[]).flatMap(causes) : [error];
