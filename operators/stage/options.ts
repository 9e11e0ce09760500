import type { SchedulerLike } from 'rxjs';
import {
  check,
  checkBoolean,
  checkFunction,
  checkCount,
  checkInteger,
  checkOneOf,
} from '../../src/check.js';
import { checkLineOptions, type LineOptions } from '../../src/line/line.js';
import type { OnLink } from '../link/find-demand.js';
import type { StageMeter } from './meter.js';

/** What a source or a stage can be told about its link to the demand below. */
export interface LinkOptions {
  /** Hears, at subscription, what it linked to, and if to nothing, why. */
  readonly onLink?: OnLink | undefined;
  /** True: where nothing below can say wait, the pipe errors with `DemandRequiredError`. Default false. */
  readonly requireDemand?: boolean | undefined;
}

/** The options that every stage has. */
export interface StageOptions<T> extends LineOptions<T>, LinkOptions {
  /**
   * Under `overflow: 'block'`, how many values a source that does not wait may leave parked beyond
   * the stage's capacity before it fails. An integer ≥ 0 or `Infinity`. Default 65,536.
   */
  readonly maxParked?: number | undefined;
  /**
   * When the source errors: `'drain'` (default) delivers what is held first; `'immediate'` errors at
   * once and drops what is held (`'error'`). Either stops new pulls.
   */
  readonly errors?: 'drain' | 'immediate' | undefined;
  /** Is kept true by the stage; follows its latest subscription. */
  readonly meter?: StageMeter | undefined;
}

/** The options of a stage that has a waiting line. */
export interface QueueOptions {
  /** How many values may wait in line: an integer ≥ 0. */
  readonly queue?: number | undefined;
}

/** The options of a stage that keeps time. */
export interface TimedOptions {
  /** Where time comes from. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** The options of a stage that brings the demand itself: it has nothing to link to. */
export type SinkOptions<T> = Omit<StageOptions<T>, keyof LinkOptions>;

/** Throws unless `scheduler` is one, or absent. */
export function checkScheduler(scheduler: { readonly schedule: unknown } | undefined): void {
  if (scheduler !== undefined) checkFunction('scheduler.schedule', scheduler.schedule);
}

/** Throws for link options that nothing takes. */
export function checkLinkOptions({ onLink, requireDemand = false }: LinkOptions): void {
  checkFunction('onLink', onLink, true);
  checkBoolean('requireDemand', requireDemand);
}

/** Throws for options that no stage takes. */
export function checkStageOptions(options: StageOptions<never> & QueueOptions): void {
  // Each operator has defaults of its own; any number that passes will do here.
  const { queue = 0, maxParked = 0, errors, meter } = options;
  checkLineOptions(options);
  checkInteger('queue', queue, 0);
  checkCount('maxParked', maxParked, 0);
  checkOneOf('errors', errors, 'drain', 'immediate');
  checkLinkOptions(options);
  // Not by its class, which only those who meter need to load.
  check(meter === undefined || 'follow' in Object(meter), 'meter', 'a StageMeter', meter);
}

/** Throws a `TypeError` unless `source` can be subscribed to. */
export function checkSource(source: { readonly subscribe?: unknown } | undefined): void {
  check(typeof source?.subscribe === 'function', 'source', 'an Observable', source);
}
