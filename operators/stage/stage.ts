import type { Demand } from '../../src/line/demand.js';
import { MAX_PARKED, type DropReason, type Line, type OnDrop } from '../../src/line/line.js';
import { RoomWaiters, dismiss, needsLook } from '../../src/line/waiters.js';
import type { Failure, Receiver } from './inlet.js';
import type { Metered } from './meter.js';
import type { StageOptions } from './options.js';
import type { Outlet } from './outlet.js';
import { quietly, reportUnhandled } from './unhandled.js';

/** The class of a stage's line. */
export type LineKind<T, L extends Line<T>> = new (
  ...of: ConstructorParameters<typeof Line<T>>
) => L;

/**
 * What every bounded stage does: values come in at `receive`, stand in a line, and go out at the
 * outlet as its demand and the stage's own rule allow. An operator adds only that rule.
 *
 * ```
 *          source ends               nothing held
 *   open ──────────────▶ ending ───────────────────────▶ over
 *     └── unsubscribed, failed ──▶ over ◀── likewise ──────┘
 * ```
 *
 * Invariants:
 * - received = delivered + dropped + held, whenever foreign code runs;
 * - foreign code is called with the state settled, and never from two places at once: what comes
 *   while the stage is `busy` is put in line and worked off by the loop that runs already;
 * - only an open stage shows room, and only an open stage wakes whoever waits for it.
 */
