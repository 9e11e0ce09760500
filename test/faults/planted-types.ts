import type { ObservableInput, ObservedValueOf, OperatorFunction, SchedulerLike } from 'rxjs';
import type { Channel } from 'rxjs-sluice';

/** A public face with every way in which a callback can hide in it. */

interface Told<T> {
  readonly deeper?: { readonly still?: ((value: T) => void) | undefined };
  readonly time?: SchedulerLike | undefined;
  readonly limit?: number | ObservableInput<number> | Made;
  readonly self?: Told<T>;
}

/** What a user makes. */
interface Made {
  readonly level$: ObservableInput<number>;
  hear(level: number): void;
}

/** Another by leaving out. */
type Less = Omit<Told<number>, 'time' | 'limit' | 'self'>;

export function less(options: Less): unknown {
  return options;
}

export function planted<T extends number, O extends ObservableInput<unknown>>(
  count: T,
  channel: Channel<T>,
  project: (value: T) => O,
  { deeper, time, limit, self }: Told<T> = {},
): readonly [unknown, OperatorFunction<T, ObservedValueOf<O>>?] {
  return [[count, channel, project, deeper, time, limit, self]];
}

export class Planted {
  constructor(readonly made: (() => void) | 'none') {}
  method(input: Iterable<number>): unknown {
    this.hidden(() => {});
    return input;
  }
  /** @internal */
  inside(callback: () => void): void {
    callback();
  }
  private hidden(callback: () => void): void {
    callback();
  }
}

export interface Handed {
  later(callback: () => void): void;
}
