import {
  NEVER,
  Subject,
  UnsubscriptionError,
  catchError,
  concat,
  config,
  type Observable,
} from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import { bufferedChannel } from 'rxjs-sluice/operators';
import { afterAll, expect, it } from 'vitest';
import { Bed } from '../laws/bed.js';
import { PATIENCE, report } from '../support/proof.js';
import { caprices, type Caprice, type InputRun } from './caprices.js';
import { hostHears } from './host.js';
import { inputs, type Input } from './inputs.js';

/** A pipe that is steered by an input which does as it likes. */
class Steering implements InputRun {
  private readonly bed: Bed;
  private readonly source = new Subject<number>();
  private readonly thrown: unknown[] = [];
  private readonly unhandled: unknown[] = [];
  private sent = 0;
  private opened = 0;
  private released = 0;
  private failure: { readonly error: unknown } | undefined;
  private unsubscribed = false;

  constructor(
    private readonly input: Input,
    private readonly caprice: Caprice,
    demand: boolean,
  ) {
    const given = this.counted(caprice.input(this));
    this.bed = new Bed(
      {
        title: input.seat,
        made: [],
        holds: 9,
        make: (options, inside) => input.make(given, options, inside),
      },
      { demand },
    );
  }

  push(): void {
    if (!this.source.observed || this.sent > 40) return;
    const value = this.sent++;
    this.guard(() => this.source.next(value));
  }

  unsubscribe(): void {
    if (this.bed.ends.length > 0 || (this.bed.subscription as unknown) === undefined) return;
    this.unsubscribed = true;
    try {
      this.bed.subscription.unsubscribe();
    } catch (error) {
      this.unhandled.push(error);
    }
  }

  fail<E>(error: E): E {
    this.failure = { error };
    return error;
  }

  /** Returns how often the input was subscribed. */
  async run(): Promise<number> {
    const { bed } = this;
    const { onUnhandledError } = config;
    config.onUnhandledError = (error: unknown) => this.unhandled.push(error);
    try {
      const { heard } = await hostHears(async () => {
        this.guard(() => bed.run(this.source));
        for (let round = 0; round < 3; round++) {
          this.push();
          this.push();
          await bed.step();
        }
        this.guard(() => this.source.complete());
        for (let i = 0; i < 99 && bed.ends.length === 0; i++) await bed.step();
        if (this.opened > this.released) this.unsubscribe();
        await bed.steps(2);
        await new Promise((resolve) => setTimeout(resolve));
      });
      this.verify(heard);
      return this.opened;
    } finally {
      config.onUnhandledError = onUnhandledError;
    }
  }

  private verify(host: readonly unknown[]): void {
    const { bed, sent, caprice, input } = this;
    expect(this.thrown, 'what was thrown into the source').toEqual([]);
    expect(host, 'what the host heard').toEqual([]);
    const expected = caprice.unhandled === undefined ? 0 : this.opened;
    expect(this.unhandled.flatMap(causes), 'what the hook heard').toEqual(
      Array<unknown>(expected).fill(caprice.unhandled),
    );
    // A pipe ends, but for one whose input does not.
    expect(bed.ends, 'ends').toHaveLength(this.unsubscribed ? 0 : 1);
    if (this.failure !== undefined) expect(bed.ends).toEqual([this.failure.error]);
    verifyConservation(bed.meter);
    expect([bed.meter.received, bed.meter.held], 'received and held').toEqual([sent, 0]);
    expect(bed.dropped).toHaveLength(bed.meter.dropped);
    if (input.replaces !== true) expect(bed.accounted).toEqual([...Array(sent).keys()]);
    expect([this.source.observed, bed.clock.armed, bed.ticks.observed]).toEqual([false, 0, false]);
    expect(this.released, 'how often the input was released').toBe(this.opened);
  }

  private guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.thrown.push(error);
    }
  }

  /** Counts its subscriptions, and passes it on as it is: wrapped, it would break fewer rules. */
  private counted(given: Observable<number>): Observable<number> {
    const subscribe = given.subscribe.bind(given) as (
      observer: object,
    ) => ReturnType<Observable<number>['subscribe']>;
    given.subscribe = (observer?: unknown) => {
      this.opened++;
      try {
        const subscription = subscribe(observer as object);
        subscription.add(() => this.released++);
        return subscription;
      } catch (error) {
        this.released++;
        throw error;
      }
    };
    return given;
  }
}

/** What stands in RxJS's collection of errors. */
const causes = (error: unknown): unknown[] =>
  error instanceof UnsubscriptionError ? (error.errors as unknown[]).flatMap(causes) : [error];

let runs = 0;

it.each(inputs)(
  '$seat, whatever comes to its mind',
  async (input) => {
    for (const caprice of caprices) {
      let opened = 0;
      for (const demand of [true, false]) {
        const steering = new Steering(input, caprice, demand);
        opened += await steering.run().catch((error: unknown) => {
          throw new Error(`The input ${caprice.title}`, { cause: error });
        });
        runs++;
      }
      // With no demand below, some are never needed.
      expect(opened, `how often the input that ${caprice.title} is subscribed`).toBeGreaterThan(0);
    }
  },
  PATIENCE,
);

it.each<Input>([
  {
    seat: 'swallows an error',
    make: (pace, options) =>
      bufferedChannel<number>(3, { ...options, pace: pace.pipe(catchError(() => NEVER)) }),
  },
  {
    seat: 'does not end',
    make: (credit, options) => (source) =>
      concat(source.pipe(bufferedChannel(3, { ...options, credit })), NEVER),
  },
])('an operator that $seat is found out', async (input) => {
  let found = 0;
  for (const caprice of caprices)
    await new Steering(input, caprice, true).run().catch(() => found++);
  expect(found).toBeGreaterThan(0);
});

afterAll(() => {
  report({
    part: 'faults: inputs beside the source',
    tried: `${caprices.length} caprices of ${inputs.length} inputs, with and without demand: ${runs} runs`,
    held: 'the pipe errors with what the input throws; every value counted; nothing left behind',
  });
});
