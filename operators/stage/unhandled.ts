import { asyncScheduler, config } from 'rxjs';

/** Runs what must not keep its caller from going on; what it throws goes to the hook. */
export function quietly(act: () => void): void {
  try {
    act();
  } catch (error) {
    reportUnhandled(error);
  }
}

/** Where an error goes that has no pipe left to go down: RxJS's hook, else the host's. */
export function reportUnhandled(error: unknown): void {
  // By RxJS's own time, so that in virtual time it is reported there.
  asyncScheduler.schedule(() => {
    if (config.onUnhandledError === null) throw error;
    config.onUnhandledError(error);
  });
}
