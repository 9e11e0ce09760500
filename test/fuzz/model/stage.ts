import {
  Subject,
  materialize,
  takeUntil,
  type Observable,
  type SchedulerLike,
  type Subscriber,
  type Subscription,
} from 'rxjs';
import type { Place } from '../kit.js';
import type { Policy } from '../pipe.js';
import type { Value } from '../values.js';
import { roomIn, type Mover, type World } from './world.js';

/** A stage has no place for a value, and is told to fail then. */
export class Overflowed extends Error {
  override readonly name = 'ChannelOverflowError';
}

/** Where a stage stands, what it gives its values to, and the world that it is part of. */
export type Surroundings = readonly [place: Place, target: Subscriber<Value>, world: World];

/**
 * What every stage does, written from the documentation: a line of values, the overflow policy, and the ends.
 *
 * - What comes while it hands a value on waits its turn.
 * - It looks at the clock, and at what is below, when something happens to it: a value comes, its timer
 *   rings, or it is told of room that it waited for. Whoever waits above is told of room when it has looked;
 *   who asks by itself sees what is there now.
 */
export abstract class ModelStage implements Mover {
  readonly level: number;
  readonly below: Place['below'];
  protected readonly place: Place;
  protected readonly world: World;
  private readonly target: Subscriber<Value>;
  readonly line: Value[] = [];
  protected state: 'open' | 'ending' | 'over' = 'open';
  protected busy = false;
  /** Whether something has happened to it since all was at rest. */
  protected awake = false;
  // When it looked last: whether there was room below, whether somebody above waited, and when that was.
  private hadRoom = true;
  private awaited = false;
  private restedAt = -Infinity;
  private failure: { readonly error: unknown } | undefined;
  private readonly gone = new Subject<void>();
  private timer: Subscription | undefined;
  private timerAt = Infinity;
  protected readonly time: SchedulerLike;

  constructor(
    private readonly policy: Policy,
    ...[place, target, world]: Surroundings
  ) {
    this.place = place;
    this.target = target;
    this.world = world;
    this.level = place.level;
    this.below = place.below;
    this.time = place.bench.timeOf(place.name, place.level);
    place.slot.current = this;
    world.join(this);
  }

  // ---- the rule of an operator -----------------------------------------------------------------

  /** How many values may stand in line. */
  abstract readonly places: number;
  /** What it can take, while it is open. */
  protected abstract free(told: boolean): number;
  abstract readonly wants: boolean;
  /** A value has come, while nothing is under way. */
  protected abstract arrive(value: Value): void;
  /** Whether it looks at the clock whenever a value comes. */
  protected looksOnArrival(): boolean {
    return true;
  }
  /** Makes one move, if it can. */
  protected abstract step(): boolean;
  /** Whether its timer is for values that have room below; only when it looks does it see that they have. */
  protected isPacing(): boolean {
    return false;
  }
  /** When its timer is to ring; it is asked when all is at rest. */
  protected get wakesAt(): number | undefined {
    return undefined;
  }
  protected wake(): void {
    this.touched(() => {});
  }
  protected get drained(): boolean {
    return this.line.length === 0;
  }
  /** The values that it holds beside its line, when it is over. */
  protected halt(): readonly Value[] {
    return [];
  }

  // ---- what can be seen of it ------------------------------------------------------------------

  room(told: boolean): number {
    return this.state === 'open' ? this.free(told) : 0;
  }
  get waiting(): number {
    return this.line.length;
  }
  get held(): number {
    return this.line.length;
  }
  get parked(): number {
    return Math.max(0, this.line.length - this.places);
  }
  protected get roomBelow(): number {
    return roomIn(this.below, !this.awake);
  }
  protected get looksAtClock(): boolean {
    return this.awake || !this.hadRoom;
  }
  /** The time as of which it has room for those above. */
  protected seenAt(told: boolean): number {
    return told && !this.looksAtClock ? this.restedAt : this.time.now();
  }

  // ---- values ----------------------------------------------------------------------------------

  /** Lets `source` flow in. */
  follow(source: Observable<Value>): void {
    source.pipe(materialize(), takeUntil(this.gone)).subscribe((told) => {
      if (told.kind === 'N') this.receive(told.value);
      else this.end(told.kind === 'E' ? { error: told.error as unknown } : undefined);
    });
  }

  receive(value: Value): void {
    if (this.state !== 'open') return;
    this.touched(() => {
      if (this.busy) this.store(value);
      else this.work(() => this.arrive(value));
    }, this.busy || this.looksOnArrival());
  }

  private end(failure: { readonly error: unknown } | undefined): void {
    if (this.state !== 'open') return;
    this.gone.next(); // the source, before anything follows from its end
    this.touched(() => {
      this.state = 'ending';
      this.failure = failure;
      if (failure !== undefined && this.policy.errors === 'immediate') this.fail(failure.error);
    });
  }

  move(): boolean {
    if (this.busy || this.state === 'over') return false;
    if (this.work(() => this.step())) return true;
    if (this.state !== 'ending' || !this.drained) return false;
    this.stop('unsubscribed');
    if (this.failure === undefined) this.target.complete();
    else this.target.error(this.failure.error);
    return true;
  }

  /** Something happens to it: it does what it can, and then all the others do. */
  protected touched(act: () => void, looks = true): void {
    this.world.happens(() => {
      this.awake ||= looks;
      act();
      while (this.move());
    });
  }

  private work<R>(act: () => R): R {
    this.busy = true;
    const result = act();
    this.busy = false;
    return result;
  }

  protected emit(value: Value): void {
    this.target.next(value);
  }

  protected store(value: Value): void {
    const { line, places } = this;
    const { overflow = 'block', maxParked = Infinity } = this.policy;
    if (line.length < places || (overflow === 'block' && line.length - places < maxParked)) {
      line.push(value);
    } else if (overflow === 'drop-oldest' && places > 0) {
      const oldest = line.shift() as Value;
      line.push(value);
      this.drop(oldest, 'overflow');
    } else {
      this.drop(value, 'overflow');
      if (overflow === 'block' || overflow === 'error') this.fail(new Overflowed());
    }
  }

  protected drop(value: Value, reason: string): void {
    this.place.bench.wasDropped(this.place.name, value, reason);
  }

  // ---- ends and time -----------------------------------------------------------------------------

  fail(error: unknown): void {
    if (this.state === 'over') return;
    this.stop('error');
    this.target.error(error);
  }

  stop(reason: string): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.world.leave(this);
    this.timer?.unsubscribe();
    this.gone.next();
    const held = [...this.halt(), ...this.line];
    this.line.length = 0;
    for (const value of held) this.drop(value, reason);
  }

  rest(): void {
    const awaited = this.world.isAwaited(this.place.slot);
    const looks = this.looksAtClock || awaited !== this.awaited;
    if (looks) {
      this.awake = false;
      this.awaited = awaited;
      this.hadRoom = this.roomBelow > 0;
      this.restedAt = this.time.now();
    }
    if (looks || !this.isPacing()) this.setTimer(this.state === 'over' ? undefined : this.wakesAt);
  }

  private setTimer(at = Infinity): void {
    if (at === this.timerAt) return;
    this.timerAt = at;
    this.timer?.unsubscribe();
    if (at === Infinity) return;
    this.timer = this.time.schedule(() => {
      this.timerAt = Infinity;
      this.wake();
    }, at - this.time.now());
  }
}
