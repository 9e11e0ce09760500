import type { Channel } from '../channel/channel.js';
import { Ring } from '../line/ring.js';
import { report } from '../callbacks.js';
import { Intake } from './intake.js';
import type { PipelineOptions } from './options.js';
import type { Outlet } from './outlet.js';

/**
 * How a pipe ends: all that it receives from is closed and drained; one of them is closed with an error;
 * all that it sends to is closed; its signal aborts.
 */
export type Ending = 'drained' | 'failed' | 'refused' | 'aborted';

/** The options of a pipe. */
export interface PipeOptions extends PipelineOptions {
  /** Whether what it sends to is closed when it ends. Default true. */
  readonly close?: boolean | undefined;
}

/**
 * Moves values from channels to channels, without a promise: in the call that sends a value where it is
 * waited for, in the call that receives it where it is held. To which of several a value goes, the classes
 * say that extend this one.
 *
 * Invariants:
 * - it receives, and waits to, only when it has seen room for a value;
 * - so it has nothing in hand, but where room has gone while it waited: one value of each intake then;
 * - a value it has taken is given, whatever happens: it is sent, or it stands in the line of a channel
 *   like a send that waits, and comes out there, or `onDrop` of that channel hears of it;
 * - intakes have their turns in order, one value each;
 * - when it is over it stands in no line, watches nothing and keeps no channel.
 */
export abstract class Pipe<T> {
  over = false;
  protected outlets: readonly Outlet<T>[] = [];
  /** Those that are not over. */
  protected readonly intakes = new Set<Intake<T>>();
  /** Those whose turn will come; some may be over before it does. */
  private readonly ready = new Ring<Intake<T>>();
  /** Those that have a value in hand. */
  private readonly loaded = new Ring<Intake<T>>();
  private isListening = false;
  private running = false;
  private missed = false;
  /** Whether a value may be on its way from an intake. */
  private isTaking = false;
  /** How it ends, from then until what is in hand has been given. */
  private ending: { readonly ending: Ending; readonly error: unknown } | undefined = undefined;
  /** What is to be cancelled then. */
  private readonly abandoned: Channel<T>[] = [];

  constructor(private readonly options: PipeOptions) {}

  /** Whether there is room for a value now. Where there is none, it has itself told of it. */
  protected abstract hasRoom(): boolean;
  /** Gives a value to those whose turn it is, be there room or not. Throws nothing. */
  protected abstract give(value: T): void;
  /** Hears that it is over. */
  protected ended(_ending: Ending, _error: unknown): void {}

  /** Whether a value that is in hand can be given before there is room. */
  protected mayGive(): boolean {
    return true;
  }

  start(sources: readonly Channel<T>[], outlets: readonly Outlet<T>[]): void {
    const { signal } = this.options;
    this.outlets = outlets;
    for (const source of sources) this.intakes.add(new Intake(source, this));
    if (signal?.aborted) {
      this.handleEvent();
      return;
    }
    for (const intake of this.intakes) {
      this.ready.push(intake);
      intake.watch();
    }
    if (this.intakes.size === 0) this.drained();
    for (const outlet of outlets) if (!this.over) outlet.watch();
    if (this.over) return;
    signal?.addEventListener('abort', this);
    this.isListening = true;
    this.run();
  }

  /** Moves all that can be moved. Whatever that leads to is moved by the same loop, so the stack stays flat. */
  run(): void {
    this.missed = true;
    if (this.running) return;
    this.running = true;
    while (this.missed) {
      this.missed = false;
      while (this.step());
    }
    this.running = false;
  }

  /** Moves one value. False: there is none, or no room. */
  private step(): boolean {
    const { loaded, ready } = this;
    if (this.over) return false;
    if (loaded.length > 0) {
      if (!this.mayGive()) return false;
      const intake = loaded.shift();
      this.give(intake.unload());
      this.lineUp(intake);
      return true;
    }
    if (ready.length === 0 || !this.hasRoom()) return false;
    this.turn(ready.shift());
    return true;
  }

  // ---- values ------------------------------------------------------------------------------------

