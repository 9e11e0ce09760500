import { costOf, keyBy } from '../callbacks.js';
import type { StageOf } from '../pipe.js';
import type { Value } from '../values.js';
import { ModelStage, type Surroundings } from './stage.js';
import { roomIn } from './world.js';

/** Tokens that fill with time; counted in milliseconds, of which `interval` make one token. */
class Tokens {
  private ms: number;
  private at = -Infinity;
  private readonly perToken: number;

  constructor(
    private readonly capacity: number,
    private readonly interval: number,
  ) {
    this.perToken = interval === Infinity ? 1 : interval;
    this.ms = capacity * this.perToken;
  }

  /** When it has `cost` tokens, if it is left alone. */
  timeOf(cost: number, now: number): number {
    this.fill(now);
    const missing = cost * this.perToken - this.ms;
    return missing <= 0 ? now : this.interval === Infinity ? Infinity : now + missing;
  }

  spend(cost: number, now: number): void {
    this.fill(now);
    this.ms -= cost * this.perToken;
  }

  private fill(now: number): void {
    const passed = this.interval === Infinity ? 0 : now - this.at;
    this.ms = Math.min(this.capacity * this.perToken, this.ms + passed);
    this.at = now;
  }
}

/** The first value in line whose bucket holds its cost goes. Of one key, only the first may. */
export class LeakyBucket extends ModelStage {
  readonly places: number;
  private readonly buckets = new Map<number, Tokens>();

  constructor(
    private readonly given: StageOf<'leakyBucket'>,
    ...around: Surroundings
  ) {
    super(given, ...around);
    this.places = given.queue ?? given.capacity;
    this.bucketOf(0);
  }

  private keyOf(value: Value): number {
    return this.given.keys === undefined ? 0 : keyBy(this.given.keys)(value);
  }

  private bucketOf(key: number): Tokens {
    const { capacity, interval } = this.given;
    const bucket = this.buckets.get(key) ?? new Tokens(capacity, interval);
    this.buckets.set(key, bucket);
    return bucket;
  }

  private costOf(value: Value): number {
    const { costs, capacity } = this.given;
    return costs === undefined ? 1 : costOf(costs, capacity)(value);
  }

  private timeOf(value: Value): number {
    return this.bucketOf(this.keyOf(value)).timeOf(this.costOf(value), this.time.now());
  }

  /** The first of each key in line, of those that have a place. */
  private get firsts(): readonly Value[] {
    const places = this.given.keys === undefined ? 1 : Math.max(1, this.places);
    const keys = new Set<number>();
    return this.line.slice(0, places).filter((value) => {
      const key = this.keyOf(value);
      return !keys.has(key) && keys.add(key);
    });
  }

  /** For one that costs more than there will ever be, it fails. */
  override receive(value: Value): void {
    const { capacity, interval } = this.given;
    if (this.state !== 'open' || interval === 0 || this.costOf(value) <= capacity) {
      super.receive(value);
    } else {
      this.touched(() => {
        this.line.push(value);
        this.fail(new RangeError());
      });
    }
  }

  protected free(told: boolean): number {
    if (this.places > 0) return Math.max(0, this.places - this.line.length);
    const handsOn = !this.busy && this.line.length === 0 && roomIn(this.below, told) > 0;
    return handsOn && this.timeOfAny <= this.seenAt(told) ? 1 : 0;
  }

  /** When a value passes of which nothing is known yet. */
  private get timeOfAny(): number {
    const most = this.given.costs === undefined ? 1 : this.given.capacity;
    const now = this.time.now();
    return Math.max(...[...this.buckets.values()].map((bucket) => bucket.timeOf(most, now)));
  }

  get wants(): boolean {
    return this.line.length > 0 || this.world.isAwaited(this.place.slot);
  }

  protected override looksOnArrival(): boolean {
    return false;
  }

  /** It looks at the clock if the value is the next of its key, or takes the place of another. */
  protected arrive(value: Value): void {
    const { line } = this;
    const { length } = line;
    const key = this.keyOf(value);
    const isNext = !line.some((other) => this.keyOf(other) === key);
    if (isNext && roomIn(this.below, false) > 0 && this.timeOf(value) <= this.time.now()) {
      this.awake ||= this.world.isAwaited(this.place.slot);
      this.send(value);
    } else {
      this.store(value);
      this.awake ||= isNext || line.length === length;
    }
  }

  protected step(): boolean {
    if (this.roomBelow <= 0 || !this.looksAtClock) return false;
    const value = this.firsts.find((first) => this.timeOf(first) <= this.time.now());
    if (value === undefined) return false;
    this.line.splice(this.line.indexOf(value), 1);
    this.send(value);
    return true;
  }

  private send(value: Value): void {
    this.bucketOf(this.keyOf(value)).spend(this.costOf(value), this.time.now());
    this.emit(value);
  }

  protected override isPacing(): boolean {
    return true;
  }

  protected override get wakesAt(): number | undefined {
    if (this.roomBelow <= 0 || !this.wants) return undefined;
    return this.line.length > 0
      ? Math.min(...this.firsts.map((value) => this.timeOf(value)))
      : this.timeOfAny;
  }
}
