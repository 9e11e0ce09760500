import {
  NEVER,
  Observable,
  VirtualTimeScheduler,
  interval,
  map,
  take,
  tap,
  timer,
  type MonoTypeOperatorFunction,
} from 'rxjs';
import { bufferedChannel, demandOf, StageMeter } from 'rxjs-sluice/operators';
import { whenRoom } from '../support/when-room.js';

/**
 * What an operator does to the link of a source that stands at one of its inputs, found out by trying.
 *
 * The source is a probe that does all that a source can: it looks for the demand below, reads
 * `available` before each value, and waits while that is 0. It begins with a burst, which is hardest to
 * hold back, and goes on with one value at a time. Below the operator is a stage that takes `OUTER`
 * values and passes none on; so where demand works, the pipe soon stands still with a handful of values
 * in it. Where it does not, they pile up, above the stage or in it. Time is virtual.
 *
 * ```
 * no demand is found                                      cut
 * else, no value of the probe comes to a stage            notifier
 * else, the first that they come to is not the one found  wrong stage
 * else, values pile up                                    opaque
 * else                                                    transparent
 * ```
 */
export const linkClasses = ['cut', 'opaque', 'wrong stage', 'notifier', 'transparent'] as const;
export type LinkClass = (typeof linkClasses)[number];

/** A value of the probe. It is an object, so that one can see when nothing holds it any more. */
export interface Token {
  readonly key: number;
}

/** What every source emits that is not the probe. */
export const OTHER: Token = { key: -1 };

/** What the pipe around the probe may be built with. */
export interface Bench {
  readonly clock: VirtualTimeScheduler;
  /** The value, one tick later: what an asynchronous inner Observable would give. */
  readonly later: <T>(value: T) => Observable<T>;
  /** Emits `OTHER` every few ticks, and ends after a while. */
  readonly slow: Observable<Token>;
  /** A stage within the operator, in a group or a window. */
  readonly stage: MonoTypeOperatorFunction<Token>;
}

export type Build = (probe: Observable<Token>, bench: Bench) => Observable<unknown>;

/** Places in the two stages. They differ, and so tell the stages apart. */
const OUTER = 4;
const INNER = 3;

/** How many values the probe has to give, half of them in its first burst. */
const SUPPLY = 64;

/**
 * A pipe that holds more than this holds as much as comes. One that stands still has far fewer: what is
 * in the stages, and the few that an operator collects by its own meaning (`bufferCount(2)`).
 */
const MANY = SUPPLY / 4;

/** When it is seen how much has piled up: after the first burst, on the way, and when all is over. */
const TICKS = [0, 100, 1000];

/** One pipe with a probe in it, and what was seen of that. */
class Trial {
  /** The stage of each demand that was found, one per subscription, by its capacity. */
  readonly links: (number | undefined)[] = [];
  readonly handed: WeakRef<Token>[] = [];
  /** The stage that its values came to first. */
  reached: number | undefined;
  /** The most of its values that were held at once, or of what was made of them. */
  held = 0;
  error: unknown;

  private readonly clock = new VirtualTimeScheduler();
  private readonly meter = new StageMeter();

  private readonly probe = new Observable<Token>((subscriber) => {
    const demand = demandOf(subscriber);
    this.links.push(demand?.capacity);
    const produce = (): void => {
      while (!subscriber.closed && this.handed.length < SUPPLY) {
        if (demand?.available === 0) {
          whenRoom(subscriber, demand, produce);
          return;
        }
        subscriber.next(this.make());
        if (this.handed.length >= SUPPLY / 2) {
          subscriber.add(this.clock.schedule(produce, 1));
          return;
        }
      }
      subscriber.complete();
    };
    produce();
  });

  private make(): Token {
    const token = { key: this.handed.length };
    this.handed.push(new WeakRef(token));
    return token;
  }

  /** A stage from which nothing goes on. It is noted when values of the probe come to it. */
  private stage<T>(capacity: number, meter?: StageMeter): MonoTypeOperatorFunction<T> {
    const full = bufferedChannel<T>(capacity, { credit: NEVER, errors: 'immediate', meter });
    return (source) =>
      source.pipe(
        tap((value) => {
          if (!isOthers(value)) this.reached ??= capacity;
        }),
        full,
      );
  }

  async run(build: Build): Promise<void> {
    const { clock, probe } = this;
    const later = <T>(value: T) => timer(1, clock).pipe(map(() => value));
    const slow = interval(5, clock).pipe(
      map(() => OTHER),
      take(SUPPLY),
    );
    const pipe = build(probe, { clock, later, slow, stage: this.stage(INNER) });
    const subscription = pipe.pipe(this.stage(OUTER, this.meter)).subscribe({
      error: (error: unknown) => (this.error = error),
    });
    for (const ticks of TICKS) {
      clock.maxFrames = ticks;
      clock.flush();
      this.held = Math.max(this.held, this.meter.held, await this.alive());
    }
    subscription.unsubscribe();
  }

  /** How many of the probe's values something still holds, whoever it is. */
  private async alive(): Promise<number> {
    // A turn must end before the collector may take what was made or looked at in it.
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc!();
    return this.handed.filter((token) => token.deref() !== undefined).length;
  }
}

/** Whether a value, or a batch of them, is made of nothing that the probe gave. */
const isOthers = (value: unknown): boolean =>
  Array.isArray(value) ? value.every(isOthers) : value === OTHER;

/** Builds a pipe around a probe, and says what became of its link. */
export async function classify(build: Build): Promise<LinkClass> {
  const trial = new Trial();
  await trial.run(build);
  const [link, ...more] = trial.links;
  if (trial.error !== undefined) throw trial.error;
  if (trial.links.length === 0) throw new Error('The probe was never subscribed.');
  if (more.some((another) => another !== link)) throw new Error('The probe linked to several.');
  if (trial.handed.length === 0) throw new Error('The probe handed nothing over.');

  if (link === undefined) return 'cut';
  if (trial.reached === undefined) return 'notifier';
  if (trial.reached !== link) return 'wrong stage';
  return trial.held > MANY ? 'opaque' : 'transparent';
}
