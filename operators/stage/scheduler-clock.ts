import type { SchedulerLike } from 'rxjs';
import type { Clock } from '../../src/clock.js';

/** The clock of an RxJS scheduler. */
export const schedulerClock = (scheduler: SchedulerLike): Clock => ({
  now: () => scheduler.now(),
  schedule(task, delayMs) {
    const timer = scheduler.schedule(task, delayMs);
    return () => timer.unsubscribe();
  },
});
