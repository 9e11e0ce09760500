import { Subscriber, from, type ObservableInput } from 'rxjs';
import { DEMAND, type Demand } from '../../src/line/demand.js';
import { quietly, reportUnhandled } from './unhandled.js';

/** What a source fails with, which may be anything. */
export interface Failure {
  readonly error: unknown;
}

/** What an inlet leads into. */
export interface Receiver<T> {
  receive(value: T): void;
  sourceEnded(failure?: Failure): void;
  /** Those below leave. The source is let go next, and whatever that leads to goes nowhere. */
  dispose?(): void;
}

/**
 * Where a source's values come in, and where those above find the demand. When the source ends, the
 * inlet is unsubscribed at once, while what it leads into may still drain.
 */
export class Inlet<T> extends Subscriber<T> {
  declare readonly [DEMAND]: Demand;

  constructor(
    private readonly receiver: Receiver<T>,
    /** `'below'`: it has none of its own, and a search goes on at its destination. */
    demand: Demand | 'below',
    destination?: Subscriber<unknown>,
  ) {
    super(destination);
    if (demand !== 'below') this[DEMAND] = demand;
  }

  /** Subscribes to `input`. */
  follow(input: ObservableInput<T>): void {
    try {
      from(input).subscribe(this);
    } catch (error) {
      // Where it has ended or been left meanwhile, that is what its teardown threw.
      if (this.closed) reportUnhandled(error);
      else this.error(error);
    }
  }

  override next(value: T): void {
    if (!this.closed) this.receiver.receive(value);
  }

  override error(error: unknown): void {
    this.end({ error });
  }

  override complete(): void {
    this.end();
  }

  override unsubscribe(): void {
    // Below a destination that has been left already, this is called before there is a receiver.
    if (!this.closed) (this.receiver as Receiver<T> | undefined)?.dispose?.();
    super.unsubscribe();
  }

  private end(failure?: Failure): void {
    if (this.closed) return;
    quietly(() => super.unsubscribe()); // a teardown above may throw
    this.receiver.sourceEnded(failure);
  }
}
