import { Subject, map, type MonoTypeOperatorFunction } from 'rxjs';
import {
  adaptiveThrottle,
  batchWithTimeout,
  broadcast,
  bufferedChannel,
  conflate,
  fanOut,
  leakyBucket,
  workerPool,
} from 'rxjs-sluice/operators';
import { describe, expect, it } from 'vitest';
import { HandClock } from '../support/hand-clock.js';

/*
 * A rendezvous that goes by time has room from some instant on, and tells only those who wait. Whoever has found none
 * a moment before must not take it, at the next look, that it need not wait.
 */

/** A clock that goes on by a millisecond between two looks at it, as the host's does now and then. */
class CreepingClock extends HandClock {
  looks = 0;
  /** At which look it does. */
  creepsAt = Infinity;

  override now(): number {
    return super.now() + (this.looks++ < this.creepsAt ? 0 : 1);
  }
}

type Stage = (scheduler: HandClock) => MonoTypeOperatorFunction<string>;

const above: Readonly<Record<string, Stage>> = {
  bufferedChannel: () => bufferedChannel(5),
  'bufferedChannel with credit': () => bufferedChannel(5, { credit: [9, 9] }),
  conflate: () => conflate((_, value) => value),
  batchWithTimeout: () => (source) =>
    source.pipe(
      batchWithTimeout(1, Infinity, { queue: 5 }),
      map(([value = '']) => value),
    ),
  workerPool: () => workerPool(5, (value) => [value]),
  'workerPool, ordered': () => workerPool(5, (value) => [value], { ordered: true }),
  leakyBucket: (scheduler) => leakyBucket(9, 1000, { scheduler }),
  'leakyBucket with keys': (scheduler) => leakyBucket(9, 1000, { scheduler, keyBy: (key) => key }),
  adaptiveThrottle: (scheduler) =>
    adaptiveThrottle({ minDelay: 0, maxDelay: 0, target: 1, scheduler }),
  broadcast: () => broadcast({ capacity: 5 }),
  fanOut: () => fanOut(1, (lane) => lane, { queue: 5 }),
};

const below: Readonly<Record<string, Stage>> = {
  adaptiveThrottle: (scheduler) =>
    adaptiveThrottle({ minDelay: 10, maxDelay: 10, target: 1, queue: 0, scheduler }),
  leakyBucket: (scheduler) => leakyBucket(1, 10, { queue: 0, scheduler }),
};

describe.each(Object.entries(above))('%s', (_, stage) => {
  it.each(Object.entries(below))('above %s goes on, whenever the clock does', (_, rendezvous) => {
    for (let look = 0; look < 60; look++) {
      const scheduler = new CreepingClock();
      const source = new Subject<string>();
      const got: string[] = [];
      source.pipe(stage(scheduler), rendezvous(scheduler)).subscribe((value) => got.push(value));
      source.next('a');
      scheduler.advance(9);
      scheduler.creepsAt = scheduler.looks + look;
      source.next('b'); // due in a millisecond
      scheduler.advance(1000);
      expect(got, `at look ${look}`).toEqual(['a', 'b']);
      expect(scheduler.armed, `timers, at look ${look}`).toBe(0);
    }
  });
});
