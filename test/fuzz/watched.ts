import { Observable, type Subscriber } from 'rxjs';
import { verifyConservation } from 'rxjs-sluice/marbles';
import type { DropReason, StageMeter } from 'rxjs-sluice/operators';
import { mayRefuse } from './bound.js';
import { Budgets } from './budget.js';
import { deliveredBy, imbalance, type Flow } from './balance.js';
import { DEEPEST } from './bench.js';
import type { Place } from './kit.js';
import type { Operators } from '../support/library-copy.js';
import { hasStage, mostAtATime, pipesIn, type Stage } from './pipe.js';
import { show, unpacked, type Value } from './values.js';

/** Who reads what a stage passes on: by its demand, or taking whatever comes. */
export interface Reader {
  readonly demand: ReturnType<Operators['demandOf']>;
}

/**
 * One stage of a pipe that runs, and the laws that hold of it by itself, whatever stands above and below:
 * what came is what went, was dropped or is held (1); it holds no more than it may (2); in order (3); when
 * it is over it holds nothing and keeps nothing running (5); no timer runs while it holds nothing (7); and what it
 * holds does not stand still while there is room below.
 */
export class Watched implements Flow {
  /** Of its latest subscription: what came, what went, and what it dropped. */
  readonly came: Value[] = [];
  readonly went: Value[] = [];
  readonly dropped: Value[] = [];
  /** Into what it passes on what it holds. */
  private readonly readers = new Set<Reader>();
  private isOver = true;
  /** Whether its latest subscription has dropped something because it was left, and whether it has completed. */
  private wasLeft = false;
  private completed = false;
  private subscriptions = 0;
  private readonly budgets: Budgets | undefined;
  // What was ever seen of it.
  full = false;
  parked = false;
  overflowed = false;
  cutOff = false;

  constructor(
    readonly stage: Stage,
    private readonly place: Place,
    /** Follows the latest subscription, too. */
    readonly meter: StageMeter,
  ) {
    // Where the clock creeps, nobody else knows when a token was taken.
    const { creeps } = place.bench.pipe;
    if (stage.op === 'leakyBucket' && creeps === undefined)
      this.budgets = new Budgets(stage, place.bench.pipe);
  }

  get name(): string {
    return this.place.name;
  }

  begins(): void {
    if (!this.isOver) this.wrong('it was subscribed twice at a time');
    this.came.length = this.went.length = this.dropped.length = 0;
    this.isOver = this.wasLeft = this.completed = false;
    this.subscriptions++;
    this.budgets?.reset();
  }

  /**
   * What hears of the drops of this subscription only. A promise that has been given a value tells of its drop when
   * that is heard: the stage may have been subscribed anew meanwhile.
   */
  dropsOfThis(): (value: Value, reason: DropReason) => void {
    const { subscriptions, place } = this;
    return (value, reason) => {
      if (subscriptions === this.subscriptions) this.drops(value, reason);
      else place.bench.wasDropped(this.name, value, reason);
    };
  }

  comes(value: Value): void {
    this.came.push(value);
    this.place.bench.look();
  }

  goes(value: Value): void {
    const { bench } = this.place;
    this.went.push(value);
    if (this.budgets?.spend(value, bench.time.now) === false)
      this.wrong(`${show(value)} goes too soon`);
    bench.look();
  }

  drops(value: Value, reason: DropReason): void {
    const { name, bench } = this.place;
    this.dropped.push(...(this.stage.op === 'conflate' ? unpacked(value) : [value]));
    bench.wasDropped(name, value, reason);
    if (reason === 'overflow') this.overflowed = true;
    if (reason === 'unsubscribed') this.wasLeft = true;
    if (reason === 'unsubscribed' || reason === 'error') this.cutOff = true;
    bench.look();
  }

  completes(): void {
    const { stage, meter, came } = this;
    if (
      stage.op === 'broadcast' &&
      this.isWhole &&
      meter.received !== came.length * stage.subscribers.length
    ) {
      this.wrong(`${meter.received} copies were made of ${came.length}`);
    }
    this.completed = true;
    this.ends();
  }