  /** Takes a value and gives it, or stands in line for one, or sees that there will be none. */
  private turn(intake: Intake<T>): void {
    if (intake.state !== 'ready') return;
    const { channel } = intake;
    intake.state = 'moving';
    this.isTaking = true;
    const result = this.take(intake);
    this.isTaking = false;
    if (result?.done === true) {
      this.retire(intake);
    } else if (result !== undefined && this.mayGive()) {
      this.give(result.value);
      this.lineUp(intake);
    } else if (result !== undefined) {
      this.load(intake, result.value);
    }
    if (this.over) this.finish();
    // Only now: who ends with the channel may close what the value goes to.
    if (result?.done === false) channel.tell();
  }

  private take(intake: Intake<T>): IteratorResult<T, undefined> | undefined {
    const { channel } = intake;
    if (channel.waiting > 0 || channel.closed) {
      try {
        const result = channel.take();
        if (result !== undefined) return result;
      } catch (error) {
        this.end('failed', error);
        return undefined;
      }
    }
    // A producer that was asked may have ended it, have taken the room, or had the last outlet leave.
    if (this.over) return undefined;
    if (this.hasRoom()) intake.wait();
    else this.lineUp(intake);
    return undefined;
  }

  /** A value has come to an intake that waited for it. */
  arrive(intake: Intake<T>, value: T): void {
    this.load(intake, value);
    this.run();
  }

  private load(intake: Intake<T>, value: T): void {
    intake.load(value);
    this.loaded.push(intake);
  }

  private lineUp(intake: Intake<T>): void {
    if (this.over) return;
    intake.state = 'ready';
    if (intake.drained) this.conclude(intake);
    else this.ready.push(intake);
  }

  /** An intake is closed and drained: with an error, perhaps. */
  conclude(intake: Intake<T>): void {
    try {
      intake.channel.tryReceive();
    } catch (error) {
      this.end('failed', error);
      return;
    }
    this.retire(intake);
  }

  // ---- what comes and goes -----------------------------------------------------------------------

  hasRoomAt(_outlet: Outlet<T>): void {
    this.run();
  }

  /** A value that stood in the line of an outlet was taken there, or dropped. */
  settled(_outlet: Outlet<T>, _taken: boolean): void {}

  /** An intake is closed and drained, without an error. */
  retire(intake: Intake<T>): void {
    intake.leave();
    this.intakes.delete(intake);
    if (this.intakes.size === 0) this.drained();
  }

  protected drained(): void {
    this.end('drained');
  }

  /** An outlet is closed. */
  lose(outlet: Outlet<T>): void {
    const rest = this.outlets.filter((other) => other !== outlet);
    if (rest.length === 0) {
      this.deserted(outlet);
      return;
    }
    outlet.leave();
    this.outlets = rest;
    this.run();
  }

  /** The last outlet is closed. */
  protected deserted({ channel }: Outlet<T>): void {
    this.end('refused', channel.failure);
  }

  /** Leaves the lines in which it waits: there will be no room for what comes. */
  protected withdraw(): void {
    for (const intake of this.intakes) {
      if (intake.state !== 'waiting') continue;
      intake.leaveLine();
      this.lineUp(intake);
    }
  }

  // ---- the end -----------------------------------------------------------------------------------

  /** The signal aborts. */
  handleEvent(): void {
    this.end('aborted', this.options.signal?.reason);
  }

  /** Nothing more is received. What is being taken now is given first. */
  end(ending: Ending, error?: unknown): void {
    if (this.over) return;
    this.over = true;
    this.ending = { ending, error };
    const { cancel = false, signal } = this.options;
    if (this.isListening) signal?.removeEventListener('abort', this);
    for (const intake of this.intakes) {
      if (cancel) this.abandoned.push(intake.channel);
      intake.leave();
    }
    this.intakes.clear();
    if (!this.isTaking) this.finish();
  }

  private finish(): void {
    if (this.ending === undefined) return;
    const { ending, error } = this.ending;
    this.ending = undefined;
    while (this.loaded.length > 0) this.give(this.loaded.shift().unload());
    const { outlets, abandoned } = this;
    this.outlets = [];
    for (const outlet of outlets) {
      outlet.leave();
      if (this.options.close !== false) outlet.channel.close(error);
    }
    for (const source of abandoned.splice(0)) abandon(source, error);
    this.ended(ending, error);
  }
}

/** Nobody hears what `onDrop` throws here but the host. */
function abandon<T>(source: Channel<T>, reason: unknown): void {
  try {
    source.cancel(reason);
  } catch (error) {
    report(error);
  }
}
