import { config, type Observable } from 'rxjs';
import { later } from '../support/later.js';
import { hostHears } from './host.js';

/** Everything that comes out of a pipe, and what went wrong beside it. */
export interface Heard<T> {
  readonly values: readonly T[];
  readonly ends: readonly unknown[];
  /** What RxJS's hook was told. */
  readonly unhandled: readonly unknown[];
  /** What the host was told. */
  readonly host: readonly unknown[];
}

/** Subscribes `source`, and after some turns of the event loop lets `act` do what is to be done, and so on. */
export async function hear<T>(
  source: Observable<T>,
  ...acts: ((leave: () => void) => unknown)[]
): Promise<Heard<T>> {
  const values: T[] = [];
  const ends: unknown[] = [];
  const unhandled: unknown[] = [];
  const { onUnhandledError } = config;
  config.onUnhandledError = (error: unknown) => unhandled.push(error);
  try {
    const { heard: host } = await hostHears(async () => {
      const subscription = source.subscribe({
        next: (value) => values.push(value),
        error: (error: unknown) => ends.push(error),
        complete: () => ends.push('complete'),
      });
      for (const act of [...acts, () => {}]) {
        for (let turn = 0; turn < 12; turn++) await later();
        act(() => subscription.unsubscribe());
      }
      for (let turn = 0; turn < 12; turn++) await later();
      await new Promise((resolve) => setTimeout(resolve));
    });
    return { values, ends, unhandled, host };
  } finally {
    config.onUnhandledError = onUnhandledError;
  }
}
