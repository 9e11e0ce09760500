import { Subscription, type SchedulerAction, type SchedulerLike } from 'rxjs';

interface Due {
  readonly at: number;
  readonly rank: number;
  readonly owner: string;
  readonly run: () => void;
}

/** How much passes at a look, in frames. */
const CREEP = 1;

/**
 * Virtual time for a whole pipe. Each part of it has a scheduler of its own, so that it is known whose timers
 * are set; and which of two that are due in one frame rings first goes by the rank of the part, then by
 * which was set first. So it does not depend on when a part sets its timer, which is its own affair.
 */
export class VirtualTime {
  /** When it is in truth. */
  now = 0;
  /** Nobody's look counts. */
  stands = false;
  private looks = 0;
  private due: Due[] = [];
  /** What is to be done as soon as nothing is under way: what a host calls microtasks. */
  private readonly tasks: (() => void)[] = [];
  private readonly armed = new Map<string, number>();
  /** Whose timers have rung. */
  readonly rung = new Set<string>();

  /** @param creeps - at every so many looks some of a frame has passed; at 0 none does. */
  constructor(private readonly creeps = 0) {}

  /** What whoever looks at the clock is shown. */
  private shown(): number {
    if (this.creeps > 0 && !this.stands && ++this.looks % this.creeps === 0) this.now += CREEP;
    return this.now;
  }

  /** How many timers `owner` has set. */
  armedBy(owner: string): number {
    return this.armed.get(owner) ?? 0;
  }

  /** Whose timers are to ring now. */
  get ringing(): string[] {
    return this.due.filter(({ at }) => at <= this.now).map(({ owner }) => owner);
  }

  /** Who has timers set. */
  get owners(): string[] {
    return [...this.armed].filter(([, count]) => count > 0).map(([owner]) => owner);
  }

  scheduler(owner: string, rank: number): SchedulerLike {
    return {
      now: () => this.shown(),
      schedule: <T>(
        work: (this: SchedulerAction<T>, state?: T) => void,
        delay = 0,
        state?: T,
      ): Subscription => {
        const action = new Subscription() as SchedulerAction<T>;
        action.schedule = (again, later = 0) => {
          const run = (): void => {
            if (!action.closed) Reflect.apply(work, action, [again]);
          };
          const due = { at: this.now + later, rank, owner, run };
          this.add(due);
          action.add(() => this.remove(due));
          return action;
        };
        return action.schedule(state, delay);
      },
    };
  }

  soon(task: () => void): void {
    this.tasks.push(task);
  }

  /** Nothing is under way. */
  settle(): void {
    for (let turns = 0; this.tasks.length > 0; turns++) {
      if (turns > 10_000) throw new Error('there is something to be done soon without end');
      this.tasks.shift()!();
    }
  }

  /** Puts time forward by one frame, after all that is due in this one. */
  pass(): void {
    const end = Math.floor(this.now) + 1;
    let turns = 0;
    for (let [next] = this.due; next !== undefined && next.at < end; [next] = this.due) {
      if (turns++ > 10_000) throw new Error(`${next.owner} has timers without end`);
      this.remove(next);
      this.rung.add(next.owner);
      this.now = Math.max(this.now, next.at);
      next.run();
      this.settle();
    }
    this.now = Math.max(this.now, end);
  }

  private add(due: Due): void {
    let place = this.due.length;
    while (place > 0 && isBefore(due, this.due[place - 1]!)) place--;
    this.due.splice(place, 0, due);
    this.count(due, 1);
  }

  private remove(due: Due): void {
    const place = this.due.indexOf(due);
    if (place < 0) return;
    this.due.splice(place, 1);
    this.count(due, -1);
  }

  private count({ owner }: Due, change: number): void {
    this.armed.set(owner, this.armedBy(owner) + change);
  }
}

const isBefore = (one: Due, other: Due): boolean =>
  one.at < other.at || (one.at === other.at && one.rank < other.rank);