export abstract class Stage<T, R, L extends Line<T> = Line<T>>
  implements Receiver<T>, Demand, Metered
{
  /** What it is called in a link report. */
  linkName = '';
  delivered = 0;
  maxHeld = 0;
  protected readonly line: L;
  protected readonly waiters = new RoomWaiters(() => this.available);
  protected state: 'open' | 'ending' | 'over' = 'open';
  protected busy = false;
  protected missed = false;
  /** Releases the source. Whoever makes the stage sets it at once. */
  release!: () => void;
  private failure: Failure | undefined = undefined;
  /** The end of the source that has come while a callback was asked about a value before it. */
  private late: { readonly failure: Failure | undefined } | undefined = undefined;
  /** Why what is held when it is over goes nowhere. */
  private reason: DropReason = 'unsubscribed';
  private readonly drains: boolean;
  /** How many values a callback is asked about. */
  private asking = 0;

  constructor(
    options: StageOptions<T>,
    protected readonly out: Outlet<R>,
    Kind: LineKind<T, L>,
  ) {
    const { overflow = 'block', maxParked = MAX_PARKED, onDrop, errors, meter } = options;
    this.drains = errors !== 'immediate';
    this.line = new Kind(
      overflow,
      maxParked,
      onDrop && ((value, reason) => this.call(() => (onDrop as OnDrop<T>)(value, reason))),
    );
    meter?.follow(this);
  }

  // ---- the rule of an operator -------------------------------------------------------------

  abstract readonly capacity: number;
  /** How many values may stand in line just now. */
  protected abstract readonly places: number;
  /** How many of the held values are not in line. */
  protected abstract readonly inWork: number;
  /** What can be taken now, while the stage is open. */
  protected abstract readonly room: number;
  /** Whether something could go out if there were room below. */
  protected abstract readonly blocked: boolean;
  /** Whether nothing is left to do. */
  protected get drained(): boolean {
    return this.line.length === 0;
  }
  /** What the rule must have running before the source is subscribed. */
  start(): void {}
  /** A value has come. */
  protected abstract accept(value: T): void;
  /** Passes on and starts whatever can be. */
  protected abstract work(): void;
  /** The stage is over, and its source is let go next: what runs beside that is heard no more, whatever it leads to. */
  protected cease(): void {}
  /** The stage is over: ends what the rule keeps running, and drops the values in it. */
  protected abstract halt(reason: DropReason): void;

  // ---- demand and meter ----------------------------------------------------------------------

  get available(): number {
    return this.state === 'open' && this.asking === 0 ? this.room : 0;
  }
  get waiting(): number {
    return this.line.length;
  }
  get arrived(): number {
    return this.line.arrived;
  }
  get received(): number {
    return this.line.arrived;
  }
  get dropped(): number {
    return this.line.dropped;
  }
  get held(): number {
    return this.line.length + this.inWork + this.asking;
  }
  get parked(): number {
    return Math.max(0, this.line.length - this.places);
  }
  get linked(): boolean {
    return this.out.demand !== undefined;
  }

  onAvailable(resume: () => void): () => void {
    const { waiters } = this;
    const giveUp = waiters.add(resume);
    if (needsLook(waiters, !this.busy)) this.settle();
    return () => {
      if (!giveUp() || waiters.size > 0) return;
      // What is kept going for those above (a pace, an alarm, a wait below) ends with the last of them.
      if (this.busy) this.missed = true;
      else this.settle();
    };
  }

  // ---- the inlet's side ----------------------------------------------------------------------

  receive(value: T): void {
    this.line.arrived++;
    if (this.state === 'over') this.refuse(value);
    else this.accept(value);
  }

  /** The stage is being left, and the source is let go next. Apart, so that the path of every value is short. */
  private refuse(value: T): void {
    this.line.drop(value, this.reason);
  }

  /** The source has ended: nobody above waits any more. Where a callback is asked about a value, that is accepted first. */
  sourceEnded(failure?: Failure): void {
    dismiss(this.waiters);
    if (this.asking > 0) this.late = { failure };
    else this.end(failure);
  }

  /** What is held goes first, unless the source failed and `errors` says otherwise. */
  protected end(failure: Failure | undefined): void {
    if (this.state === 'over') return; // as the source was released, the consumer left
    this.state = 'ending';
    this.failure = failure;
    if (failure && !this.drains) this.fail(failure.error);
    else this.pump();
  }

  /** The consumer leaves. What a teardown above throws is for whoever unsubscribes. */
  dispose(): void {
    if (this.state !== 'over') this.stop('unsubscribed');
  }

  // ---- for the rule --------------------------------------------------------------------------

  /** Puts a value in line; one that finds no place meets the overflow policy. */
  protected store(value: T, note?: unknown): void {
    this.stored(this.line.put(value, this.places, note));
  }

  /** A line has taken a value, or turned it away with an `error`: as it told of that, the consumer may have left. */
  protected stored(error: Error | undefined): void {
    this.noteHeld();
    if (error !== undefined && this.state !== 'over') this.fail(error);
  }

  /** A callback failed before `value` could be put in line: the pipe errors, and drops it with the rest. */
  protected reject(value: T, error: unknown): void {
    if (this.state === 'over') this.refuse(value);
    else this.line.put(value, Infinity);
    this.fail(error);
  }

  /**
   * Asks a user's callback about a value that has come, and is held meanwhile, though it takes no place yet; and goes on
   * with what it says, unless it failed, or ended the pipe. No room is shown until then. Where the source has ended
   * meanwhile, that end follows it.
   */
  protected ask<A>(value: T, callback: (value: T) => A, goOn: (answer: A) => void): void {
    this.asking++;
    let answer: A | undefined;
    let failure: Failure | undefined;
    try {
      answer = callback(value);
    } catch (error) {
      failure = { error };
    }
    this.asking--;
    if (failure) this.reject(value, failure.error);
    else if (this.state === 'over') this.refuse(value);
    else goOn(answer as A);
    if (this.asking > 0) return;
    const { late } = this;
    this.late = undefined;
    if (late) this.end(late.failure);
    else if (!this.busy && (this.state === 'ending' || this.waiters.size > 0)) this.settle();
  }

  protected noteHeld(): void {
    const held = this.line.length + this.inWork;
    if (held > this.maxHeld) this.maxHeld = held;
  }

  /** Works until there is nothing to do, from one place at a time. */
  pump(): void {
    this.missed = true;
    if (this.busy || this.state === 'over') return;
    this.busy = true;
    while (this.missed) {
      this.missed = false;
      this.work();
    }
    this.busy = false;
    this.settle();
  }

  /** What follows work: the end if all is done, else room for whoever waits above. */
  protected settle(): void {
    if (this.state === 'ending' && this.drained && this.asking === 0) this.finish();
    if (this.waiters.size > 0) this.waiters.wake();
    this.waitBelow();
  }

  /** Has itself told of room below, for as long as something waits for that. */
  waitBelow(): void {
    if (this.state !== 'over') this.out.attend(this, this.blocked);
  }

  private finish(): void {
    quietly(() => this.stop('unsubscribed'));
    if (this.failure) this.out.target.error(this.failure.error);
    else this.out.target.complete();
  }

  /** Ends the pipe with an error that cuts ahead of what is held. */
  fail(error: unknown): void {
    if (this.state === 'over') {
      reportUnhandled(error);
    } else {
      quietly(() => this.stop('error'));
      this.out.target.error(error);
    }
  }

  /** Runs a user's callback; one that throws errors the pipe, or has no pipe left to error. */
  call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.fail(error);
    }
  }

  private stop(reason: DropReason): void {
    this.state = 'over';
    this.reason = reason;
    dismiss(this.waiters);
    this.out.giveUp();
    this.cease();
    try {
      this.release();
    } finally {
      this.halt(reason);
      this.line.clear(reason);
    }
  }
}
