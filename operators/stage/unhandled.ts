import { config } from 'rxjs';

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
  setTimeout(() => {
    if (config.onUnhandledError === null) throw error;
    config.onUnhandledError(error);
  });
}
