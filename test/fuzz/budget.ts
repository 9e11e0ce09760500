import { costOf, keyBy } from './callbacks.js';
import type { Pipe, StageOf } from './pipe.js';
import type { Value } from './values.js';

/** What a bucket may let through, of which nobody knows more than its burst and its interval. */
class Budget {
  private tokens: number;
  private at = 0;

  constructor(
    private readonly burst: number,
    private readonly interval: number,
  ) {
    this.tokens = burst;
  }

  /** False: that was more than it may. */
  spend(cost: number, now: number): boolean {
    const { burst, interval } = this;
    if (interval === 0) return true;
    this.tokens = Math.min(burst, this.tokens + (now - this.at) / interval) - cost;
    this.at = now;
    return this.tokens > -1e-9;
  }
}

/**
 * What a stage has to have for what it lets through: of the limiter where it shares one, for what waits for that
 * alone counts in its own bucket as of when it had its token there; else of the bucket of each key.
 */
export class Budgets {
  private byKey = new Map<number, Budget>();
  private readonly shared: Budget | undefined;

  constructor(
    private readonly stage: StageOf<'leakyBucket'>,
    { limiter }: Pipe,
  ) {
    if (stage.limited) this.shared = new Budget(limiter.burst, limiter.interval);
  }

  /** They are full again, but for what is shared. */
  reset(): void {
    this.byKey = new Map();
  }

  /** False: `value` goes before it may. */
  spend(value: Value, now: number): boolean {
    const { costs, capacity } = this.stage;
    const cost = costs === undefined ? 1 : costOf(costs, capacity)(value);
    return (this.shared ?? this.ownOf(value)).spend(cost, now);
  }

  private ownOf(value: Value): Budget {
    const { capacity, interval, keys } = this.stage;
    const key = keys === undefined ? 0 : keyBy(keys)(value);
    const own = this.byKey.get(key) ?? new Budget(capacity, interval);
    this.byKey.set(key, own);
    return own;
  }
}
