import { Observable, map, tap, type MonoTypeOperatorFunction, type Subscriber } from 'rxjs';
import { SAYS, notifier } from '../callbacks.js';
import type { Kit, Place, Slot } from '../kit.js';
import type { Stage } from '../pipe.js';
import type { Value } from '../values.js';
import { Backpressure } from './backpressure.js';
import { Batched } from './batched.js';
import { LeakyBucket } from './bucket.js';
import { BufferedChannel } from './buffered-channel.js';
import { Conflated } from './conflated.js';
import { WorkerPool, movingOf, type Moving } from './pool.js';
import { Pull } from './pull.js';
import type { ModelStage, Surroundings } from './stage.js';
import { Throttled } from './throttled.js';
import { World } from './world.js';

/** Pipes of models: what the library should do. */
export class ModelKit implements Kit {
  private readonly world = new World();
  /** From the consumer up. */
  readonly slots: Slot[] = [];

  pull: Kit['pull'] = (input, { name, below, bench, requireDemand }) =>
    new Observable((subscriber) => {
      if (requireDemand) need(below);
      new Pull(input, name, 0, below, subscriber, bench, this.world);
    });

  own: Kit['own'] = (input, place) => this.pull(input, place);

  backpressure: Kit['backpressure'] =
    (switches, { below, requireDemand }) =>
    (source) =>
      new Observable((subscriber) => {
        if (requireDemand) need(below);
        new Backpressure(switches, 0, below, subscriber, this.world).follow(source);
      });

  explain: Kit['explain'] = () => (source) => source;

  unlinked: Kit['unlinked'] = () => (source) => source;

  takeOn: Kit['takeOn'] = (ticks, slot) => (source) =>
    new Observable((subscriber) => {
      let room = 0;
      slot.current = { room: () => Math.max(0, room), waiting: 0 };
      subscriber.add(ticks.subscribe(() => this.world.happens(() => room++)));
      source.pipe(tap(() => room--)).subscribe(subscriber);
    });

  stage: Kit['stage'] = (stage, place) => {
    this.slots.push(place.slot);
    const moving = stage.op === 'workerPool' ? movingOf(stage.concurrency, place) : 0;
    const flows: MonoTypeOperatorFunction<Value> = (source) =>
      new Observable((subscriber) => {
        if (stage.requireDemand) need(place.below);
        const model = this.made(stage, place, subscriber, moving);
        subscriber.add(() => model.stop('unsubscribed'));
        if (!subscriber.closed) model.follow(source);
      });
    return stage.op === 'conflate'
      ? (source) => flows(source.pipe(map((value): Value => [value])))
      : flows;
  };

  /** What stages hold, and have parked. */
  get levels(): string[] {
    return this.slots.map(({ current }) => {
      const stage = current as ModelStage | undefined;
      return stage === undefined ? '0+0' : `${stage.held}+${stage.parked}`;
    });
  }

  private made(
    stage: Stage,
    place: Place,
    subscriber: Subscriber<Value>,
    moving: Moving,
  ): ModelStage {
    const around: Surroundings = [place, subscriber, this.world];
    switch (stage.op) {
      case 'bufferedChannel': {
        const pace = stage.pace && notifier(stage.pace, SAYS.pace, place);
        const credit = stage.credit && notifier(stage.credit, SAYS.credit, place);
        return new BufferedChannel(stage, pace, credit, ...around);
      }
      case 'workerPool':
        return new WorkerPool(stage, moving, ...around);
      case 'batchWithTimeout':
        return new Batched(stage, ...around);
      case 'leakyBucket':
        return new LeakyBucket(stage, ...around);
      case 'adaptiveThrottle':
        return new Throttled(stage, ...around);
      case 'conflate':
        return new Conflated(stage, ...around);
      case 'fanOut':
      case 'broadcast':
      case 'toAsyncIterable':
      case 'intoChannel':
        throw new Error(`There is no model of ${stage.op}`);
    }
  }
}

/** A stage, or a source, that needs demand below it has none. */
class DemandRequired extends Error {
  override readonly name = 'DemandRequiredError';
}

function need(below: Slot | undefined): void {
  if (below === undefined) throw new DemandRequired();
}
