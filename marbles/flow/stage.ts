import { asyncScheduler, Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';
import { StageMeter, type Metered } from '../../operators/stage/meter.js';
import type { DropReason } from '../../src/line/line.js';
import type { Track } from '../diagram/track.js';
import { verifyConservation } from '../verify-conservation.js';
import { Log } from './log.js';
import type { Timeline } from './timeline.js';

/** A value that a stage dropped, and why. */
export interface Drop {
  readonly value: unknown;
  readonly reason: DropReason;
}

/** What watches a stage from inside: options to spread. */
export interface WatchOptions {
  readonly meter: StageMeter;
  readonly onDrop: (value: unknown, reason: DropReason) => void;
  readonly scheduler: SchedulerLike;
}

/**
 * A stage of a flow, watched: `bufferedChannel(2, stage)`, or `{ ...stage, overflow: 'error' }`. All that
 * a spread takes of it is the options that watch.
 */
export interface WatchedStage extends WatchOptions {
  /** What it held at the end of each frame in which that changed. */
  readonly held: Track;
  /** How many of these were beyond its capacity. */
  readonly parked: Track;
  /** Each {@link Drop}. */
  readonly dropped: Track;
  /** Its timers: each from when it was set until it rang or was stopped. */
  readonly timers: readonly Track[];
  /** Whether an operator that was subscribed took it. One that nobody took says nothing, and matchers refuse it. */
  readonly used: boolean;
  /** Whether the flow has run to its end. */
  readonly over: boolean;
}

/** A stage's `onDrop` is not the one that watches it, so that its drops were not recorded. */
export class UnheardDropError extends Error {
  override readonly name = 'UnheardDropError';
  readonly code = 'ERR_UNHEARD_DROP';

  constructor(
    /** What the stage is called. */
    readonly stage: string,
    /** How many values it dropped. */
    readonly dropped: number,
  ) {
    super(
      `${stage === '' ? 'A stage' : stage} dropped ${dropped} values of which its watch did not hear: give ` +
        'the whole stage to the operator, and call `stage.onDrop` from an `onDrop` of your own',
    );
  }
}

/** A meter that tells of every stage that it follows: each subscription has one of its own. */
class TellingMeter extends StageMeter {
  constructor(
    name: string | undefined,
    private readonly tell: (stage: Metered) => void,
  ) {
    super(name);
  }

  override follow(stage: Metered): void {
    super.follow(stage);
    this.tell(stage);
  }
}

/** Watches a stage. What is no option is not its own enumerable property. */
export class StageWatch implements WatchedStage {
  readonly meter: StageMeter;
  /** Records the drop; received = delivered + dropped + held must hold at each. */
  readonly onDrop: (value: unknown, reason: DropReason) => void;
  /** Virtual time, which records the timers that the stage sets. */
  readonly scheduler: SchedulerLike;
  readonly #time: Timeline;
  readonly #held: Log;
  readonly #parked: Log;
  readonly #dropped: Log;
  readonly #timers: Log[] = [];
  /** One for each subscription; the levels are those of all together. */
  readonly #stages: Metered[] = [];
  #drops = 0;
  #heldBefore = 0;
  #parkedBefore = 0;

  constructor(time: Timeline, name?: string) {
    this.#time = time;
    this.#held = new Log(time);
    this.#parked = new Log(time);
    this.#dropped = new Log(time);
    this.meter = new TellingMeter(name, (stage) => this.#stages.push(stage));
    this.onDrop = (value, reason) => {
      this.#drops++;
      this.#dropped.next({ value, reason } satisfies Drop);
      try {
        this.#verify();
      } catch (error) {
        time.fail(error);
      }
    };
    this.scheduler = this.#recordTimers();
  }

  get held(): Track {
    return this.#held;
  }
  get parked(): Track {
    return this.#parked;
  }
  get dropped(): Track {
    return this.#dropped;
  }
  get timers(): readonly Track[] {
    return this.#timers;
  }
  get used(): boolean {
    return this.#stages.length > 0 || this.#drops > 0 || this.#timers.length > 0;
  }
  get over(): boolean {
    return this.#time.phase === 'over';
  }

  /** A frame is over: received = delivered + dropped + held. */
  frameOver(frame: number): void {
    this.#verify();
    const sum = (of: 'held' | 'parked' | 'dropped'): number =>
      this.#stages.reduce((all, stage) => all + stage[of], 0);
    // Of what a stage drops together it may tell as one.
    if (this.#drops === 0 && sum('dropped') > 0) {
      throw new UnheardDropError(this.meter.name, sum('dropped'));
    }
    this.#heldBefore = noteChange(this.#held, frame, this.#heldBefore, sum('held'));
    this.#parkedBefore = noteChange(this.#parked, frame, this.#parkedBefore, sum('parked'));
  }

  #verify(): void {
    const { name } = this.meter;
    for (const { received, delivered, dropped, held } of this.#stages) {
      verifyConservation({ name, received, delivered, dropped, held });
    }
  }

  /** An action that schedules itself anew, as that of `interval` does, sets another timer. */
  #recordTimers(): SchedulerLike {
    return {
      now: () => asyncScheduler.now(),
      schedule: (work, delay, state) => {
        let timer = this.#recordTimer();
        const ring = function (this: unknown, given: typeof state): void {
          timer.unsubscribe();
          Reflect.apply(work, this, [given]);
        };
        const action = asyncScheduler.schedule(ring, delay, state) as SchedulerAction<typeof state>;
        const schedule = action.schedule.bind(action);
        action.schedule = (...again) => {
          timer.unsubscribe();
          if (!action.closed) timer = this.#recordTimer();
          return schedule(...again);
        };
        action.add(() => timer.unsubscribe());
        return action;
      },
    };
  }

  #recordTimer(): Subscription {
    const log = new Log(this.#time);
    this.#timers.push(log);
    log.mark('subscribe');
    return new Subscription(() => log.mark('unsubscribe'));
  }
}

function noteChange(log: Log, frame: number, before: number, level: number): number {
  if (level !== before) log.add({ frame, kind: 'next', value: level });
  return level;
}
