import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** A scheduler whose time is put forward by hand, and which tells what is scheduled on it. */
export class HandClock implements SchedulerLike {
  /** How many schedules were ever made, and the longest delay among them. */
  made = 0;
  longest = 0;
  private frame = 0;
  private due: Due[] = [];

  now(): number {
    return this.frame;
  }

  /** How many timers are armed. */
  get armed(): number {
    return this.due.length;
  }

  schedule<T>(
    work: (this: SchedulerAction<T>, state?: T) => void,
    delay = 0,
    state?: T,
  ): Subscription {
    const action = new Subscription() as SchedulerAction<T>;
    action.schedule = (again, later = 0) => {
      this.made++;
      this.longest = Math.max(this.longest, later);
      const due: Due = {
        at: this.frame + later,
        run: () => {
          if (!action.closed) work.call(action, again);
        },
      };
      this.due.push(due);
      action.add(() => (this.due = this.due.filter((other) => other !== due)));
      return action;
    };
    return action.schedule(state, delay);
  }

  /** Puts time forward, and runs what falls due on the way. */
  advance(ms: number): void {
    const end = this.frame + ms;
    for (;;) {
      const [next] = this.due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.due = this.due.filter((other) => other !== next);
      this.frame = next.at;
      next.run();
    }
    this.frame = end;
  }
}