  /** Its subscription is over, before anybody below hears of it. */
  ends(): void {
    this.isOver = true;
    // Of several copies that `merge` makes one of, one ends before the others are let go; what a promise has
    // been given is dropped when that is heard; and what is being read, when the read has come back.
    if (this.place.bench.depth > 0) return; // what a callback is asked about goes when it has come back
    if (!['broadcast', 'toAsyncIterable', 'intoChannel'].includes(this.stage.op)) this.isEmpty();
  }

  private isEmpty(): void {
    const { name, bench } = this.place;
    const running = [name, `${name} notifier`, `${name} tasks`].filter(
      (owner) => bench.time.armedBy(owner) > 0 || (bench.running.get(owner) ?? 0) > 0,
    );
    if (running.length > 0) this.wrong(`${running.join(', ')} still runs after its end`);
    if (this.meter.held > 0) this.wrong(`it holds ${this.meter.held} after its end`);
    this.account();
  }

  /** `values` are what it passes on, and `demandOf` finds who reads them. */
  readBy(values: Observable<Value>, demandOf: Operators['demandOf']): Observable<Value> {
    return noting(values, this.readers, (subscriber) => ({ demand: demandOf(subscriber) }));
  }

  /** Whether it holds something though there is room for that below. */
  get standsStill(): boolean {
    const { stage, meter, readers } = this;
    if (this.isOver || meter.held === 0 || !isPrompt(stage)) return false;
    return [...readers].every(hasRoom);
  }

  /** Whether something that waits for room may be in it. */
  get mayWait(): boolean {
    const { stage, meter } = this;
    const reads = stage.op === 'toAsyncIterable' || stage.op === 'intoChannel';
    return meter.held > 0 || reads || givesSeveral(stage) || pipesIn(stage).some(hasStage);
  }

  /** Whether it has a timer set, or listens to its `pace`. */
  get keepsGoing(): boolean {
    const { stage, name, place } = this;
    const { time, running } = place.bench;
    const isPaced = stage.op === 'bufferedChannel' && stage.pace !== undefined;
    return time.armedBy(name) > 0 || (isPaced && (running.get(`${name} notifier`) ?? 0) > 0);
  }

  /** At any instant. */
  look(): void {
    const { meter, stage } = this;
    const { held, capacity, parked } = meter;
    verifyConservation(meter);
    const { bound, bench } = this.place;
    // What a callback is asked about, and what it leads to, is in hand until all of them have come back.
    const inHand = bench.pipe.within === undefined ? 0 : DEEPEST + 1;
    if (held > bound + inHand) this.wrong(`it holds ${held}, more than ${bound}`);
    if (parked > inHand && !mayPark(stage)) {
      this.wrong(`it parks under ${stage.overflow}`);
    }
    if (capacity > 0 && held >= capacity) this.full = true;
    if (parked > 0) this.parked = true;
  }

  /** Between two frames: nothing is under way. */
  rest(): void {
    const { stage, meter } = this;
    const { received, delivered } = meter;
    this.look();
    if (this.isOver) return this.isEmpty();
    const came = this.came.length;
    if (stage.op !== 'broadcast' && !this.isIdle && received !== came) {
      this.wrong(`it received ${received} of the ${came} that came`);
    }
    const went = deliveredBy(stage, this.went).length;
    if (!passesOnLater.includes(stage.op) && delivered !== went) {
      this.wrong(`it delivered ${delivered}, but ${went} went`);
    }
    this.checkRunning();
  }

  /** No more runs than may, and nothing that nobody waits for. */
  private checkRunning(): void {
    const { stage, meter, place } = this;
    const { name, bench } = place;
    const tasks = bench.running.get(`${name} tasks`) ?? 0;
    if (stage.op === 'workerPool' && tasks > mostAtATime(stage.concurrency)) {
      this.wrong(`${tasks} tasks run`);
    }
    if (givesSeveral(stage)) return;
    if (this.keepsGoing && meter.held === 0 && meter.capacity > 0 && tasks === 0) {
      this.wrong('a timer runs while it holds nothing');
    }
  }

