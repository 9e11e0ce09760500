import { Subscription, type Subscriber } from 'rxjs';
import type { Demand } from 'rxjs-sluice/operators';

/**
 * Calls `resume` when there is room, unless `subscriber` has left by then: as the documentation of `demandOf` has
 * sources of one's own wait.
 */
export function whenRoom(subscriber: Subscriber<never>, demand: Demand, resume: () => void): void {
  const wait = new Subscription();
  subscriber.add(wait);
  wait.add(
    demand.onAvailable(() => {
      wait.unsubscribe();
      resume();
    }),
  );
}
