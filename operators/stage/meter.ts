/** What a meter reads off a running stage. */
export interface Metered {
  readonly received: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly held: number;
  readonly maxHeld: number;
  readonly parked: number;
  readonly capacity: number;
  readonly linked: boolean;
}

const UNUSED: Metered = {
  received: 0,
  delivered: 0,
  dropped: 0,
  held: 0,
  maxHeld: 0,
  parked: 0,
  capacity: 0,
  linked: false,
};

/**
 * Reads a stage while it runs: `workerPool(8, project, { meter })`. At every instant
 * `received = delivered + dropped + held`. It follows the latest subscription of its stage, and keeps
 * the last figures when that ends.
 *
 * ```ts
 * import { from } from 'rxjs';
 * import { bufferedChannel, StageMeter } from 'rxjs-sluice/operators';
 *
 * const meter = new StageMeter('input');
 * from([1, 2, 3]).pipe(bufferedChannel(2, { meter })).subscribe();
 * console.log(meter.name, meter.received, meter.delivered, meter.held); // input 3 3 0
 * ```
 */
export class StageMeter implements Metered {
  private stage = UNUSED;

  /** @param name - what to call the stage where its figures are shown. */
  constructor(readonly name = '') {}

  /** Values that came. */
  get received(): number {
    return this.stage.received;
  }
  /** Values that were passed on: a task's value with its first result, a batch's with the batch. */
  get delivered(): number {
    return this.stage.delivered;
  }
  /** Values that were not delivered; `onDrop` heard of each. */
  get dropped(): number {
    return this.stage.dropped;
  }
  /** Values that are in the stage now: waiting, parked, in a task or in an open batch. */
  get held(): number {
    return this.stage.held;
  }
  /** The most that were ever held at once; a value that a callback is asked about counts when it is let in. */
  get maxHeld(): number {
    return this.stage.maxHeld;
  }
  /** How many of the held values are beyond the stage's capacity, because their source did not wait. */
  get parked(): number {
    return this.stage.parked;
  }
  /** How many values the stage may hold. */
  get capacity(): number {
    return this.stage.capacity;
  }
  /** Whether something below the stage can say wait. */
  get linked(): boolean {
    return this.stage.linked;
  }

  /** @internal The stage that it reads from now on. */
  follow(stage: Metered): void {
    this.stage = stage;
  }
}