  /** It is over: each value that came went, or was dropped and heard of, once; and in order. */
  private account(): void {
    const { stage, meter, place, came, dropped } = this;
    const { within } = place.bench.pipe;
    // What a callback is asked about is dropped when it has come back: the stage may be subscribed anew by then.
    if (within !== undefined && this.subscriptions > 1) return;
    if (this.completed && this.wasLeft && this.isWhole && !this.dropsElsewhere) {
      this.wrong('it has completed, but dropped what it held');
    }
    if (meter.dropped !== dropped.length && !this.dropsElsewhere) {
      this.wrong(`it dropped ${meter.dropped}, and told of ${dropped.length}`);
    }
    if (stage.op === 'broadcast') return;
    if (!this.isIdle && meter.received !== came.length) {
      this.wrong(`it received ${meter.received} of the ${came.length} that came`);
    }
    const what = imbalance(stage, this, within);
    if (what !== undefined) this.wrong(what);
  }

  /** Whether every subscriber gets every value. */
  private get isWhole(): boolean {
    const { stage } = this;
    if (stage.op !== 'broadcast') return true;
    return stage.subscribers.every((kind) => !['late', 'until', 'take(2)'].includes(kind));
  }

  /** An iterable subscribes, and is metered, when it is asked for the first value. */
  private get isIdle(): boolean {
    return this.stage.op === 'toAsyncIterable' && this.came.length === 0;
  }

  /** What a stage has delivered can be dropped by what stands in a lane, or beside it. */
  private get dropsElsewhere(): boolean {
    const { stage } = this;
    if (stage.op === 'fanOut') return stage.pipes.some(hasStage);
    if (stage.op === 'broadcast') {
      // And one that leaves may bring about the next subscription before it drops what it holds.
      return this.subscriptions > 1 || stage.subscribers.some(hasStage);
    }
    return stage.op === 'toAsyncIterable' || stage.op === 'intoChannel';
  }

  private wrong(what: string): void {
    this.place.bench.fault(`${this.place.name}: ${what}`);
  }
}

function mayPark(stage: Stage): boolean {
  if (stage.op === 'workerPool' && typeof stage.concurrency === 'object') {
    return true; // the place of an idle worker, which was lent to the line, goes when the limit is lowered
  }
  return (stage.overflow ?? 'block') === 'block' || stage.op === 'broadcast' || mayRefuse(stage);
}

export const hasRoom = ({ demand }: Reader): boolean =>
  demand === undefined || demand.available > 0;

/** Keeps in `subscribed`, for each who has subscribed to `values`, what was `found` of it. */
export const noting = <S>(
  values: Observable<Value>,
  subscribed: Set<S>,
  found: (subscriber: Subscriber<Value>) => S,
): Observable<Value> =>
  new Observable((subscriber) => {
    const one = found(subscriber);
    subscribed.add(one);
    subscriber.add(() => subscribed.delete(one));
    values.subscribe(subscriber);
  });

/** What these have delivered goes elsewhere first. */
const passesOnLater: readonly Stage['op'][] = [
  'workerPool',
  'fanOut',
  'broadcast',
  'toAsyncIterable',
  'intoChannel',
];

/** A worker is busy, too, while results of a task that has ended wait to be taken. */
const givesSeveral = (stage: Stage): boolean =>
  stage.op === 'workerPool' && !['sync', 'timer', 'promise', 'none'].includes(stage.task.kind);

/** Whether it passes on whatever it holds as soon as there is room below. */
function isPrompt(stage: Stage): boolean {
  switch (stage.op) {
    case 'bufferedChannel':
      return (stage.pace ?? stage.credit) === undefined;
    case 'workerPool':
      return typeof stage.concurrency === 'number' && stage.task.kind === 'sync';
    case 'batchWithTimeout':
      return stage.size === 1;
    case 'leakyBucket':
      return stage.interval === 0 && !stage.limited && stage.costs === undefined;
    case 'conflate':
    case 'fanOut':
    case 'broadcast':
      return true;
    default:
      return false;
  }
}
