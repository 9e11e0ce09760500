import { config } from 'rxjs';

/** Where an error goes that has no pipe left to go down: RxJS's hook, else the host's. */
export function reportUnhandled(error: unknown): void {
  setTimeout(() => {
    if (config.onUnhandledError === null) throw error;
    config.onUnhandledError(error);
  });
}
